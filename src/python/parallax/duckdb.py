"""Functions for DuckDB: `register` adds them to a connection.

>>> import duckdb, parallax.duckdb
>>> connection = duckdb.connect()
>>> _ = parallax.duckdb.register(connection, "en")
>>> query = "SELECT round(parallax_probabilities('The clowns who run the port botched it again.').bias, 1)"
>>> connection.sql(query).fetchall()
[(0.5,)]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from . import columns
from .columns import AnyModel, Function, Settings
from .errors import SettingsError
from .model import Model
from .tables import TABLES, TableName

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["register"]


def register(
    connection: duckdb.DuckDBPyConnection,
    model: AnyModel = None,
    *,
    prefix: str = "parallax",
    **settings: Unpack[Settings],
) -> tuple[str, ...]:
    """Adds scalar functions of one text to a connection; those of this prefix that it had are replaced.

    ==============================  ========================================================================================
    ``parallax_probabilities``      takes one *sentence*: a ``STRUCT`` with the probability of each yes-or-no head (``bias``,
                                    ``subjective``) and of each class of the others (``tone_negative``, …); the fast way
    ``parallax_documents``          takes a *text*: a ``STRUCT`` with the columns of the table ``documents``
    ``parallax_sentences``,         take a *text*: a list of ``STRUCT``, one a row of that table, in order;
    ``parallax_loaded``,            ``unnest(…, recursive := true)`` makes rows of it
    ``parallax_attributions``,
    ``parallax_stances``
    ==============================  ========================================================================================

    The columns are those of `Model.score_batch` without ``document``. A null gives a null. The work is done on all
    processors, without the interpreter's lock; on any number of threads, DuckDB's too, the values are the same.

    Args:
        connection: The connection.
        model: The model, or a bundle's name or folder. Default: every bundle there is, each for the text in its language.
        prefix: What the names of the functions begin with: for several models on one connection.
        settings: `Settings`, as for `Model.score_batch`.

    Returns:
        The names of the functions. ``…_probabilities`` is not among them where the model has several languages or no
        sentence head.

    Raises:
        ModelError: there is no such bundle, or it is damaged.
        SettingsError: a setting that cannot be, or a prefix that is no name.
    """
    if not prefix.isidentifier():
        raise SettingsError(f"prefix: found {prefix!r}; expected a name of letters, digits and _", setting="prefix")
    scorer = columns.opened(model)
    functions: dict[str, Function] = {
        f"{prefix}_{table}": _function(scorer, table, settings) for table in TABLES
    }
    if len(scorer.langs) == 1 and scorer.classes:
        functions[f"{prefix}_probabilities"] = lambda sentences: columns.probabilities(scorer, sentences)
    for name in (*TABLES, "probabilities"):
        _remove(connection, f"{prefix}_{name}")
    for name, function in functions.items():
        _create(connection, name, function)
    return tuple(functions)


def _function(model: Model, table: TableName, settings: Settings) -> Function:
    return lambda texts: columns.nested(model, texts, [table], **settings)[table]


def _remove(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    try:
        connection.remove_function(name)
    except duckdb.InvalidInputException:
        pass  # There was none.


def _create(connection: duckdb.DuckDBPyConnection, name: str, function: Function) -> None:
    nothing = function(pa.array([], pa.utf8()))
    result = connection.from_arrow(pa.table({"result": nothing})).types[0]
    # DuckDB passes nulls over before it calls the function, and puts them back.
    connection.create_function(name, function, ["VARCHAR"], result, type="arrow")  # type: ignore[call-overload]
