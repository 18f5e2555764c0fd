"""The parts of a message that are read by themselves: sentences, and of a long one its clauses or windows."""

from __future__ import annotations

import re
from dataclasses import dataclass

LEAST = 3  # words of a part: a shorter one goes with the part before it
LONG = 14  # words: a longer sentence is cut at its commas
WINDOW, STEP = 16, 10  # words of a part of what has no punctuation, and from one such part to the next
MOST = 10  # parts of a message
_SENTENCE = re.compile(r"[^.?!\n;]+[.?!\n;]*")
_CLAUSE = re.compile(r"[^,]+,*")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Part:
    """`text` is the message from `start` to `end`."""

    text: str
    start: int
    end: int


def parts(text: str) -> list[Part]:
    """The parts in order, at most MOST, or none where the message is one part as it stands."""
    spans: list[tuple[int, int]] = []
    for start, end in _cut(_SENTENCE, text, 0, len(text)):
        if _count(text, start, end) <= LONG:
            spans.append((start, end))
            continue
        for first, last in _cut(_CLAUSE, text, start, end):
            spans.extend(_windows(text, first, last))
    joined = _joined(text, spans)
    return [Part(text[a:b].strip(), a, b) for a, b in joined[:MOST]] if len(joined) > 1 else []


def _cut(pattern: re.Pattern[str], text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [found.span() for found in pattern.finditer(text, start, end)]


def _windows(text: str, start: int, end: int) -> list[tuple[int, int]]:
    words = [found.span() for found in _WORD.finditer(text, start, end)]
    if len(words) <= WINDOW + STEP:
        return [(start, end)]
    firsts = range(0, len(words) - WINDOW + STEP, STEP)
    return [(words[i][0], words[min(i + WINDOW, len(words)) - 1][1]) for i in firsts]


def _joined(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and (_count(text, start, end) < LEAST or _count(text, *found[-1]) < LEAST):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _count(text: str, start: int, end: int) -> int:
    return sum(1 for _ in _WORD.finditer(text, start, end))
