"""Expressions for Polars: importing this module adds the namespace ``parallax`` to them.

>>> import polars as pl, parallax.polars
>>> frame = pl.DataFrame({"text": ["The clowns who run the port botched it again."]})
>>> frame.select(pl.col("text").parallax.probabilities("en").struct.field("bias").round(1)).item()
0.5

They run in lazy frames and in the streaming engine too. `probabilities` and `score` are the same as functions, which type
checkers know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from . import columns
from .columns import AnyModel, Settings
from .tables import TableName

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["Parallax", "probabilities", "score"]


def probabilities(expr: pl.Expr | str, model: AnyModel = None, *, lang: str | None = None) -> pl.Expr:
    """The probabilities of the sentence heads, of a column of which each value is one *sentence*; the fast way.

    Args:
        expr: An expression of text, or a column's name.
        model: The model, or a bundle's name or folder. Default: every bundle there is; `lang` is then needed.
        lang: Which of the model's languages the sentences are in. Default: its only one.

    Returns:
        An expression of structs: one field of a yes-or-no head (``bias``), one for each class of any other
        (``tone_negative``). Null gives null.

    Raises:
        ModelError: there is no such bundle, or it is damaged.
        SettingsError: `lang` is none of the model's, or is needed.
    """
    scorer = columns.opened(model)
    return _mapped(expr, lambda sentences: columns.probabilities(scorer, sentences, lang))


def score(
    expr: pl.Expr | str, table: TableName = "documents", model: AnyModel = None, **settings: Unpack[Settings]
) -> pl.Expr:
    """What is found in each *text* of a column.

    Args:
        expr: An expression of text, or a column's name.
        table: Which of the tables of `Model.score_batch`.
        model: The model, or a bundle's name or folder. Default: every bundle there is, each for the text in its language.
        settings: `Settings`, as for `Model.score_batch`.

    Returns:
        An expression: of the table ``documents`` structs, of any other lists of structs, one a row, in order (``explode``
        and ``unnest`` make rows of them). The fields are the table's columns without ``document``. Null gives null.

    Raises:
        ModelError: there is no such bundle, or it is damaged.
        SettingsError: an argument that cannot be.
    """
    scorer = columns.opened(model)
    return _mapped(expr, lambda texts: columns.nested(scorer, texts, [table], **settings)[table])


@pl.api.register_expr_namespace("parallax")
class Parallax:
    """The namespace ``parallax`` of expressions."""

    def __init__(self, expr: pl.Expr) -> None:
        """Of this expression."""
        self._expr = expr

    def probabilities(self, model: AnyModel = None, *, lang: str | None = None) -> pl.Expr:
        """As the function `probabilities`."""
        return probabilities(self._expr, model, lang=lang)

    def score(
        self, table: TableName = "documents", model: AnyModel = None, **settings: Unpack[Settings]
    ) -> pl.Expr:
        """As the function `score`."""
        return score(self._expr, table, model, **settings)


def _mapped(expr: pl.Expr | str, function: columns.Function) -> pl.Expr:
    """A function of an Arrow column over an expression; its type is known before it runs."""

    def of_series(texts: pl.Series) -> pl.Series:
        return pl.Series(texts.name, pl.from_arrow(function(texts.to_arrow())))

    nothing = of_series(pl.Series("", [], pl.String))
    expr = pl.col(expr) if isinstance(expr, str) else expr
    return expr.map_batches(of_series, return_dtype=nothing.dtype, is_elementwise=True)
