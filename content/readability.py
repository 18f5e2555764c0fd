"""How hard a Dutch text is to read: sentence length, Flesch-Douma, LIX and rare words.

The limits are the project's own, set for B1 readers (Pharos advises 12-15 words a sentence).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import textstat
from wordfreq import zipf_frequency

MAX_SENTENCE_WORDS = 15
MAX_MEAN_SENTENCE_WORDS = 12
MIN_FLESCH_DOUMA = 65
MAX_LIX = 40
MIN_ZIPF = 3.0  # wordfreq's scale: 3 is once in a million words

_SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+(?=[A-Z0-9À-Ý'’{\"“])|\n+")
_WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’-][A-Za-zÀ-ÿ]+)*|\d+(?:[.,:]\d+)*")


@dataclass(frozen=True)
class Reading:
    """Figures of one text. `mean_words` and `max_words` count words a sentence; `longest` is that sentence."""

    words: int
    mean_words: float
    max_words: int
    longest: str
    flesch_douma: float
    lix: float


def sentences(text: str) -> list[str]:
    """Split a text into sentences; a colon or semicolon before a capital ends one too."""
    return [part.strip() for part in _SENTENCE_END.split(text) if _WORD.search(part)]


def words(text: str) -> list[str]:
    """The words and numbers of a text, in order."""
    return _WORD.findall(text)


@lru_cache(maxsize=4_096)  # all texts of the library: a check after one change measures one text
def measure(text: str) -> Reading:
    """Read a text of one or more sentences. Raises ValueError when it holds no word."""
    lengths = [(len(words(sentence)), sentence) for sentence in sentences(text)]
    if not lengths:
        raise ValueError("text without a word")
    textstat.set_lang("nl")
    total = sum(count for count, _ in lengths)
    most, longest = max(lengths)
    long_words = sum(len(word) > 6 for word in words(text))
    return Reading(
        words=total,
        mean_words=total / len(lengths),
        max_words=most,
        longest=longest,
        flesch_douma=float(textstat.flesch_reading_ease(text)),
        lix=total / len(lengths) + 100 * long_words / total,
    )


@lru_cache(maxsize=10_000)
def is_rare(word: str) -> bool:
    """Whether a Dutch word stands below `MIN_ZIPF` in wordfreq's list."""
    return zipf_frequency(word.lower(), "nl") < MIN_ZIPF


def rare_words(text: str) -> list[str]:
    """The rare words of a text, lower case, without numbers, sorted."""
    return sorted({w.lower() for w in words(text) if not w[0].isdigit() and is_rare(w)})
