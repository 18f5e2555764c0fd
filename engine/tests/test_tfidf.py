"""The weights of a line are those of scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from engine.nlu.linear import TEXTS, _vectorizer
from engine.nlu.tfidf import LineWeights

LINES = ["mag ik fietsen met rugpijn", "ik heb pijn pijn pijn in mijn rug", "wat kost een behandeling", "rug", "mag ik"]
NEW = [*LINES, "", " ", "zzz qqq", "mag mag mag ik fietsen", "de behandeling van pijn in de rug", "🙂"]


@pytest.mark.parametrize("view", TEXTS)
@pytest.mark.parametrize("line", NEW)
def test_the_weights_are_those_of_scikit_learn(view: str, line: str) -> None:
    vectorizer = _vectorizer(view).set_params(min_df=1).fit(LINES)
    row = vectorizer.transform([line])
    where, weights = LineWeights(vectorizer)(line)
    expected = row.toarray()[0]
    found = np.zeros_like(expected)
    found[where] = weights
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert weights.dtype == np.float32


def test_another_kind_of_vectorizer_is_refused() -> None:
    with pytest.raises(ValueError, match="sublinear"):
        LineWeights(TfidfVectorizer().fit(LINES))
