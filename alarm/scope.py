"""Whether a sign that was named is meant: denied, asked about as knowledge, past, or present.

Asserted is the default. A clear denial is silence, a doubtful one a question (docs/decisions/0006-alarm-rules.md).
"""

from __future__ import annotations

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


# Behind a comma or "en" these begin a new clause: "geen zorgen, mijn voet klapt".
_CLAUSE_STARTS = frozenset(
    ["ik", "mijn", "hij", "zij", "ze", "we", "wij", "er", "nu", "dan", "toen", "het", "dat", "dit", "allebei", "beide"]
    + ["de", "daarna", "ook", "sinds", "vandaag", "gisteren"]
)
_LIST_WORDS = frozenset({",", "of", "en", "noch", "ook"})
NEAR = 2  # words that may stand between "niet" and what it denies
FAR = 12  # words that "geen" and "zonder" may reach over in a list


def judge(words: tuple[str, ...], span: Span, cues: Cues) -> Status:
    """Decide on one match in one sentence. `cues` are the spans of the cue groups of language.yml in that sentence."""
    if _denied(words, span, cues):
        return Status.UNSURE if "dubbel" in cues else Status.DENIED
    if any(_same_clause(words, cue, span) for cue in cues.get("hypothese", ())):
        return Status.KNOWLEDGE
    if any(_same_clause(words, cue, span) for cue in cues.get("kennis", ())):
        return Status.UNSURE if _speaks_of_self(span, cues) else Status.KNOWLEDGE
    # Words of the sign itself say nothing about time: "gevoel is weg" is no recovery.
    past = any(not cue[2] & span[2] and _same_clause(words, cue, span) for cue in cues.get("verleden", ()))
    over = any(not cue[2] & span[2] for cue in cues.get("voorbij", ()))
    if past and over:
        return Status.PAST
    if (past or over) and "nu" not in cues:
        return Status.UNSURE
    return Status.ASSERTED


def _denied(words: tuple[str, ...], span: Span, cues: Cues) -> bool:
    first, last, own = span
    if any(
        first <= s[0] and s[1] <= last and not s[2] & own and not _turned(words, s[1]) for s in cues.get("goed", ())
    ):
        return True
    breakers = {i for s in cues.get("breuk", ()) for i in s[2]}
    for start, end, _ in cues.get("geen", ()):
        if end in own or start in own:
            continue
        if start < first and first - end <= FAR and _reaches(words, end + 1, first, breakers):
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
    for start, end, _ in cues.get("ontkend_erna", ()):
        between = words[last + 1 : start]
        near = last < start <= last + 4 and not any(i in own for i in range(start, end + 1))
        listed = len(between) <= 1 or any(word in _LIST_WORDS for word in between)
        if near and listed and not _crossed(last + 1, start, breakers):
            return True
    return False


def _reaches(words: tuple[str, ...], start: int, stop: int, breakers: set[int]) -> bool:
    """Whether a denial at `start` still holds at `stop`: over a list, but not over a new clause."""
    crossed_list = False
    for i in range(start, stop):
        if i in breakers:
            # "ik", "heb" and the like end a list, but not the noun phrase right behind "geen".
            return False
        if _begins_clause(words, i):
            return False
        crossed_list = crossed_list or words[i] in _LIST_WORDS
    return crossed_list or stop - start <= 5


def _begins_clause(words: tuple[str, ...], i: int) -> bool:
    """Whether word i is a comma or "en" and what follows is a clause of its own, not the next of a list."""
    return words[i] in {",", "en"} and i + 1 < len(words) and words[i + 1] in _CLAUSE_STARTS


def _same_clause(words: tuple[str, ...], cue: Span, span: Span) -> bool:
    """Whether no new clause begins between a cue and the sign."""
    start, stop = (cue[1] + 1, span[0]) if cue[1] < span[0] else (span[1] + 1, cue[0])
    return not any(_begins_clause(words, i) or words[i] == "maar" for i in range(start, stop))


def _turned(words: tuple[str, ...], end: int) -> bool:
    """Whether "kan gewoon" goes on as "kan gewoon niet"."""
    return end + 1 < len(words) and words[end + 1] in {"niet", "geen", "niks", "niets", "amper", "nauwelijks"}


def _crossed(start: int, stop: int, breakers: set[int]) -> bool:
    return any(i in breakers for i in range(start, stop))


def _speaks_of_self(span: Span, cues: Cues) -> bool:
    """Whether "ik" or "mijn" stands in or near the match: then a knowledge question may be a real one."""
    return any(span[0] - 3 <= s[0] <= span[1] + 2 for s in cues.get("zelf", ()))
