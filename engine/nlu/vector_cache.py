"""Sentence vectors kept on disk: a training after a small change encodes only the new lines."""

from __future__ import annotations

import hashlib
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.encoder import SentenceEncoder
from engine.progress import counted

CORES = 2


class VectorCache:
    """Vectors by text and encoder version. Used as a context: written back, with unused vectors dropped, at its end."""

    def __init__(self, path: Path, encoder: SentenceEncoder) -> None:
        self._path = path
        self._encoder = encoder
        self._known: dict[str, NDArray[Any]] = {}
        self._used: dict[str, NDArray[Any]] = {}

    def __enter__(self) -> VectorCache:
        try:
            with np.load(self._path) as stored:
                self._known = dict(zip(stored["keys"].tolist(), stored["vectors"]))
        except (FileNotFoundError, KeyError, ValueError, zipfile.BadZipFile):
            self._known = {}
        return self

    def vectors(self, texts: list[str]) -> list[NDArray[Any]]:
        """Unit vectors of texts, in order, each of shape (384,). New ones are made on two cores."""
        keys = [hashlib.sha256(f"{self._encoder.version}\0{text}".encode()).hexdigest() for text in texts]
        new = {key: text for key, text in zip(keys, texts) if key not in self._known}
        with ThreadPoolExecutor(CORES) as pool:
            made = counted(pool.map(self._encoder.encode, new.values()), len(new), "encoding", "new lines")
            self._known.update((key, vector) for vector, key in zip(made, new))
        found = [self._known[key] for key in keys]
        self._used.update(zip(keys, found))
        return found

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None or not self._used:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".draft.npz")
        np.savez(draft, keys=np.array(list(self._used)), vectors=np.stack(list(self._used.values())))
        draft.replace(self._path)
