"""A model on its way to the executors of a Spark job.

In: a model, on the driver. Out: the same model, on an executor (`Shipment.open`), once in each of its processes. Bundles
that come with this package are opened from there; those of any other folder travel as a broadcast. Both are checked by
their SHA-256.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.errors import PySparkException

from .errors import ModelError, SettingsError
from .model import Model

if TYPE_CHECKING:
    from pyspark import Broadcast
    from pyspark.sql import SparkSession

__all__ = ["Shipment"]

_OPENED: dict[str, Model] = {}
"""The models of this process, by what they were opened with."""

MOST = 4
"""How many models a process keeps open."""

_SHELF = "shelf"
"""The folder that stands for `models_dir`."""


class Shipment:
    """What an executor needs to open a model."""

    def __init__(self, model: Model, session: SparkSession) -> None:
        """Of this model, for jobs of this session.

        Raises:
            SettingsError: the session is one of Spark Connect and the model has bundles that would have to travel.
        """
        self.opened = model.opened
        self.sha256 = model.sha256
        folders = {}
        for number, name in enumerate(self.opened["models"]):
            folder = Path(self.opened["models_dir"] or ".", name)
            # A name without a shelf is of a bundle that comes with this package.
            if Path(name).is_absolute() or (self.opened["models_dir"] and folder.is_dir()):
                folders[f"bundle_{number}"] = folder
                self.opened["models"][number] = f"bundle_{number}"
        if self.opened["models_dir"]:
            if not self.opened["models"]:
                shelf = Path(self.opened["models_dir"])
                folders |= {f"{_SHELF}/{path.parent.name}": path.parent for path in shelf.glob("*/bundle.json")}
            self.opened["models_dir"] = _SHELF
        self.files: Broadcast[dict[str, bytes]] | None = None
        if folders:
            self.files = _broadcast(session, folders)

    def open(self) -> Model:
        """The model, in a process of an executor.

        Raises:
            ModelError: the executor has other bundles than the driver.
        """
        key = repr((self.sha256, self.opened))
        if key not in _OPENED:
            if len(_OPENED) == MOST:
                del _OPENED[next(iter(_OPENED))]
            _OPENED[key] = self._open()
        return _OPENED[key]

    def _open(self) -> Model:
        opened: dict[str, Any] = {**self.opened}
        names = opened.pop("models")
        if self.files is None:
            return self._checked(Model(*names, **opened))
        # A model holds all of its bundles in memory once its SHA-256 was asked for.
        with tempfile.TemporaryDirectory(prefix="parallax-") as folder:
            for name, content in self.files.value.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            if opened["models_dir"]:
                opened["models_dir"] = Path(folder, _SHELF)
                opened["models_dir"].mkdir(exist_ok=True)
            beside = [str(Path(folder, name)) if Path(folder, name).is_dir() else name for name in names]
            return self._checked(Model(*beside, **opened))

    def _checked(self, model: Model) -> Model:
        if model.sha256 != self.sha256:
            raise ModelError(
                f"found the bundle {model.sha256} on an executor; expected {self.sha256}, which the driver has",
                found=model.sha256,
                expected=self.sha256,
                cure="install the same version of parallax on every node",
            )
        return model


def _broadcast(session: SparkSession, folders: dict[str, Path]) -> Broadcast[dict[str, bytes]]:
    files = {
        f"{name}/{path.name}": path.read_bytes()
        for name, folder in folders.items()
        for path in sorted(folder.iterdir())
        if path.is_file()
    }
    try:
        context = session.sparkContext
    except PySparkException as error:
        raise SettingsError(
            "model: found a bundle of your own over Spark Connect, which cannot broadcast it; "
            "expected one that comes with parallax",
            cure="run the job in a classic session",
            setting="model",
        ) from error
    return context.broadcast(files)
