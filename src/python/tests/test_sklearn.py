"""The scikit-learn estimator."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import parametrize_with_checks

import parallax
from parallax.sklearn import ParallaxClassifier

NOUNS = ["ferry", "bridge", "market", "harbour", "school", "library", "tram", "museum", "bakery", "theatre"]
SHAPES = {
    "advert": ["Book your {} tickets now and save!", "Visit our {} today, only 9.99!"],
    "news": ["The {} closed on Monday, the council said.", "Work on the {} began in March."],
    "opinion": ["It is shameful what became of our {}.", "We must stop pretending the {} works."],
}
TEXTS = [shape.format(noun) for noun in NOUNS for shapes in SHAPES.values() for shape in shapes]
LABELS = [label for _ in NOUNS for label, shapes in SHAPES.items() for _ in shapes]
NEW = ["Book your cinema tickets now and save!", "The cinema closed on Monday, the council said."]


class Numbers(ParallaxClassifier):  # type: ignore[misc]
    """The same for rows of numbers, which scikit-learn's checks are made of: each number becomes a word.

    What the checks say of labels, weights, order, copies, pickles and errors holds of the estimator itself.
    """

    def _texts(self, X: Any, reset: bool) -> list[str]:
        from sklearn.utils.validation import validate_data

        rows = validate_data(self, X, reset=reset, dtype="numeric", ensure_all_finite=True)
        words = [[f"{chr(97 + at % 26)}{_spelled(value)}" for at, value in enumerate(row)] for row in rows]
        return [" ".join(row) for row in words]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = False
        tags.input_tags.two_d_array = True
        tags.input_tags.one_d_array = False
        return tags


def _spelled(value: float) -> str:
    """A number as letters: its sign and its size, so that near numbers have beginnings in common."""
    size = int(min(25.0, abs(float(value)) * 4))
    return ("m" if value < 0 else "p") * 2 + chr(97 + size) * 3


EXPECTED_FAILURES = {
    "check_sample_weight_equivalence_on_dense_data": (
        "texts are held out in folds: one that is repeated falls in several of them, one that weighs twice as much in one, "
        "as with scikit-learn's CalibratedClassifierCV"
    ),
    "check_fit2d_1feature": (
        "its ten texts of one word have a class of so few that no fold is left to calibrate it on; the error says so"
    ),
}


@parametrize_with_checks([Numbers(folds=2, l2=[10.0])], expected_failed_checks=lambda _: EXPECTED_FAILURES)
def test_it_is_an_estimator_of_scikit_learn(estimator: Any, check: Any) -> None:
    check(estimator)


@parametrize_with_checks([ParallaxClassifier()])
def test_its_own_tags_are_sound(estimator: Any, check: Any) -> None:
    check(estimator)


@pytest.fixture(scope="module")
def fitted() -> ParallaxClassifier:
    return ParallaxClassifier().fit(TEXTS, LABELS)


def test_it_learns_classes(fitted: ParallaxClassifier) -> None:
    assert fitted.classes_.tolist() == ["advert", "news", "opinion"]
    assert fitted.predict(NEW).tolist() == ["advert", "news"]
    p = fitted.predict_proba(NEW)
    assert p.shape == (2, 3) and np.allclose(p.sum(axis=1), 1)
    assert fitted.score(TEXTS, LABELS) > 0.95


def test_every_kind_of_column_gives_the_same(fitted: ParallaxClassifier) -> None:
    expected = fitted.predict_proba(TEXTS)
    for X, y in [
        (np.array(TEXTS, dtype=object), np.array(LABELS)),
        (np.array(TEXTS), pd.Series(LABELS)),
        (pd.Series(TEXTS), pd.Categorical(LABELS)),
        (pl.Series(TEXTS), pl.Series(LABELS).to_numpy()),
        (np.array(TEXTS, dtype=object).reshape(-1, 1), LABELS),
    ]:
        assert np.array_equal(ParallaxClassifier().fit(X, y).predict_proba(X), expected)


def test_the_order_of_texts_is_kept(fitted: ParallaxClassifier) -> None:
    order = np.random.default_rng(0).permutation(len(TEXTS))
    shuffled = [TEXTS[at] for at in order]
    assert np.array_equal(fitted.predict_proba(shuffled), fitted.predict_proba(TEXTS)[order])


def test_the_number_of_threads_changes_nothing(fitted: ParallaxClassifier) -> None:
    other = ParallaxClassifier(n_jobs=1).fit(TEXTS, LABELS)
    assert np.array_equal(other.predict_proba(TEXTS), fitted.predict_proba(TEXTS))


def test_the_folds_are_drawn_by_the_seed(fitted: ParallaxClassifier) -> None:
    one, two = (ParallaxClassifier(random_state=seed).fit(TEXTS, LABELS).predict_proba(NEW) for seed in (1, 2))
    assert not np.array_equal(one, two)
    assert np.array_equal(one, ParallaxClassifier(random_state=1).fit(TEXTS, LABELS).predict_proba(NEW))


def test_it_can_be_pickled_and_cloned(fitted: ParallaxClassifier) -> None:
    again = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(again.predict_proba(NEW), fitted.predict_proba(NEW))
    with pytest.raises(NotFittedError):
        clone(fitted).predict(NEW)


def test_an_arabic_pickle_gives_the_same_too() -> None:
    texts = [f"قالت المهندسة إن المشروع {n} سينجح" if n % 2 else f"سافرت ليلى إلى حيفا يوم {n}" for n in range(30)]
    fitted = ParallaxClassifier("ar", folds=2).fit(texts, [n % 2 for n in range(30)])
    assert np.array_equal(pickle.loads(pickle.dumps(fitted)).predict_proba(texts), fitted.predict_proba(texts))


def test_it_works_in_a_pipeline_and_a_search() -> None:
    strip = FunctionTransformer(lambda texts: [text.strip() for text in texts])
    pipeline = Pipeline([("strip", strip), ("parallax", ParallaxClassifier(folds=2, l2=[10.0]))])
    search = GridSearchCV(pipeline, {"parallax__mask_names": [True, False]}, cv=2).fit(TEXTS, LABELS)
    assert search.best_score_ > 0.6
    assert len(cross_val_score(ParallaxClassifier(folds=2, l2=[10.0]), TEXTS, LABELS, cv=3)) == 3


def test_texts_of_one_group_are_held_out_together() -> None:
    groups = [at // 6 for at in range(len(TEXTS))]
    grouped = ParallaxClassifier().fit(TEXTS, LABELS, groups=groups)
    assert grouped.predict(NEW).tolist() == ["advert", "news"]
    with pytest.raises(parallax.DataError, match="group"):
        ParallaxClassifier().fit(TEXTS, LABELS, groups=[0] * len(TEXTS))


def test_a_model_may_be_the_base(en: parallax.Model, fitted: ParallaxClassifier) -> None:
    assert np.array_equal(ParallaxClassifier(en).fit(TEXTS, LABELS).predict_proba(NEW), fitted.predict_proba(NEW))


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ("one text", ["a"], "one text"),
        (["a", None], ["a", "b"], "NoneType"),
        (["a", "b"], ["a"], "1 labels"),
        (["a", "b"], ["a", "a"], "one class"),
        ([], [], "0 sample"),
        (np.zeros((3, 2)), [0, 1, 0], "shape"),
    ],
)
def test_what_cannot_be_learned_says_why(X: Any, y: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ParallaxClassifier().fit(X, y)


def test_classifiers_are_read_while_another_thread_trains(tmp_path: Path) -> None:
    """In a process of its own: were it to hang, as it did, the test would end all the same."""
    program = """
import pickle, sys, threading
import parallax
from parallax.sklearn import ParallaxClassifier

texts = [f"Book your {w} now!" for w in "crossing cruise cabin ticket tour meal".split()]
texts += [f"The {w} closed on Monday." for w in "harbour bridge market school road mill".split()]
labels = ["advert"] * 6 + ["news"] * 6
data = pickle.dumps(ParallaxClassifier(folds=2, l2=[10.0]).fit(texts, labels))
records = [{"id": str(n), "group": str(n), "text": t, "labels": {"genre": g}} for n, (t, g) in enumerate(zip(texts, labels))]
trained = threading.Event()

def train():
    parallax.train(records, out=sys.argv[1], only_data=True, progress=lambda *told: None)
    trained.set()

thread = threading.Thread(target=train)
thread.start()
while not trained.is_set():
    pickle.loads(data)
thread.join()
"""
    subprocess.run([sys.executable, "-P", "-c", program, str(tmp_path / "own")], check=True, timeout=120)
