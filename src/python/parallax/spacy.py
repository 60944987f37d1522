"""A spaCy component: ``nlp.add_pipe("parallax")``.

>>> import spacy
>>> nlp = spacy.blank("en")
>>> _ = nlp.add_pipe("parallax", config={"model": "en"})
>>> doc = nlp("The clowns who run the port botched it again.")
>>> [(span.text, span.label_) for span in doc.spans["parallax_loaded"]]
[('clowns', 'naming')]

What it sets:

==================================  ====================================================================================
``doc._.parallax``                  the `parallax.Report`; ``None`` of a doc that did not go through the component
``doc._.bias``, ``.subjective``,    the report's `Summary`: means over the sentences
``doc._.tone``
``doc.spans["parallax_loaded"]``    loaded terms; the label is the kind
``doc.spans["parallax_cues"]``      cues; the label is the class: ``neutral``, ``endorsing``, ``distancing``, ``charged``
``doc.spans["parallax_sources"]``   the sources of attributions, labelled ``source``
``doc.spans["parallax_contents"]``  what is attributed; the label is ``direct``, ``indirect`` or ``mixed``
``doc.spans["parallax_stances"]``   mentions of targets; the label is the polarity
``doc.spans["parallax_sentences"]`` the sentences as parallax cuts them, labelled with their voice
``span._.parallax``                 of a span of these groups what it stands for: a `LoadedTerm`, `Attribution`, `Stance` or
                                    `Sentence`; ``None`` of any other span
``span._.bias``, ``.subjective``,   of any span the scores of the sentence that it begins in; ``None`` outside sentences
``span._.tone``
==================================  ====================================================================================

Spans are of whole tokens: one that begins or ends inside a token is widened. The report has the exact places.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from .errors import ModelError
from .model import Model, Regions
from .report import Attribution, LoadedTerm, Report, Sentence, Stance

__all__ = ["Parallax", "make_component"]

_KEY = "parallax"
"""Under which a doc's user data has the report, as JSON, so that it is written with the doc."""


@Language.factory(
    "parallax",
    default_config={
        "model": None,
        "lang": None,
        "heads": [],
        "targets": [],
        "aliases": {},
        "regions": "article",
        "set_sentences": False,
    },
    assigns=["doc.spans", "doc._.parallax"],
)
def make_component(
    nlp: Language,
    name: str,
    model: str | None,
    lang: str | None,
    heads: list[str],
    targets: list[str],
    aliases: dict[str, list[str]],
    regions: Regions,
    set_sentences: bool,
) -> Parallax:
    """The component, as ``nlp.add_pipe("parallax", config={...})`` makes it.

    Args:
        nlp: The pipeline.
        name: What the component is called in it.
        model: A bundle by name or folder. Default: that of the pipeline's language if one comes with parallax, else all.
        lang: As for `parallax.load`.
        heads: As for `parallax.load`.
        targets: As for `Model.score`.
        aliases: As for `Model.score`.
        regions: As for `Model.score`.
        set_sentences: Whether docs without sentence boundaries get those of parallax. Default: no.
    """
    if model is None and lang is None and nlp.lang in ("en", "ar"):
        model = nlp.lang
    opened: Model | ModelError
    try:
        opened = Model(*([model] if model else []), lang=lang, heads=heads)
    except ModelError as error:
        # A pipeline that was written elsewhere names a folder that is not here, and brings its own: `from_disk`.
        if model is None or Path(model).name == model:
            raise
        opened = error
    return Parallax(opened, name, targets=targets, aliases=aliases, regions=regions, set_sentences=set_sentences)


class Parallax:
    """The component: scores docs, and marks in them what was found."""

    def __init__(
        self,
        model: Model | ModelError,
        name: str = "parallax",
        *,
        targets: Sequence[str] = (),
        aliases: Mapping[str, Sequence[str]] | None = None,
        regions: Regions = "article",
        set_sentences: bool = False,
    ) -> None:
        """As `make_component`, with a model that is open, or what is raised when one is needed."""
        self._model = model
        self.name = name
        self.targets = list(targets)
        self.aliases = {name: list(forms) for name, forms in (aliases or {}).items()}
        self.regions: Regions = regions
        self.set_sentences = set_sentences

    @property
    def model(self) -> Model:
        """The model.

        Raises:
            ModelError: the folder that the configuration names is not there, and nothing was read in its stead.
        """
        if isinstance(self._model, ModelError):
            raise self._model
        return self._model

    def __call__(self, doc: Doc) -> Doc:
        """Scores one doc."""
        return next(self._mark([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """Scores docs in batches, each on all processors."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            yield from self._mark(batch)

    def _mark(self, docs: list[Doc]) -> Iterator[Doc]:
        texts = [doc.text for doc in docs]
        settings: dict[str, Any] = {"targets": self.targets, "aliases": self.aliases, "regions": self.regions}
        # The same id for each, so that a report does not hang on the batch.
        for doc, report in zip(docs, self.model.reports(texts, ids=["text"] * len(docs), **settings)):
            assert report is not None, "every doc has a text"
            doc.user_data[_KEY] = report.to_json()
            _mark(doc, report)
            if self.set_sentences and not doc.has_annotation("SENT_START"):
                starts = {span.start for span in doc.spans["parallax_sentences"]} | {0}
                for token in doc:
                    token.is_sent_start = token.i in starts
            yield doc

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Which bundles, and the settings. The bundles themselves are in the wheel or in their folders."""
        return json.dumps(self._state()).encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Parallax:
        """Reads what `to_bytes` gave.

        Raises:
            ModelError: the bundles are not there, or not the same any more.
        """
        self._restore(json.loads(data))
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """The same as a folder, with a copy of each bundle that does not come with parallax."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        state = self._state()
        for number, model in enumerate(state["opened"]["models"]):
            # Folders are whole paths, and what comes with parallax is a name.
            if Path(model).is_absolute():
                copy = f"bundle_{number}"
                shutil.copytree(model, folder / copy, dirs_exist_ok=True)
                state["opened"]["models"][number] = {"beside": copy}
        (folder / "parallax.json").write_text(json.dumps(state, indent=1), encoding="utf-8")

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Parallax:
        """Reads what `to_disk` wrote.

        Raises:
            ModelError: the bundles are not there, or not the same any more.
        """
        folder = Path(path)
        state = json.loads((folder / "parallax.json").read_text(encoding="utf-8"))
        models = state["opened"]["models"]
        state["opened"]["models"] = [str(folder / m["beside"]) if isinstance(m, dict) else m for m in models]
        self._restore(state)
        return self

    def _state(self) -> dict[str, Any]:
        names = ("targets", "aliases", "regions", "set_sentences")
        return {
            "opened": self.model.opened,
            "sha256": self.model.sha256,
            "settings": {name: getattr(self, name) for name in names},
        }

    def _restore(self, state: dict[str, Any]) -> None:
        opened = dict(state["opened"])
        model = Model(*opened.pop("models"), **opened)
        if model.sha256 != state["sha256"]:
            raise ModelError(
                f"found the bundle {model.sha256}; expected {state['sha256']}, with which the pipeline was written",
                found=model.sha256,
                expected=state["sha256"],
                cure="install the parallax that the pipeline was written with, or add the component anew",
            )
        self._model = model
        for name, value in state["settings"].items():
            setattr(self, name, value)


def _mark(doc: Doc, report: Report) -> None:
    """Writes what was found into a doc's span groups; a span's id is what it stands for, and its place there."""

    def group(name: str, found: Iterable[tuple[Any, str, str]]) -> None:
        spans = []
        for passage, label, stands_for in found:
            span = doc.char_span(passage.start, passage.end, label=label, alignment_mode="expand", span_id=stands_for)
            if span is not None:
                spans.append(span)
        doc.spans[f"parallax_{name}"] = spans

    terms, attributions, stances = report.loaded or (), report.attributions or (), report.stances or ()
    numbered = list(enumerate(attributions))
    group("loaded", ((term, term.kind, f"loaded:{n}") for n, term in enumerate(terms)))
    group("cues", ((a.cue, a.cue_class, f"attributions:{n}") for n, a in numbered))
    group("sources", ((a.source, "source", f"attributions:{n}") for n, a in numbered if a.source))
    group("contents", ((passage, a.direct, f"attributions:{n}") for n, a in numbered for passage in a.content))
    group("stances", ((stance.target, stance.polarity, f"stances:{n}") for n, stance in enumerate(stances)))
    group("sentences", ((s, s.voice or "", f"sentences:{n}") for n, s in enumerate(report.sentences)))


@lru_cache(maxsize=256)
def _read(text: str, report: str) -> Report:
    return Report.from_json(text, report)


def _report(doc: Doc) -> Report | None:
    report = doc.user_data.get(_KEY)
    return None if report is None else _read(doc.text, report)


def _found(span: Span) -> LoadedTerm | Attribution | Stance | Sentence | None:
    report = _report(span.doc)
    kind, _, number = span.id_.partition(":")
    if report is None or kind not in ("loaded", "attributions", "stances", "sentences") or not number.isdecimal():
        return None
    entries = getattr(report, kind) or ()
    found: LoadedTerm | Attribution | Stance | Sentence | None = (
        entries[int(number)] if int(number) < len(entries) else None
    )
    return found


def _sentence(span: Span) -> Sentence | None:
    """The sentence that a span begins in."""
    report = _report(span.doc)
    place = span.start_char
    return next((s for s in report.sentences if s.start <= place < s.end), None) if report else None


def _of_doc(doc: Doc, head: str) -> Any:
    report = _report(doc)
    return None if report is None else getattr(report.document, head)


def _of_span(span: Span, head: str) -> Any:
    sentence = _sentence(span)
    return None if sentence is None else getattr(sentence, head)


def _extend() -> None:
    """Gives docs and spans their extensions; one that has the name already stays."""
    wanted: list[tuple[type[Doc] | type[Span], str, Any]] = [(Doc, "parallax", _report), (Span, "parallax", _found)]
    for head in ("bias", "subjective", "tone"):
        wanted += [(Doc, head, partial(_of_doc, head=head)), (Span, head, partial(_of_span, head=head))]
    for kind, name, getter in wanted:
        if not kind.has_extension(name):
            kind.set_extension(name, getter=getter)


_extend()
