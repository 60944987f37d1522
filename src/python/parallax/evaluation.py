"""How good a model is on labelled sentences: `evaluate` a model, or `cross_validate` a recipe."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from typing import Any

from . import _parallax
from .model import Model, Name
from .records import Labelled, files
from .training import Progress, ordered

__all__ = [
    "Bin",
    "Comparison",
    "CoveragePoint",
    "Difference",
    "Evaluation",
    "Interval",
    "Measures",
    "SpanMeasures",
    "cross_validate",
    "evaluate",
]

Interval = tuple[float, float]
"""Lower and upper end of a 95 % interval."""


@dataclass(frozen=True)
class Bin:
    """One bin of a reliability table."""

    bin: int
    """Its number, from 0, by rising probability."""
    mean_probability: float
    """Mean probability of its rows."""
    observed: float
    """Share of its rows that is as the probability says."""
    n: int
    """How many rows."""


@dataclass(frozen=True)
class CoveragePoint:
    """Errors among the rows that are kept, the most confident first."""

    target_percent: int | None
    """The share of rows that was to be kept; ``None`` for those on which the head itself does not abstain."""
    coverage: float
    """The share of rows kept."""
    n: int
    """How many."""
    error_rate: float
    """Share of them that is not decided as labelled."""
    macro_f1: float
    """Mean F1 over the classes on them."""


@dataclass(frozen=True)
class Measures:
    """Everything measured about a head whose label is a class: a sentence head, or ``stance``."""

    head: str
    """The head."""
    classes: tuple[str, ...]
    """Its classes; of two, the last is the positive one."""
    n: int
    """How many rows."""
    groups: int
    """How many groups (articles) they come from."""
    accuracy: float
    """Share of rows decided as labelled."""
    macro_f1: float
    """Mean F1 over classes."""
    f1: Mapping[str, float]
    """F1 by class."""
    precision: Mapping[str, float]
    """Precision by class."""
    recall: Mapping[str, float]
    """Recall by class."""
    support: Mapping[str, int]
    """How many rows are labelled as each class."""
    auc: float | None
    """Area under the ROC curve; ``None`` where only one class occurs."""
    average_precision: float | None
    """Average precision; ``None`` where only one class occurs."""
    mcc: float
    """Matthews correlation coefficient."""
    brier: float
    """Brier score."""
    log_loss: float
    """Log loss."""
    ece: float
    """Expected calibration error."""
    confusion: tuple[tuple[int, ...], ...]
    """Rows by labelled class (outer) and decided class (inner)."""
    intervals: Mapping[str, Interval | None]
    """95 % bootstrap intervals by group, under the measures' names (``auc``, ``f1.negative``)."""
    reliability: tuple[Bin, ...] = field(repr=False)
    """Mean probability against observed share, bin by bin."""
    coverage: tuple[CoveragePoint, ...] = field(repr=False)
    """Errors at falling coverage, and last at the head's own abstention."""


@dataclass(frozen=True)
class SpanMeasures:
    """Everything measured about a head that marks spans: ``loaded`` or ``attribution``."""

    head: str
    """The head."""
    n: int
    """How many sentences."""
    groups: int
    """How many groups (articles) they come from."""
    found: int
    """How many terms or attributions the model marked."""
    values: Mapping[str, float | None]
    """Every measure by name (``word_f1``, ``exact_f1``, ``kind_f1``, …); ``None`` where there was nothing to find."""
    support: Mapping[str, int]
    """For each part how many there are to find."""
    intervals: Mapping[str, Interval | None]
    """95 % bootstrap intervals by group, under the measures' names."""
    reliability: tuple[Bin, ...] = field(repr=False)
    """Mean probability of what was found against the share of it that is right, bin by bin."""

    def __getitem__(self, name: str) -> float | None:
        return self.values[name]


@dataclass(frozen=True)
class Difference:
    """The difference between two models in one measure."""

    new: float | None
    """The model's value."""
    other: float | None
    """The other model's."""
    difference: float | None
    """The model's less the other's."""
    interval: Interval | None
    """95 % interval of the difference."""
    p: float | None
    """Two-sided p-value for no difference."""


@dataclass(frozen=True)
class Comparison:
    """Two models of one head on the same rows."""

    head: str
    """The head."""
    n: int
    """How many rows."""
    groups: int
    """How many groups they come from."""
    differences: Mapping[str, Difference]
    """By the measures' names."""


@dataclass(frozen=True)
class Evaluation:
    """What was measured, by head: ``evaluation["bias"].auc``, ``evaluation["loaded"]["word_f1"]``."""

    model: str
    """What was measured: a bundle's name and version, or a recipe's cross-validation."""
    against: str | None
    """The other bundle."""
    measures: Mapping[str, Measures]
    """The heads whose label is a class."""
    spans: Mapping[str, SpanMeasures]
    """The heads that mark spans."""
    comparisons: Mapping[str, Comparison]
    """How each head differs from the other bundle's."""
    rejected: tuple[str, ...]
    """Records that could not be used, in words."""
    _json: str = field(repr=False, compare=False)

    def __getitem__(self, head: str) -> Any:
        found: Measures | SpanMeasures | None = self.measures.get(head) or self.spans.get(head)
        if found is None:
            raise KeyError(head)
        return found

    def to_json(self) -> str:
        """What ``parallax evaluate --format json`` writes."""
        return self._json


def evaluate(
    model: Model | Name,
    data: Labelled,
    *,
    lang: str | None = None,
    against: Model | Name | None = None,
    replicates: int = 1000,
    seed: int = 0,
    strict: bool = True,
    threads: int = 0,
) -> Evaluation:
    """Measures a model on labelled sentences, each scored as one sentence.

    Args:
        model: A model, or a bundle by name or folder.
        data: Labelled sentences: paths, dictionaries, or a table.
        lang: Which of the model's languages; records in another are left out. Default: its only one.
        against: Another model: the differences are measured too.
        replicates: Bootstrap replicates for the intervals; fewer than 40 give none.
        seed: Seed of the bootstrap.
        strict: Whether a record that cannot be used is an error; otherwise it is left out, with a warning.
        threads: How many threads; 0 stands for one a processor.

    Raises:
        DataError: no record has a label of one of the model's heads.
        InputError: a record that cannot be used.
        ModelError: there is no such bundle.
    """
    opened = model if isinstance(model, Model) else Model(model)
    other = against if against is None or isinstance(against, Model) else Model(against)
    with files(data) as paths:
        found, rejected = _parallax.evaluate(
            opened.desk, lang, None if other is None else other.desk, paths, strict, replicates, seed, threads
        )
    return _evaluation(found, rejected)


def cross_validate(
    data: Labelled,
    *,
    folds: int = 5,
    recipe: str | PathLike[str] | None = None,
    base: Name = "en",
    extra: Labelled | None = None,
    only_data: bool = False,
    heads: Sequence[str] = (),
    replicates: int = 1000,
    seed: int = 0,
    strict: bool = True,
    progress: Progress | None = None,
    threads: int = 0,
) -> Evaluation:
    """Measures a recipe by cross-validation in folds of whole groups: everything is fitted anew without each fold.

    Args:
        data: Labelled sentences: paths, dictionaries, or a table.
        folds: How many folds, 2 to 100.
        recipe: As for `parallax.train`.
        base: As for `parallax.train`.
        extra: As for `parallax.train`; never tested on.
        only_data: As for `parallax.train`.
        heads: As for `parallax.train`.
        replicates: As for `evaluate`.
        seed: As for `evaluate`.
        strict: As for `evaluate`.
        progress: As for `parallax.train`, but that the number of steps is not known: ``None``.
        threads: How many threads; 0 stands for one a processor.

    Raises:
        DataError: too few groups or classes.
        InputError: a record or recipe that cannot be used.
    """
    with files(data) as paths, files(extra) as others:
        asked = ordered(recipe, base, paths, others, only_data, heads, strict, threads)
        found, rejected = _parallax.cross_validate(asked, folds, replicates, seed, progress)
    return _evaluation(found, rejected)


def _evaluation(given: str, rejected: Sequence[str]) -> Evaluation:
    for record in rejected:
        warnings.warn(f"left out: {record}", stacklevel=3)
    found = json.loads(given)
    return Evaluation(
        model=found["model"],
        against=found.get("against"),
        measures={m["head"]: _measures(m) for m in found["measures"]},
        spans={m["head"]: _spans(m) for m in found.get("spans", ())},
        comparisons={c["head"]: _comparison(c) for c in found.get("comparisons", ())},
        rejected=tuple(rejected),
        _json=given,
    )


def _intervals(found: dict[str, Any]) -> dict[str, Interval | None]:
    return {name: None if ends is None else (ends[0], ends[1]) for name, ends in found.items()}


def _bins(found: list[dict[str, Any]]) -> tuple[Bin, ...]:
    return tuple(Bin(**entry) for entry in found)


def _measures(found: dict[str, Any]) -> Measures:
    facts = {key: value for key, value in found.items() if key != "settings"}
    return Measures(
        **{
            **facts,
            "classes": tuple(found["classes"]),
            "confusion": tuple(map(tuple, found["confusion"])),
            "intervals": _intervals(found["intervals"]),
            "reliability": _bins(found["reliability"]),
            "coverage": tuple(CoveragePoint(**point) for point in found["coverage"]),
        }
    )


_OF_SPANS = frozenset(["head", "n", "groups", "settings", "found", "support", "intervals", "reliability"])


def _spans(found: dict[str, Any]) -> SpanMeasures:
    return SpanMeasures(
        head=found["head"],
        n=found["n"],
        groups=found["groups"],
        found=found["found"],
        values={name: value for name, value in found.items() if name not in _OF_SPANS},
        support=found["support"],
        intervals=_intervals(found["intervals"]),
        reliability=_bins(found["reliability"]),
    )


def _comparison(found: dict[str, Any]) -> Comparison:
    def difference(entry: dict[str, Any]) -> Difference:
        interval = entry["interval"]
        return Difference(**{**entry, "interval": None if interval is None else (interval[0], interval[1])})

    differences = {name: difference(entry) for name, entry in found["differences"].items()}
    return Comparison(found["head"], found["n"], found["groups"], differences)
