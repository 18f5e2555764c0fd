"""Accuracy against milliseconds: lemmas and encoder always, never, or only where the light model is unsure.

Run by Rasa's Python after `make train`: `.venv/rasa/bin/python -W ignore -m engine.curve`. Prints one JSON line.
"""

from __future__ import annotations

import csv
import json
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.encoder import open_encoder
from engine.nlu.reader import Reader
from engine.nlu.tokenizer import tokens

EVALUATION = Path("tests/evaluation")
SURE = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98)
CALM = 0.99
ALWAYS, NEVER = 2.0, 0.0  # limits that no probability reaches, and that all do


def main() -> None:
    """Print {way: {right, top3, read_in_full, alarms_in_light, milliseconds}} of the development sets.

    `milliseconds` is processor time of words, lemmas, encoding and scoring a question; `alarms_in_light` is the share
    of the alarm lines that the light model would keep to itself.
    """
    asked, alarms = _rows("topics.tsv"), _rows("alarms.tsv") + _rows("alarms_second.tsv")
    model = trained(Path("var/model/ruggesteun.tar.gz"))
    ways = {"full always": (ALWAYS, CALM), "light always": (NEVER, NEVER)}
    ways |= {f"cascade {limit}": (limit, CALM) for limit in SURE}
    print(json.dumps({name: _measure(model, asked, alarms, *limits) for name, limits in ways.items()}))


def trained(archive: Path) -> Reader:
    """The classifier of a model file."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as packed:
            packed.extractall(folder)  # noqa: S202 - our own model
        return Reader.load(next(Path(folder).rglob("topic.npz")).parent, ALWAYS, CALM)


def _rows(name: str) -> list[dict[str, str]]:
    with (EVALUATION / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _measure(
    model: Reader, asked: list[dict[str, str]], alarms: list[dict[str, str]], sure: float, calm: float
) -> dict[str, float]:
    model.sure_above, model.calm_above = sure, calm
    encoder = open_encoder()
    encoded = 0

    def vector(text: str) -> NDArray[Any]:
        nonlocal encoded
        encoded += 1
        return encoder.encode(text)

    started = time.process_time()
    orders = [_first_three(model, row["text"], vector) for row in asked]
    milliseconds = (time.process_time() - started) * 1000 / len(asked)
    share, encoded = encoded / len(asked), 0
    for row in alarms:
        _first_three(model, row["text"], vector)
    gold = [{f"vraag_{row[key]}" for key in ("topic", "topic2") if row.get(key)} for row in asked]
    return {
        "right": round(float(np.mean([top[0] in good for top, good in zip(orders, gold)])), 4),
        "top3": round(float(np.mean([bool(good & set(top)) for top, good in zip(orders, gold)])), 4),
        "read_in_full": round(share, 3),
        "alarms_in_light": round(1 - encoded / len(alarms), 3),
        "milliseconds": round(milliseconds, 2),
    }


def _first_three(model: Reader, text: str, vector: Callable[[str], Any]) -> list[str]:
    chances = model.read(text, tokens(text), vector).intents
    return [model.intents[i] for i in np.argsort(-chances)[:3]]


if __name__ == "__main__":
    main()
