"""What a message tells apart from its question: who is ill, facts, how somebody feels. From fixed words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from alarm.words import fold
from content.model import Fact
from content.talk import Heard, Mood, Person, Phrases

Who = Person | None  # None: the patient self
CHILD, OLD = 18, 70  # years: younger is a child, and from this on one is old
_CLAUSE = re.compile(r"[.,;:!?\n]+|\b(?:maar|en|want|omdat|terwijl)\b")
_NEAR = 3  # words before a fact in which a denial turns it round
_DENIED_BEHIND = re.compile(r"\s+(?:ben|heb|is|heeft|had|was)\b(?:\s+\w+){0,2}\s+niet\b")
# A number with one of these behind it is no age.
_NO_AGE = r"\b(?!\s*(?:weken|week|dagen|maand|keer|kilo|kg|cm|uur|minuten|graden|jaar (?:bezig|last|pijn|geleden)))"


@dataclass(frozen=True)
class Told:
    """What one message tells. `gone` are facts that it denies; `himself`: it says that it is about the patient self."""

    who: Who = None
    himself: bool = False
    age: int | None = None
    facts: tuple[Fact, ...] = ()
    gone: tuple[Fact, ...] = ()
    moods: tuple[Mood, ...] = ()
    careful: bool = False


def told(text: str, heard: Heard) -> Told:
    """Read one message."""
    said = fold(text)
    clauses = [clause.strip() for clause in _CLAUSE.split(said) if clause.strip()]
    facts: list[Fact] = []
    gone: list[Fact] = []
    for name, fact in heard.facts.items():
        found = list(_found(fact.words, clauses))
        real = [at for at in found if not _denied(*at, heard) and (fact.in_doubt or not _doubted(at[0], heard))]
        if real:
            facts.append(name)
        elif any(_denied(*at, heard) for at in found):
            gone.append(name)
    return Told(
        who=_who(said, heard),
        himself=has(said, heard.himself),
        age=_age(said, heard),
        facts=tuple(facts),
        gone=tuple(gone),
        moods=tuple(mood for mood, words in heard.moods.items() if _felt(words, clauses, heard)),
        careful=any(not _denied(*at, heard) for at in _found(heard.careful, clauses)),
    )


def has(folded: str, phrases: Phrases) -> bool:
    """Whether one of the phrases stands in a folded text."""
    return bool(phrases) and _pattern(phrases).search(folded) is not None


def asks(text: str, heard: Heard) -> bool:
    """Whether a message asks something: a question mark, or a sentence that begins as a question does."""
    starts = (part.split() for part in re.split(r"[.!\n]+", fold(text)))
    return "?" in text or any(words and words[0] in heard.asks for words in starts)


@lru_cache(maxsize=64)
def _folded(phrases: Phrases) -> tuple[str, ...]:
    return tuple(fold(phrase) for phrase in phrases)


@lru_cache(maxsize=512)
def _pattern(phrases: Phrases) -> re.Pattern[str]:
    """One pattern for all phrases: `*` is any letters, ` .. ` at most three words between."""
    return re.compile(rf"\b(?:{'|'.join(_written(phrase) for phrase in phrases)})\b")


def _written(phrase: str) -> str:
    words = [re.escape(word).replace(r"\*", r"\w*") for word in fold(phrase).split() if word != ".."]
    gaps = [r"\s+(?:\w+\s+){0,3}" if word == ".." else None for word in phrase.split()]
    written, place = "", 0
    for gap in gaps:
        if gap is not None:
            written += gap
        else:
            written += (r"\s+" if written and not written.endswith("{0,3}") else "") + words[place]
            place += 1
    return written


def _found(phrases: Phrases, clauses: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """The clauses with one of the phrases, and its place."""
    if not phrases:
        return
    for clause in clauses:
        if match := _pattern(phrases).search(clause):
            yield clause, match.start(), match.end()


def _denied(clause: str, start: int, end: int, heard: Heard) -> bool:
    near = clause[:start].split()[-_NEAR:]
    inside = clause[start:end].split()
    return bool(set(heard.denials) & {*near, *inside}) or _DENIED_BEHIND.match(clause[end:]) is not None


def _doubted(clause: str, heard: Heard) -> bool:
    return has(clause, heard.doubts) or clause.startswith(_folded(heard.asks_first))


def _felt(words: Phrases, clauses: list[str], heard: Heard) -> bool:
    """A feeling in own words; "niet bang" is none, but a denial may be part of the words ("gelooft me niet")."""
    return any(not set(heard.denials) & set(c[:start].split()[-2:]) for c, start, _ in _found(words, clauses))


def _who(said: str, heard: Heard) -> Who:
    for person, words in heard.people.items():
        names = "|".join(map(re.escape, words))
        mine = "|".join(map(re.escape, _folded(heard.mine)))
        for match in re.finditer(rf"(\w+\s+)?\b(?:{mine})\s+(?:\w+\s+)?(?:{names})\b\s*(\(?\w+)?(?:\s+(\w+))?", said):
            before, behind, further = ((word or "").strip() for word in match.groups())
            if {behind, further} & set(heard.helpers) or before in heard.speakers:
                continue
            if before in heard.before or behind in heard.behind or behind.lstrip("(").isdecimal():
                return person
    return None


def _age(said: str, heard: Heard) -> int | None:
    names = "|".join(re.escape(name) for words in heard.people.values() for name in words)
    speaks = rf"(?:ik ben|ben ik|ben|ze is|zij is|hij is|(?:{names}) is|(?:{names}) van) (?:nu |al |net )?"
    match = re.search(
        rf"\b{speaks}(\d{{1,3}}){_NO_AGE}"
        rf"|\b(\d{{1,3}}) jaar oud\b|\b(\d{{1,3}})[- ]?jarige?\b|\b(?:{names}) ?\((\d{{1,3}})\)",
        said,
    )
    if match is None:
        return None
    years = int(next(number for number in match.groups() if number))
    return years if 0 < years < 110 else None
