"""Labelled sentences, as files have them or as Python does.

A file is in JSON Lines, as ``training/README.md`` describes: ``{"id": …, "text": …, "labels": {"bias": 0}}``, with ``loaded``,
`attributions` and ``stances`` for the heads that mark spans. Python has the same as dictionaries, or as rows of a table with a
column ``text`` and a column for each label.
"""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any, Union

from .errors import InputError

__all__ = ["Labelled"]

Labelled = Union[str, "PathLike[str]", Sequence[Any], Iterable[Mapping[str, Any]], Any]
"""Labelled sentences: a file or several, dictionaries, or a pandas, polars or pyarrow table."""

_OWN = frozenset(["id", "text", "lang", "group", "labels", "loaded", "attributions", "stances", "weight", "annotator"])


@contextmanager
def files(data: Labelled | None) -> Iterator[list[Path]]:
    """The files that hold labelled sentences; what is no file is written to one, which is there as long as it is used."""
    if data is None:
        yield []
        return
    if isinstance(data, (str, PathLike)):
        yield [Path(data)]
        return
    if isinstance(data, (list, tuple)) and data and all(isinstance(item, (str, PathLike)) for item in data):
        yield [Path(item) for item in data]
        return
    with tempfile.TemporaryDirectory(prefix="parallax-") as folder:
        path = Path(folder) / "records.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for number, row in enumerate(_rows(data)):
                file.write(json.dumps(_record(row, number), ensure_ascii=False, default=_plain) + "\n")
        yield [path]


def _rows(data: Any) -> Iterable[Mapping[str, Any]]:
    if type(data).__module__.partition(".")[0] == "pandas":
        rows: list[Mapping[str, Any]] = data.to_dict("records")
        return rows
    if hasattr(data, "__arrow_c_stream__"):
        import pyarrow as pa

        listed: list[Mapping[str, Any]] = pa.table(data).to_pylist()
        return listed
    if isinstance(data, Mapping) or not isinstance(data, Iterable):
        found = type(data).__name__
        raise InputError(
            f"data: found {found}; expected a path, dictionaries, or a table",
            found=found,
            expected="a path, dictionaries, or a pandas, polars or pyarrow table",
            path="data",
        )
    return data


def _record(row: Any, number: int) -> dict[str, Any]:
    """A row as a line of a file: what is no key of the format is a label."""
    if not isinstance(row, Mapping):
        found = type(row).__name__
        raise InputError(
            f"data:{number}: found {found}; expected a dictionary",
            found=found,
            expected="a dictionary",
            cure='give records as {"text": …, "bias": 0}',
            path="data",
            line=number,
        )
    record = {key: value for key, value in row.items() if key in _OWN and not _is_missing(value)}
    record.setdefault("id", str(number))
    labels = dict(record.get("labels") or {})
    labels.update({key: value for key, value in row.items() if key not in _OWN})
    record["labels"] = {key: _label(value) for key, value in labels.items() if not _is_missing(value)}
    return record


def _label(value: Any) -> Any:
    # A column of whole numbers in which some are missing is one of floats.
    value = _plain(value) if hasattr(value, "item") else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_missing(value: Any) -> bool:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and math.isnan(value)


def _plain(value: Any) -> Any:
    """A number or text of another library as Python's own."""
    if hasattr(value, "item"):
        return value.item()
    raise InputError(
        f"data: found a value of the type {type(value).__name__}; expected text or a number",
        found=type(value).__name__,
        expected="text or a number",
        path="data",
    )
