"""Sentence vectors. One small class, so that another model can take its place by configuration."""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from engine.encoder import files

DIMENSIONS = 384
MAX_PIECES = 128  # about 90 Dutch words: longer messages are cut in the middle, as the question stands at either end
_PREFIX = "query: "  # what e5 was trained with


class SentenceEncoder(Protocol):
    """What the pipeline needs of an encoder."""

    version: str

    def encode(self, text: str) -> NDArray[Any]:
        """Unit vector of shape (dimensions,), float32."""
        ...


class Encoder:
    """multilingual-e5-small, int8, one thread a call; calls may come from several threads."""

    version = files.VERSION

    def __init__(self, folder: Path) -> None:
        """Open a folder written by `convert`. Raises FileNotFoundError when it is not there."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / files.GRAPH), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / files.TOKENIZER))
        self._table = np.load(folder / files.TABLE, mmap_mode="r")  # only the rows that are used become resident
        self._positions = np.load(folder / files.POSITIONS)
        characters = json.loads((folder / files.CHARACTERS).read_text())
        self._characters = {int(code): replacement for code, replacement in characters.items()}
        start, end = self._tokenizer.token_to_id("<s>"), self._tokenizer.token_to_id("</s>")
        assert start is not None
        assert end is not None
        self._start, self._end = start, end

    def pieces(self, text: str) -> list[int]:
        """Vocabulary ids with start and end marks, at most MAX_PIECES."""
        clean = re.sub(r"\s+", " ", (_PREFIX + text).translate(self._characters)).strip()
        ids: list[int] = self._tokenizer.encode(clean, add_special_tokens=False).ids
        room = MAX_PIECES - 2
        if len(ids) > room:
            ids = ids[: room // 2] + ids[-(room - room // 2) :]
        return [self._start, *ids, self._end]

    def encode(self, text: str) -> NDArray[Any]:
        """Unit vector of shape (384,), float32."""
        ids = self.pieces(text)
        embeddings = self._table[ids].astype(np.float32) + self._positions[: len(ids)]
        vector = self._session.run(None, {"embeddings": embeddings[None]})[0][0]
        return np.asarray(vector / np.linalg.norm(vector))


@lru_cache(maxsize=1)
def open_encoder(folder: Path | None = None) -> Encoder:
    """The encoder of this installation, converted on first use (seconds); one a process.

    The folder is RUGGESTEUN_ENCODER_DIR, else var/encoder.
    """
    folder = folder or Path(os.environ.get("RUGGESTEUN_ENCODER_DIR", "var/encoder"))
    about = folder / files.ABOUT
    if not about.is_file() or json.loads(about.read_text())["version"] != files.VERSION:
        from engine.encoder.convert import convert  # at set-up only: it imports onnx and the quantiser

        convert(folder)
    return Encoder(folder)
