"""Tables from Spark: `score` gives one table as a DataFrame, `score_all` every table in one pass.

>>> import parallax.spark                                                             # doctest: +SKIP
>>> sentences = parallax.spark.score(articles, "text", id_col="url")                  # doctest: +SKIP
>>> sentences.where("label_bias = '1'").groupBy("document").count().show()            # doctest: +SKIP

The wheel has to be installed on every node; a bundle of your own travels with the job. Each document is scored by itself,
so the rows hang on neither partitions nor executors, and are those of `Model.score_batch`. Null text and null ids are no
documents: `rejects` lists them. ``docs/spark.md`` tells how much it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from pyspark import TaskContext
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_type
from pyspark.sql.types import (
    ArrayType,
    ByteType,
    DataType,
    IntegerType,
    LongType,
    ShortType,
    StringType,
    StructField,
    StructType,
)

from . import columns
from .columns import AnyModel, Settings
from .errors import SettingsError
from .model import Model
from .shipment import Shipment
from .tables import TABLES, TableName

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame
    from typing_extensions import Unpack

__all__ = ["probabilities", "rejects", "score", "score_all", "table"]

PART_BYTES = 4 << 20
"""Text that is scored at a time; so much, and what is found in it, is in memory beside a batch of Spark's."""


def score(
    df: DataFrame,
    text_col: str,
    *,
    id_col: str | None = None,
    table: TableName = "sentences",
    keep: Sequence[str] = (),
    model: AnyModel = None,
    **settings: Unpack[Settings],
) -> DataFrame:
    """One table of everything found in a column of texts.

    Args:
        df: The DataFrame; its partitions stay as they are.
        text_col: The column of texts, of strings.
        id_col: The column of ids, of strings or whole numbers, each another one. Default: the SHA-256 of the text as UTF-8
            in hex, as ``sha2(text, 256)`` gives it, which no partitioning changes; equal texts then have equal rows.
        table: The table: one of `parallax.TABLES`.
        keep: Columns that each row carries on, after ``document``.
        model: The model, or a bundle's name or folder. Default: every bundle there is, each for the text in its language.
        settings: `Settings`, as for `Model.score_batch`.

    Returns:
        A DataFrame, lazy as any: ``document``, the columns kept, then those of the table, named and typed as those of
        `Model.score_batch`. What Arrow has in the metadata of a field is in that of the column; what it has in the
        table's (model, offsets) in that of ``document``. Rows come in no order: sort by ``document`` and the number.

    Raises:
        ModelError: there is no such bundle, or it is damaged.
        SettingsError: a column that is not there or not of such a type, or a setting that cannot be. All of these before
            any job starts.
    """
    source = _Source(df, text_col, id_col, keep)
    scorer = columns.opened(model)
    nothing = scorer.score_batch([], tables=table, **settings)
    found = _struct(nothing.schema)
    source.refuse_twice(found.names)
    first = StructField("document", StringType(), False, _facts(nothing.schema.field("document"), nothing.schema))
    shipment = Shipment(scorer, df.sparkSession)

    def flat(opened: Model, texts: pa.Array, threads: int) -> tuple[pa.Array, list[pa.Array]]:
        made = opened.score_batch(texts, tables=table, threads=threads, **settings).combine_chunks()
        return columns.places(made), [column.combine_chunks() for column in made.drop_columns("document").columns]

    return source.mapped(shipment, flat, StructType([first, *source.kept, *found]))


def score_all(
    df: DataFrame,
    text_col: str,
    *,
    id_col: str | None = None,
    keep: Sequence[str] = (),
    model: AnyModel = None,
    tables: Iterable[TableName] = TABLES,
    **settings: Unpack[Settings],
) -> DataFrame:
    """Several tables in one pass: a row a document, from which `table` takes them.

    Spark forgets what it has computed: cache the result, or write it and read it again, before more than one table is
    taken of it, or each will score the texts anew.

    Args:
        df: As for `score`.
        text_col: As for `score`.
        id_col: As for `score`.
        keep: As for `score`.
        model: As for `score`.
        tables: Which tables. Default: all.
        settings: `Settings`, as for `Model.score_batch`.

    Returns:
        A DataFrame with ``document``, the columns kept, and a column a table: ``documents`` a struct, the others arrays of
        structs.

    Raises:
        ModelError: as `score`.
        SettingsError: as `score`.
    """
    source = _Source(df, text_col, id_col, keep)
    scorer = columns.opened(model)
    names = list(tables)
    fields = []
    facts: dict[str, str] = {}
    for name, nothing in scorer.score_batch([], tables=names, **settings).items():
        rows = _struct(nothing.schema)
        fields.append(StructField(name, rows if name == "documents" else ArrayType(rows, False), False))
        source.refuse_twice([*TABLES, *rows.names])
        facts = _facts(nothing.schema.field("document"), nothing.schema)
    facts.pop("parallax.table", None)
    first = StructField("document", StringType(), False, facts)
    shipment = Shipment(scorer, df.sparkSession)

    def nested(opened: Model, texts: pa.Array, threads: int) -> tuple[None, list[pa.Array]]:
        found = columns.nested(opened, texts, names, threads=threads, **settings)
        return None, [found[name] for name in names]

    return source.mapped(shipment, nested, StructType([first, *source.kept, *fields]))


def probabilities(
    df: DataFrame,
    text_col: str,
    *,
    id_col: str | None = None,
    keep: Sequence[str] = (),
    model: AnyModel = None,
    lang: str | None = None,
) -> DataFrame:
    """The sentence heads alone, of ready sentences: the fast way, for many millions of them.

    Args:
        df: As for `score`.
        text_col: The column of sentences, each one in the model's language.
        id_col: As for `score`.
        keep: As for `score`.
        model: The model, or a bundle's name or folder. Default: every bundle there is; `lang` is then needed.
        lang: Which of the model's languages the sentences are in. Default: its only one.

    Returns:
        A DataFrame with ``document``, the columns kept, and the columns of `Model.probabilities`; a row a sentence.

    Raises:
        ModelError: as `score`.
        SettingsError: as `score`; or `lang` is none of the model's, or is needed.
    """
    source = _Source(df, text_col, id_col, keep)
    scorer = columns.opened(model)
    found = _struct(scorer.probabilities([], lang=lang).schema)
    source.refuse_twice(found.names)
    first = StructField("document", StringType(), False, {"parallax.is": "id"})
    shipment = Shipment(scorer, df.sparkSession)

    def ready(opened: Model, sentences: pa.Array, threads: int) -> tuple[None, list[pa.Array]]:
        made = opened.probabilities(sentences, lang=lang, threads=threads)
        return None, [column.combine_chunks() for column in made.columns]

    return source.mapped(shipment, ready, StructType([first, *source.kept, *found]))


def table(scored: DataFrame, name: TableName) -> DataFrame:
    """One table of what `score_all` gave: the same rows and columns that `score` gives.

    Raises:
        SettingsError: `scored` has no such table.
    """
    if name not in TABLES or name not in scored.columns:
        there = ", ".join(column for column in scored.columns if column in TABLES)
        raise SettingsError(f"name: found {name!r}; expected one of {there}", setting="name")
    others = [_column(column) for column in scored.columns if column not in TABLES]
    return scored.select(*others, f"{name}.*" if name == "documents" else F.inline(name))


def rejects(df: DataFrame, text_col: str, *, id_col: str | None = None, keep: Sequence[str] = ()) -> DataFrame:
    """The rows that are no documents, and so in no table: without text or id, or with text that is not UTF-8.

    Args:
        df: As for `score`.
        text_col: As for `score`.
        id_col: As for `score`.
        keep: As for `score`.

    Returns:
        A DataFrame with ``document`` (null where there is no id), ``reason`` and the columns kept.

    Raises:
        SettingsError: as `score`.
    """
    source = _Source(df, text_col, id_col, keep)
    source.refuse_twice(["reason"])
    return source.rejects()


_Scored = Callable[[Model, pa.Array, int], "tuple[pa.Array | None, list[pa.Array]]"]
"""From texts the columns found, and for each of their rows the text it is of; ``None`` where they are one to one."""


class _Source:
    """A column of texts with its ids and the columns that go with it, looked at before any job starts."""

    def __init__(self, df: DataFrame, text_col: str, id_col: str | None, keep: Sequence[str]) -> None:
        self.df = df
        keep = [keep] if isinstance(keep, str) else list(keep)
        _field(df, "text_col", text_col, (StringType,), "strings")
        self.text: Column = _column(text_col)
        if id_col is None:
            self.id: Column = F.sha2(self.text, 256)
        else:
            whole = (StringType, ByteType, ShortType, IntegerType, LongType)
            _field(df, "id_col", id_col, whole, "strings or whole numbers")
            self.id = _column(id_col).cast("string")
        self.kept = [_field(df, "keep", column, (DataType,), "a column") for column in keep]
        self.columns = [_column(column) for column in keep]
        self.refuse_twice([])

    def refuse_twice(self, others: Iterable[str]) -> None:
        """Refuses kept columns that are called as one another, or as a column of the result."""
        seen = {"document", *(name.lower() for name in others)}
        for field in self.kept:
            if field.name.lower() in seen:
                raise SettingsError(
                    f"keep: found {field.name!r}, and the result has a column of that name; expected other names",
                    cure=f"rename it first: df.withColumnRenamed({field.name!r}, …)",
                    setting="keep",
                )
            seen.add(field.name.lower())

    def rejects(self) -> DataFrame:
        """The rows that cannot be scored, with the reason."""
        kept = [column.alias(field.name) for column, field in zip(self.columns, self.kept)]
        reason = self._reason().alias("reason")
        rejected = self.df.where(self._reason().isNotNull())
        return rejected.select(self.id.alias("document"), reason, *kept)

    def _reason(self) -> Column:
        reason = F.when(self.text.isNull(), "no text")
        reason = reason.when(~F.is_valid_utf8(self.text), "text that is not UTF-8")
        return reason.when(self.id.isNull(), "no id")

    def mapped(self, shipment: Shipment, scored: _Scored, schema: StructType) -> DataFrame:
        """Scores the rows that can be; `scored` is asked about parts of them, on the executors."""
        # By number, since two of them may be called the same.
        read = [column.alias(f"c{n}") for n, column in enumerate([self.id, self.text, *self.columns])]
        names = schema.names

        def of_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            opened, threads = shipment.open(), _threads()
            for batch in batches:
                for part in _parts(batch):
                    ids, texts, *kept = part.columns
                    places, found = scored(opened, texts, threads)
                    others = [ids, *kept] if places is None else [column.take(places) for column in (ids, *kept)]
                    yield pa.RecordBatch.from_arrays([*others, *found], names=names)

        return self.df.where(self._reason().isNull()).select(*read).mapInArrow(of_batches, schema)


def _field(df: DataFrame, setting: str, name: str, types: tuple[type[DataType], ...], expected: str) -> StructField:
    """The field of a column of these types."""
    if name not in df.columns:
        there = ", ".join(df.columns)
        raise SettingsError(f"{setting}: found {name!r}, which is no column; expected one of {there}", setting=setting)
    field = df.schema[name]
    if not isinstance(field.dataType, types):
        raise SettingsError(
            f"{setting}: found {name!r}, a column of {field.dataType.simpleString()}; expected {expected}",
            cure=f"cast it: df.withColumn({name!r}, col({name!r}).cast('string'))",
            setting=setting,
        )
    return field


def _column(name: str) -> Column:
    """The column of exactly this name, whatever is in it."""
    return F.col("`" + name.replace("`", "``") + "`")


def _threads() -> int:
    """As many as the task has processors."""
    task = TaskContext.get()
    return 1 if task is None else task.cpus()


def _parts(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Parts of about `PART_BYTES` of text."""
    first = total = 0
    for row, length in enumerate(pc.binary_length(batch.column(1)).to_pylist()):
        if total and total + length > PART_BYTES:
            yield batch.slice(first, row - first)
            first, total = row, 0
        total += length
    if first < batch.num_rows:
        yield batch.slice(first)


def _struct(schema: pa.Schema) -> StructType:
    """Spark's types of a table's columns but ``document``, each with its metadata."""
    fields = [field for field in schema if field.name != "document"]
    return StructType([StructField(f.name, from_arrow_type(f.type), f.nullable, _facts(f)) for f in fields])


def _facts(*of: pa.Field | pa.Schema) -> dict[str, str]:
    """The metadata of fields and schemas, together."""
    found = {key.decode(): value.decode() for one in of for key, value in (one.metadata or {}).items()}
    return dict(sorted(found.items()))
