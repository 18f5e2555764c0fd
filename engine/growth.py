"""Run by Rasa's Python: fit and score the intent classifier on parts of the training data, as one JSON line."""

from __future__ import annotations

import json
import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.dutch import dutch
from engine.encoder import open_encoder
from engine.nlu.classifier import TopicClassifier
from engine.nlu.labels import Line, line_of
from engine.nlu.reader import fit, views_of
from engine.nlu.tokenizer import _plain, _tokens
from engine.nlu.vector_cache import VectorCache

SCORED = 300


def read_data() -> list[Line]:
    """Lines with their labels, without the marks of entities."""
    from rasa.shared.nlu.training_data.loading import load_data

    data = load_data("data/nlu")
    return [line_of(m) for m in data.intent_examples if m.get("text") and m.get("intent")]


def main() -> None:
    """Print {size: {lines, intents, fit_seconds, score_milliseconds}}."""
    lines = read_data()
    texts = [line.text for line in lines]
    words = [_tokens(doc) for doc in dutch().many(_plain(text) for text in texts)]
    with VectorCache(Path("var/cache/bench_vectors.npz"), open_encoder()) as cache:
        vectors = np.stack(cache.vectors(texts))
    names = sorted({line.intent for line in lines if line.intent})
    kept = {None, *names[::2]}
    parts = {
        "half the lines": range(0, len(lines), 2),
        "half the intents": [i for i, line in enumerate(lines) if line.intent in kept],
        "whole": range(len(lines)),
    }
    print(json.dumps({name: _measure(list(part), lines, words, vectors) for name, part in parts.items()}))


def _measure(part: list[int], lines: list[Line], words: list[Any], vectors: NDArray[Any]) -> dict[str, float]:
    chosen = [lines[i] for i in part]
    before = time.process_time()
    views = [views_of(lines[i].text, words[i]) for i in part]
    model = fit(chosen, views, vectors[part], TopicClassifier.get_default_config())
    fitted = time.process_time() - before
    times = []
    for i in part[:: max(1, len(part) // SCORED)]:
        started = time.perf_counter()
        model.read(lines[i].text, words[i], lambda _, at=i: vectors[at])  # type: ignore[misc]
        times.append((time.perf_counter() - started) * 1000)
    return {
        "lines": len(part),
        "intents": len({line.intent for line in chosen}),
        "fit_cpu_seconds": round(fitted, 1),
        "score_milliseconds": round(statistics.median(times), 3),
    }


if __name__ == "__main__":
    main()
