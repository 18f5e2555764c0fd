"""Accuracy against milliseconds: with the encoder, without it, and with it only where the rest is unsure (a cascade).

Run by Rasa's Python after `make train`: `.venv/rasa/bin/python -W ignore -m engine.curve`. Prints one JSON line. The
model with the encoder is the trained one; the one without is fitted here, on the same lines and with the same features.
"""

from __future__ import annotations

import csv
import json
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import hstack
from scipy.special import log_softmax, softmax
from sklearn.svm import LinearSVC

from engine.dutch import dutch
from engine.encoder import open_encoder
from engine.growth import read_data
from engine.nlu.classifier import LinearModel, TopicClassifier, _vectorizers, _views_of
from engine.nlu.tokenizer import _plain, _tokens

DEVELOPMENT = Path("tests/evaluation/topics.tsv")
SURE = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98)
_HELD_OUT = 4  # every so many lines, for the temperature


def main() -> None:
    """Print {way: {right, top3, encoded, milliseconds}}; milliseconds are processor time of encoding and scoring."""
    rows = _development()
    lines = [row["text"] for row in rows]
    gold = [{f"vraag_{row[key]}" for key in ("topic", "topic2") if row.get(key)} for row in rows]
    views = _views(lines)
    model = _trained(Path("var/model/ruggesteun.tar.gz"))
    encoder = open_encoder()
    started = time.process_time()
    vectors = [encoder.encode(line) for line in lines]
    encoding = (time.process_time() - started) * 1000 / len(lines)
    started = time.process_time()
    full = np.stack([model.probabilities(view, vector) for view, vector in zip(views, vectors)])
    scoring = (time.process_time() - started) * 1000 / len(lines)
    names, alone = _without_encoder(views)
    ways: dict[str, Any] = {
        "encoder always": _result(full, model.intents, gold, 1.0, encoding + scoring),
        "no encoder": _result(alone, names, gold, 0.0, scoring),
    }
    assert names == model.intents, "the trained model is made from other lines: run `make train`"
    for limit in SURE:
        unsure = alone.max(axis=1) < limit
        mixed = np.where(unsure[:, None], full, alone)
        share = float(unsure.mean())
        ways[f"cascade {limit}"] = _result(mixed, names, gold, share, scoring * (1 + share) + encoding * share)
    print(json.dumps(ways))


def _development() -> list[dict[str, str]]:
    with DEVELOPMENT.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _views(lines: list[str]) -> list[tuple[str, str, str]]:
    return [_views_of(line, _tokens(doc)) for line, doc in zip(lines, dutch().many(map(_plain, lines)))]


def _trained(archive: Path) -> LinearModel:
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as packed:
            packed.extractall(folder)  # noqa: S202 - our own model
        return LinearModel.load(next(Path(folder).rglob("classifier.npz")).parent)


def _without_encoder(asked: list[tuple[str, str, str]]) -> tuple[list[str], np.ndarray]:
    """Intents, and probabilities of the development lines, from characters, words and lemmas alone."""
    lines, intents = read_data()
    views, labels = _views(lines), np.array(intents)
    vectorizers = _vectorizers()
    features = hstack([v.fit_transform([view[i] for view in views]) for i, v in enumerate(vectorizers)]).tocsr()
    new = hstack([v.transform([view[i] for view in asked]) for i, v in enumerate(vectorizers)]).tocsr()
    cost = TopicClassifier.get_default_config()["C"]
    test = np.arange(len(labels)) % _HELD_OUT == 0
    partly = LinearSVC(C=cost, random_state=0).fit(features[~test], labels[~test])
    held_out, right = partly.decision_function(features[test]), np.searchsorted(partly.classes_, labels[test])

    def loss(temperature: float) -> float:
        return float(-log_softmax(held_out * temperature, axis=1)[np.arange(len(right)), right].mean())

    temperature = minimize_scalar(loss, bounds=(0.5, 20), method="bounded").x
    final = LinearSVC(C=cost, random_state=0).fit(features, labels)
    return [str(name) for name in final.classes_], softmax(final.decision_function(new) * temperature, axis=1)


def _result(
    chances: np.ndarray, names: list[str], gold: list[set[str]], encoded: float, milliseconds: float
) -> dict[str, float]:
    order = [[names[i] for i in row[:3]] for row in np.argsort(-chances, axis=1)]
    return {
        "right": round(float(np.mean([top[0] in good for top, good in zip(order, gold)])), 4),
        "top3": round(float(np.mean([bool(good & set(top)) for top, good in zip(order, gold)])), 4),
        "encoded": round(encoded, 3),
        "milliseconds": round(milliseconds, 2),
    }


if __name__ == "__main__":
    main()
