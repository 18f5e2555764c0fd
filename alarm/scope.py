"""Whether a sign that was named is meant: denied, asked about as knowledge, past, long known, or present.

Asserted is the default. A clear denial is silence, a doubtful one a question (docs/decisions/0006-alarm-rules.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from alarm.patterns import Span

Cues = dict[str, list[Span]]


class Status(Enum):
    """How a named sign is meant."""

    ASSERTED = "asserted"
    UNSURE = "unsure"
    DENIED = "denied"
    KNOWLEDGE = "knowledge"
    PAST = "past"
    KNOWN = "known"  # there for long, and a doctor knows it


@dataclass(frozen=True)
class SmallWords:
    """The closed lists of language.yml, under `words`: single words that are asked for by their place."""

    nee: frozenset[str]  # a bare answer: "Koorts? Nee."
    gap_ends: frozenset[str]  # what ".." may not skip: a new thought begins behind it
    clause_starts: frozenset[str]  # behind a comma or "en" they begin a clause of its own
    clause_breaks: frozenset[str]  # they begin a clause of its own wherever they stand
    list_words: frozenset[str]  # they join the parts of a list
    turns: frozenset[str]  # behind "kan gewoon" they turn it round
    zelf: frozenset[str]  # the writer


_NOT_SO = ("hypothese", "dier", "beeld", "gevraagd")
NEAR = 2  # words that may stand between "niet" and what it denies
FAR = 18  # words that "geen" and "zonder" may reach over in a list


def clauses(words: tuple[str, ...], small: SmallWords) -> tuple[int, ...]:
    """The number of the clause in which each word stands."""
    numbers = []
    number = 0
    for i, word in enumerate(words):
        number += word in small.clause_breaks or _begins_clause(words, i, small)
        numbers.append(number)
    return tuple(numbers)


def judge(
    words: tuple[str, ...], span: Span, cues: Cues, around: frozenset[str], small: SmallWords, *, past: bool = False
) -> Status:
    """Decide on one match in one sentence.

    `cues` are the spans of the cue groups of language.yml in that sentence, `around` the names of those in the
    sentences beside it. `past` says that the sign is one of the past by its nature.
    """
    if _denied(words, span, cues, small):
        return Status.UNSURE if "dubbel" in cues else Status.DENIED
    if any(_same_clause(words, cue, span, small) for name in _NOT_SO for cue in cues.get(name, ())):
        return Status.KNOWLEDGE
    if any(_same_clause(words, cue, span, small) for cue in cues.get("kennis", ())):
        return Status.UNSURE if _speaks_of_self(span, cues) else Status.KNOWLEDGE
    if any(cue[0] > span[1] for cue in cues.get("kennis_erna", ())) and not _speaks_of_self(span, cues):
        return Status.KNOWLEDGE
    return Status.ASSERTED if past else _when(words, span, cues, around, small)


def _when(words: tuple[str, ...], span: Span, cues: Cues, around: frozenset[str], small: SmallWords) -> Status:
    # Words of the sign itself say nothing about time: "gevoel is weg" is no recovery.
    told = [cue for cue in cues.get("verleden", ()) if not cue[2] & span[2] and _same_clause(words, cue, span, small)]
    past = bool(told) or "toen" in around or any(cue[0] > span[1] for cue in cues.get("toen", ()))
    # "de koorts is over maar mijn been is slap": what was over before the sign was named is another thing.
    over = any(
        not cue[2] & span[2] and (cue[0] > span[1] or _same_clause(words, cue, span, small))
        for cue in cues.get("voorbij", ())
    )
    # "een jaar terug" is no "weer terug".
    now = any(not any(cue[2] <= other[2] for other in told) for cue in cues.get("nu", ()))
    if past and (over or ("voorbij" in around and not now)):
        return Status.PAST
    if (past or over) and not now:
        return Status.UNSURE
    return Status.ASSERTED


def long_known(words: tuple[str, ...], span: Span, cues: Cues, around: frozenset[str], small: SmallWords) -> bool:
    """Whether a sign has been there for long, a doctor knows it, and nothing says that it is new or worse.

    One of the two is said in the clause of the sign itself: "al jaren rugpijn" is no old sign.
    """
    names = {"al_lang", "bekend"}
    if not names <= around | cues.keys() or "nieuw" in around or "nieuw" in cues:
        return False
    return any(_same_clause(words, cue, span, small) for name in names for cue in cues.get(name, ()))


def looked_at(span: Span, cues: Cues, around: frozenset[str]) -> bool:
    """Whether a doctor looked at a sign and found nothing, and nothing was said of it since."""
    if {"nu", "nieuw"} & cues.keys() or {"nu", "nieuw"} & around:
        return False
    return "gezien" in around or any(cue[0] > span[1] for cue in cues.get("gezien", ()))


def _denied(words: tuple[str, ...], span: Span, cues: Cues, small: SmallWords) -> bool:
    first, last, own = span
    if any(
        (first <= s[0] and s[1] <= last or s[0] == last + 1) and not s[2] & own and not _turned(words, s[1], small)
        for s in cues.get("goed", ())
    ):
        return True
    breakers = {i for s in cues.get("breuk", ()) for i in s[2]}
    negative = any(words[i] in small.turns for i in own)  # the sign says "niet" itself
    for start, end, _ in cues.get("geen", ()):
        if end in own or start in own or (negative and "," in words[end + 1 : first]):
            continue
        if start < first and first - end <= FAR and _reaches(words, end + 1, first, breakers, small):
            return True
        if first < start < last:
            return True
    for start, end, _ in cues.get("niet", ()):
        if start in own or any(start in s[2] for s in cues.get("niet_alleen", ())):
            continue
        if first < start < last:
            return True
        near = start < first and first - end - 1 <= NEAR and "," not in words[end + 1 : first]
        if near and not _crossed(end + 1, first, breakers):
            return True
    stressed = {(s[0], s[1]) for s in cues.get("nadruk", ())} if negative else set()
    for start, end, _ in cues.get("ontkend_erna", ()):
        if (start, end) in stressed:
            continue
        between = words[last + 1 : start]
        near = last < start <= last + 4 and not any(i in own for i in range(start, end + 1))
        listed = len(between) <= 1 or any(word in small.list_words for word in between)
        if near and listed and not _crossed(last + 1, start, breakers):
            return True
    return False


def _reaches(words: tuple[str, ...], start: int, stop: int, breakers: set[int], small: SmallWords) -> bool:
    """Whether a denial at `start` still holds at `stop`: over a list, but not over a new clause."""
    crossed_list = False
    for i in range(start, stop):
        if i in breakers:
            # "ik", "heb" and the like end a list, but not the noun phrase right behind "geen".
            return False
        if _begins_clause(words, i, small):
            return False
        crossed_list = crossed_list or words[i] in small.list_words
    return crossed_list or stop - start <= 5


def _begins_clause(words: tuple[str, ...], i: int, small: SmallWords) -> bool:
    """Whether word i is a comma or "en" and what follows is a clause of its own, not the next of a list."""
    return words[i] in {",", "en"} and i + 1 < len(words) and words[i + 1] in small.clause_starts


def _same_clause(words: tuple[str, ...], cue: Span, span: Span, small: SmallWords) -> bool:
    """Whether no new clause begins between a cue and the sign."""
    start, stop = (cue[1] + 1, span[0]) if cue[1] < span[0] else (span[1] + 1, cue[0])
    return not any(_begins_clause(words, i, small) or words[i] in small.clause_breaks for i in range(start, stop))


def _turned(words: tuple[str, ...], end: int, small: SmallWords) -> bool:
    """Whether "kan gewoon" goes on as "kan gewoon niet"."""
    return end + 1 < len(words) and words[end + 1] in small.turns


def _crossed(start: int, stop: int, breakers: Iterable[int]) -> bool:
    return any(start <= i < stop for i in breakers)


def _speaks_of_self(span: Span, cues: Cues) -> bool:
    """Whether "ik" or "mijn" stands in or near the match: then a knowledge question may be a real one."""
    return any(span[0] - 3 <= s[0] <= span[1] + 2 for s in cues.get("zelf", ()))
