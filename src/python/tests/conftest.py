"""What the tests share: models, and invented texts."""

from __future__ import annotations

from pathlib import Path

import pytest

import parallax

ROOT = Path(__file__).parents[3]

FRAMED = (
    "The clowns who run the port botched it again. “It is a disgrace,” a docker said. "
    "The council claimed that the brutal cuts would save 3 million by May."
)
PLAIN = "The port moved forty containers on Monday. The council will meet on Thursday."
ARABIC = "قالت المهندسة ليلى الشامي إن المشروع الفاشل سيكلف المدينة ثمنا باهظا."


@pytest.fixture(scope="session")
def en() -> parallax.Model:
    return parallax.load("en")


@pytest.fixture(scope="session")
def every() -> parallax.Model:
    return parallax.load()


@pytest.fixture(scope="session")
def texts() -> list[str]:
    """A few hundred texts, each another one."""
    return [f"{FRAMED} Ship {n} left. {PLAIN}" if n % 3 else f"{PLAIN} Ship {n} left." for n in range(300)]
