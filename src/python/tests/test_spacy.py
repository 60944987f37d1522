"""The spaCy component."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from conftest import ARABIC, FRAMED, PLAIN
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import parallax
from parallax.report import Attribution, LoadedTerm, Sentence

TEXTS = [FRAMED, PLAIN, "", "🚢 The 𝔘nruly clowns left. “It failed,” she said."]


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("parallax")
    return nlp


def test_a_doc_has_its_report(nlp: Language, en: parallax.Model) -> None:
    doc = nlp(FRAMED)
    assert doc._.parallax == en.score(FRAMED)
    assert doc._.bias == doc._.parallax.document.bias
    assert doc._.tone == doc._.parallax.document.tone and doc._.subjective is not None
    assert spacy.blank("en")(FRAMED)._.parallax is None


def test_spans_are_marked_with_their_labels(nlp: Language) -> None:
    doc = nlp(FRAMED)
    report = doc._.parallax
    assert [(s.text, s.label_) for s in doc.spans["parallax_loaded"]] == [(t.text, t.kind) for t in report.loaded]
    assert ("said", "neutral") in [(s.text, s.label_) for s in doc.spans["parallax_cues"]]
    assert "a docker" in [s.text for s in doc.spans["parallax_sources"]]
    assert {s.label_ for s in doc.spans["parallax_contents"]} <= {"direct", "indirect", "mixed"}
    assert [s.text for s in doc.spans["parallax_sentences"]] == [s.text for s in report.sentences]
    assert len(doc.spans["parallax_stances"]) == len(report.stances)


def test_a_span_says_what_it_stands_for(nlp: Language) -> None:
    doc = nlp(FRAMED)
    term = doc.spans["parallax_loaded"][0]
    assert isinstance(term._.parallax, LoadedTerm) and term._.parallax.text == term.text
    assert isinstance(doc.spans["parallax_cues"][0]._.parallax, Attribution)
    sentence = doc.spans["parallax_sentences"][0]
    assert isinstance(sentence._.parallax, Sentence)
    assert term._.bias == sentence._.bias == sentence._.parallax.bias
    assert doc[0:1]._.parallax is None and doc[0:1]._.bias == sentence._.bias


def test_a_term_inside_a_token_is_widened_to_it() -> None:
    nlp = spacy.blank("en")
    nlp.tokenizer = lambda text: Doc(nlp.vocab, words=[text])  # type: ignore[assignment]
    nlp.add_pipe("parallax")
    doc = nlp("The clowns botched it.")
    assert [span.text for span in doc.spans["parallax_loaded"]][:1] == ["The clowns botched it."]


def test_a_pipe_gives_what_one_by_one_gives(nlp: Language) -> None:
    for batch_size in (1, 3, 100):
        docs = list(nlp.pipe(TEXTS, batch_size=batch_size))
        assert [doc._.parallax for doc in docs] == [nlp(text)._.parallax for text in TEXTS]


def test_docs_keep_their_report_when_they_are_written(nlp: Language) -> None:
    doc = nlp(FRAMED)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert again._.parallax == doc._.parallax
    assert [(s.text, s.label_) for s in again.spans["parallax_loaded"]] == [
        (s.text, s.label_) for s in doc.spans["parallax_loaded"]
    ]
    assert again.spans["parallax_loaded"][0]._.parallax == doc.spans["parallax_loaded"][0]._.parallax
    stored = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    assert next(DocBin().from_bytes(stored).get_docs(nlp.vocab))._.parallax == doc._.parallax


def test_settings_reach_the_model() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("parallax", config={"heads": ["bias", "loaded"], "set_sentences": True})
    doc = nlp(FRAMED)
    assert doc._.parallax.attributions is None and len(doc.spans["parallax_cues"]) == 0
    assert [s.text for s in doc.sents] == [s.text for s in doc._.parallax.sentences]
    nlp = spacy.blank("en")
    nlp.add_pipe("parallax", config={"targets": ["council"]})
    assert {stance.target.name for stance in nlp(FRAMED)._.parallax.stances} == {"council"}


def test_other_languages_have_their_model() -> None:
    nlp = spacy.blank("ar")
    nlp.add_pipe("parallax")
    assert nlp(ARABIC)._.parallax.lang == "ar"
    nlp = spacy.blank("xx")
    nlp.add_pipe("parallax")
    assert {doc._.parallax.lang for doc in nlp.pipe([PLAIN, ARABIC])} == {"en", "ar"}


def test_a_pipeline_survives_the_disk_and_bytes(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    for again in (spacy.load(tmp_path / "pipeline"), spacy.blank("en").from_config(nlp.config).from_bytes(nlp.to_bytes())):
        assert again(FRAMED)._.parallax == nlp(FRAMED)._.parallax


def test_a_bundle_of_ones_own_goes_with_its_pipeline(tmp_path: Path) -> None:
    genre = Path(__file__).parents[3] / "examples" / "own_head" / "genre.jsonl"
    trained = parallax.train(genre, out=tmp_path / "genre", only_data=True)
    nlp = spacy.blank("en")
    nlp.add_pipe("parallax", config={"model": str(tmp_path / "genre")})
    nlp.to_disk(tmp_path / "pipeline")
    (tmp_path / "genre").rename(tmp_path / "moved")
    again = spacy.load(tmp_path / "pipeline")
    assert again.get_pipe("parallax").model.sha256 == trained.sha256  # type: ignore[attr-defined]
    assert again("Buy our jam now!")._.parallax.sentences[0].labels["genre"] == "advert"


def test_a_folder_that_is_called_as_a_bundle_is_not_taken_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "en").mkdir()
    nlp = spacy.blank("en")
    nlp.add_pipe("parallax", config={"model": "en"})
    nlp.to_disk(tmp_path / "pipeline")
    assert not (tmp_path / "pipeline" / "parallax" / "bundle_0").exists()
    assert spacy.load(tmp_path / "pipeline")(FRAMED)._.bias is not None


def test_a_folder_that_is_not_there_is_named_when_it_is_needed() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("parallax", config={"model": "no/such/bundle"})
    with pytest.raises(parallax.ModelError, match="no/such"):
        nlp(FRAMED)


def test_a_pipeline_of_another_bundle_is_refused(nlp: Language) -> None:
    component = nlp.get_pipe("parallax")
    data = component.to_bytes().replace(b'"sha256": "', b'"sha256": "0')  # type: ignore[attr-defined]
    with pytest.raises(parallax.ModelError):
        component.from_bytes(data)  # type: ignore[attr-defined]
