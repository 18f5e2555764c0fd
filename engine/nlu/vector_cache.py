"""Sentence vectors kept on disk: a training after a small change encodes only the new lines."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from types import TracebackType

import numpy as np

from engine.encoder import SentenceEncoder


class VectorCache:
    """Vectors by text and encoder version. Used as a context: written back, with unused vectors dropped, at its end."""

    def __init__(self, path: Path, encoder: SentenceEncoder) -> None:
        self._path = path
        self._encoder = encoder
        self._known: dict[str, np.ndarray] = {}
        self._used: dict[str, np.ndarray] = {}

    def __enter__(self) -> VectorCache:
        try:
            with np.load(self._path) as stored:
                self._known = dict(zip(stored["keys"].tolist(), stored["vectors"]))
        except (FileNotFoundError, KeyError, ValueError, zipfile.BadZipFile):
            self._known = {}
        return self

    def vector(self, text: str) -> np.ndarray:
        """Unit vector of one text, shape (384,)."""
        key = hashlib.sha256(f"{self._encoder.version}\0{text}".encode()).hexdigest()
        vector = self._known.get(key)
        if vector is None:
            vector = self._encoder.encode(text)
        self._used[key] = vector
        return vector

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None or not self._used:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".draft.npz")
        np.savez(draft, keys=np.array(list(self._used)), vectors=np.stack(list(self._used.values())))
        draft.replace(self._path)
