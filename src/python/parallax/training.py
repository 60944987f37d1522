"""Bundles of one's own: `train` makes one of labelled sentences, `update` teaches one a few more."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Optional

from . import _parallax
from .model import CARRIED, SHIPPED, Model, Name
from .records import Labelled, files

__all__ = ["Progress", "Update", "train", "update"]

Progress = Callable[[int, Optional[int], str], object]
"""Called after each step with how many are done, how many there are (``None``: not known), and what was done. It may be called
from any thread, one call at a time; what it raises is raised when the training has ended."""


@dataclass(frozen=True)
class Update:
    """What `update` made."""

    model: Model
    """The new bundle, open."""
    change: dict[str, Any] = field(repr=False)
    """What changes: measures on documents held out, and every verdict on invented texts that is another now. In the schema
    ``parallax-change/1``."""
    text: str = field(repr=False)
    """The same in words."""

    def __str__(self) -> str:
        return self.text


def train(
    data: Labelled | None = None,
    *,
    out: Name,
    base: Name = "en",
    recipe: Name | None = None,
    only_data: bool = False,
    heads: Sequence[str] = (),
    extra: Labelled | None = None,
    name: str | None = None,
    seed: int | None = None,
    strict: bool = True,
    progress: Progress | None = None,
    threads: int = 0,
) -> Model:
    """Trains a bundle on labelled sentences, writes it into a folder, and opens it.

    Any label becomes a head; ``loaded``, ``attributions`` and ``stances`` train the heads that mark spans. The same data,
    recipe and seed give the same bundle on any number of threads.

    Args:
        data: Labelled sentences of the kind that will be scored: paths, dictionaries, or a table with a column ``text`` and a
            column for each label (``records.py`` says more). Default: the sentences that come with parallax alone.
        out: The folder of the new bundle.
        base: The bundle whose tokenizer and vectors are used, by name or folder.
        recipe: A file of features, families and settings. Default: that of the base's language.
        only_data: Whether to train without the sentences that come with parallax.
        heads: Train these heads alone. Default: every head in the data.
        extra: More labelled sentences, of another kind: features are learned from them, but neither probabilities nor
            thresholds.
        name: The bundle's name. Default: that of its folder.
        seed: The seed of everything random. Default: the recipe's.
        strict: Whether a record that cannot be used is an error; otherwise it is left out, with a warning.
        progress: Called after each step.
        threads: How many threads; 0 stands for one a processor.

    Raises:
        InputError: a record or recipe that cannot be used.
        DataError: too few groups or classes.
        FitError: a fit that did not reach its optimum.
        WriteError: the folder cannot be written.
    """
    out = Path(out).resolve()
    with files(data) as paths, files(extra) as others:
        asked = ordered(recipe, base, paths, others, only_data, heads, strict, threads)
        command = f"parallax.train(…, out={out.name!r}, base={Path(base).name!r}, only_data={only_data}, seed={seed})"
        for record in _parallax.train(asked, out, name, seed, command, progress):
            warnings.warn(f"left out: {record}", stacklevel=2)
    return Model(out)


def update(
    model: Model | Name,
    data: Labelled,
    *,
    out: Name,
    weight: float = 4.0,
    seed: int = 0,
    progress: Progress | None = None,
    threads: int = 0,
) -> Update:
    """Teaches a bundle a few more labelled sentences, in seconds and near what it was.

    Args:
        model: A model of one bundle, or a bundle by name or folder.
        data: Labelled sentences, such as corrections: paths, dictionaries, or a table.
        out: The folder of the new bundle.
        weight: What an added sentence weighs beside one on which the heads are to stay as they are.
        seed: Seed of the bootstrap.
        progress: Called after each step.
        threads: How many threads; 0 stands for one a processor.

    Raises:
        InputError: a record that cannot be used.
        DataError: no label of a head that can be updated.
        SettingsError: `out` is the folder of the bundle itself.
    """
    opened = model if isinstance(model, Model) else Model(model)
    place = {"base": opened.folder, "shelf": SHIPPED}
    out = Path(out).resolve()
    with files(data) as paths:
        change, text = _parallax.teach(place, paths, out, weight, seed, progress, threads)
    return Update(Model(out), json.loads(change), text)


def ordered(
    recipe: str | PathLike[str] | None,
    base: Name,
    data: Sequence[Path],
    extra: Sequence[Path],
    only_data: bool,
    heads: Sequence[str],
    strict: bool,
    threads: int,
) -> dict[str, Any]:
    """What the compiled module asks for."""
    named = SHIPPED / base
    folder = named if named.is_dir() else Path(base)
    if recipe is None:
        manifest = folder / "bundle.json"
        # A bundle that is not there is said to be missing by what looks for it.
        lang = json.loads(manifest.read_text(encoding="utf-8"))["lang"] if manifest.is_file() else "en"
        recipe = CARRIED / "training" / "recipes" / f"{lang}.toml"
    return {
        "place": {"base": str(folder), "shelf": SHIPPED},
        "recipe": fspath(recipe),
        "data": list(data),
        "extra": list(extra),
        "only_data": only_data,
        "heads": [heads] if isinstance(heads, str) else list(heads),
        "strict": strict,
        "threads": threads,
    }
