"""DuckDB: functions of a text in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
from conftest import ARABIC, FRAMED, PLAIN

import parallax

duckdb = pytest.importorskip("duckdb")

import parallax.duckdb


@pytest.fixture
def connection() -> Iterator[Any]:
    with duckdb.connect() as connection:
        yield connection


def articles(connection: Any, rows: list[str | None]) -> list[str | None]:
    connection.execute("CREATE OR REPLACE TABLE articles (id INTEGER, text VARCHAR)")
    connection.executemany("INSERT INTO articles VALUES (?, ?)", list(enumerate(rows)))
    return rows


def test_a_sentence_gives_the_probabilities_of_the_model(connection: Any, en: parallax.Model) -> None:
    rows = articles(connection, [FRAMED, None, PLAIN, "", "🚢 The 𝔘nruly clowns left."])
    assert "parallax_probabilities" in parallax.duckdb.register(connection, "en")
    found = connection.sql("SELECT parallax_probabilities(text) FROM articles ORDER BY id").fetchall()
    expected = en.probabilities(rows).to_pylist()
    assert [row[0] for row in found] == [None if text is None else p for text, p in zip(rows, expected)]


@pytest.mark.parametrize("table", parallax.TABLES)
def test_a_text_gives_the_rows_of_each_table(table: str, connection: Any, every: parallax.Model) -> None:
    rows = articles(connection, [FRAMED, None, PLAIN, ARABIC, "🚢 The 𝔘nruly clowns left. 😀 A disgrace."])
    parallax.duckdb.register(connection, every)
    call = f"parallax_{table}(text)"
    unnested = call if table == "documents" else f"unnest({call})"
    query = f"""SELECT id::VARCHAR AS document, unnest(found) FROM (SELECT id, {unnested} AS found FROM articles)
                WHERE found IS NOT NULL"""
    found = connection.sql(query).to_arrow_table()
    expected = every.score_batch(rows, tables=table)  # type: ignore[call-overload]
    assert found.schema.names == expected.schema.names
    keys = [(name, "ascending") for name in ["document", table.removesuffix("s")] if name in expected.schema.names]
    assert found.sort_by(keys).to_pylist() == expected.sort_by(keys).to_pylist()
    assert expected.num_rows > 0
    for name in expected.schema.names:
        if not pa.types.is_nested(expected.schema.field(name).type):
            assert found.schema.field(name).type == expected.schema.field(name).type, name


def test_offsets_are_those_of_duckdbs_substring(connection: Any) -> None:
    articles(connection, [FRAMED, ARABIC, "🚢 The 𝔘nruly clowns left. 😀 It is a disgrace, a docker said."])
    parallax.duckdb.register(connection)
    connection.execute("CREATE TABLE terms AS SELECT id, unnest(parallax_loaded(text), recursive := true) FROM articles")
    query = """SELECT count(*), count(*) FILTER (substring(a.text, t.start + 1, t."end" - t.start) = t.text)
               FROM terms t JOIN articles a USING (id)"""
    terms, right = connection.execute(query).fetchone()
    assert terms == right > 3


def test_many_rows_on_several_threads_are_those_of_one(connection: Any, en: parallax.Model) -> None:
    rows = [f"{FRAMED} Ship {n} left." if n % 5 else None for n in range(9000)]
    source = pa.table({"id": range(len(rows)), "text": rows})
    connection.register("source", source)
    connection.execute("CREATE TABLE articles AS SELECT * FROM source")
    parallax.duckdb.register(connection, en)
    found = []
    for threads in (1, 4):
        connection.execute(f"SET threads = {threads}")
        found.append(connection.sql("SELECT id, parallax_probabilities(text).bias FROM articles ORDER BY id").fetchall())
    assert found[0] == found[1]
    expected = en.probabilities(rows)["bias"].to_pylist()
    assert [p for _, p in found[0]] == expected


def test_functions_are_replaced_and_several_models_have_a_prefix_each(connection: Any) -> None:
    names = parallax.duckdb.register(connection, "en")
    assert parallax.duckdb.register(connection, "en", offsets="bytes") == names
    assert parallax.duckdb.register(connection, "ar", prefix="arabic") == tuple(
        name.replace("parallax", "arabic") for name in names
    )
    query = "SELECT parallax_sentences('Ümläute ruin it. No.')[1].\"end\", arabic_documents('Ümläute').model"
    (end, model) = connection.execute(query).fetchone()
    assert end == len("Ümläute ruin it.".encode()) and model is None


def test_settings_are_those_of_a_batch(connection: Any, en: parallax.Model) -> None:
    parallax.duckdb.register(connection, en, targets=["docker"], unit="sentence")
    found = connection.execute("SELECT parallax_stances(?)", [FRAMED]).fetchone()[0]
    expected = en.score_batch([FRAMED], tables="stances", targets=["docker"], unit="sentence").drop_columns("document")
    assert found == expected.to_pylist() and {row["target"] for row in found} == {"docker"}


def test_what_cannot_be_is_refused_when_it_is_registered(connection: Any) -> None:
    with pytest.raises(parallax.SettingsError, match="offsets"):
        parallax.duckdb.register(connection, "en", offsets="words")  # type: ignore[arg-type]
    with pytest.raises(parallax.SettingsError, match="prefix"):
        parallax.duckdb.register(connection, "en", prefix="a; b")
    with pytest.raises(parallax.ModelError):
        parallax.duckdb.register(connection, "nowhere")
    assert "parallax_probabilities" not in parallax.duckdb.register(connection), "there are several languages"


def test_functions_of_another_model_do_not_stay() -> None:
    connection = duckdb.connect()
    parallax.duckdb.register(connection, "en")
    names = parallax.duckdb.register(connection)
    assert "parallax_probabilities" not in names
    with pytest.raises(duckdb.CatalogException):
        connection.sql("SELECT parallax_probabilities('It rained.')").fetchall()
