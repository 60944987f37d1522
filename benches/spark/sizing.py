"""What Spark takes to score text, beside the wheel alone on the same rows in the same run.

In: sentences in JSON Lines. Out: a table of rates, the ratios to the wheel alone, the memory of each kind of process, and
all rounds as JSON. A document is 20 successive sentences. Each contender takes the same documents in each round, in an
order that changes from round to round; a ratio is one of two contenders in one round, and its interval that of the median
(order statistics, 95 %). Processor time is that of all processes of the run: Python's, the driver's and the executors'.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pyarrow as pa
import pyarrow.parquet as pq
import pyspark
from pyspark.sql import DataFrame, SparkSession

import parallax
import parallax.spark

SENTENCES = 20
"""Sentences of a document."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--documents", type=int, default=1600)
    parser.add_argument("--only", default="", help="contenders with this in their names")
    args = parser.parse_args()
    lines = args.data.read_text(encoding="utf-8").splitlines()
    sentences = [json.loads(line)["text"] for line in lines if line.strip()]
    with tempfile.TemporaryDirectory() as folder:
        spark = session(Path(folder))
        facts = measured(spark, Path(folder), sentences, args)
        spark.stop()
    facts["source"] = args.data.name
    show(facts)
    args.out.write_text(json.dumps(facts, indent=1), encoding="utf-8")


def session(folder: Path) -> SparkSession:
    """Executors of one core each, as many as there are processors, each a process."""
    home = folder / "spark"
    home.mkdir()
    for entry in Path(pyspark.__file__).parent.iterdir():
        if entry.name not in ("work", "conf"):
            (home / entry.name).symlink_to(entry)
    os.environ |= {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    builder = SparkSession.builder.master(f"local-cluster[{os.cpu_count()},1,1024]")
    options = {"spark.executor.memory": "512m", "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
    spark = builder.config(map=options).getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    return spark


def measured(
    spark: SparkSession, folder: Path, sentences: list[str], args: argparse.Namespace
) -> dict[str, object]:
    """The rates of each contender, by wall clock and by processor time, and the memory."""
    documents, rounds = args.documents, args.rounds
    articles, ready = folder / "articles", folder / "sentences"
    texts = [" ".join(sentences[n : n + SENTENCES]) for n in range(0, len(sentences) - SENTENCES + 1, SENTENCES)]
    texts = (texts * math.ceil(documents / len(texts)))[:documents]
    # The half of them: these take longer each.
    half = documents * SENTENCES // 2
    taken = (sentences * math.ceil(half / len(sentences)))[:half]
    write(articles, texts)
    write(ready, taken)
    every = make(spark, str(articles), str(ready))
    contenders = {name: contender for name, contender in every.items() if args.only in name}
    counts = {"document": 0, "sentence": len(taken)}
    if any(unit == "document" for _, unit in contenders.values()):
        counts["document"] = parallax.load("en").score_batch(texts, tables="sentences").num_rows
    wall: dict[str, list[float]] = {name: [] for name in contenders}
    used: dict[str, list[float]] = {name: [] for name in contenders}
    clock = Clock()
    for number in range(rounds + 1):
        names = list(contenders)
        random.Random(number).shuffle(names)
        for name in names:
            run, unit = contenders[name]
            began, spent = time.perf_counter(), clock.seconds()
            run()
            if number > 0:  # the first round warms up
                wall[name].append(counts[unit] / (time.perf_counter() - began))
                used[name].append(counts[unit] / (clock.seconds() - spent))
    return {
        "documents": documents,
        "sentences": counts["document"],
        "ready": counts["sentence"],
        "bytes": sum(len(text.encode()) for text in texts),
        "processors": os.cpu_count(),
        "wall": wall,
        "used": used,
        "memory": memory(),
    }


def write(folder: Path, texts: list[str]) -> None:
    """Several files for each processor, so that there are partitions."""
    folder.mkdir()
    files = 4 * (os.cpu_count() or 1)
    size = math.ceil(len(texts) / files)
    for file in range(files):
        own = texts[file * size : (file + 1) * size]
        ids = [str(file * size + row) for row in range(len(own))]
        pq.write_table(pa.table({"id": ids, "text": own}), folder / f"{file}.parquet")


def make(spark: SparkSession, articles: str, ready: str) -> dict[str, tuple[Callable[[], object], str]]:
    """By name what is run, and the unit of its texts."""
    model = parallax.load("en")

    def alone(path: str, **settings: object) -> object:
        rows = pq.read_table(path)
        return model.score_batch(rows["text"], ids=rows["id"], **settings)  # type: ignore[call-overload]

    def with_spark(path: str, partitions: int | None, score: Callable[[DataFrame], DataFrame]) -> None:
        rows = spark.read.parquet(path)
        rows = rows if partitions is None else rows.coalesce(partitions)
        score(rows).write.format("noop").mode("overwrite").save()

    def one(rows: DataFrame) -> DataFrame:
        return parallax.spark.score(rows, "text", id_col="id", model=model)

    def of_sentences(rows: DataFrame) -> DataFrame:
        return parallax.spark.score(rows, "text", id_col="id", model=model, unit="sentence")

    def probabilities(rows: DataFrame) -> DataFrame:
        return parallax.spark.probabilities(rows, "text", id_col="id", model=model)

    def every(rows: DataFrame) -> DataFrame:
        return parallax.spark.score_all(rows, "text", id_col="id", model=model)

    def nothing(rows: DataFrame) -> DataFrame:
        def same(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            yield from batches

        return rows.mapInArrow(same, rows.schema)

    return {
        "wheel, sentences, 1 thread": (lambda: alone(articles, tables="sentences", threads=1), "document"),
        "Spark, sentences, 1 core": (lambda: with_spark(articles, 1, one), "document"),
        "Spark, sentences, every core": (lambda: with_spark(articles, None, one), "document"),
        "wheel, sentences, every thread": (lambda: alone(articles, tables="sentences"), "document"),
        "Spark, score_all, 1 core": (lambda: with_spark(articles, 1, every), "document"),
        "wheel, five tables, 1 thread": (lambda: alone(articles, threads=1), "document"),
        "Spark, mapInArrow that does nothing, 1 core": (lambda: with_spark(articles, 1, nothing), "document"),
        "wheel, unit=sentence, 1 thread": (
            lambda: alone(ready, tables="sentences", unit="sentence", threads=1),
            "sentence",
        ),
        "Spark, unit=sentence, 1 core": (lambda: with_spark(ready, 1, of_sentences), "sentence"),
        "wheel, probabilities, 1 thread": (
            lambda: model.probabilities(pq.read_table(ready)["text"], threads=1),
            "sentence",
        ),
        "Spark, probabilities, 1 core": (lambda: with_spark(ready, 1, probabilities), "sentence"),
    }


def processes() -> Iterator[tuple[Path, str]]:
    """The processes of this run: this one and those under it, each with its kind."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # It has ended.
    for process in parents:
        line, at = [process], process
        while at in parents and at != os.getpid():
            at = parents[at]
            line.append(at)
        if at != os.getpid():
            continue
        entry = Path("/proc", str(process))
        try:
            command = (entry / "cmdline").read_text()
        except OSError:
            continue
        if process == os.getpid():
            yield entry, "the wheel alone (this process)"
        elif "CoarseGrainedExecutorBackend" in command:
            yield entry, "executor (JVM, heap of 512 MiB)"
        elif "pyspark" in command and "java" not in command:
            yield entry, "Python worker"
        else:
            yield entry, "driver (JVM)"


class Clock:
    """Processor time of the run. What a process that has ended had when it was last seen stays counted."""

    def __init__(self) -> None:
        self.ticks: dict[tuple[str, str], int] = {}

    def seconds(self) -> float:
        for entry, _ in processes():
            try:
                facts = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            # A number may be given to another process later: it is one with the time it was started at.
            self.ticks[(entry.name, facts[19])] = int(facts[11]) + int(facts[12])
        return sum(self.ticks.values()) / os.sysconf("SC_CLK_TCK")


def memory() -> dict[str, float]:
    """The most memory that a process of each kind had at a time, in MiB."""
    most: dict[str, float] = {}
    for entry, kind in processes():
        lines = (entry / "status").read_text().splitlines()
        peak = next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
        most[kind] = max(most.get(kind, 0.0), peak)
    return most


def show(facts: dict[str, object]) -> None:
    wall, used, most = facts["wall"], facts["used"], facts["memory"]
    assert isinstance(wall, dict) and isinstance(used, dict) and isinstance(most, dict)
    rounds = len(next(iter(wall.values())))
    print(f"{facts['documents']} documents of {SENTENCES} sentences of {facts['source']}, {facts['bytes']} bytes,")
    print(f"found to be {facts['sentences'] or '…'} sentences; {facts['ready']} ready ones; {rounds} rounds; {facts['processors']} processors")
    print(f"({name_of_processor()}); Python {platform.python_version()}; Spark {pyspark.__version__}")
    print(f"{'':46}{'sentences':>10}{'a second of':>14}  processor time, as a multiple")
    print(f"{'':46}{'a second':>10}{'a processor':>14}  of the wheel's for that")
    for name in wall:
        beside = "wheel, unit=sentence, 1 thread" if "unit=" in name else "wheel, sentences, 1 thread"
        beside = "wheel, five tables, 1 thread" if "score_all" in name else beside
        beside = "wheel, probabilities, 1 thread" if "probabilities" in name else beside
        ratios = sorted(theirs / own for own, theirs in zip(used[name], used.get(beside, used[name])))
        low, high = interval(ratios)
        rates = f"{median(wall[name]):10,.0f}{median(used[name]):14,.0f}"
        print(f"{name:46}{rates}  {median(ratios):.2f} [{low:.2f}, {high:.2f}]")
    for kind, peak in most.items():
        print(f"{kind}: at most {peak:.0f} MiB")


def name_of_processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


def interval(ordered: list[float]) -> tuple[float, float]:
    """The order statistics that hold the median with at least 95 %; all of them, where there are too few."""
    n = len(ordered)
    below, at = 0.0, 0
    while at < n // 2 and below + math.comb(n, at) / 2**n <= 0.025:
        below += math.comb(n, at) / 2**n
        at += 1
    return ordered[max(0, at - 1)], ordered[n - max(1, at)]


if __name__ == "__main__":
    main()
