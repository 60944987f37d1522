"""Models: `load` opens one, `Model` scores with it."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Union, overload

from . import _parallax
from .errors import InputError, ModelError, SettingsError
from .report import Report
from .tables import TABLES, TableName, Tables, column, listed, ordered

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Bundle", "Model", "load"]

Unit = Literal["document", "sentence"]
Regions = Literal["article", "all"]
Offsets = Literal["chars", "bytes", "utf16"]
Name = Union[str, "PathLike[str]"]

CARRIED = Path(__file__).parent / "carried"
"""What comes with this package beside the code."""

SHIPPED = CARRIED / "models"
"""The folder of the bundles that come with this package."""


@dataclass(frozen=True)
class Bundle:
    """What a bundle of a `Model` is: everything that one language needs."""

    name: str
    """Its name."""
    version: str
    """Its version."""
    sha256: str
    """SHA-256 of its manifest, which holds that of its files; lower-case hex."""
    lang: str
    """The language that it scores (ISO 639-1)."""
    heads: tuple[str, ...]
    """Its heads, sentence heads first."""
    classes: Mapping[str, tuple[str, ...]]
    """The classes of each sentence head, in the order of their probabilities."""


def load(
    *models: Name,
    lang: str | None = None,
    heads: Sequence[str] = (),
    models_dir: Name | None = None,
) -> Model:
    """Opens bundles to score with.

    Args:
        models: Bundles by name (``"en"``, ``"ar"``) or folder, one a language. Text found to be in another language than
            theirs is reported, not scored. Without any, all bundles there are, each for the text in its language.
        lang: All text is taken to be in this language. Default: told from the text, region by region.
        heads: Look for these heads alone, which is faster. Default: all of the bundles.
        models_dir: A folder of bundles in which names are looked for. Default: those that come with this package.

    Raises:
        ModelError: there is no such bundle, or it is damaged.
        SettingsError: two bundles for one language, a head that there is not, or another language than the bundle's.

    Example:
        >>> import parallax
        >>> model = parallax.load("en")
        >>> report = model.score("The clowns who run the port botched it again.")
        >>> [term.text for term in report.loaded]
        ['clowns']
    """
    return Model(*models, lang=lang, heads=heads, models_dir=models_dir)


class Model:
    """Bundles, one a language, ready to score; `load` opens one.

    A model may be used from several threads at once, and copied: copies share all that is large. A pickle holds the
    bundles' names or folders, not their contents; reading it fails with `ModelError` where they are not the same bundles
    any more. It may be used in a process that was forked, if no other thread was scoring with it at that moment.
    """

    def __init__(
        self,
        *models: Name,
        lang: str | None = None,
        heads: Sequence[str] = (),
        models_dir: Name | None = None,
    ) -> None:
        """As `load`."""
        if isinstance(heads, str):
            heads = [heads]
        shelf = Path(models_dir) if models_dir is not None else SHIPPED
        self._opened: dict[str, Any] = {
            # A folder stays the same one wherever a pickle is read.
            "models": [_name(model, shelf) for model in models],
            "lang": lang,
            "heads": list(heads),
            "models_dir": None if models_dir is None else str(shelf.resolve()),
        }
        self._desk = _parallax.Desk.open(self._opened["models"], [shelf], lang, list(heads))
        self._bundles: tuple[Bundle, ...] | None = None

    @property
    def opened(self) -> dict[str, Any]:
        """What it was opened with, as the arguments of `load`: folders as whole paths."""
        return copy.deepcopy(self._opened)

    @property
    def folder(self) -> str:
        """The folder of its only bundle.

        Raises:
            SettingsError: it has several.
        """
        models = self._opened["models"]
        if len(models) != 1 or len(self.bundles) != 1:
            raise SettingsError(
                f"model: found {len(self.bundles)} bundles; expected one",
                found=f"{len(self.bundles)} bundles",
                expected="one",
                cure="open the one that is meant: parallax.load(NAME)",
                setting="model",
            )
        shelf = Path(self._opened["models_dir"] or SHIPPED)
        named = shelf / models[0]
        return str(named if named.is_dir() else Path(models[0]))

    @property
    def desk(self) -> _parallax.Desk:
        """The compiled part, for the other modules of this package."""
        return self._desk

    @property
    def bundles(self) -> tuple[Bundle, ...]:
        """The bundles, in the order they were named."""
        if self._bundles is None:
            self._bundles = tuple(map(_bundle, self._desk.bundles()))
        return self._bundles

    @property
    def langs(self) -> tuple[str, ...]:
        """The languages that there is a bundle for (ISO 639-1)."""
        return tuple(bundle.lang for bundle in self.bundles)

    @property
    def name(self) -> str:
        """The bundle's name; of several all, joined by ``+``."""
        return "+".join(bundle.name for bundle in self.bundles)

    @property
    def version(self) -> str:
        """The bundle's version; of several all, joined by ``+``."""
        return "+".join(bundle.version for bundle in self.bundles)

    @property
    def sha256(self) -> str:
        """What the bundle is known by, lower-case hex; of several all, joined by ``+``."""
        return "+".join(bundle.sha256 for bundle in self.bundles)

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads that are looked for, sentence heads first; of several bundles those that any has."""
        return tuple(dict.fromkeys(head for bundle in self.bundles for head in bundle.heads))

    @property
    def classes(self) -> dict[str, tuple[str, ...]]:
        """The classes of each sentence head, in the order of their probabilities."""
        return {head: classes for bundle in reversed(self.bundles) for head, classes in bundle.classes.items()}

    def score(
        self,
        text: str,
        *,
        id: str | None = None,
        targets: Sequence[str] = (),
        aliases: Mapping[str, Sequence[str]] | None = None,
        unit: Unit = "document",
        regions: Regions = "article",
        explain: bool = False,
        top: int | None = None,
        offsets: Offsets = "chars",
    ) -> Report:
        """Everything found in one text.

        Args:
            text: The text.
            id: What the report calls it. Default ``"text"``.
            targets: Toward whom or what to look for stances. Default: what the text is about.
            aliases: Names and what else they are called: ``{"ceasefire": ["cease-fire", "truce"]}``.
            unit: ``"document"``, to be cut into sentences, or ``"sentence"``, which is one.
            regions: ``"article"`` scores headline and body and masks the others; ``"all"`` takes the whole text as body.
            explain: Whether reasons are given: what each token adds to each logit.
            top: How many tokens a reason lists at most. Default: all.
            offsets: What ``start`` and ``end`` count: ``"chars"`` (code points, as Python does), ``"bytes"`` (of UTF-8)
                or ``"utf16"``.

        Raises:
            InputError: `text` holds half a surrogate pair, which is no text.
            SettingsError: an argument that cannot be.
        """
        asked = _asked(targets, aliases, unit, regions, offsets, explain, top)
        if not isinstance(text, str):
            raise TypeError(f"text: found {type(text).__name__}; expected str (score_batch takes many texts)")
        try:
            return Report.from_json(text, self._desk.score(text, "text" if id is None else str(id), asked))
        except UnicodeEncodeError as error:
            raise InputError(
                f"text: found half a surrogate pair at position {error.start}; expected text",
                found="half a surrogate pair",
                expected="text that can be written as UTF-8",
                cure='replace it: text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")',
                path="text",
            ) from error

    def reports(
        self,
        texts: Iterable[str | None] | Any,
        *,
        ids: Iterable[Any] | None = None,
        targets: Sequence[str] = (),
        aliases: Mapping[str, Sequence[str]] | None = None,
        unit: Unit = "document",
        regions: Regions = "article",
        explain: bool = False,
        top: int | None = None,
        offsets: Offsets = "chars",
        threads: int = 0,
    ) -> list[Report | None]:
        """What `score` finds in each of many texts, on all processors.

        Args and errors are those of `score` and `score_batch`. A row without text has no report, but ``None``.
        """
        given = column(texts)
        asked = _asked(targets, aliases, unit, regions, offsets, explain, top)
        # A list of reports has no key.
        own = None if ids is None else [str(id) for id in listed(ids)]
        made = self._desk.reports(given, own, asked, _threads(threads))
        pairs = zip(listed(given), made)
        return [None if report is None else Report.from_json(text, report) for text, report in pairs]

    @overload
    def score_batch(
        self,
        texts: Iterable[str | None] | Any,
        *,
        ids: Iterable[Any] | None = None,
        tables: TableName,
        targets: Sequence[str] = (),
        aliases: Mapping[str, Sequence[str]] | None = None,
        unit: Unit = "document",
        regions: Regions = "article",
        offsets: Offsets = "chars",
        threads: int = 0,
    ) -> pa.Table: ...

    @overload
    def score_batch(
        self,
        texts: Iterable[str | None] | Any,
        *,
        ids: Iterable[Any] | None = None,
        tables: Sequence[TableName] = TABLES,
        targets: Sequence[str] = (),
        aliases: Mapping[str, Sequence[str]] | None = None,
        unit: Unit = "document",
        regions: Regions = "article",
        offsets: Offsets = "chars",
        threads: int = 0,
    ) -> Tables: ...

    def score_batch(
        self,
        texts: Iterable[str | None] | Any,
        *,
        ids: Iterable[Any] | None = None,
        tables: TableName | Sequence[TableName] = TABLES,
        targets: Sequence[str] = (),
        aliases: Mapping[str, Sequence[str]] | None = None,
        unit: Unit = "document",
        regions: Regions = "article",
        offsets: Offsets = "chars",
        threads: int = 0,
    ) -> Tables | pa.Table:
        """Tables of everything found in many texts, on all processors, without the interpreter's lock.

        The text of Arrow arrays (pyarrow, polars, pandas with Arrow or `str` dtype) is read where it stands, and not
        copied. The same texts give the same tables on any number of threads.

        Args:
            texts: A list or other iterable of `str` and `None`, a pyarrow array, or a pandas or polars series. A row
                without text (`None`, NA) is no document: it is in no table.
            ids: An id for each row, rows without text too, each another one; written as text. Default: the row's number, from 0.
            tables: A table's name, which gives that table, or several, which give `Tables`. Default: all of `TABLES`.
            targets: As for `score`.
            aliases: As for `score`.
            unit: As for `score`.
            regions: As for `score`.
            offsets: As for `score`.
            threads: How many threads; 0 stands for one a processor.

        Returns:
            pyarrow tables with the column ``document``, the id; in the metadata of their schemas ``parallax.offsets``
            and, for each language, the model. ``docs/tables.md`` lists the columns.

        Raises:
            InputError: a row that is no text, ids that are not as many as the texts, no id, or one that stands twice.
            SettingsError: an argument that cannot be.
            KeyboardInterrupt: after every 4 MiB of text, or 8,192 texts.
        """
        import pyarrow as pa

        names = [tables] if isinstance(tables, str) else list(tables)
        asked = _asked(targets, aliases, unit, regions, offsets, False, None)
        own = None if ids is None else _ids(listed(ids))
        made = self._desk.tables(column(texts), own, names, asked, _threads(threads))
        found: dict[str, pa.Table] = {name: ordered(pa.table(table)) for name, table in zip(names, made)}
        return found[tables] if isinstance(tables, str) else Tables(found)

    def probabilities(
        self, sentences: Iterable[str | None] | Any, *, lang: str | None = None, threads: int = 0
    ) -> pa.Table:
        """The sentence heads alone, of ready sentences: the fast way, for many millions of them.

        They are the probabilities of ``score_batch(sentences, unit="sentence", tables="sentences")``, before rounding.

        Args:
            sentences: As the texts of `score_batch`, each one sentence in the model's language.
            lang: Which of the model's languages they are in. Default: its only one.
            threads: How many threads; 0 stands for one a processor.

        Returns:
            A pyarrow table with a row for each sentence, in order: one column of a yes-or-no head (``bias``), one for
            each class of any other (``tone_negative``). A row without text is null.

        Raises:
            InputError: a row that is no text.
            SettingsError: `lang` is none of the model's, or is needed.
        """
        import pyarrow as pa

        return pa.table(self._desk.probabilities(column(sentences), lang, _threads(threads)))

    def __repr__(self) -> str:
        bundles = ", ".join(f"{bundle.name} {bundle.version} ({bundle.lang})" for bundle in self.bundles)
        return f"<parallax.Model {bundles}: {', '.join(self.heads)}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model):
            return NotImplemented
        return self._facts() == other._facts()

    def __hash__(self) -> int:
        return hash(self._facts())

    def __copy__(self) -> Model:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Model:
        # Nothing of a model changes.
        return self

    def __reduce__(self) -> tuple[object, ...]:
        return (_again, (self._opened, self.sha256))

    def _facts(self) -> tuple[object, ...]:
        return (self.sha256, self._opened["lang"], self.heads)


def _again(opened: dict[str, Any], sha256: str) -> Model:
    """The model that was pickled."""
    opened = dict(opened)
    models = opened.pop("models")
    model = Model(*models, **opened)
    if model.sha256 != sha256:
        raise ModelError(
            f"{', '.join(models) or 'models'}: found the bundle {model.sha256}; expected {sha256}, which was pickled",
            found=model.sha256,
            expected=sha256,
            cure="open the model anew with parallax.load, or put the bundle back that was pickled",
        )
    return model


def _name(model: Name, shelf: Path) -> str:
    """A bundle's name as it is, a folder as its whole path."""
    name = fspath(model)
    is_name = isinstance(model, str) and "/" not in name and "\\" not in name
    return name if is_name and (shelf / name).is_dir() or not Path(name).is_dir() else str(Path(name).resolve())


def _bundle(facts: dict[str, Any]) -> Bundle:
    classes = {head: tuple(classes) for head, classes in facts["classes"].items()}
    return Bundle(**{**facts, "heads": tuple(facts["heads"]), "classes": classes})


def _ids(given: list[Any]) -> list[str]:
    """Ids as text, each another one: they are the key of every table."""
    ids: list[str] = []
    seen: set[str] = set()
    for row, value in enumerate(given):
        if value is None or value != value:
            raise _bad_id(row, "no id")
        if str(value) in seen:
            raise _bad_id(row, f"the id {str(value)!r} a second time")
        seen.add(str(value))
        ids.append(str(value))
    return ids


def _bad_id(row: int, found: str) -> InputError:
    return InputError(
        f"ids: row {row}: found {found}; expected an id of its own for each row",
        found=found,
        expected="an id of its own for each row",
        cure="give each row its own id, or none: rows are then called by their numbers",
        path="ids",
        line=row,
    )


def _asked(
    targets: Sequence[str],
    aliases: Mapping[str, Sequence[str]] | None,
    unit: str,
    regions: str,
    offsets: str,
    explain: bool,
    top: int | None,
) -> dict[str, Any]:
    if isinstance(targets, str):
        targets = [targets]
    if top is not None and top < 0:
        raise SettingsError(f"top: found {top}; expected 0 or more", setting="top")
    forms = [(name, [name, *(form for form in forms if form != name)]) for name, forms in (aliases or {}).items()]
    return {
        "targets": list(targets),
        "aliases": forms,
        "unit": unit,
        "regions": regions,
        "offsets": offsets,
        "explain": explain,
        "top": top,
    }


def _threads(threads: int) -> int:
    if not 0 <= threads <= 1024:
        raise SettingsError(f"threads: found {threads}; expected 0 to 1024", setting="threads")
    return threads
