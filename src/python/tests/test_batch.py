"""Many texts: `Model.score_batch` and `Model.probabilities`."""

from __future__ import annotations

import os
import pickle
import threading
import time
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import ARABIC, FRAMED, PLAIN

import parallax

ROWS = [FRAMED, None, PLAIN, "", "🚢 The 𝔘nruly clowns left."]

MAKERS: dict[str, Any] = {
    "list": lambda rows: rows,
    "tuple": tuple,
    "generator": iter,
    "pyarrow": pa.array,
    "pyarrow large": lambda rows: pa.array(rows, pa.large_utf8()),
    "pyarrow view": lambda rows: pa.array(rows, pa.string_view()),
    "pyarrow dictionary": lambda rows: pa.array(rows).dictionary_encode(),
    "pyarrow chunked": lambda rows: pa.chunked_array([rows[:2], [], rows[2:]], pa.utf8()),
    "pyarrow sliced": lambda rows: pa.array(["x", *rows, "y"])[1:-1],
    "pandas object": lambda rows: pd.Series(rows, dtype=object, index=[9, 8, 7, 6, 5]),
    "pandas str": lambda rows: pd.Series(rows, dtype="str"),
    "pandas arrow": lambda rows: pd.Series(rows, dtype=pd.ArrowDtype(pa.string())),
    "polars": pl.Series,
    "polars categorical": lambda rows: pl.Series(rows, dtype=pl.Categorical),
}


@pytest.fixture(scope="module")
def expected(en: parallax.Model) -> parallax.Tables:
    return en.score_batch(ROWS)


@pytest.mark.parametrize("maker", MAKERS)
def test_every_kind_of_column_gives_the_same_tables(
    maker: str, en: parallax.Model, expected: parallax.Tables
) -> None:
    tables = en.score_batch(MAKERS[maker](ROWS))
    for name in parallax.TABLES:
        assert tables[name].equals(expected[name], check_metadata=True), name


def test_the_tables_say_what_the_reports_say(en: parallax.Model, expected: parallax.Tables) -> None:
    sentences = expected.sentences.to_pylist()
    for row, text in enumerate(ROWS):
        own = [s for s in sentences if s["document"] == str(row)]
        if text is None:
            assert own == []
            continue
        report = en.score(text)
        assert [(s["start"], s["end"], s["text"]) for s in own] == [
            (s.start, s.end, s.text) for s in report.sentences
        ]
        assert [s["bias"] for s in own] == [s.bias for s in report.sentences]
        assert [s["tone_negative"] for s in own] == [s.scores["tone"]["negative"] for s in report.sentences]  # type: ignore[index]
        terms = [t for t in expected.loaded.to_pylist() if t["document"] == str(row)]
        assert [(t["text"], t["kind"], t["p"]) for t in terms] == [(t.text, t.kind, t.p) for t in report.loaded or ()]
        for term in terms:
            assert text[term["start"] : term["end"]] == term["text"]


def test_a_row_without_text_is_no_document(expected: parallax.Tables) -> None:
    assert expected.documents["document"].to_pylist() == ["0", "2", "3", "4"]


def test_ids_are_given_row_by_row(en: parallax.Model) -> None:
    for ids in (["a", "b", "c", "d", "e"], pd.Series([1, 2, 3, 4, 5]), pa.array([1, 2, 3, 4, 5]), range(5)):
        table = en.score_batch(ROWS, ids=ids, tables="documents")
        listed = ids.to_pylist() if isinstance(ids, pa.Array) else list(ids)
        assert table["document"].to_pylist() == [str(listed[row]) for row in (0, 2, 3, 4)]
    with pytest.raises(parallax.InputError, match="2 ids of 5 texts"):
        en.score_batch(ROWS, ids=["a", "b"])


def test_tables_are_a_mapping_with_attributes(expected: parallax.Tables) -> None:
    assert list(expected) == list(parallax.TABLES) and len(expected) == 5
    assert expected.stances is expected["stances"]
    with pytest.raises(AttributeError):
        expected.regions
    assert "sentences" in repr(expected)
    assert pickle.loads(pickle.dumps(expected)) == expected


def test_one_name_is_one_table(en: parallax.Model, expected: parallax.Tables) -> None:
    assert en.score_batch(ROWS, tables="loaded").equals(expected.loaded)
    assert list(en.score_batch(ROWS, tables=["stances", "loaded"])) == ["stances", "loaded"]
    with pytest.raises(parallax.SettingsError, match="tables"):
        en.score_batch(ROWS, tables="sources")  # type: ignore[call-overload]


def test_the_metadata_names_offsets_and_model(en: parallax.Model, expected: parallax.Tables) -> None:
    metadata = expected.sentences.schema.metadata
    assert metadata[b"parallax.offsets"] == b"chars"
    assert metadata[b"parallax.model.en"] == f"en {en.version} {en.sha256}".encode()
    other = en.score_batch(ROWS, tables="loaded", offsets="bytes")
    assert other.schema.metadata[b"parallax.offsets"] == b"bytes"


def test_no_text_is_an_empty_table_with_all_columns(en: parallax.Model, expected: parallax.Tables) -> None:
    for empty in ([], pa.array([], pa.utf8()), pa.array([None, None]), [None]):
        assert en.score_batch(empty, tables="sentences").schema.equals(expected.sentences.schema)
        assert en.score_batch(empty, tables="sentences").num_rows == 0


def test_a_row_that_is_no_text_is_refused_by_its_number(en: parallax.Model) -> None:
    with pytest.raises(parallax.InputError) as refused:
        en.score_batch([PLAIN, 7])  # type: ignore[list-item]
    assert refused.value.line == 1
    with pytest.raises(parallax.InputError):
        en.score_batch(pd.Series([PLAIN, 7], dtype=object))
    with pytest.raises(parallax.InputError, match="Int64"):
        en.score_batch(pa.array([1, 2]))
    with pytest.raises(parallax.InputError):
        en.score_batch(pa.table({"text": [PLAIN]}))
    with pytest.raises(parallax.InputError):
        en.score_batch(["half \ud800"])
    with pytest.raises(TypeError):
        en.score_batch(PLAIN)


def test_arrow_bytes_that_are_no_utf8_are_refused(en: parallax.Model) -> None:
    broken = pa.array([b"ab\xff"], pa.binary()).view(pa.utf8())
    with pytest.raises(parallax.InputError, match="not whole"):
        en.score_batch(broken)
    with pytest.raises(parallax.InputError, match="not whole"):
        en.probabilities(broken)


def test_the_number_of_threads_changes_nothing(en: parallax.Model, texts: list[str]) -> None:
    one, three = (en.score_batch(texts, threads=threads) for threads in (1, 3))
    for name in parallax.TABLES:
        assert _bytes(one[name]) == _bytes(three[name]) == _bytes(en.score_batch(texts, tables=[name])[name])
    assert _bytes(en.probabilities(texts, threads=1)) == _bytes(en.probabilities(texts, threads=2))
    with pytest.raises(parallax.SettingsError):
        en.score_batch(texts, threads=-1)


def _bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def test_other_threads_go_on_meanwhile(en: parallax.Model, texts: list[str]) -> None:
    rows = pa.array(texts * 20)
    counted, done = 0, threading.Event()

    def count() -> None:
        nonlocal counted
        while not done.is_set():
            counted += 1
            time.sleep(0.001)

    counter = threading.Thread(target=count)
    counter.start()
    try:
        started = counted
        en.score_batch(rows, tables="sentences", threads=1)
        during = counted - started
    finally:
        done.set()
        counter.join()
    # With the lock held, it could have counted once before and once after.
    assert during > 10


def test_a_model_may_be_used_by_several_threads(en: parallax.Model, texts: list[str]) -> None:
    expected = en.score_batch(texts, tables="sentences")
    found: list[pa.Table] = []
    threads = [
        threading.Thread(target=lambda: found.append(en.score_batch(texts, tables="sentences"))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3 and all(table.equals(expected) for table in found)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_scores_too(en: parallax.Model, texts: list[str]) -> None:
    expected = en.score_batch(texts, tables="sentences")  # the parent's threads are at work before
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        answer = b"0"
        try:
            answer = b"1" if en.score_batch(texts, tables="sentences").equals(expected) else b"0"
        finally:
            os.write(write, answer)
            os._exit(0)
    os.close(write)
    answer = os.read(read, 1)
    os.waitpid(child, 0)
    assert answer == b"1"


def test_probabilities_are_those_of_the_sentences_table(en: parallax.Model) -> None:
    rows = ["The clowns botched it.", None, "The port opened on Monday.", "“A disgrace,” she said."]
    table = en.probabilities(rows)
    assert table.column_names == ["bias", "subjective", "tone_negative", "tone_neutral", "tone_positive"]
    assert table.num_rows == 4 and all(column[1].as_py() is None for column in table.columns)
    sentences = parallax.load("en", lang="en").score_batch(rows, unit="sentence", tables="sentences").to_pylist()
    assert [s["document"] for s in sentences] == ["0", "2", "3"]
    for sentence in sentences:
        row = int(sentence["document"])
        for name in table.column_names:
            assert table[name][row].as_py() == pytest.approx(sentence[name], abs=1e-6)


def test_probabilities_of_several_languages_need_one(every: parallax.Model) -> None:
    with pytest.raises(parallax.SettingsError, match="lang"):
        every.probabilities([PLAIN])
    assert every.probabilities([ARABIC], lang="ar").num_rows == 1
    with pytest.raises(parallax.SettingsError):
        every.probabilities([PLAIN], lang="fr")


def test_targets_are_looked_for_in_batches_too(en: parallax.Model) -> None:
    rows = ["The council praised the dam.", "Fishermen attacked the dam."]
    table = en.score_batch(rows, tables="stances", targets=["dam"])
    assert set(table["target"].to_pylist()) == {"dam"}


@pytest.mark.parametrize(("ids", "found"), [(["a", "a"], "'a' a second time"), (["a", None], "no id"), ([1.0, float("nan")], "no id")])
def test_ids_are_keys(en: parallax.Model, ids: list[object], found: str) -> None:
    with pytest.raises(parallax.InputError, match=found) as raised:
        en.score_batch(["One.", "Two."], ids=ids)
    assert (raised.value.path, raised.value.line) == ("ids", 1)


def test_a_dictionary_without_a_value_has_no_documents(en: parallax.Model) -> None:
    none = pa.array([None, None], pa.utf8()).dictionary_encode()
    assert en.score_batch(none, tables="documents").num_rows == 0
    assert en.score_batch(pa.array([], pa.utf8()).dictionary_encode(), tables="documents").num_rows == 0
