"""The weights of one line's features, as a fitted TfidfVectorizer gives them, without what that does around it.

scikit-learn checks its state, builds a sparse matrix and multiplies it with a diagonal one for every line: 13 % of
Rasa's time a message, of which the n-grams themselves are a quarter.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer


class LineWeights:
    """Made from a fitted vectorizer with sublinear_tf and the l2 norm. Raises ValueError for another kind."""

    def __init__(self, vectorizer: TfidfVectorizer) -> None:
        if not (vectorizer.sublinear_tf and vectorizer.norm == "l2" and vectorizer.use_idf):
            raise ValueError("only sublinear_tf with the l2 norm and idf is done here")
        self._features = vectorizer.build_analyzer()
        self._vocabulary: dict[str, int] = vectorizer.vocabulary_
        self._idf = np.asarray(vectorizer.idf_, dtype=np.float32)

    def __call__(self, line: str) -> tuple[NDArray[Any], NDArray[Any]]:
        """Positions of the features that occur, ascending, shape (n,), and their weights, float32. May be empty."""
        vocabulary = self._vocabulary
        counts = Counter(vocabulary[feature] for feature in self._features(line) if feature in vocabulary)
        where = np.array(sorted(counts), dtype=np.intp)
        weights = np.log([counts[index] for index in where], dtype=np.float32) + np.float32(1)
        weights *= self._idf[where]
        length = np.sqrt(weights @ weights)
        return where, weights / length if length else weights
