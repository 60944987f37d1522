"""Spark: two executor processes of a real cluster on this machine give what `Model.score_batch` gives."""

from __future__ import annotations

import datetime
import decimal
import json
import os
import re
import shutil
import signal
import sys
import time
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from conftest import ARABIC, FRAMED, PLAIN, ROOT

import parallax

REQUIRED = os.environ.get("PARALLAX_SPARK") == "required"

if not REQUIRED:
    pytest.importorskip("pyspark", reason="no PySpark, so nothing of Spark is tested")
    if not shutil.which("java") and "JAVA_HOME" not in os.environ:
        warnings.warn("there is no Java, so nothing of Spark is tested; PARALLAX_SPARK=required fails then", stacklevel=1)
        pytest.skip("no Java", allow_module_level=True)

import pyspark
from pyspark import TaskContext, cloudpickle
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

import parallax.spark

# Executors have no test files to import from.
cloudpickle.register_pickle_by_value(sys.modules[__name__])

NUMBERS = {
    "documents": [],
    "sentences": ["sentence"],
    "loaded": ["loaded"],
    "attributions": ["attribution"],
    "stances": ["stance"],
}
"""What a table's rows are sorted by, beside ``document``."""


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A session with two executors, each a process with one core."""
    # Executors leave their logs in Spark's home, which is therefore one of links.
    home = tmp_path_factory.mktemp("spark")
    for entry in Path(pyspark.__file__).parent.iterdir():
        if entry.name not in ("work", "conf"):
            (home / entry.name).symlink_to(entry)
    surroundings = {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in surroundings.items():
            patch.setenv(name, value)
        session = (
            SparkSession.builder.master("local-cluster[2,1,1024]")
            .appName("parallax")
            .config("spark.executor.memory", "512m")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.shuffle.partitions", "3")
            .config("spark.sql.warehouse.dir", str(home / "warehouse"))
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.execution.arrow.maxRecordsPerBatch", "16")
            .getOrCreate()
        )
        session.sparkContext.setLogLevel("OFF")
        yield session
        session.stop()


@pytest.fixture(scope="module")
def articles(texts: list[str]) -> list[tuple[str, str | None]]:
    rows: list[tuple[str, str | None]] = [(f"id {n:03}", text) for n, text in enumerate(texts[:120])]
    astral = "🚢 The 𝔘nruly clowns left. 😀 It is a disgrace."
    return [*rows, ("null", None), ("empty", ""), ("arabic", ARABIC), ("astral", astral)]


def frame(spark: SparkSession, rows: Iterable[tuple[Any, ...]], schema: str = "id string, text string") -> DataFrame:
    return spark.createDataFrame(list(rows), schema)


def ordered(df: DataFrame, table: str) -> pa.Table:
    """The rows of a table in order."""
    return df.toArrow().sort_by([(name, "ascending") for name in ["document", *NUMBERS[table]]])


def alone(model: parallax.Model, rows: list[tuple[str, str | None]], table: Any, **settings: Any) -> pa.Table:
    """The same on this machine without Spark."""
    found = model.score_batch([text for _, text in rows], ids=[id for id, _ in rows], tables=table, **settings)
    return found.sort_by([(name, "ascending") for name in ["document", *NUMBERS[table]]])


def same(found: pa.Table, expected: pa.Table) -> None:
    """Row for row and column for column, names, types and all."""
    assert found.schema.names == expected.schema.names
    for name in expected.schema.names:
        assert found.schema.field(name).nullable == expected.schema.field(name).nullable, name
        assert found[name].type.equals(expected[name].type) or name in ("uncertain", "content"), name
        assert found[name].to_pylist() == expected[name].to_pylist(), name
    assert expected.num_rows > 0


@pytest.mark.parametrize("table", parallax.TABLES)
def test_each_table_is_that_of_one_machine(
    table: Any, spark: SparkSession, every: parallax.Model, articles: list[tuple[str, str | None]]
) -> None:
    scored = parallax.spark.score(frame(spark, articles).repartition(4), "text", id_col="id", table=table)
    same(ordered(scored, table), alone(every, articles, table))


def executor() -> int:
    """The process of the executor that this Python process works for."""
    process = os.getppid()
    while b"CoarseGrainedExecutorBackend" not in Path(f"/proc/{process}/cmdline").read_bytes():
        status = Path(f"/proc/{process}/status").read_text()
        process = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("PPid"))
    return process


def test_an_executor_that_is_killed_changes_no_row(
    spark: SparkSession, every: parallax.Model, articles: list[tuple[str, str | None]], tmp_path: Path
) -> None:
    if not Path("/proc/self/cmdline").exists():
        pytest.skip("processes are found in /proc")

    def deadly(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Passes texts on. Once, when its executor has finished a partition and begun another, it kills the executor."""
        own, task = executor(), TaskContext.get()
        partition = 0 if task is None else task.partitionId()
        (tmp_path / f"begun {own} {partition}").touch()
        for number, batch in enumerate(batches):
            if number == 1 and list(tmp_path.glob(f"done {own} *")):
                try:
                    (tmp_path / "killed").open("x").write(f"{own} {partition}")
                except FileExistsError:
                    pass
                else:
                    os.kill(own, signal.SIGKILL)
                    time.sleep(60)  # What is left of the executor ends this process.
            time.sleep(0.1)  # Both executors are at work when one is killed.
            yield batch
        (tmp_path / f"done {own} {partition}").touch()

    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "4")
    df = frame(spark, articles).repartition(8)
    scored = parallax.spark.score(df.mapInArrow(deadly, df.schema), "text", id_col="id")
    # What the executor had finished lies with it, for the shuffle, and is lost too.
    same(ordered(scored.repartition(3, "document"), "sentences"), alone(every, articles, "sentences"))
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "16")
    killed, partition = (tmp_path / "killed").read_text().split()
    begun = {tuple(path.name.split()[1:]) for path in tmp_path.glob("begun *")}
    assert not Path(f"/proc/{killed}").exists()
    assert {own for own, again in begun if again == partition} > {killed}, "another executor did its partition again"


def test_the_number_of_partitions_changes_no_byte(
    spark: SparkSession, en: parallax.Model, articles: list[tuple[str, str | None]]
) -> None:
    def written(partitions: int) -> bytes:
        scored = parallax.spark.score(frame(spark, articles).repartition(partitions), "text", model=en, keep=["id"])
        sink = pa.BufferOutputStream()
        found = scored.orderBy("document", "sentence").toArrow().combine_chunks()
        with pa.ipc.new_file(sink, found.schema) as file:
            file.write_table(found)
        return bytes(sink.getvalue())

    assert written(1) == written(5)


def test_without_ids_a_document_is_known_by_its_text(spark: SparkSession, en: parallax.Model) -> None:
    df = frame(spark, [("a", FRAMED), ("b", PLAIN), ("c", FRAMED)])
    scored = parallax.spark.score(df, "text", model="en", table="loaded", keep=["id"])
    joined = scored.join(df.withColumn("document", F.sha2("text", 256)).drop("id"), "document")
    assert {row.id for row in joined.collect()} == {"a", "c"}
    rows = scored.drop("id").collect()
    assert len(rows) == 2 * len(set(rows)), "equal texts have equal rows"


def test_whole_numbers_are_ids(spark: SparkSession, en: parallax.Model) -> None:
    df = frame(spark, [(7, FRAMED), (8, PLAIN)], "id bigint, text string")
    scored = parallax.spark.score(df, "text", id_col="id", model="en", table="documents")
    same(ordered(scored, "documents"), alone(en, [("7", FRAMED), ("8", PLAIN)], "documents"))


def test_all_tables_come_from_one_pass(
    spark: SparkSession, every: parallax.Model, articles: list[tuple[str, str | None]]
) -> None:
    scored = parallax.spark.score_all(frame(spark, articles), "text", id_col="id").cache()
    assert scored.columns == ["document", *parallax.TABLES]
    for name in parallax.TABLES:
        own = parallax.spark.table(scored, name)
        same(ordered(own, name), alone(every, articles, name))
        flat = parallax.spark.score(frame(spark, articles), "text", id_col="id", table=name).schema
        assert [(f.name, f.dataType) for f in own.schema][1:] == [(f.name, f.dataType) for f in flat][1:]
        assert [f.metadata for f in own.schema][1:] == [f.metadata for f in flat][1:]
    scored.unpersist()
    some = parallax.spark.score_all(frame(spark, articles), "text", tables=["loaded"])
    with pytest.raises(parallax.SettingsError, match="expected one of loaded"):
        parallax.spark.table(some, "stances")
    with pytest.raises(parallax.SettingsError, match="has a column of that name"):
        parallax.spark.score_all(frame(spark, articles), "text", keep=["text"])


def test_ready_sentences_have_the_probabilities_of_the_model(spark: SparkSession, en: parallax.Model) -> None:
    rows = [("a", FRAMED, 1), ("b", None, 2), ("c", PLAIN, 3), ("d", "", 4)]
    df = frame(spark, rows, "id string, text string, place int").repartition(2)
    scored = parallax.spark.probabilities(df, "text", id_col="id", keep=["place"], model="en")
    expected = en.probabilities([FRAMED, PLAIN, ""]).to_pylist()
    own = [{"document": id, "place": place} for id, text, place in rows if text is not None]
    found = scored.toArrow().sort_by("document").to_pylist()
    assert found == [{**ids, **p} for ids, p in zip(own, expected)]
    with pytest.raises(parallax.SettingsError, match="lang"):
        parallax.spark.probabilities(df, "text")


def test_what_is_no_document_is_a_reject(spark: SparkSession, en: parallax.Model) -> None:
    rows = [("a", PLAIN, 1), ("b", None, 2), (None, PLAIN, 3), (None, None, 4)]
    df = frame(spark, rows, "id string, text string, place int")
    broken = df.limit(1).selectExpr("'d' AS id", "cast(x'ff20' AS string) AS text", "5 AS place")
    df = df.unionByName(broken)
    scored = parallax.spark.score(df, "text", id_col="id", model="en", table="documents", keep=["place"])
    assert [(row.document, row.place) for row in scored.collect()] == [("a", 1)]
    rejected = parallax.spark.rejects(df, "text", id_col="id", keep=["place"]).orderBy("place").collect()
    assert [tuple(row) for row in rejected] == [
        ("b", "no text", 2),
        (None, "no id", 3),
        (None, "no text", 4),
        ("d", "text that is not UTF-8", 5),
    ]


def test_kept_columns_go_with_every_row(spark: SparkSession) -> None:
    schema = (
        "id string, `the text` string, day date, time timestamp, price decimal(9,2), tags array<string>, "
        "place struct<x: int, y: double>, counts map<string, int>, raw binary, flag boolean"
    )
    time_ = datetime.datetime(2026, 5, 1, 12, 30, 15, 999)
    kept = (datetime.date(2026, 5, 1), time_, decimal.Decimal("1.50"), ["x", None], (1, 2.5), {"k": 1}, b"\x00", True)
    df = frame(spark, [("a", FRAMED, *kept), ("b", PLAIN, *([None] * 8))], schema)
    names = df.columns[2:]
    for large in ("false", "true"):
        spark.conf.set("spark.sql.execution.arrow.useLargeVarTypes", large)
        scored = parallax.spark.score(df, "the text", id_col="id", model="en", keep=names)
        rows = scored.orderBy("document", "sentence").collect()
        assert scored.columns[: 1 + len(names)] == ["document", *names]
        assert [f.dataType for f in scored.schema][1 : 1 + len(names)] == [f.dataType for f in df.schema][2:]
        assert len(rows) > 4
        for row in rows:
            assert tuple(row)[1 : 1 + len(names)] == (kept if row.document == "a" else (None,) * 8)
    spark.conf.unset("spark.sql.execution.arrow.useLargeVarTypes")


def test_offsets_are_those_of_sparks_substring(spark: SparkSession, articles: list[tuple[str, str | None]]) -> None:
    df = frame(spark, articles).withColumnRenamed("text", "whole")
    scored = parallax.spark.score(df, "whole", id_col="id", keep=["whole"])
    wrong = scored.where("substring(whole, start + 1, end - start) != text")
    assert scored.count() > 100 and wrong.count() == 0


def test_columns_keep_their_metadata(spark: SparkSession, en: parallax.Model) -> None:
    scored = parallax.spark.score(frame(spark, [("a", FRAMED)]), "text", id_col="id", model="en", offsets="utf16")
    own = en.score_batch([], tables="sentences", offsets="utf16").schema
    for name in own.names[1:]:
        facts = {key.decode(): value.decode() for key, value in own.field(name).metadata.items()}
        assert scored.schema[name].metadata == facts
    about = scored.schema["document"].metadata
    assert about["parallax.offsets"] == "utf16" and about["parallax.table"] == "sentences"
    assert about["parallax.model.en"] == f"en {en.version} {en.sha256}"
    # It is still there behind a select.
    assert scored.select("bias").schema["bias"].metadata["parallax.head"] == "bias"


def test_settings_are_those_of_a_batch(spark: SparkSession, en: parallax.Model) -> None:
    rows: list[tuple[str, str | None]] = [("a", FRAMED), ("b", PLAIN)]
    settings: dict[str, Any] = {"targets": ["port"], "aliases": {"port": ["harbour"]}}
    settings |= {"unit": "sentence", "offsets": "bytes"}
    for table in ("stances", "sentences"):
        scored = parallax.spark.score(frame(spark, rows), "text", id_col="id", table=table, model=en, **settings)
        same(ordered(scored, table), alone(en, rows, table, **settings))


@pytest.mark.parametrize(
    ("arguments", "setting", "message"),
    [
        ({"text_col": "body"}, "text_col", "which is no column; expected one of id, text, n, x, document"),
        ({"text_col": "n"}, "text_col", "a column of int; expected strings"),
        ({"text_col": "text", "id_col": "x"}, "id_col", "expected strings or whole numbers"),
        ({"text_col": "text", "keep": ["document"]}, "keep", "has a column of that name"),
        ({"text_col": "text", "keep": ["text"]}, "keep", "has a column of that name"),
        ({"text_col": "text", "keep": ["n", "n"]}, "keep", "has a column of that name"),
        ({"text_col": "text", "table": "sources"}, "tables", "sources"),
        ({"text_col": "text", "offsets": "words"}, "offsets", "words"),
    ],
)
def test_what_cannot_be_is_refused_before_a_job_starts(
    arguments: dict[str, Any], setting: str, message: str, spark: SparkSession
) -> None:
    df = frame(spark, [("a", PLAIN, 1, 1.0, "d")], "id string, text string, n int, x double, document string")
    with pytest.raises(parallax.SettingsError, match=message) as refused:
        parallax.spark.score(df, **{"model": "en", **arguments})
    assert refused.value.setting == setting
    with pytest.raises(parallax.ModelError):
        parallax.spark.score(df, "text", model="nowhere")


def renamed(folder: Path, name: str) -> Path:
    """A bundle like `en` that is another one."""
    shutil.copytree(parallax.model.SHIPPED / "en", folder / name)
    manifest = folder / name / "bundle.json"
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    facts["name"] = name
    manifest.write_text(json.dumps(facts), encoding="utf-8")
    return folder / name


@pytest.mark.parametrize("way", ["folder", "model", "shelf"])
def test_a_bundle_of_ones_own_travels_with_the_job(way: str, spark: SparkSession, tmp_path: Path) -> None:
    folder = renamed(tmp_path / "models", "own")
    model = {
        "folder": lambda: folder,
        "model": lambda: parallax.load("own", models_dir=folder.parent, heads=["bias", "loaded"]),
        "shelf": lambda: parallax.load(models_dir=folder.parent),
    }[way]()
    df = frame(spark, [("a", FRAMED), ("b", PLAIN)])
    scored = parallax.spark.score(df, "text", id_col="id", table="documents", model=model)
    # It is in the job already.
    shutil.rmtree(folder)
    assert [row.model for row in scored.collect()] == ["own", "own"]
    assert ("subjective" in scored.columns) == (way != "model")


def test_another_bundle_on_an_executor_fails_the_job(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallax.Model, "sha256", "0" * 64)
    scored = parallax.spark.score(frame(spark, [("a", FRAMED)]), "text", model=parallax.load("en"))
    with pytest.raises(Exception, match="on an executor; expected 0000"):
        scored.collect()


def test_a_job_survives_a_frame_without_rows(spark: SparkSession) -> None:
    empty = frame(spark, [])
    for table in parallax.TABLES:
        assert parallax.spark.score(empty, "text", table=table).collect() == []
    assert parallax.spark.score_all(frame(spark, [("a", None)]), "text").collect() == []


def test_the_page_on_spark_runs(spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```$", (ROOT / "docs/spark.md").read_text(encoding="utf-8"), re.M | re.S)
    rows = [("example.org/1", FRAMED, "Daily"), ("example.org/2", PLAIN, "Weekly")]
    names: dict[str, Any] = {"spark": spark, "articles": frame(spark, rows, "url string, text string, outlet string")}
    # Executors have folders of their own.
    page = "\n".join(blocks).replace('"scored"', f'"{tmp_path / "scored"}"')
    exec(compile(page, "docs/spark.md", "exec"), names)
    assert [(row.outlet, row["count"] > 0) for row in names["biased"].collect()] == [("Daily", True)]
    assert names["loaded"].count() >= 3 and "polarity" in names["stances"].columns
    # Metadata is in files of Parquet too.
    assert names["loaded"].schema["p"].metadata["parallax.is"] == "probability"
