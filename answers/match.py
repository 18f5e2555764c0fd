"""Find the answer whose wordings are most like what somebody typed.

Likeness is counted in pieces: words, their stems, pairs of words, and runs of three to five letters. A piece weighs
more the fewer answers of the library hold it, and the fewer answers of its topic do. Nothing is trained: a wording
typed into a content file counts at the next message. `ruggesteun check-answers` measures it.
"""

from __future__ import annotations

import math
import re
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from alarm.words import fold
from content import Library
from content.readability import words

# The score above which an answer is taken; below it the general text of the topic answers. Chosen with
# `ruggesteun check-answers` (docs/decisions/0013-finding-answers.md): a question for another topic is seldom as near.
NEAR = 0.27
_KEPT = 4  # matchers: the content in use, the one before it, and those of tests
_LETTERS = (3, 4, 5)
_SIZE = {"word": 2.0, "stem": 2.0, "pair": 1.0, "letters": 1 / 3}
# What makes a score: likeness to the nearest wording, to all wordings of the answer, and to the words of the answer.
_NEAREST, _ALL, _SAID = 0.35, 0.35, 0.3
_SURE = 4  # the power of the likeness to one wording that is enough by itself: a wording typed as it stands scores 1
_ELSE = 0.1  # how much it counts against a wording that it and the message each hold what the other lacks
_ENDINGS = ("tjes", "jes", "je", "en", "e", "t", "s", "n")
_FEWEST_LETTERS = 3  # of a stem


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


class Matcher:
    """Finds answers among the wordings of a library. Made once for a library; see `matcher`."""

    def __init__(self, library: Library) -> None:
        texts = {
            name: {answer.id: (answer.asks, " ".join(answer.answer)) for answer in topic.answers}
            for name, topic in library.topics.items()
            if topic.answers
        }
        held: Counter[str] = Counter()
        for answers in texts.values():
            for asks, _ in answers.values():
                held.update({piece for ask in asks for piece in pieces(ask)})
        self._weights = _Weights(held, sum(map(len, texts.values())))
        self._texts = texts
        self._topics: dict[str, _Topic] = {}  # made when first asked for: all at once cost a second

    def rank(self, topic_ids: Iterable[str], text: str, practice_id: str | None = None) -> list[Match]:
        """Every answer of these topics, the nearest first; an empty list where the text holds no word."""
        found = pieces(text)
        if not found:
            return []
        matches = [
            Match(name, answer, score)
            for name in dict.fromkeys(topic_ids)
            if (topic := self._topic(name))
            for answer, score in topic.scores(found)
        ]
        return sorted(matches, key=lambda match: -match.score)

    def _topic(self, name: str) -> _Topic | None:
        if name not in self._topics and name in self._texts:
            self._topics[name] = _Topic(self._texts[name], self._weights)
        return self._topics.get(name)

    def without(self, topic: str, answer: str, ask: str) -> Matcher:
        """This matcher as if one wording had not been written: to measure with it."""
        asks, said = self._texts[topic][answer]
        left = {**self._texts[topic], answer: (tuple(other for other in asks if other != ask), said)}
        other = object.__new__(Matcher)
        other._weights, other._texts = self._weights, self._texts
        other._topics = {**self._topics, topic: _Topic(left, self._weights)}
        return other


def matcher(library: Library) -> Matcher:
    """The matcher of a library, made once for all practices that speak from the same content."""
    known = _matchers.get(library.edition)
    if known is None:
        known = _matchers[library.edition] = Matcher(library)
        while len(_matchers) > _KEPT:
            _matchers.popitem(last=False)
    return known


_matchers: OrderedDict[object, Matcher] = OrderedDict()


class _Weights:
    """How much a piece weighs by how many answers hold it: the logarithm of the inverse share."""

    def __init__(self, held: Mapping[str, int], count: int) -> None:
        self._held = {piece: math.log(1 + count / number) for piece, number in held.items()}
        self._none = math.log(1 + count)

    def __getitem__(self, piece: str) -> float:
        return self._held.get(piece, self._none)


class _Topic:
    """The wordings of one topic, found by their pieces."""

    def __init__(self, texts: Mapping[str, tuple[Iterable[str], str]], everywhere: _Weights) -> None:
        asked = {name: [pieces(ask) for ask in asks] for name, (asks, _) in texts.items()}
        shares = {name: Counter(piece for found in wordings for piece in found) for name, wordings in asked.items()}
        here = _Weights(Counter(piece for share in shares.values() for piece in share), len(texts))
        self._everywhere, self._here = everywhere, here
        self._answers = tuple(texts)
        self._wordings: list[tuple[int, float]] = []  # the answer of each, and the weight of all its pieces
        self._in_wording: defaultdict[str, list[int]] = defaultdict(list)
        self._in_answer: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        self._in_text: defaultdict[str, list[int]] = defaultdict(list)
        weights = {piece: self._weight(piece) for share in shares.values() for piece in share}
        for number, (name, (_, said)) in enumerate(texts.items()):
            for found in asked[name]:
                for piece in found:
                    self._in_wording[piece].append(len(self._wordings))
                self._wordings.append((number, sum(size * weights[piece] for piece, size in found.items())))
            for piece, count in shares[name].items():
                self._in_answer[piece].append((number, count / (count + 1)))
            for piece in pieces(said):
                self._in_text[piece].append(number)

    def _weight(self, piece: str) -> float:
        return self._everywhere[piece] * self._here[piece]

    def scores(self, found: Mapping[str, float]) -> Iterator[tuple[str, float]]:
        """Each answer with its likeness to a message that holds these pieces."""
        common = [0.0] * len(self._wordings)
        together = [0.0] * len(self._answers)
        said = [0.0] * len(self._answers)
        whole = 0.0
        for piece, size in found.items():
            weight = size * self._weight(piece)
            whole += weight
            for wording in self._in_wording.get(piece, ()):
                common[wording] += weight
            for answer, share in self._in_answer.get(piece, ()):
                together[answer] += weight * share
            for answer in self._in_text.get(piece, ()):
                said[answer] += weight
        nearest = [0.0] * len(self._answers)
        for (answer, weight), shared in zip(self._wordings, common, strict=True):
            if shared:
                alike = shared / (shared + _ELSE * (weight + whole - 2 * shared))
                nearest[answer] = max(nearest[answer], alike)
        for number, name in enumerate(self._answers):
            score = _NEAREST * nearest[number] + (_ALL * together[number] + _SAID * said[number]) / whole
            yield name, max(score, nearest[number] ** _SURE)


def pieces(text: str) -> dict[str, float]:
    """What a text is made of, each with its size."""
    said = words(fold(text))
    found: dict[str, float] = {}
    for word in said:
        found.update(_of_word(word))
    found.update((f"{one} {two}", _SIZE["pair"]) for one, two in zip(said, said[1:], strict=False))
    return found


@lru_cache(maxsize=20_000)
def _of_word(word: str) -> tuple[tuple[str, float], ...]:
    marked = f"_{word}_"
    runs = {marked[i : i + size] for size in _LETTERS for i in range(len(marked) - size + 1)}
    return (
        (f" {word}", _SIZE["word"]),
        (f"~{stem(word)}", _SIZE["stem"]),
        *((run, _SIZE["letters"]) for run in sorted(runs)),
    )


def stem(word: str) -> str:
    """A word without its ending, so that lopen, loopt and loop are one: "lop"."""
    ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _FEWEST_LETTERS), "")
    bare = word.removesuffix(ending) if ending else word
    bare = re.sub(r"([aeou])\1", r"\1", bare)
    bare = re.sub(r"(.)\1$", r"\1", bare)
    return bare.replace("v", "f").replace("z", "s")
