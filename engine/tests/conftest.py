"""Rasa's modules without what this bot never uses, as when it serves: TensorFlow is not even installed."""

from __future__ import annotations

from pathlib import Path

from engine.patches import light_imports

light_imports.apply(serving=False, config=Path(__file__).parents[2] / "config.yml")
