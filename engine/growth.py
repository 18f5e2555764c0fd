"""Run by Rasa's Python: fit and score the intent classifier on parts of the training data, as one JSON line."""

from __future__ import annotations

import json
import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np

from engine.dutch import dutch
from engine.encoder import open_encoder
from engine.nlu.classifier import TopicClassifier, fit, views_of
from engine.nlu.tokenizer import _plain, _tokens
from engine.nlu.vector_cache import VectorCache

SCORED = 300


def read_data() -> tuple[list[str], list[str]]:
    """Lines and their intents, without the marks of entities."""
    from rasa.shared.nlu.training_data.loading import load_data

    data = load_data("data/nlu")
    examples = [m for m in data.intent_examples if m.get("text") and m.get("intent")]
    return [m.get("text") for m in examples], [m.get("intent") for m in examples]


def main() -> None:
    """Print {size: {lines, intents, fit_seconds, score_milliseconds}}."""
    lines, intents = read_data()
    words = [_tokens(doc) for doc in dutch().many(_plain(line) for line in lines)]
    with VectorCache(Path("var/cache/bench_vectors.npz"), open_encoder()) as cache:
        vectors = np.stack(cache.vectors(lines))
    names = sorted(set(intents))
    kept = set(names[::2])
    parts = {
        "half the lines": range(0, len(lines), 2),
        "half the intents": [i for i, name in enumerate(intents) if name in kept],
        "whole": range(len(lines)),
    }
    print(json.dumps({name: _measure(list(part), lines, words, vectors, intents) for name, part in parts.items()}))


def _measure(
    part: list[int], lines: list[str], words: list[Any], vectors: np.ndarray, intents: list[str]
) -> dict[str, float]:
    chosen = [intents[i] for i in part]
    before = time.process_time()
    views = [views_of(lines[i], words[i]) for i in part]
    model = fit(views, vectors[part], chosen, TopicClassifier.get_default_config())
    fitted = time.process_time() - before
    times = []
    for i in part[:: max(1, len(part) // SCORED)]:
        started = time.perf_counter()
        model.probabilities(lines[i], words[i], lambda _, at=i: vectors[at])  # type: ignore[misc]
        times.append((time.perf_counter() - started) * 1000)
    return {
        "lines": len(part),
        "intents": len(set(chosen)),
        "fit_cpu_seconds": round(fitted, 1),
        "score_milliseconds": round(statistics.median(times), 3),
    }


if __name__ == "__main__":
    main()
