"""Phrase patterns as a therapist writes them, and how they are found in a sentence.

    kan .. niet .. op            words in this order; ".." allows up to four other words between
    kan niet meer $              the same, and nothing behind it in its clause: no "kan niet meer bukken"
    <plassen> + <lukt_niet>      both in one sentence, in any order, within a window of ten words
    voet* klap|klapt             a star stands for any ending (or beginning), a bar for "or"

A word of six letters or more is also found with one letter wrong, missing, added or swapped, unless what was typed is a
word of its own (content/alarm/lookalikes.txt).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

GAP = 4  # words that ".." may skip
WINDOW = 14  # words that a "+" pattern may span
MIN_TYPO_LENGTH = 6
MAX_SPANS = 12  # spans of one concept looked at in one sentence: keeps adversarial text linear


class PatternError(ValueError):
    """A pattern that cannot be read; the message says what is wrong with it."""


@dataclass(frozen=True)
class Phrase:
    """Words in order. `words[i]` is a set of alternatives; `gaps[i]` is how many words may stand before it."""

    words: tuple[tuple[str, ...], ...]
    gaps: tuple[int, ...]
    ends: bool = False  # nothing of its clause may stand behind it


@dataclass(frozen=True)
class Pattern:
    """Elements that must all occur; each is a concept name or a phrase."""

    source: str
    elements: tuple[str | Phrase, ...]
    line: int = 0  # of its file


Span = tuple[int, int, frozenset[int]]  # first word, last word, the words the element itself took


def parse(source: str, concepts: set[str]) -> Pattern:
    """Read one pattern. Raises PatternError for an unknown concept or an empty element."""
    elements: list[str | Phrase] = []
    for part in source.split("+"):
        part = part.strip()
        if not part:
            raise PatternError(f"empty element in pattern {source!r}")
        if part.startswith("<") and part.endswith(">") and " " not in part:
            elements.append(_known(part[1:-1], concepts, source))
        else:
            elements.append(_phrase(part, source))
    return Pattern(source, tuple(elements))


def _known(name: str, concepts: set[str], source: str) -> str:
    if name not in concepts:
        raise PatternError(f"unknown word group <{name}> in pattern {source!r}")
    return name


def _phrase(part: str, source: str) -> Phrase:
    words: list[tuple[str, ...]] = []
    gaps: list[int] = []
    gap = 0
    pieces = part.split()
    ends = bool(pieces) and pieces[-1] == "$"
    for piece in pieces[:-1] if ends else pieces:
        if piece == "..":
            gap = GAP
            continue
        if piece == "$":
            raise PatternError(f"'$' stands before the end of a wording in pattern {source!r}")
        if "<" in piece or ">" in piece:
            raise PatternError(f"word group {piece} inside a wording in pattern {source!r}")
        alternatives = tuple(piece.split("|"))
        if not all(alternatives) or any(a.strip("*") == "" for a in alternatives):
            raise PatternError(f"empty word in pattern {source!r}")
        words.append(alternatives)
        gaps.append(gap)
        gap = 0
    if not words:
        raise PatternError(f"no word in pattern {source!r}")
    return Phrase(tuple(words), tuple(gaps), ends)


def typo_keys(word: str) -> set[str]:
    """The word and every form with one letter left out: two words within one edit share such a key."""
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


def within_one_edit(a: str, b: str) -> bool:
    """Whether one letter wrong, missing, added, or two neighbours swapped turns a into b."""
    if a == b:
        return True
    if abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    rest_a, rest_b = a[i:], b[i:]
    if len(a) == len(b):
        return rest_a[1:] == rest_b[1:] or (rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:])
    return rest_a[1:] == rest_b if len(a) > len(b) else rest_a == rest_b[1:]


def _is_typo(word: str, form: str) -> bool:
    """Whether the word is a slip of the form. A "t" or "d" more is no slip but another form of the verb."""
    shorter, longer = sorted((word, form), key=len)
    inflected = longer[:-1] == shorter and longer[-1] in "dt" and shorter[-1] not in "dt"
    return within_one_edit(word, form) and not inflected


@dataclass
class Matcher:
    """Finds the concepts and patterns of a rule set in sentences."""

    concepts: dict[str, list[Phrase]]
    lookalikes: frozenset[str] = frozenset()
    stops: frozenset[str] = frozenset()  # words that ".." may not skip
    _forms: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._literal: set[str] = set()
        self._starts: dict[str, set[str]] = defaultdict(set)  # first three letters -> "stem*"
        self._other: set[str] = set()  # "*end" and "*mid*"
        self._typo: dict[str, set[str]] = defaultdict(set)
        self._by_first: dict[str, list[tuple[str, Phrase]]] = defaultdict(list)
        for name, phrases in self.concepts.items():
            for phrase in phrases:
                self._index(phrase)
                for alternative in phrase.words[0]:
                    self._by_first[alternative].append((name, phrase))

    def _index(self, phrase: Phrase) -> None:
        for alternatives in phrase.words:
            for form in alternatives:
                if form.endswith("*") and not form.startswith("*"):
                    stem = form[:-1]
                    self._starts[stem[:3] if len(stem) >= 3 else ""].add(form)
                elif "*" in form:
                    self._other.add(form)
                else:
                    self._literal.add(form)
                    if len(form) >= MIN_TYPO_LENGTH:
                        for key in typo_keys(form):
                            self._typo[key].add(form)

    def add(self, name: str, phrases: list[Phrase]) -> None:
        """Add a word group after the matcher was made (a phrase inside a pattern gets a group of its own)."""
        self.concepts[name] = phrases
        for phrase in phrases:
            self._index(phrase)
            for alternative in phrase.words[0]:
                self._by_first[alternative].append((name, phrase))
        self._forms.clear()

    def forms(self, word: str) -> frozenset[str]:
        """Every form used in patterns that this typed word stands for."""
        known = self._forms.get(word)
        if known is None:
            known = frozenset(self._find_forms(word))
            if len(self._forms) < 50_000:
                self._forms[word] = known
        return known

    def _find_forms(self, word: str) -> set[str]:
        found = {word} if word in self._literal else set()
        for form in (*self._starts.get(word[:3], ()), *self._starts.get("", ())):
            if word.startswith(form[:-1]):
                found.add(form)
        for form in self._other:
            bare = form.strip("*")
            if (form.endswith("*") and bare in word) or word.endswith(bare):
                found.add(form)
        if not found and len(word) >= MIN_TYPO_LENGTH - 1 and word not in self.lookalikes:
            for key in typo_keys(word):
                found.update(form for form in self._typo.get(key, ()) if _is_typo(word, form))
        return found

    def find(self, words: tuple[str, ...]) -> dict[str, list[Span]]:
        """All concepts in one sentence: name -> spans."""
        at = [self.forms(word) for word in words]
        present = frozenset().union(*at) if at else frozenset()
        possible: dict[str, list[tuple[str, Phrase]]] = {}  # phrases whose other words stand in the sentence at all
        spans: dict[str, list[Span]] = defaultdict(list)
        for start, forms in enumerate(at):
            for form in forms:
                if form not in possible:
                    possible[form] = [
                        (name, phrase)
                        for name, phrase in self._by_first.get(form, ())
                        if all(not present.isdisjoint(alternatives) for alternatives in phrase.words[1:])
                    ]
                for name, phrase in possible[form]:
                    if len(spans[name]) < MAX_SPANS:
                        span = _match_from(phrase, at, start, words, self.stops)
                        if span:
                            spans[name].append(span)
        return {name: found for name, found in spans.items() if found}

    @staticmethod
    def match(names: tuple[str, ...], spans: dict[str, list[Span]]) -> list[Span]:
        """Where all named concepts stand together within the window, words not shared between them."""
        if any(name not in spans for name in names):
            return []
        found: list[Span] = list(spans[names[0]])
        for name in names[1:]:
            found = [
                joined
                for left in found
                for right in spans[name]
                if not left[2] & right[2] and (joined := _join(left, right))[1] - joined[0] < WINDOW
            ][: MAX_SPANS * 4]
        return found


def _join(left: Span, right: Span) -> Span:
    return min(left[0], right[0]), max(left[1], right[1]), left[2] | right[2]


def _match_from(
    phrase: Phrase, at: list[frozenset[str]], start: int, words: tuple[str, ...], stops: frozenset[str]
) -> Span | None:
    taken = [start]
    position = start
    for alternatives, gap in zip(phrase.words[1:], phrase.gaps[1:]):
        for candidate in range(position + 1, min(position + 2 + gap, len(at))):
            if not at[candidate].isdisjoint(alternatives):
                position = candidate
                taken.append(candidate)
                break
            if words[candidate] in stops:
                return None
        else:
            return None
    if phrase.ends and position + 1 < len(words) and words[position + 1] not in stops:
        return None
    return start, position, frozenset(taken)
