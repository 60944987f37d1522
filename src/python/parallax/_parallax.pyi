"""The compiled module: what the Python files of this package stand on. Use those."""

from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from typing import Any, Protocol, final

class ArrowTable(Protocol):
    """A table that hands itself over by the Arrow PyCapsule interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

@final
class Desk:
    """Bundles, one a language, ready to score."""

    @staticmethod
    def open(
        models: Sequence[str],
        shelves: Sequence[str | PathLike[str]],
        lang: str | None,
        heads: Sequence[str],
    ) -> Desk:
        """Opens the bundles of these names or folders; without any, that of `lang`; without both, of each language."""

    def bundles(self) -> list[dict[str, Any]]:
        """What each bundle is."""

    def score(self, text: str, id: str, asked: Mapping[str, Any]) -> str:
        """The report on one text, as JSON."""

    def reports(
        self, given: Iterable[str | None] | object, ids: Sequence[str] | None, asked: Mapping[str, Any], threads: int
    ) -> list[str | None]:
        """The report on each text, as JSON."""

    def tables(
        self,
        given: Iterable[str | None] | object,
        ids: Sequence[str] | None,
        names: Sequence[str],
        asked: Mapping[str, Any],
        threads: int,
    ) -> list[ArrowTable]:
        """The tables of these names."""

    def probabilities(
        self, given: Iterable[str | None] | object, lang: str | None, threads: int
    ) -> ArrowTable:
        """The probabilities of ready sentences, a row for each."""

@final
class Classifier:
    """A head that tells the class of a text."""

    @staticmethod
    def fit(
        desk: Desk,
        lang: str | None,
        given: Sequence[str],
        classes: Sequence[int],
        weights: Sequence[float],
        groups: Sequence[str],
        settings: Mapping[str, Any],
        threads: int,
    ) -> Classifier:
        """Fits a head to texts."""

    def classes(self) -> list[int]:
        """The classes that were learned, by their numbers, in the order of their probabilities."""

    def probabilities(self, given: Sequence[str], threads: int) -> list[float]:
        """The probabilities of the classes, text by text."""

    def to_bytes(self) -> bytes:
        """What was fitted."""

    @staticmethod
    def from_bytes(desk: Desk, lang: str | None, bytes: bytes) -> Classifier:
        """What `to_bytes` gave."""

def train(
    ordered: Mapping[str, Any],
    out: str | PathLike[str],
    name: str | None,
    seed: int | None,
    command: str,
    progress: object | None,
) -> list[str]:
    """Trains a bundle into a folder; what could not be used of the data is returned, in words."""

def evaluate(
    desk: Desk,
    lang: str | None,
    against: Desk | None,
    data: Sequence[str | PathLike[str]],
    strict: bool,
    replicates: int,
    seed: int,
    threads: int,
) -> tuple[str, list[str]]:
    """Measures as JSON, and what could not be used of the data, in words."""

def cross_validate(
    ordered: Mapping[str, Any], folds: int, replicates: int, seed: int, progress: object | None
) -> tuple[str, list[str]]:
    """Measures of a recipe, as `evaluate` gives them."""

def teach(
    place: Mapping[str, Any],
    data: Sequence[str | PathLike[str]],
    out: str | PathLike[str],
    weight: float,
    seed: int,
    progress: object | None,
    threads: int,
) -> tuple[str, str]:
    """What an update changes, as JSON and in words."""

def page(text: str, report: str) -> str:
    """The page of a report, which was made of this text."""
