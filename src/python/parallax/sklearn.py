"""A scikit-learn estimator: `ParallaxClassifier` learns labels of texts from examples.

>>> from parallax.sklearn import ParallaxClassifier
>>> texts = ["Book your crossing now!", "The ferry left at nine."] * 10
>>> labels = ["advert", "news"] * 10
>>> classifier = ParallaxClassifier().fit(texts, labels)
>>> classifier.predict(["Book now and save up to forty percent!"])
array(['advert'], dtype='<U6')
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, column_or_1d

from . import _parallax
from .errors import InputError
from .model import Model
from .tables import column

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from sklearn.utils import Tags

__all__ = ["ParallaxClassifier"]


class ParallaxClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Tells the class of a text from labelled examples, as `parallax train` fits a sentence head.

    A text is taken as one sentence. Its features are n-grams of words and characters, the bundle's token vectors and word
    classes; models over them are stacked, and calibrated on folds that were held out.

    Args:
        base: The bundle whose tokenizer and vectors are used, by name or folder, or a `parallax.Model`.
        lang: Which of the base's languages the texts are in. Default: its only one.
        folds: Folds that are held out in turn to weigh the features and to calibrate; 2 or more. Each needs an example.
        l2: The L2 strengths that are chosen from on held-out folds, each above 0.
        mask_names: Whether proper names are masked, so that no class hangs on who is spoken of.
        random_state: Which folds the texts fall in. ``None``, the default, is the same each time, as 0 is.
        n_jobs: Threads; ``None`` and -1 stand for one a processor.

    Attributes:
        classes_: The classes, sorted; an array of shape (n_classes,).
        n_features_in_: 1, the text.
    """

    classes_: NDArray[Any]
    n_features_in_: int

    def __init__(
        self,
        base: str | Model = "en",
        *,
        lang: str | None = None,
        folds: int = 5,
        l2: Sequence[float] = (10.0, 30.0, 100.0),
        mask_names: bool = True,
        random_state: Any = None,
        n_jobs: int | None = None,
    ) -> None:
        self.base = base
        self.lang = lang
        self.folds = folds
        self.l2 = l2
        self.mask_names = mask_names
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(
        self,
        X: Iterable[str],
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
    ) -> ParallaxClassifier:
        """Learns the classes of texts.

        Args:
            X: Texts, of shape (n_samples,): a list, an array of objects, or a series.
            y: The class of each, of shape (n_samples,).
            sample_weight: What each counts, at most 1000; one of weight 0 is left out. Default: 1.
            groups: What each belongs to, such as its article: texts of one group are held out together. Default: each text
                is a group of its own.

        Returns:
            The estimator.

        Raises:
            InputError: a text that is none, or not as many labels as texts.
            DataError: fewer than two classes, or too few examples for so many folds.
        """
        texts = self._texts(X, reset=True)
        if y is None:
            raise InputError("y: requires y to be passed, but the target y is None", found="None", path="y")
        labels = column_or_1d(y, warn=True)
        check_classification_targets(labels)
        self._same_length("labels", len(labels), len(texts))
        self.classes_, numbers = np.unique(labels, return_inverse=True)
        weights = np.ones(len(texts))
        if sample_weight is not None:
            weights = np.asarray(_check_sample_weight(sample_weight, np.zeros((len(texts), 1))), dtype=float)
        grouped = [str(row) for row in range(len(texts))]
        if groups is not None:
            grouped = [str(group) for group in np.asarray(groups).tolist()]
            self._same_length("groups", len(grouped), len(texts))
        # The fold of a group is told by its name.
        state = check_random_state(0 if self.random_state is None else self.random_state)
        salt = str(state.randint(np.iinfo(np.int32).max))
        kept = np.flatnonzero(weights > 0)
        present = np.unique(numbers[kept])
        if len(present) < 2:
            raise _one_class(self.classes_[present].tolist())
        model = self.base if isinstance(self.base, Model) else Model(self.base)
        self._fitted = _parallax.Classifier.fit(
            model.desk,
            self.lang,
            [texts[row] for row in kept],
            [int(number) for number in numbers[kept]],
            [float(weight) for weight in weights[kept]],
            [f"{salt} {grouped[row]}" for row in kept],
            {
                "folds": self.folds,
                "l2": [float(strength) for strength in self.l2],
                "mask_names": bool(self.mask_names),
            },
            self._threads(),
        )
        self._model = model
        return self

    def predict_proba(self, X: Iterable[str]) -> NDArray[np.float64]:
        """The calibrated probability of each class, of shape (n_samples, n_classes), in the order of `classes_`."""
        check_is_fitted(self, "classes_")
        texts = self._texts(X, reset=False)
        found = self._fitted.probabilities(texts, self._threads())
        flat = np.array(found, dtype=np.float64)
        # A class that only texts of weight 0 have is never told.
        probabilities = np.zeros((len(texts), len(self.classes_)))
        probabilities[:, self._fitted.classes()] = flat.reshape(len(texts), -1)
        return probabilities

    def predict(self, X: Iterable[str]) -> NDArray[Any]:
        """The class of most probability, of shape (n_samples,)."""
        check_is_fitted(self, "classes_")
        found: NDArray[Any] = self.classes_[np.argmax(self.predict_proba(X), axis=1)]
        return found

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        return tags

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = dict(super().__getstate__())
        if "_fitted" in state:
            state["_fitted"] = state["_fitted"].to_bytes()
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        fitted = state.pop("_fitted", None)
        super().__setstate__(state)
        if fitted is not None:
            self._fitted = _parallax.Classifier.from_bytes(self._model.desk, self.lang, fitted)

    def _texts(self, X: Any, reset: bool) -> list[str]:
        if isinstance(X, str):
            raise InputError("X: found one text; expected many", found="one text", expected="many texts", path="X")
        if getattr(X, "ndim", 1) == 2 and X.shape[1] == 1:
            X = np.asarray(X)[:, 0]
        if getattr(X, "ndim", 1) != 1:
            found = f"an array of shape {X.shape}"
            raise InputError(
                f"X: found {found}; expected texts, of shape (n_samples,). Reshape your data",
                found=found,
                expected="texts, of shape (n_samples,)",
                path="X",
            )
        given = column(X)
        texts = given.to_pylist() if hasattr(given, "to_pylist") else list(given)
        for row, text in enumerate(texts):
            if not isinstance(text, str):
                raise InputError(
                    f"X:{row}: found {type(text).__name__}; expected str",
                    found=type(text).__name__,
                    expected="str",
                    cure="fill in or drop rows without text",
                    path="X",
                    line=row,
                )
        if not texts:
            raise InputError("X: found 0 sample(s); expected a minimum of 1", found="0 samples", path="X")
        if reset:
            self.n_features_in_ = 1
        return texts

    def _same_length(self, what: str, found: int, expected: int) -> None:
        if found != expected:
            raise InputError(
                f"y: found {found} {what}; expected {expected}, one for each text",
                found=f"{found} {what}",
                expected=f"{expected}, one for each text",
                path="y",
            )

    def _threads(self) -> int:
        return 0 if self.n_jobs in (None, -1) else int(self.n_jobs or 0)


def _one_class(found: list[Any]) -> InputError:
    return InputError(
        f"y: found one class, {found}; expected two or more classes",
        found=f"one class, {found}",
        expected="two or more classes",
        path="y",
    )
