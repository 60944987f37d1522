"""A column of texts to a column of what is found in them: what a query engine's function does.

In: a model and an Arrow column of text. Out: a column as long, in the same order, null where there is no text. Start at
`nested`. The engines' own modules (`parallax.duckdb`, `parallax.polars`, `parallax.spark`) stand on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from os import PathLike, fspath
from pathlib import Path
from typing import Any, TypedDict, Union

import pyarrow as pa
import pyarrow.compute as pc

from .model import SHIPPED, Model, Offsets, Regions, Unit
from .tables import TABLES, TableName

__all__ = ["AnyModel", "Function", "Settings", "nested", "opened", "places", "probabilities"]

AnyModel = Union[Model, str, "PathLike[str]", None]
"""A model that is open, or the name or folder of a bundle; ``None`` for every bundle that comes with this package."""

Function = Callable[[Any], pa.Array]
"""From an Arrow column of text to one as long."""


class Settings(TypedDict, total=False):
    """How texts are scored: what the functions of all engines take, as `Model.score_batch` does."""

    targets: Sequence[str]
    """Toward whom or what to look for stances. Default: what each text is about."""
    aliases: Mapping[str, Sequence[str]]
    """Names and what else they are called. Default: none."""
    unit: Unit
    """``"document"``, to be cut into sentences (the default), or ``"sentence"``, which is one."""
    regions: Regions
    """``"article"`` scores headline and body (the default); ``"all"`` takes the whole text as body."""
    offsets: Offsets
    """What ``start`` and ``end`` count: ``"chars"`` (code points, the default), ``"bytes"`` or ``"utf16"``."""


def opened(model: AnyModel) -> Model:
    """The model, opened if it is not. A bundle that comes with this package stays open for the next time; one in a folder
    may have been trained anew since.

    Raises:
        ModelError: there is no such bundle, or it is damaged.
    """
    if isinstance(model, Model):
        return model
    name = None if model is None else fspath(model)
    if name is None or Path(name).name == name and (SHIPPED / name / "bundle.json").is_file():
        return _shipped(name)
    return Model(name)


@lru_cache
def _shipped(name: str | None) -> Model:
    return Model() if name is None else Model(name)


def nested(
    model: Model,
    texts: pa.Array | pa.ChunkedArray,
    tables: Iterable[TableName] = TABLES,
    *,
    threads: int = 0,
    **settings: object,
) -> dict[str, pa.Array]:
    """What each text has in each table: of ``documents`` a struct, of any other table a list of structs.

    Args:
        model: The model.
        texts: An Arrow array of text, with nulls.
        tables: Which tables. Default: all.
        threads: How many threads; 0 stands for one a processor.
        settings: `Settings`.

    Returns:
        By table an array as long as `texts`, null where there is no text. The structs have the table's columns but
        ``document``. Of no texts it is an empty array, which says the type.
    """
    found = model.score_batch(texts, tables=list(tables), threads=threads, **settings)  # type: ignore[call-overload]
    missing = texts.is_null()
    missing = missing.combine_chunks() if isinstance(missing, pa.ChunkedArray) else missing
    every = pa.array(range(len(texts)), pa.int32())
    return {
        name: _structs(table, every) if name == "documents" else _lists(table, every, missing)
        for name, table in found.items()
    }


def places(table: pa.Table) -> pa.Array:
    """For each row of a table that was scored without ids, which text it is of, from 0."""
    return pc.cast(table["document"].combine_chunks(), pa.int32())


def probabilities(model: Model, sentences: pa.Array | pa.ChunkedArray, lang: str | None = None) -> pa.Array:
    """The probabilities of the sentence heads, as structs; null where there is no text. Each text is one sentence.

    Raises:
        SettingsError: `lang` is none of the model's languages, or is needed since it has several.
    """
    values = _struct(model.probabilities(sentences, lang=lang))
    # Every value of a row is null, or none.
    return pc.if_else(sentences.is_valid(), values, pa.scalar(None, values.type)) if sentences.null_count else values


def _struct(table: pa.Table) -> pa.StructArray:
    batch = table.combine_chunks()
    arrays = [column.combine_chunks() for column in batch.columns]
    return pa.StructArray.from_arrays(arrays, fields=list(batch.schema))


def _structs(table: pa.Table, every: pa.Array) -> pa.Array:
    """A struct for each text that the table has a row of, null for any other."""
    fields = [field.with_nullable(True) for field in table.schema]
    rows = _struct(table.cast(pa.schema(fields)).drop_columns("document"))
    return rows.take(pc.index_in(every, places(table)))


def _lists(table: pa.Table, every: pa.Array, missing: pa.Array) -> pa.Array:
    """For each text a list of its rows."""
    counted = pc.value_counts(places(table))
    counts = counted.field("counts").take(pc.index_in(every, counted.field("values"))).fill_null(0)
    ends = pc.cumulative_sum(pc.cast(counts, pa.int32()))
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), ends])
    return pa.ListArray.from_arrays(offsets, _struct(table.drop_columns("document")), mask=missing)
