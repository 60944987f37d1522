"""Polars: expressions of a text."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import ARABIC, FRAMED, PLAIN

import parallax

pl = pytest.importorskip("polars")

import parallax.polars

ROWS = [FRAMED, None, PLAIN, "", ARABIC, "🚢 The 𝔘nruly clowns left. 😀 It is a disgrace, a docker said."]


@pytest.fixture
def frame() -> Any:
    return pl.DataFrame({"id": range(len(ROWS)), "text": ROWS})


def test_a_sentence_gives_the_probabilities_of_the_model(frame: Any, en: parallax.Model) -> None:
    found = frame.select(pl.col("text").parallax.probabilities("en"))["text"].to_list()
    expected = en.probabilities(ROWS).to_pylist()
    assert found == [None if text is None else p for text, p in zip(ROWS, expected)]


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
@pytest.mark.parametrize("table", parallax.TABLES)
def test_a_text_gives_the_rows_of_each_table(table: Any, engine: Any, frame: Any, every: parallax.Model) -> None:
    lazy = frame.lazy().select(document=pl.col("id").cast(pl.String), found=pl.col("text").parallax.score(table))
    lazy = lazy if table == "documents" else lazy.explode("found")
    lazy = lazy.filter(pl.col("found").is_not_null()).unnest("found")
    schema = lazy.collect_schema()
    found = lazy.collect(engine=engine)
    expected = pl.from_arrow(every.score_batch(ROWS, tables=table))
    assert schema == found.schema == expected.schema
    assert found.rows() == expected.rows() and expected.height > 0


def test_a_schema_is_known_before_anything_is_scored(frame: Any, en: parallax.Model) -> None:
    schema = frame.lazy().select(p=parallax.polars.probabilities("text", en)).collect_schema()
    assert schema["p"] == pl.Struct({name: pl.Float64 for name in en.probabilities([]).schema.names})


def test_offsets_are_those_of_polars_slices(frame: Any) -> None:
    terms = frame.with_columns(term=pl.col("text").parallax.score("loaded")).explode("term").drop_nulls("term")
    start, end = pl.col("term").struct.field("start"), pl.col("term").struct.field("end")
    sliced = terms.select(pl.col("text").str.slice(start, end - start) == pl.col("term").struct.field("text"))
    assert sliced["text"].all() and sliced.height > 3


def test_groups_filters_and_many_chunks_give_the_same(en: parallax.Model) -> None:
    texts = [f"{FRAMED} Ship {n} left." if n % 7 else None for n in range(5000)]
    whole = pl.DataFrame({"n": range(5000), "text": texts})
    chunked = pl.concat([whole[:10], whole[10:3000], whole[3000:]], rechunk=False)
    expression = pl.col("text").parallax.probabilities(en).struct.field("bias").alias("bias")
    expected = en.probabilities(texts)["bias"].to_pylist()
    for frame in (whole, chunked):
        assert frame.select(expression)["bias"].to_list() == expected
        assert frame.lazy().select(expression).collect(engine="streaming")["bias"].to_list() == expected
        some = frame.lazy().with_columns(expression).filter(pl.col("n") % 100 == 3).collect()
        assert some["bias"].to_list() == expected[3::100]
        groups = frame.group_by(pl.col("n") % 3, maintain_order=True).agg(expression)
        assert [values.to_list() for values in groups["bias"]] == [expected[n::3] for n in range(3)]


def test_settings_and_categories(frame: Any, en: parallax.Model) -> None:
    found = frame.select(
        parallax.polars.score(pl.col("text").cast(pl.Categorical), "stances", en, targets=["docker"], offsets="bytes")
    )["text"].to_list()
    expected = en.score_batch(ROWS, tables="stances", targets=["docker"], offsets="bytes")
    assert [row for rows in found if rows for row in rows] == expected.drop_columns("document").to_pylist()


def test_no_rows_and_only_nulls(en: parallax.Model) -> None:
    for rows in ([], [None, None]):
        frame = pl.DataFrame({"text": rows}, schema={"text": pl.String})
        for expression in (pl.col("text").parallax.score("sentences", en), pl.col("text").parallax.probabilities(en)):
            assert frame.select(expression)["text"].to_list() == rows


def test_what_cannot_be_is_refused_when_the_expression_is_made(frame: Any) -> None:
    with pytest.raises(parallax.SettingsError, match="tables"):
        pl.col("text").parallax.score("sources", "en")
    with pytest.raises(parallax.ModelError):
        pl.col("text").parallax.probabilities("nowhere")
    with pytest.raises(parallax.SettingsError, match="lang"):
        pl.col("text").parallax.probabilities()
    with pytest.raises(Exception, match="expected text"):
        frame.select(pl.col("id").parallax.probabilities("en"))
