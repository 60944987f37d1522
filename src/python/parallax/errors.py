"""What can go wrong: one exception a kind, each with what was found, what was expected and a cure."""

from __future__ import annotations

__all__ = [
    "DataError",
    "FitError",
    "InputError",
    "ModelError",
    "ParallaxError",
    "ReadError",
    "SettingsError",
    "WriteError",
]


class ParallaxError(Exception):
    """Everything that parallax refuses.

    Attributes:
        found: What was found; ``None`` where the message says all.
        expected: What was expected; ``None`` likewise.
        cure: What to do about it, in a sentence.
        path: The file, folder or argument concerned; ``None`` where there is none.
        line: The line of that file, from 1, or the row of that argument, from 0; ``None`` where there is none.
        setting: The argument concerned, of a `SettingsError`.
    """

    found: str | None
    expected: str | None
    cure: str | None
    path: str | None
    line: int | None
    setting: str | None

    def __init__(
        self,
        message: str = "",
        *,
        found: str | None = None,
        expected: str | None = None,
        cure: str | None = None,
        path: str | None = None,
        line: int | None = None,
        setting: str | None = None,
    ) -> None:
        super().__init__(message)
        self.found, self.expected, self.cure = found, expected, cure
        self.path, self.line, self.setting = path, line, setting

    def __str__(self) -> str:
        message = str(self.args[0]) if self.args else ""
        return f"{message} ({self.cure})" if self.cure else message

    def __reduce__(self) -> tuple[object, ...]:
        return (_again, (type(self), self.args, dict(self.__dict__)))


class ModelError(ParallaxError):
    """A bundle that is not there, is damaged, or is not the one that it was."""


class InputError(ParallaxError, ValueError):
    """A text, a record or a file that cannot be used."""


class SettingsError(ParallaxError, ValueError):
    """An argument that cannot be, or does not go with another."""


class DataError(ParallaxError, ValueError):
    """Labelled sentences that no head can be fitted to, or measured on."""


class FitError(ParallaxError, RuntimeError):
    """A fit that did not reach its optimum."""


class _FileError(ParallaxError, OSError):
    """A file that the system refuses."""

    def __init__(self, message: str = "", *, errno: int | None = None, path: str | None = None, **facts: object) -> None:
        super().__init__(message, path=path, **facts)  # type: ignore[arg-type]
        self.errno = errno
        self.filename = path


class ReadError(_FileError):
    """A file or folder that cannot be read."""


class WriteError(_FileError):
    """A file that cannot be written; nothing stands under its name."""


def _again(kind: type[ParallaxError], args: tuple[object, ...], facts: dict[str, object]) -> ParallaxError:
    """The exception that was pickled."""
    error = kind(*args)  # type: ignore[arg-type]
    error.__dict__.update(facts)
    return error
