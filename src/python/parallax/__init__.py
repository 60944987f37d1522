"""Parallax measures how a news text frames what it tells.

Which loaded terms it chose, whose words they are and how it presents them; and, sentence by sentence, how likely a careful
reader is to call it biased by its choice of words, subjective, and negative or positive in tone. English and Arabic; the
models are in this package, and no text leaves the machine.

Start at `load`:

>>> import parallax
>>> model = parallax.load("en")
>>> report = model.score("“The clowns who run the port botched it again,” a docker said.")
>>> report.sentences[0].voice
'quoted'

`Model.score` reports on one text, `Model.score_batch` makes tables of many; `train` makes a model of labelled sentences, and
`evaluate` measures one. `parallax.sklearn` has an estimator, `parallax.spacy` a component. Text may be of several languages: ``load()``
takes every bundle there is.
"""

from __future__ import annotations

from . import errors, report
from .errors import (
    DataError,
    FitError,
    InputError,
    ModelError,
    ParallaxError,
    ReadError,
    SettingsError,
    WriteError,
)
from .evaluation import Evaluation, cross_validate, evaluate
from .model import Bundle, Model, load
from .report import Report
from .tables import TABLES, Tables
from .training import Update, train, update

__all__ = [
    "TABLES",
    "Bundle",
    "DataError",
    "Evaluation",
    "FitError",
    "InputError",
    "Model",
    "ModelError",
    "ParallaxError",
    "ReadError",
    "Report",
    "SettingsError",
    "Tables",
    "WriteError",
    "Update",
    "cross_validate",
    "errors",
    "evaluate",
    "load",
    "report",
    "train",
    "update",
]
