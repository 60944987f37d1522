"""The tables that the program writes in Parquet, as DuckDB, Polars, pandas and pyarrow open them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import ARABIC, FRAMED, PLAIN, ROOT

import parallax

duckdb = pytest.importorskip("duckdb")
pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")

ROWS = [
    ("framed", FRAMED, "Daily"),
    ("plain", PLAIN, None),
    ("arabic", ARABIC, "Daily"),
    ("astral", "🚢 The 𝔘nruly clowns left. 😀 “It is a disgrace,” a docker said.", "Weekly"),
    ("german", "Ja, das ist ein deutscher Satz über den Hafen der Stadt.", "Weekly"),
]

def program() -> str | None:
    """The program, where it can write Parquet: named by `PARALLAX`, or built here."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    for path in (os.environ.get("PARALLAX"), target / "release" / "parallax", shutil.which("parallax")):
        if path and Path(path).exists():
            told = subprocess.run([path, "score", "--help"], capture_output=True, text=True, check=False).stdout
            if "--tables" in told:
                return str(path)
    return None


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the tables of `ROWS`, with offsets in code points."""
    found = program()
    if found is None:
        reason = "no program that writes tables (cargo build --release --features columnar), so none is opened"
        if os.environ.get("PARALLAX_TABLES") == "required":
            pytest.fail(reason)
        warnings.warn(reason, stacklevel=1)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("corpus")
    lines = [json.dumps({"id": id, "text": text, "outlet": outlet}, ensure_ascii=False) for id, text, outlet in ROWS]
    (folder / "corpus.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [found, "score", "--tables", "--offsets", "chars", "--keep", "outlet", "--out", "tables/", "corpus.jsonl"]
    surroundings = {**os.environ, "PARALLAX_MODELS": str(parallax.model.SHIPPED)}
    subprocess.run(command, cwd=folder, env=surroundings, check=True, capture_output=True)
    return folder / "tables"


def expected(model: parallax.Model, name: Any) -> pa.Table:
    return model.score_batch([text for _, text, _ in ROWS], ids=[id for id, _, _ in ROWS], tables=name)


@pytest.mark.parametrize("name", parallax.TABLES)
def test_the_tables_are_those_of_the_wheel(name: Any, tables: Path, every: parallax.Model) -> None:
    found = pq.read_table(tables / f"{name}.parquet")
    own = expected(every, name)
    if name == "documents":
        assert found["outlet"].to_pylist() == [outlet for _, _, outlet in ROWS]
        found = found.drop_columns("outlet")
    assert found.schema.names == own.schema.names
    assert found.to_pylist() == own.to_pylist() and own.num_rows > 0
    for field in own.schema:
        assert found.schema.field(field.name).type == field.type, field.name
        assert found.schema.field(field.name).metadata.items() >= field.metadata.items(), field.name
    assert found.schema.metadata.items() >= own.schema.metadata.items()


@pytest.mark.parametrize("name", parallax.TABLES)
def test_each_library_reads_the_same_values_and_types(name: Any, tables: Path) -> None:
    path = str(tables / f"{name}.parquet")
    own = pq.read_table(path)
    rows = own.to_pylist()
    by_duckdb = duckdb.sql(f"SELECT * FROM '{path}'").to_arrow_table()
    assert by_duckdb.to_pylist() == rows
    assert pl.read_parquet(path).to_dicts() == rows
    by_pandas = pd.read_parquet(path, dtype_backend="pyarrow")
    assert pa.Table.from_pandas(by_pandas, preserve_index=False).to_pylist() == rows
    for field in own.schema:
        if not pa.types.is_nested(field.type):
            assert by_duckdb.schema.field(field.name).type == field.type, field.name
            kinds: dict[Any, Any] = {"int32": pl.Int32, "double": pl.Float64, "string": pl.String, "bool": pl.Boolean}
            assert pl.read_parquet_schema(path)[field.name] == kinds[str(field.type)], field.name
            assert by_pandas[field.name].dtype == pd.ArrowDtype(field.type), field.name


JOINS: dict[str, Callable[[Path, str], list[tuple[Any, ...]]]] = {
    "duckdb": lambda folder, name: duckdb.sql(
        f"SELECT d.outlet, count(*) FROM '{folder}/{name}.parquet' JOIN '{folder}/documents.parquet' d USING (document) "
        "WHERE d.outlet IS NOT NULL GROUP BY d.outlet ORDER BY d.outlet"
    ).fetchall(),
    "polars": lambda folder, name: (
        pl.scan_parquet(folder / f"{name}.parquet")
        .join(pl.scan_parquet(folder / "documents.parquet"), on="document")
        .drop_nulls("outlet")
        .group_by("outlet")
        .len()
        .sort("outlet")
        .collect()
        .rows()
    ),
    "pandas": lambda folder, name: list(
        pd.read_parquet(folder / f"{name}.parquet")
        .merge(pd.read_parquet(folder / "documents.parquet"), on="document")
        .groupby("outlet")
        .size()
        .items()
    ),
}


@pytest.mark.parametrize("name", ["sentences", "loaded", "attributions", "stances"])
def test_tables_join_on_the_document(name: str, tables: Path, every: parallax.Model) -> None:
    outlets = {id: outlet for id, _, outlet in ROWS}
    counts: dict[str, int] = {}
    for document in expected(every, name)["document"].to_pylist():
        outlet = outlets[document]
        if outlet is not None:
            counts[outlet] = counts.get(outlet, 0) + 1
    assert counts
    for library, join in JOINS.items():
        assert join(tables, name) == sorted(counts.items()), library


def test_a_number_in_a_table_is_that_of_a_row_of_another(tables: Path) -> None:
    for name in ("loaded", "attributions", "stances"):
        for other, key in (("sentences", "sentence"), ("attributions", "attribution")):
            query = f"""SELECT count(*) FROM '{tables}/{name}.parquet' a WHERE a.{key} IS NOT NULL AND NOT EXISTS
                        (FROM '{tables}/{other}.parquet' b WHERE b.document = a.document AND b.{key} = a.{key})"""
            assert duckdb.sql(query).fetchall() == [(0,)], (name, other)


def test_offsets_cut_the_text_in_every_library(tables: Path) -> None:
    texts = {id: text for id, text, _ in ROWS}
    whole = pa.table({"document": list(texts), "whole": list(texts.values())})
    for name in parallax.TABLES[1:]:
        path = str(tables / f"{name}.parquet")
        table = pq.read_table(path)
        starts = [field for field in table.schema.names if field.endswith("start")]
        assert starts
        for start in starts:
            end, text = start.replace("start", "end"), start.replace("start", "text")
            rows = [row for row in table.to_pylist() if row[start] is not None]
            assert all(texts[row["document"]][row[start] : row[end]] == row[text] for row in rows), (name, start)
            query = f"""SELECT count(*) FROM '{path}' JOIN whole USING (document)
                        WHERE substring(whole, "{start}" + 1, "{end}" - "{start}") != "{text}" """
            assert duckdb.sql(query).fetchall() == [(0,)], (name, start)
            frame = pl.read_parquet(path).join(pl.from_arrow(whole), on="document").drop_nulls(start)
            cut = pl.col("whole").str.slice(pl.col(start), pl.col(end) - pl.col(start))
            assert frame.filter(cut != pl.col(text)).height == 0, (name, start)
    for row in pq.read_table(tables / "attributions.parquet").to_pylist():
        assert row["content"] or row["direct"]
        for passage in row["content"]:
            assert texts[row["document"]][passage["start"] : passage["end"]] == passage["text"]


@pytest.mark.parametrize("name", parallax.TABLES)
def test_metadata_stands_in_the_schema_and_in_the_file(name: str, tables: Path, every: parallax.Model) -> None:
    path = tables / f"{name}.parquet"
    schema = pq.read_schema(path)
    in_file = pq.read_metadata(path).metadata
    in_duckdb = dict(duckdb.sql(f"SELECT key, value FROM parquet_kv_metadata('{path}')").fetchall())
    wanted = {"parallax.schema": "parallax-tables/1", "parallax.table": name, "parallax.offsets": "chars"}
    wanted |= {f"parallax.model.{b.lang}": f"{b.name} {b.version} {b.sha256}" for b in every.bundles}
    for key, value in wanted.items():
        assert schema.metadata[key.encode()] == value.encode()
        assert in_file[key.encode()] == value.encode()
        assert in_duckdb[key.encode()] == value.encode()
    known = {"id", "ordinal", "offset", "text", "probability", "label", "count", "rate", "name"}
    for field in schema:
        if field.name != "outlet":
            assert field.metadata[b"parallax.is"].decode() in known, field.name
            assert field.metadata[b"parallax.doc"], field.name
