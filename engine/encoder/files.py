"""The files of a converted encoder. Apart from `convert`, which imports 35 MB that only set-up needs."""

from __future__ import annotations

VERSION = "e5-small-int8-1"  # part of the cache key of sentence vectors: raise it when the vectors change
GRAPH, TOKENIZER, ABOUT = "encoder.onnx", "tokenizer.json", "about.json"
TABLE, POSITIONS, CHARACTERS = "table.npy", "positions.npy", "characters.json"
