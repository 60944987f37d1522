"""Models of one's own: `train`, `update`, `evaluate`, `cross_validate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from conftest import ROOT

import parallax

GENRE = ROOT / "examples" / "own_head" / "genre.jsonl"
ADVERT = "Buy one jar of our plum jam and get another free!"


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    return [json.loads(line) for line in GENRE.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def genre(tmp_path_factory: pytest.TempPathFactory) -> parallax.Model:
    return parallax.train(GENRE, out=tmp_path_factory.mktemp("models") / "genre", only_data=True)


def test_a_head_is_trained_on_a_file(genre: parallax.Model) -> None:
    assert (genre.name, genre.heads, genre.classes) == ("genre", ("genre",), {"genre": ("advert", "news", "opinion")})
    sentence = genre.score(ADVERT, unit="sentence").sentences[0]
    assert sentence.labels["genre"] == "advert"
    assert sentence.scores["genre"]["advert"] > 0.5  # type: ignore[index]


def test_the_same_sentences_in_any_form_make_the_same_head(
    genre: parallax.Model, records: list[dict[str, Any]], tmp_path: Path
) -> None:
    rows = [{"id": r["id"], "text": r["text"], "genre": r["labels"]["genre"]} for r in records]
    forms = {
        "dictionaries": records,
        "generator": iter(records),
        "rows": rows,
        "pandas": pd.DataFrame(rows),
        "polars": pl.DataFrame(rows),
        "pyarrow": pl.DataFrame(rows).to_arrow(),
        "files": [GENRE],
    }
    expected = genre.probabilities([ADVERT])
    for form, data in forms.items():
        model = parallax.train(data, out=tmp_path / form, only_data=True, threads=1 if form == "rows" else 0)
        assert model.probabilities([ADVERT]).equals(expected), form


def test_progress_is_told_and_what_it_raises_is_raised(tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    parallax.train(GENRE, out=tmp_path / "a", only_data=True, progress=lambda done, total, what: seen.append((done, total)))
    done, total = seen[-1]
    assert done == total == len(seen)

    def stop(done: int, total: int | None, what: str) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        parallax.train(GENRE, out=tmp_path / "b", only_data=True, progress=stop)


def test_a_record_that_cannot_be_used_is_refused_or_left_out(
    records: list[dict[str, Any]], tmp_path: Path
) -> None:
    bad = [*records, {"id": "bad", "text": 7, "labels": {"genre": "news"}}]
    with pytest.raises(parallax.InputError) as refused:
        parallax.train(bad, out=tmp_path / "a", only_data=True)
    assert refused.value.line == len(bad)
    with pytest.warns(UserWarning, match="left out"):
        model = parallax.train(bad, out=tmp_path / "b", only_data=True, strict=False)
    assert model.heads == ("genre",)


def test_what_cannot_be_trained_says_why(records: list[dict[str, Any]], tmp_path: Path) -> None:
    with pytest.raises(parallax.DataError):
        parallax.train(records[:2], out=tmp_path / "few", only_data=True)
    with pytest.raises(parallax.ReadError) as missing:
        parallax.train(tmp_path / "none.jsonl", out=tmp_path / "none", only_data=True)
    assert isinstance(missing.value, OSError) and missing.value.errno == 2
    with pytest.raises(parallax.ModelError):
        parallax.train(records, out=tmp_path / "base", base="klingon", only_data=True)
    with pytest.raises(parallax.DataError, match="sarcasm"):
        parallax.train(records, out=tmp_path / "head", heads=["sarcasm"], only_data=True)
    with pytest.raises(parallax.InputError):
        parallax.train(7, out=tmp_path / "number", only_data=True)
    with pytest.raises(parallax.InputError):
        parallax.train(["a", {"text": "b"}], out=tmp_path / "mixed", only_data=True)
    assert not (tmp_path / "few").exists() or not list((tmp_path / "few").iterdir())


def test_missing_labels_are_no_labels(records: list[dict[str, Any]], tmp_path: Path) -> None:
    frame = pd.DataFrame([{"text": r["text"], "genre": r["labels"]["genre"]} for r in records])
    frame["paid"] = [float(genre == "advert") for genre in frame["genre"]]
    frame.loc[0, "paid"] = float("nan")
    model = parallax.train(frame, out=tmp_path / "two", only_data=True)
    assert model.heads == ("genre", "paid") and model.classes["paid"] == ("0", "1")


def test_a_model_is_measured(genre: parallax.Model) -> None:
    found = parallax.evaluate(genre, GENRE, replicates=100)
    measures = found["genre"]
    assert measures.n == 60 and measures.accuracy > 0.9 and measures.auc > 0.9
    low, high = measures.intervals["accuracy"]
    assert low <= measures.accuracy <= high
    assert sum(map(sum, measures.confusion)) == 60 and set(measures.f1) == {"advert", "news", "opinion"}
    assert json.loads(found.to_json())["measures"][0]["head"] == "genre"
    again = parallax.evaluate(genre, GENRE, replicates=100, threads=1)
    assert again.to_json() == found.to_json()
    with pytest.raises(KeyError):
        found["bias"]


def test_span_heads_are_measured_too(en: parallax.Model) -> None:
    text = "The clowns botched it, a docker said."
    record = {
        "id": "a",
        "text": text,
        "labels": {"bias": 1},
        "loaded": [{"start": 4, "end": 10, "kind": "naming"}],
        "attributions": [
            {"source": [23, 31], "cue": [32, 36], "content": [[0, 21]], "class": "neutral", "direct": "indirect"}
        ],
    }
    found = parallax.evaluate(en, [record], replicates=0)
    assert found["loaded"]["exact_recall"] == 1.0 and found["loaded"].found >= 1
    assert found["attribution"].values["cue_f1"] == 1.0


def test_two_models_are_compared(en: parallax.Model) -> None:
    records = [{"text": "The clowns botched it.", "bias": 1}, {"text": "The port opened.", "bias": 0}]
    found = parallax.evaluate(en, records, against="en", replicates=50)
    assert found.against is not None
    assert found.comparisons["bias"].differences["accuracy"].difference == 0


def test_nothing_to_measure_is_said(en: parallax.Model) -> None:
    with pytest.raises(parallax.DataError, match="label"):
        parallax.evaluate(en, [{"text": "One.", "genre": "news"}])


def test_a_recipe_is_cross_validated() -> None:
    found = parallax.cross_validate(GENRE, folds=4, only_data=True, replicates=50)
    assert found["genre"].n == 60 and 0.5 < found["genre"].accuracy <= 1
    assert "4-fold" in found.model


def test_a_model_is_taught_a_few_sentences_more(en: parallax.Model, tmp_path: Path) -> None:
    records = [{"text": f"The wombats of ward {n} ran the port.", "bias": 1} for n in range(6)]
    update = parallax.update(en, records, out=tmp_path / "taught")
    assert update.model.version == f"{en.version}+1" and update.change["added"]
    probe = ["The wombats of ward nine ran the port."]
    before, after = (model.probabilities(probe)["bias"][0].as_py() for model in (en, update.model))
    assert after > before
    assert str(update)
    with pytest.raises(parallax.SettingsError):
        parallax.update(parallax.load(), records, out=tmp_path / "several")
