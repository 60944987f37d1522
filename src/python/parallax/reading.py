"""Reports as JSON, read into the dataclasses of `report`. Start at `read`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .errors import InputError
from .report import (
    Attribution,
    Contribution,
    Explanation,
    Holder,
    Link,
    LoadedTerm,
    ModelName,
    Noise,
    NoiseSpan,
    Passage,
    Region,
    Report,
    Score,
    Sentence,
    Source,
    SourceSummary,
    Stance,
    StanceSummary,
    Summary,
    Target,
)

def _scores(entry: Mapping[str, Any], known: frozenset[str]) -> Mapping[str, Score]:
    """The heads among the keys of an entry: all that are not its own."""
    heads = {key: value for key, value in entry.items() if key not in known}
    return {key: dict(value) if isinstance(value, dict) else float(value) for key, value in heads.items()}


_OF_SENTENCE = frozenset(["start", "end", "region", "lang", "voice", "labels", "uncertain", "explain"])
_OF_SUMMARY = frozenset(["words", "sentences", "loaded_per_100_words", "sources", "stances"])


class _Slices:
    """Slices of a text, in the unit of its offsets."""

    def __init__(self, text: str, offsets: str) -> None:
        self.text = text
        encoding = {"bytes": "utf-8", "utf16": "utf-16-le"}.get(offsets)
        self.encoded = text.encode(encoding) if encoding else None
        self.encoding = encoding or ""
        self.size = 2 if offsets == "utf16" else 1

    def between(self, start: int, end: int) -> str:
        if self.encoded is None:
            return self.text[start:end]
        return self.encoded[start * self.size : end * self.size].decode(self.encoding)


def read(text: str, given: str) -> Report:
    """The report on a text, of one JSON object.

    Raises:
        InputError: it is none.
    """
    try:
        return _of_dict(text, given, json.loads(given))
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise InputError(
            f"report: found no report ({error!r}); expected a JSON object of the schema parallax/1",
            found="no report",
            expected="a JSON object of the schema parallax/1",
            cure="give what to_json or `parallax score --format jsonl` wrote",
        ) from error


def _of_dict(text: str, given: str, found: dict[str, Any]) -> Report:
    # Of a web page, the spans point into what was taken from it.
    text = found.get("text", text)
    slices = _Slices(text, found["offsets"])
    lang = found["lang"]

    def sentence(entry: dict[str, Any]) -> Sentence:
        return Sentence(
            start=entry["start"],
            end=entry["end"],
            text=slices.between(entry["start"], entry["end"]),
            region=entry.get("region"),
            lang=entry.get("lang", lang),
            voice=entry.get("voice"),
            scores=_scores(entry, _OF_SENTENCE),
            labels=entry["labels"],
            uncertain=tuple(entry.get("uncertain", ())),
            explain=tuple(map(_explanation, entry.get("explain", ()))),
        )

    model = found["model"] and ModelName(**found["model"])
    models = {lang: ModelName(**name) for lang, name in found.get("models", {}).items()}
    noise = found.get("noise")
    return Report(
        id=found["id"],
        text=text,
        lang=lang,
        supported=found.get("supported", True),
        offsets=found["offsets"],
        model=model,
        models=models or ({lang: model} if model else {}),
        regions=tuple(Region(**region) for region in found.get("regions", ())),
        sentences=tuple(map(sentence, found["sentences"])),
        loaded=_each(_loaded, found.get("loaded")),
        attributions=_each(_attribution, found.get("attributions")),
        stances=_each(_stance, found.get("stances")),
        document=_summary(found["document"]),
        noise=noise and Noise(noise["level"], tuple(NoiseSpan(**span) for span in noise["spans"])),
        _json=given,
    )


def _each(make: Any, entries: list[dict[str, Any]] | None) -> Any:
    return None if entries is None else tuple(map(make, entries))


def _passage(entry: dict[str, Any]) -> Passage:
    return Passage(entry["start"], entry["end"], entry["text"])


def _explanation(entry: dict[str, Any]) -> Explanation:
    return Explanation(
        head=entry["head"],
        label=entry["class"],
        logit=entry["logit"],
        bias_term=entry["bias_term"],
        contributions=tuple(Contribution(**part) for part in entry["contributions"]),
        rest=entry["rest"],
    )


def _explained(entry: dict[str, Any]) -> Explanation | None:
    return _explanation(entry["explain"]) if entry.get("explain") else None


def _loaded(entry: dict[str, Any]) -> LoadedTerm:
    return LoadedTerm(**{**entry, "explain": _explained(entry)})


def _attribution(entry: dict[str, Any]) -> Attribution:
    source = entry["source"]
    if source is not None:
        link = source.get("link")
        source = Source(source["start"], source["end"], source["text"], link and Link(**link))
    return Attribution(
        source=source,
        cue=_passage(entry["cue"]),
        content=tuple(map(_passage, entry["content"])),
        cue_class=entry["class"],
        classes=entry["classes"],
        direct=entry["direct"],
        p=entry["p"],
        sentence=entry["sentence"],
        explain=_explained(entry),
    )


def _stance(entry: dict[str, Any]) -> Stance:
    holder = entry["holder"]
    return Stance(
        holder=None if holder == "author" else Holder(**holder),
        target=Target(**entry["target"]),
        polarity=entry["polarity"],
        p=entry["p"],
        polarities=entry["polarities"],
        certain=entry.get("certain", True),
        attribution=entry["attribution"],
        sentence=entry["sentence"],
        explain=tuple(map(_explanation, entry.get("explain", ()))),
    )


def _summary(entry: dict[str, Any]) -> Summary:
    def source(found: dict[str, Any]) -> SourceSummary:
        return SourceSummary(**{**found, "cues": found["cues"]})

    def stance(found: dict[str, Any]) -> StanceSummary:
        low, high = found["interval"]
        facts = {"counts": found["counts"], "interval": (low, high), "stances": tuple(found["stances"])}
        return StanceSummary(**{**found, **facts})

    rate = entry.get("loaded_per_100_words")
    return Summary(
        words=entry["words"],
        sentences=entry["sentences"],
        loaded_per_100_words=rate,
        sources=_each(source, entry.get("sources")),
        stances=_each(stance, entry.get("stances")),
        scores=_scores(entry, _OF_SUMMARY),
    )
