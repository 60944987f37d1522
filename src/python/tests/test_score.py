"""One text: `Model.score` and the report."""

from __future__ import annotations

import copy
import json
import pickle

import pytest
from conftest import ARABIC, FRAMED, PLAIN
from hypothesis import given, settings
from hypothesis import strategies as st

import parallax
from parallax.report import Report


def test_a_report_has_what_the_text_has(en: parallax.Model) -> None:
    report = en.score(FRAMED, id="port")
    assert (report.id, report.lang, report.supported, report.offsets) == ("port", "en", True, "chars")
    assert report.model is not None and report.model.name == "en"
    assert [s.text for s in report.sentences][0] == "The clowns who run the port botched it again."
    assert report.loaded is not None and "clowns" in [term.text for term in report.loaded]
    assert report.attributions is not None
    first = report.attributions[0]
    assert first.source is not None and first.source.text == "a docker"
    assert (first.cue.text, first.cue_class, first.direct) == ("said", "neutral", "direct")
    assert report.document.words > 20 and report.document.sentences == len(report.sentences)
    assert report.sentences[0].bias is not None and 0 <= report.sentences[0].bias <= 1
    tone = report.sentences[0].tone
    assert tone is not None and sum(tone.values()) == pytest.approx(1, abs=1e-5)


def test_the_json_is_what_the_report_was_made_of(en: parallax.Model) -> None:
    report = en.score(FRAMED)
    assert json.loads(report.to_json()) == report.to_dict()
    assert report.to_dict()["schema"] == "parallax/1"
    assert Report.from_json(FRAMED, report.to_json()) == report


@pytest.mark.parametrize("bad", ["", "[]", "{}", '{"schema": "parallax/1"}'])
def test_what_is_no_report_is_refused(bad: str) -> None:
    with pytest.raises(parallax.InputError):
        Report.from_json("text", bad)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["clowns", "𝔘nruly", "🚢🚢", "the port", "“it failed,”", "she said.", "e\u0301tat", "مدينة", "\n\n", "brutal", "\u200f", "A."]
        ),
        max_size=25,
    ).map(" ".join),
    st.sampled_from(["chars", "bytes", "utf16"]),
)
def test_every_span_slices_its_own_passage(text: str, offsets: str) -> None:
    model = _english()
    report = model.score(text, offsets=offsets, unit="document")  # type: ignore[arg-type]
    encoded = {"chars": None, "bytes": text.encode(), "utf16": text.encode("utf-16-le")}[offsets]
    size = 2 if offsets == "utf16" else 1

    def between(start: int, end: int) -> str:
        if encoded is None:
            return text[start:end]
        return encoded[start * size : end * size].decode("utf-16-le" if size == 2 else "utf-8")

    passages = [*(report.loaded or ()), *report.sentences]
    for attribution in report.attributions or ():
        passages += [attribution.cue, *attribution.content, *([attribution.source] if attribution.source else [])]
    for stance in report.stances or ():
        passages += [stance.target, *([stance.holder] if stance.holder else [])]
    for passage in passages:
        assert between(passage.start, passage.end) == passage.text


def _english() -> parallax.Model:
    global _MODEL
    if _MODEL is None:
        _MODEL = parallax.load("en")
    return _MODEL


_MODEL: parallax.Model | None = None


def test_reasons_add_up_to_their_logit(en: parallax.Model) -> None:
    report = en.score(FRAMED, explain=True, top=2)
    reasons = [reason for sentence in report.sentences for reason in sentence.explain]
    assert reasons
    for reason in reasons:
        assert len(reason.contributions) <= 2
        parts = sum(part.value for part in reason.contributions)
        assert reason.bias_term + parts + reason.rest == pytest.approx(reason.logit, abs=1e-3)
    assert not en.score(FRAMED).sentences[0].explain


def test_stances_are_looked_for_toward_the_targets_that_are_named(en: parallax.Model) -> None:
    text = "The council praised the dam. Fishermen attacked the barrage."
    report = en.score(text, targets=["dam"], aliases={"dam": ["barrage"]})
    assert report.stances is not None
    assert {stance.target.name for stance in report.stances} == {"dam"}
    assert {stance.target.text for stance in report.stances} == {"dam", "barrage"}


def test_a_sentence_is_not_cut(en: parallax.Model) -> None:
    report = en.score(FRAMED, unit="sentence")
    assert len(report.sentences) == 1 and report.regions == ()


def test_each_language_has_its_model(every: parallax.Model) -> None:
    assert set(every.langs) == {"en", "ar"}
    report = every.score(ARABIC)
    assert report.lang == "ar" and report.supported and report.sentences
    mixed = every.score(f"{PLAIN}\n\n{ARABIC}")
    assert {sentence.lang for sentence in mixed.sentences} == {"en", "ar"}
    assert set(mixed.models) == {"en", "ar"}


def test_text_in_a_language_without_a_model_is_reported_and_not_scored(en: parallax.Model) -> None:
    report = en.score(ARABIC)
    assert not report.supported and report.sentences == () and report.model is None


def test_some_heads_alone(en: parallax.Model) -> None:
    model = parallax.load("en", heads=["bias"])
    report = model.score(FRAMED)
    assert model.heads == ("bias",)
    assert report.loaded is None and list(report.sentences[0].scores) == ["bias"]
    assert report.sentences[0].bias == en.score(FRAMED).sentences[0].bias


def test_a_notebook_shows_the_page_in_a_frame(en: parallax.Model) -> None:
    report = en.score(FRAMED + ' <b onmouseover="x">', explain=True, id='"quoted"')
    shown = report._repr_html_()
    assert shown.startswith("<iframe") and 'srcdoc="&lt;!' in shown
    assert shown.count('"') == 6, "the page stays inside the attribute"
    assert "clowns" in report.html() and "<b onmouseover" not in report.html()


def test_ipython_asks_for_the_page(en: parallax.Model) -> None:
    from IPython.core.formatters import HTMLFormatter

    report = en.score(FRAMED)
    assert HTMLFormatter()(report) == report._repr_html_()


def test_a_report_can_be_pickled_and_copied(en: parallax.Model) -> None:
    report = en.score(FRAMED, explain=True)
    assert pickle.loads(pickle.dumps(report)) == report
    assert copy.deepcopy(report) == report


def test_a_model_can_be_pickled_and_copied(en: parallax.Model) -> None:
    again = pickle.loads(pickle.dumps(en))
    assert again == en and hash(again) == hash(en) and again.score(PLAIN) == en.score(PLAIN)
    assert copy.deepcopy(en) is en
    one = parallax.load("ar", lang="ar")
    assert pickle.loads(pickle.dumps(one)).score(ARABIC) == one.score(ARABIC)
    assert one != en


def test_a_pickle_of_another_bundle_is_refused(en: parallax.Model) -> None:
    pickled = pickle.dumps(en).replace(en.sha256.encode(), b"0" * 64)
    with pytest.raises(parallax.ModelError, match="pickled"):
        pickle.loads(pickled)


def test_a_model_says_what_it_is(en: parallax.Model) -> None:
    assert (en.name, en.langs) == ("en", ("en",)) and len(en.sha256) == 64
    assert {"bias", "subjective", "tone", "loaded", "attribution", "stance"} <= set(en.heads)
    assert en.classes["tone"] == ("negative", "neutral", "positive")
    assert "en" in repr(en) and en.version in repr(en)


def test_errors_are_of_a_kind_and_say_what_to_do() -> None:
    with pytest.raises(parallax.ModelError) as missing:
        parallax.load("klingon")
    assert missing.value.found and missing.value.expected and missing.value.cure
    assert "klingon" in str(missing.value) and "models_dir=" in str(missing.value) and "--" not in str(missing.value)
    with pytest.raises(parallax.SettingsError) as refused:
        parallax.load("en", heads=["sarcasm"])
    assert refused.value.setting == "heads" and isinstance(refused.value, ValueError)
    assert pickle.loads(pickle.dumps(refused.value)).found == refused.value.found
    with pytest.raises(parallax.SettingsError):
        parallax.load("en", "en")


def test_arguments_that_cannot_be_are_refused(en: parallax.Model) -> None:
    for wrong in ({"unit": "page"}, {"offsets": "words"}, {"regions": "none"}, {"targets": [""]}, {"top": -1}):
        with pytest.raises(parallax.SettingsError):
            en.score(PLAIN, **wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        en.score(["a"])  # type: ignore[arg-type]
    with pytest.raises(parallax.InputError, match="surrogate"):
        en.score("a \ud800 b")


def test_an_empty_text_is_a_report_without_sentences(en: parallax.Model) -> None:
    assert en.score("").sentences == ()
