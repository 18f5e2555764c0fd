"""Replacing parts of a text where a pattern alone cannot say how far they reach."""

from __future__ import annotations

import re
from collections.abc import Callable


def replace(pattern: re.Pattern[str], text: str, end_of: Callable[[re.Match[str]], int | None], label: str) -> str:
    """Put `label` where `pattern` matches and `end_of` says where in the text the match really ends, or None for no."""
    pieces: list[str] = []
    done = begin = 0
    while found := pattern.search(text, begin):
        end = end_of(found)
        if end is None:
            begin = found.start() + 1  # what was meant may begin inside: "112 123 456 782"
            continue
        pieces += (text[done : found.start()], label)
        done = begin = end
    return "".join((*pieces, text[done:]))


def between(fence: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    """`change` what stands between the matches of `fence`; the matches stay."""
    pieces: list[str] = []
    end = 0
    for found in fence.finditer(text):
        pieces += (change(text[end : found.start()]), found[0])
        end = found.end()
    pieces.append(change(text[end:]))
    return "".join(pieces)
