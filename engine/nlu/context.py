"""Whether a short message goes on about the running topic: "en hoe lang dan?", "ook als het zeer doet?".

A logistic regression on the characters and words of the message and on what the topic head thought of it alone. It is
asked for short messages only: full questions stand on their own (docs/decisions/0005-classifier.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from engine.nlu.linear import Seen

SHORT = 9  # words: a longer message stands on its own
_ALONE = "alone"


def alone(running: float, best: float, words: int) -> NDArray[Any]:
    """What the reading of the message by itself says of staying, shape (4,).

    `running` and `best` are the probabilities of the running topic and of the likeliest other intent.
    """
    odds = np.log(max(running, 1e-4)) - np.log(max(best, 1e-4))
    return np.array([odds / 5, best, float(running >= best), words / 5], dtype=np.float32)


class Staying:
    """`weights` by view, each (features,); `of_alone` for what `alone` gives."""

    def __init__(self, weights: Mapping[str, NDArray[Any]], of_alone: NDArray[Any], bias: float) -> None:
        self._weights = weights
        self._of_alone = of_alone
        self._bias = bias

    @classmethod
    def fit(cls, light: csr_matrix, sizes: Mapping[str, int], dense: NDArray[Any], stays: Sequence[bool]) -> Staying:
        """Train on messages with what was running: `light` (messages, features of the views `sizes` names in order)."""
        machine = LogisticRegression(C=1.0, max_iter=300, class_weight="balanced")
        machine.fit(hstack([light, csr_matrix(dense)]).tocsr(), np.asarray(stays))
        weights, start = {}, 0
        for view, size in sizes.items():
            weights[view] = machine.coef_[0][start : start + size].astype(np.float32)
            start += size
        return cls(weights, machine.coef_[0][start:].astype(np.float32), float(machine.intercept_[0]))

    def probability(self, seen: Seen, of_alone: NDArray[Any]) -> float:
        """That the message is about the running topic."""
        score = self._bias + float(of_alone @ self._of_alone)
        for view, weights in self._weights.items():
            where, how_much = seen[view]
            score += float(how_much @ weights[where])
        return float(expit(score))

    def save(self, folder: Path) -> None:
        np.savez(folder / "staying.npz", bias=self._bias, **{_ALONE: self._of_alone}, **self._weights)

    @classmethod
    def load(cls, folder: Path) -> Staying:
        """Read what `save` wrote. Raises FileNotFoundError."""
        with np.load(folder / "staying.npz") as arrays:
            weights = {name: arrays[name] for name in arrays.files if name not in {_ALONE, "bias"}}
            return cls(weights, arrays[_ALONE], float(arrays["bias"]))
