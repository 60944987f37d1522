"""Tables of many texts, and the columns that texts come in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["TABLES", "TableName", "Tables"]

TableName = Literal["documents", "sentences", "loaded", "attributions", "stances"]

TABLES: tuple[TableName, ...] = ("documents", "sentences", "loaded", "attributions", "stances")
"""Every table that `Model.score_batch` can make."""


@dataclass(frozen=True)
class Tables(Mapping[str, "pa.Table"]):
    """Tables by name, as a mapping and as attributes; keyed by the column ``document``."""

    tables: Mapping[str, pa.Table]
    """The tables that were asked for."""

    def __getitem__(self, name: str) -> pa.Table:
        return self.tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)

    def __getattr__(self, name: str) -> pa.Table:
        if name in TABLES and name in self.tables:
            return self.tables[name]
        raise AttributeError(f"no table {name!r} was asked for")

    def __reduce__(self) -> tuple[type[Tables], tuple[dict[str, pa.Table]]]:
        return (Tables, (dict(self.tables),))

    def __repr__(self) -> str:
        return f"Tables({', '.join(f'{name}: {table.num_rows} rows' for name, table in self.tables.items())})"


def ordered(table: pa.Table) -> pa.Table:
    """The same table with its metadata in order of their keys, which Arrow's interface does not keep."""
    import pyarrow as pa

    def by_key(metadata: Mapping[bytes, bytes] | None) -> dict[bytes, bytes]:
        return dict(sorted((metadata or {}).items()))

    fields = [field.with_metadata(by_key(field.metadata)) for field in table.schema]
    return pa.Table.from_arrays(table.columns, schema=pa.schema(fields, metadata=by_key(table.schema.metadata)))


def listed(values: Any) -> list[Any]:
    """The values of a column or any iterable as a list of Python's own."""
    for method in ("to_pylist", "to_list", "tolist"):
        if hasattr(values, method):
            found: list[Any] = getattr(values, method)()
            return found
    return list(values)


def column(texts: Any) -> Any:
    """What the compiled module reads: something with Arrow's interface, or a list of `str` and `None`."""
    if isinstance(texts, str):
        raise TypeError("texts: found one str; expected many texts (score takes one)")
    module = type(texts).__module__.partition(".")[0]
    if module == "pandas" and getattr(texts, "dtype", None) == object:
        # Arrow would refuse what is no text without saying which row it is.
        return [None if missing else text for text, missing in zip(texts, texts.isna())]
    if hasattr(texts, "__arrow_c_array__") or hasattr(texts, "__arrow_c_stream__"):
        return texts
    if isinstance(texts, (list, tuple)):
        return texts
    return list(texts)
