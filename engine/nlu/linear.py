"""Linear machines, each on some views of a line: its characters, words, lemmas, or its sentence vector.

Several machines on different views, mixed, read better than one on all of them, and cost a tenth to train: a dense
vector among sparse features makes liblinear slow. No pickle is written, so that a model file cannot run code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from scipy.special import log_softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from engine.nlu.tfidf import LineWeights

CHARS, WORDS, LEMMAS, VECTOR = "chars", "words", "lemmas", "vector"
TEXTS = (CHARS, WORDS, LEMMAS)  # the views that are text
Weighed = tuple[NDArray[Any], NDArray[Any]]  # of a text view: which features, and the weight of each
Seen = Mapping[str, Weighed | NDArray[Any]]  # by view; of VECTOR the centred vector, shape (384,)
_ANY = r"\S+"  # the views are words with spaces between already
ROUNDS = 60  # of liblinear and of lbfgs; more changes no answer


def _vectorizer(view: str) -> TfidfVectorizer:
    if view == CHARS:
        return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True, dtype=np.float32)
    return TfidfVectorizer(ngram_range=(1, 2), token_pattern=_ANY, min_df=2, sublinear_tf=True, dtype=np.float32)


class Features:
    """The vocabularies of the text views and the mean sentence vector."""

    def __init__(self, vectorizers: dict[str, TfidfVectorizer], mean: NDArray[Any]) -> None:
        self._vectorizers = vectorizers
        self._mean = mean
        self._weigh = {view: LineWeights(vectorizer) for view, vectorizer in vectorizers.items()}

    @classmethod
    def fit(
        cls, views: Sequence[Mapping[str, str]], vectors: NDArray[Any]
    ) -> tuple[Features, dict[str, csr_matrix | NDArray[Any]]]:
        """The features of lines, and a matrix for each view. A line without a vector has zeros in `vectors`."""
        vectorizers = {view: _vectorizer(view) for view in TEXTS}
        matrices: dict[str, csr_matrix | NDArray[Any]] = {
            view: vectorizer.fit_transform([texts[view] for texts in views]) for view, vectorizer in vectorizers.items()
        }
        found = cls(vectorizers, vectors[vectors.any(axis=1)].mean(axis=0))
        matrices[VECTOR] = found._centred(vectors)
        return found, matrices

    def weigh(self, view: str, text: str) -> Weighed:
        """The features that occur in a view, and how much each weighs."""
        return self._weigh[view](text)

    def known(self, view: str, text: str) -> float:
        """Which share of the words of a view stand in its vocabulary; 1 of no words."""
        words, vocabulary = text.split(), self._vectorizers[view].vocabulary_
        return sum(word in vocabulary for word in words) / len(words) if words else 1.0

    def vector(self, vector: NDArray[Any]) -> NDArray[Any]:
        """A sentence vector as the heads read it."""
        centred: NDArray[Any] = self._centred(vector[None])[0]
        return centred

    def _centred(self, vectors: NDArray[Any]) -> NDArray[Any]:
        # e5's vectors share a large common part; without it cosines spread from .8-.9 to the whole range.
        moved = vectors - self._mean
        return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write word lists and arrays."""
        idfs = {view: vectorizer.idf_ for view, vectorizer in self._vectorizers.items()}
        np.savez(folder / "features.npz", mean=self._mean, **idfs)
        words = {v: sorted(x.vocabulary_, key=x.vocabulary_.__getitem__) for v, x in self._vectorizers.items()}
        (folder / "features.json").write_text(json.dumps(words), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Features:
        """Read what `save` wrote. Raises FileNotFoundError."""
        words = json.loads((folder / "features.json").read_text(encoding="utf-8"))
        vectorizers = {view: _vectorizer(view) for view in TEXTS}
        with np.load(folder / "features.npz") as arrays:
            for view, vectorizer in vectorizers.items():
                vectorizer.vocabulary_ = {word: index for index, word in enumerate(words[view])}
                vectorizer.idf_ = arrays[view]
            return cls(vectorizers, arrays["mean"])


@dataclass
class Head:
    """One machine for one task. `weights` by view, (features, classes) float16."""

    classes: list[str]
    weights: dict[str, NDArray[Any]]
    bias: NDArray[Any]
    temperature: float

    def logs(self, seen: Seen) -> NDArray[Any]:
        """Logarithms of calibrated probabilities, shape (classes,). Touches only the rows of features that occur."""
        scores = self.bias.copy()
        for view, weights in self.weights.items():
            found = seen[view]
            if isinstance(found, tuple):
                where, how_much = found
                scores += how_much @ weights[where].astype(np.float32)
            else:
                scores += found @ weights.astype(np.float32)
        return np.asarray(log_softmax(scores * self.temperature))

    def save(self, folder: Path, name: str) -> None:
        """Write arrays and class names."""
        np.savez(folder / f"{name}.npz", bias=self.bias, **self.weights)
        about = {"classes": self.classes, "temperature": self.temperature, "views": list(self.weights)}
        (folder / f"{name}.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, name: str) -> Head:
        """Read what `save` wrote. Raises FileNotFoundError."""
        about = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        with np.load(folder / f"{name}.npz") as arrays:
            weights = {view: arrays[view] for view in about["views"]}
            return cls(about["classes"], weights, arrays["bias"], about["temperature"])


def mixed(logs: Sequence[NDArray[Any]], shares: Sequence[float]) -> NDArray[Any]:
    """Probabilities of several heads on one task, by the weighted mean of their logarithms."""
    return np.asarray(np.exp(log_softmax(sum(share * log for share, log in zip(shares, logs)))))


@dataclass(frozen=True)
class Task:
    """Rows of the matrices with the class and the weight of each."""

    rows: NDArray[Any]
    classes: NDArray[Any]
    weights: NDArray[Any]


def fit_head(
    matrices: Mapping[str, csr_matrix | NDArray[Any]],
    views: tuple[str, ...],
    task: Task,
    c: float,
    held_out: NDArray[Any],
) -> Head:
    """A head on some views. Its temperature comes from the rows that are `held_out`, (lines,) of bool, unseen by it."""
    learned = ~held_out[task.rows]
    rows, classes, weights = task.rows[learned], task.classes[learned], task.weights[learned]
    machine: LinearSVC | LogisticRegression
    if views == (VECTOR,):
        features = matrices[VECTOR]
        machine = LogisticRegression(C=c, max_iter=ROUNDS)
    else:
        features = hstack([matrices[view] for view in views]).tocsr()
        machine = LinearSVC(C=c, random_state=0, max_iter=ROUNDS)
    machine.fit(features[rows], classes, sample_weight=weights)
    coefficients, bias = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:  # scikit-learn keeps one line of weights for two classes
        coefficients, bias = np.vstack([-coefficients, coefficients]), np.concatenate([-bias, bias])
    tried = ~learned & np.isin(task.classes, machine.classes_)
    scores = features[task.rows[tried]] @ coefficients.T + bias
    temperature = _temperature(np.asarray(scores), np.searchsorted(machine.classes_, task.classes[tried]))
    split, start = {}, 0
    for view in views:
        size = matrices[view].shape[1]
        # Half precision: half the memory, and no change in any answer.
        split[view] = np.ascontiguousarray(coefficients[:, start : start + size].T, dtype=np.float16)
        start += size
    return Head([str(name) for name in machine.classes_], split, bias.astype(np.float32), temperature)


def _temperature(scores: NDArray[Any], gold: NDArray[Any]) -> float:
    """What to multiply scores by before softmax: the likeliest on lines that were not trained on."""
    if not len(gold):
        return 1.0

    def loss(temperature: float) -> float:
        return float(-log_softmax(scores * temperature, axis=1)[np.arange(len(gold)), gold].mean())

    return float(minimize_scalar(loss, bounds=(0.1, 20), method="bounded").x)
