"""Find the answer whose wordings are most like what somebody typed.

Likeness is counted in pieces: words, pairs of words, and runs of three to five letters, each weighing more the fewer
answers of the library hold it. Nothing is trained: a wording typed into a content file counts at the next message.
"""

from __future__ import annotations

import math
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from alarm.words import fold
from content import Library
from content.readability import words

# The score above which an answer is taken; below it the general text of the topic answers. See docs/decisions/0009.
NEAR = 0.3
_KEPT = 4  # matchers: the content in use, the one before it, and those of tests
LETTERS = (3, 4, 5)
_WORD_WEIGHT = 2.0  # of a whole word beside one of its runs of letters
_BEST_SHARE = 0.7  # of the likeness to the nearest wording; the rest is likeness to all wordings together
_UNSAID = 0.3  # how much it counts that a wording has pieces which the message lacks
_UNASKED = 0.5  # how much it counts that the message has pieces which the wording lacks


@dataclass(frozen=True)
class Match:
    """An answer and how near it is to what was said, 0 to 1."""

    topic: str
    answer: str
    score: float

    @property
    def ref(self) -> str:
        """As Reply.answers names it: "sport.hoe_vaak"."""
        return f"{self.topic}.{self.answer}"


@dataclass(frozen=True)
class _Wording:
    answer: str
    weight: float  # of all its pieces


class _Topic:
    """The wordings of one topic, found by their pieces."""

    def __init__(self, topic: str, asks: Mapping[str, Iterable[str]], idf: Mapping[str, float], rare: float) -> None:
        self.topic = topic
        self._idf = idf
        self._rare = rare
        self.wordings: list[_Wording] = []
        self.holding: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self.answers: dict[str, float] = {}
        self.in_answer: dict[str, dict[str, float]] = defaultdict(dict)
        for answer, wordings in asks.items():
            share: Counter[str] = Counter()
            wordings = list(wordings)
            for wording in wordings:
                found = pieces(wording)
                weights = {piece: size * idf.get(piece, rare) for piece, size in found.items()}
                number = len(self.wordings)
                self.wordings.append(_Wording(answer, sum(weights.values())))
                for piece, weight in weights.items():
                    self.holding[piece].append((number, weight))
                share.update(found.keys())
            for piece, count in share.items():
                self.in_answer[piece][answer] = count / (count + 1)
            self.answers[answer] = 1.0

    def scores(self, said: Mapping[str, float], whole: float) -> Iterator[tuple[str, float]]:
        """Each answer with its likeness; `said` is the weight of each piece of the message, `whole` their sum."""
        shared: defaultdict[int, float] = defaultdict(float)
        together: defaultdict[str, float] = defaultdict(float)
        for piece, weight in said.items():
            for number, held in self.holding.get(piece, ()):
                shared[number] += min(weight, held)
            for answer, share in self.in_answer.get(piece, {}).items():
                together[answer] += weight * share
        best: defaultdict[str, float] = defaultdict(float)
        for number, common in shared.items():
            wording = self.wordings[number]
            lacking = _UNSAID * (wording.weight - common) + _UNASKED * (whole - common)
            best[wording.answer] = max(best[wording.answer], common / (common + lacking))
        for answer in self.answers:
            yield answer, _BEST_SHARE * best[answer] + (1 - _BEST_SHARE) * together[answer] / whole


class Matcher:
    """Finds answers among the wordings of a library. Made once for a library; see `matcher`."""

    def __init__(self, library: Library) -> None:
        asks = {
            name: {answer.id: answer.asks for answer in topic.answers}
            for name, topic in library.topics.items()
            if topic.answers
        }
        self._idf, self._rare = _weights(asks)
        self._topics = {name: _Topic(name, wordings, self._idf, self._rare) for name, wordings in asks.items()}

    def rank(self, topic_ids: Iterable[str], text: str, practice_id: str | None = None) -> list[Match]:
        """Every answer of these topics, the nearest first; without a wording of any, an empty list."""
        found = pieces(text)
        said = {piece: size * self._idf.get(piece, self._rare) for piece, size in found.items()}
        whole = sum(said.values())
        if not whole:
            return []
        matches = [
            Match(name, answer, score)
            for name in dict.fromkeys(topic_ids)
            if (topic := self._topics.get(name))
            for answer, score in topic.scores(said, whole)
        ]
        return sorted(matches, key=lambda match: -match.score)


def matcher(library: Library) -> Matcher:
    """The matcher of a library, made once for all practices that speak from the same content."""
    known = _matchers.get(library.edition)
    if known is None:
        known = _matchers[library.edition] = Matcher(library)
        while len(_matchers) > _KEPT:
            _matchers.popitem(last=False)
    return known


_matchers: OrderedDict[object, Matcher] = OrderedDict()


@lru_cache(maxsize=20_000)
def _of_word(word: str) -> tuple[str, ...]:
    """The runs of letters of a word, with its beginning and end."""
    marked = f"_{word}_"
    return tuple(marked[i : i + size] for size in LETTERS for i in range(len(marked) - size + 1))


def pieces(text: str) -> dict[str, float]:
    """What a text is made of: whole words, pairs of words and runs of letters, each with its size."""
    found: dict[str, float] = {}
    said = words(fold(text))
    for word in said:
        found[f" {word}"] = _WORD_WEIGHT
        found.update(dict.fromkeys(_of_word(word), 1 / len(LETTERS)))
    for one, two in zip(said, said[1:], strict=False):
        found[f" {one} {two}"] = 1.0
    return found


def _weights(asks: Mapping[str, Mapping[str, Iterable[str]]]) -> tuple[dict[str, float], float]:
    """How much each piece weighs: the fewer answers hold it the more; and what one weighs that none holds."""
    held: Counter[str] = Counter()
    count = 0
    for answers in asks.values():
        for wordings in answers.values():
            count += 1
            held.update({piece for wording in wordings for piece in pieces(wording)})
    rare = math.log(1 + count)
    return {piece: math.log(1 + count / number) for piece, number in held.items()}, rare
