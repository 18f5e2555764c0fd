"""From what a patient types to sentences of plain lower-case words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# A number with a decimal comma is one word ("38,5"); an apostrophe inside a word goes ("m'n" -> "mn").
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[.!?;\n]+|[,:()]")
_REPEATS = re.compile(r"([a-z])\1{2,}")
_APOSTROPHES = str.maketrans("", "", "'’‘`´")


@dataclass(frozen=True)
class Sentence:
    """Words of one sentence. `words[i]` is normalised; a comma is kept as the word ","."""

    words: tuple[str, ...]
    asks: bool = False  # ends in a question mark


def fold(text: str) -> str:
    """Lower case, accents and apostrophes gone, a letter at most twice in a row."""
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_APOSTROPHES))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _REPEATS.sub(r"\1\1", bare)


def sentences(text: str, spellings: dict[str, str] | None = None) -> list[Sentence]:
    """Split a text into sentences of folded words; `spellings` maps phone spelling to words ("nt" -> "niet")."""
    spellings = spellings or {}
    found: list[Sentence] = []
    current: list[str] = []
    for match in _WORD.finditer(fold(text)):
        piece = match.group()
        if piece[0] in ".!?;\n":
            if current:
                found.append(Sentence(tuple(current), "?" in piece))
            current = []
        elif piece in ",:()":
            if current and current[-1] != ",":
                current.append(",")
        else:
            current.extend(spellings.get(piece, piece).split())
    if current:
        found.append(Sentence(tuple(current)))
    return found
