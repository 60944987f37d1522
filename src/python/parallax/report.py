"""What was found in one text: a `Report`, and the parts it is made of.

All of them are frozen dataclasses. Every ``start`` and ``end`` counts in the unit of the report's `Report.offsets`, by
default code points, as Python counts: ``text[s.start:s.end]`` is the passage. Places in lists (`LoadedTerm.sentence`,
`LoadedTerm.attribution`, `Stance.sentence`, …) count from 0. Probabilities are calibrated, 0 to 1.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Union

from . import _parallax

__all__ = [
    "Attribution",
    "Contribution",
    "Explanation",
    "Holder",
    "Link",
    "LoadedTerm",
    "ModelName",
    "Noise",
    "NoiseSpan",
    "Passage",
    "Region",
    "Report",
    "Score",
    "Sentence",
    "Source",
    "SourceSummary",
    "Stance",
    "StanceSummary",
    "Summary",
    "Target",
]

Score = Union[float, Mapping[str, float]]
"""A head's probabilities: of a yes-or-no head that of yes, of any other head that of each class, which sum to 1."""


@dataclass(frozen=True)
class ModelName:
    """Which model made a report."""

    name: str
    """The bundle's name."""
    version: str
    """Its version."""
    sha256: str
    """SHA-256 of its manifest, which holds that of its files; lower-case hex."""


@dataclass(frozen=True)
class Passage:
    """A passage of the text."""

    start: int
    """Where it starts."""
    end: int
    """Where it ends, exclusive."""
    text: str
    """What it says."""


@dataclass(frozen=True)
class Region:
    """A part of the text, in one language."""

    kind: str
    """``headline``, ``byline``, ``body``, ``caption``, ``boilerplate`` or ``repeat``."""
    start: int
    """Where it starts."""
    end: int
    """Where it ends, exclusive."""
    lang: str
    """Its language (ISO 639-1)."""
    masked: bool
    """Whether it is left out of the scores."""
    supported: bool = True
    """Of headlines and bodies: whether there is a model for `lang`."""


@dataclass(frozen=True)
class Contribution:
    """A token's part in a logit."""

    start: int
    """Where the token starts."""
    end: int
    """Where it ends, exclusive."""
    text: str
    """The token as it stands in the text."""
    value: float
    """What it adds to the logit."""


@dataclass(frozen=True)
class Explanation:
    """The reasons for one logit: ``logit == bias_term + sum of values + rest``."""

    head: str
    """The head."""
    label: str
    """The class whose logit this is; ``"1"`` of a yes-or-no head."""
    logit: float
    """The calibrated logit."""
    bias_term: float
    """What the logit would be of a sentence without tokens: the intercept."""
    contributions: tuple[Contribution, ...]
    """The tokens by falling size of their part; all, or as many as `top` asked for."""
    rest: float
    """The sum of the parts that `top` left out; 0 where none was."""


@dataclass(frozen=True)
class Sentence:
    """One sentence: its place, its scores, and, with ``explain=True``, its reasons."""

    start: int
    """Where it starts."""
    end: int
    """Where it ends, exclusive."""
    text: str
    """What it says."""
    region: str | None
    """``headline`` or ``body``; ``None`` with ``unit="sentence"``."""
    lang: str
    """Its language."""
    voice: str | None
    """Whose words it holds: ``author``, ``quoted`` or ``mixed``; ``None`` without a head `attribution`."""
    scores: Mapping[str, Score]
    """By head, in order of their names: the user's own heads too."""
    labels: Mapping[str, str]
    """The label of every head, after its threshold."""
    uncertain: tuple[str, ...]
    """Heads whose label is too close to call."""
    explain: tuple[Explanation, ...] = field(default=(), repr=False)
    """The reasons, one a logit."""

    @property
    def bias(self) -> float | None:
        """The probability that it is biased by its choice of words; ``None`` if the model has no such head."""
        return _binary(self.scores, "bias")

    @property
    def subjective(self) -> float | None:
        """The probability that it is subjective; ``None`` if the model has no such head."""
        return _binary(self.scores, "subjective")

    @property
    def tone(self) -> Mapping[str, float] | None:
        """The probabilities of ``negative``, ``neutral`` and ``positive``; ``None`` if the model has no such head."""
        return _classes(self.scores, "tone")


@dataclass(frozen=True)
class LoadedTerm(Passage):
    """A word or phrase whose wording judges."""

    kind: str
    """``naming``, ``evaluative``, ``exaggeration`` or ``doubt``."""
    p: float
    """The probability that it is a loaded term."""
    voice: str
    """Whose word it is: ``author`` or ``quoted``."""
    attribution: int | None
    """The innermost attribution in whose content it stands, by its place in `Report.attributions`."""
    sentence: int
    """Its sentence, by its place in `Report.sentences`."""
    explain: Explanation | None = field(default=None, repr=False)
    """The reasons for `p`."""


@dataclass(frozen=True)
class Link(Passage):
    """The full name that a short name or a pronoun stands for, where it was given."""

    p: float
    """The probability that this is whom it stands for."""


@dataclass(frozen=True)
class Source(Passage):
    """The source of an attribution: the words that name it."""

    link: Link | None = None
    """The full name it stands for, if that was found elsewhere."""


@dataclass(frozen=True)
class Attribution:
    """Somebody is made to say, think, want, promise or deny something."""

    source: Source | None
    """Who; ``None`` where the text does not say."""
    cue: Passage
    """The words that signal it."""
    content: tuple[Passage, ...]
    """What, in text order; it may reach into other sentences."""
    cue_class: str
    """How the cue presents it: ``neutral``, ``endorsing``, ``distancing`` or ``charged``."""
    classes: Mapping[str, float]
    """The probability of each class; they sum to 1."""
    direct: str
    """``direct``, ``indirect`` or ``mixed``: whether the content is quoted."""
    p: float
    """The probability that the cue is one."""
    sentence: int
    """The cue's sentence, by its place in `Report.sentences`."""
    explain: Explanation | None = field(default=None, repr=False)
    """The reasons for `p`."""


@dataclass(frozen=True)
class Holder(Passage):
    """Who takes a stance: the words that name somebody."""

    name: str
    """Whom that is, under one name for the whole text."""


@dataclass(frozen=True)
class Target(Passage):
    """A mention of a target."""

    name: str
    """The target as it was asked for, or one name for the whole text."""


@dataclass(frozen=True)
class Stance:
    """Where somebody stands toward one mention of a target."""

    holder: Holder | None
    """Who; ``None`` stands for the author."""
    target: Target
    """Toward whom or what."""
    polarity: str
    """``for``, ``against`` or ``neutral``."""
    p: float
    """The probability of `polarity`."""
    polarities: Mapping[str, float]
    """The probability of each polarity; they sum to 1."""
    certain: bool
    """Whether the polarity is not too close to call."""
    attribution: int | None
    """The attribution whose source the holder is, by its place in `Report.attributions`."""
    sentence: int
    """The mention's sentence, by its place in `Report.sentences`."""
    explain: tuple[Explanation, ...] = field(default=(), repr=False)
    """The reasons for each polarity."""


@dataclass(frozen=True)
class SourceSummary:
    """One source of a text, under all its names."""

    name: str | None
    """Its fullest name; ``None`` for what is attributed to nobody."""
    attributions: int
    """In how many attributions it is the source."""
    words_direct: int
    """How many words it was given in quotation marks."""
    words_indirect: int
    """How many outside them."""
    cues: Mapping[str, int]
    """How many of its cues are of each class."""


@dataclass(frozen=True)
class StanceSummary:
    """Where one holder stands toward one target, over the whole text."""

    holder: str | None
    """Who; ``None`` stands for the author."""
    target: str
    """Toward what."""
    polarity: str
    """The side that most mentions take."""
    counts: Mapping[str, int]
    """How many mentions are of each polarity."""
    balance: float
    """Mentions for, less those against, by their number; -1 to 1."""
    interval: tuple[float, float]
    """95 % interval of the balance."""
    stances: tuple[int, ...]
    """The mentions, by their place in `Report.stances`."""


@dataclass(frozen=True)
class Summary:
    """What holds of a text as a whole."""

    words: int
    """Words in scored sentences."""
    sentences: int
    """How many sentences were scored."""
    loaded_per_100_words: Mapping[str, float] | None
    """``author`` and ``quoted``: loaded terms per 100 words of each voice; ``None`` without both span heads."""
    sources: tuple[SourceSummary, ...] | None
    """By falling number of words; ``None`` without a head `attribution`."""
    stances: tuple[StanceSummary, ...] | None
    """In order of the targets; ``None`` without a head `stance`."""
    scores: Mapping[str, Score]
    """By head the mean over the sentences; 0 for a text without any."""

    @property
    def bias(self) -> float | None:
        """The expected share of biased sentences; ``None`` if the model has no such head."""
        return _binary(self.scores, "bias")

    @property
    def subjective(self) -> float | None:
        """The expected share of subjective sentences; ``None`` if the model has no such head."""
        return _binary(self.scores, "subjective")

    @property
    def tone(self) -> Mapping[str, float] | None:
        """The expected share of sentences of each tone; ``None`` if the model has no such head."""
        return _classes(self.scores, "tone")


@dataclass(frozen=True)
class NoiseSpan:
    """A place where a text is damaged."""

    kind: str
    """How."""
    start: int
    """Where it starts."""
    end: int
    """Where it ends, exclusive."""


@dataclass(frozen=True)
class Noise:
    """How far a text is damaged: the less, the further the report can be trusted."""

    level: float
    """The share of words touched, 0 to 1."""
    spans: tuple[NoiseSpan, ...]
    """The places, in order; they may overlap."""


@dataclass(frozen=True)
class Report:
    """Everything found in one text. `to_json` gives what the program writes for it, in the schema ``parallax/1``.

    In a notebook it shows itself as the program's page; score with ``explain=True`` to have the reasons on it.
    """

    id: str
    """The text's id."""
    text: str = field(repr=False)
    """The text that was scored."""
    lang: str
    """Its language (ISO 639-1); of a mixed text that of most letters in headline and body."""
    supported: bool
    """Whether there was a model for `lang`. Without one, nothing in that language is scored."""
    offsets: str
    """What every ``start`` and ``end`` counts: ``chars`` (code points), ``bytes`` (of UTF-8) or ``utf16``."""
    model: ModelName | None
    """Which model scored it, that of `lang` if there is one; ``None`` if none did."""
    models: Mapping[str, ModelName]
    """All that did, by language."""
    regions: tuple[Region, ...]
    """Its parts, in order. Empty with ``unit="sentence"``."""
    sentences: tuple[Sentence, ...]
    """The sentences, in order."""
    loaded: tuple[LoadedTerm, ...] | None
    """The loaded terms, in order; ``None`` if the model has no such head."""
    attributions: tuple[Attribution, ...] | None
    """The attributions, in order of their cues; ``None`` if the model has no such head."""
    stances: tuple[Stance, ...] | None
    """The stances, in order of the targets; ``None`` if the model has no such head."""
    document: Summary
    """What holds of the text as a whole."""
    noise: Noise | None
    """How far the text is damaged, and where."""
    _json: str = field(repr=False, compare=False)

    @classmethod
    def from_json(cls, text: str, report: str) -> Report:
        """The report on `text` that `to_json`, or the program, wrote.

        Args:
            text: The text that was scored.
            report: One report as a JSON object.

        Raises:
            InputError: `report` is not one.
        """
        from .reading import read

        return read(text, report)

    def to_json(self) -> str:
        """The report as one JSON object, without a line end: the very bytes that the program writes a line."""
        return self._json

    def to_dict(self) -> dict[str, Any]:
        """The same as a dictionary."""
        found: dict[str, Any] = json.loads(self._json)
        return found

    def html(self) -> str:
        """A page that needs nothing but itself, as ``parallax score --format html`` writes it.

        The reasons are on it if the text was scored with ``explain=True``.
        """
        return _parallax.page(self.text, self._json)

    def _repr_html_(self) -> str:
        """The page, for a notebook: in a frame of its own, so that neither's style reaches the other."""
        page = escape(self.html(), quote=True)
        frame = "width:100%;height:32rem;border:1px solid #ccc"
        return f'<iframe title="parallax: {escape(self.id)}" style="{frame}" srcdoc="{page}"></iframe>'


def _binary(scores: Mapping[str, Score], head: str) -> float | None:
    score = scores.get(head)
    return score if isinstance(score, float) else None


def _classes(scores: Mapping[str, Score], head: str) -> Mapping[str, float] | None:
    score = scores.get(head)
    return score if isinstance(score, Mapping) else None
