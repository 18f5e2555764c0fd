"""One ordinary word raises nothing, nor do two together: a sign is more than its words."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from wordfreq import top_n_list

from alarm import Detector
from alarm.check import training_lines
from alarm.words import sentences

NLU = Path(__file__).parents[2] / "data" / "nlu"
# The name of a sign is the sign: who types only this word means it, or is asked.
NAMES = frozenset(
    ["koorts", "ongeluk", "klapvoet", "benauwd", "blaasontsteking", "krachtverlies", "krachtsverlies", "hartinfarct"]
    + ["hartaanval", "gordelroos", "rillingen", "aneurysma", "ongeval", "flauwgevallen", "bewusteloos", "overdosis"]
    + ["zelfmoord", "zelfdoding", "suicide", "mishandeling", "incontinentie", "incontinent", "leukemie", "uitval"]
    + ["aangereden", "buikslagader", "fever", "kortademig", "motorongeluk", "verhoging", "wanhopig", "botsing"]
    + ["plasproblemen", "rugween", "ril", "rilt", "rillen", "rillerig"]
)


@pytest.fixture(scope="module")
def calm() -> list[tuple[str, ...]]:
    """The words of each calm sentence of the training lines."""
    lines = (line.text for line in training_lines(NLU) if not line.is_alarm)
    return [tuple(word for word in s.words if word != ",") for line in lines for s in sentences(line)]


def raised(detector: Detector, text: str) -> list[str]:
    scan = detector.scan(text)
    return [sign.id for sign in (*scan.alarms, *scan.questions) if sign.calls_for_action]


def test_no_ordinary_word_raises_anything(detector: Detector, calm: list[tuple[str, ...]]) -> None:
    common = Counter(word for words in calm for word in words).most_common(5_000)
    assert len(common) == 5_000
    assert {word: found for word, _ in common if (found := raised(detector, word)) and word not in NAMES} == {}


def test_no_common_word_of_dutch_raises_anything(detector: Detector) -> None:
    words = top_n_list("nl", 5_000)
    assert {word: found for word in words if (found := raised(detector, word)) and word not in NAMES} == {}


def test_no_two_ordinary_words_raise_anything(detector: Detector, calm: list[tuple[str, ...]]) -> None:
    common = Counter(pair for words in calm for pair in zip(words, words[1:])).most_common(2_000)
    assert len(common) == 2_000
    texts = [" ".join(pair) for pair, _ in common if NAMES.isdisjoint(pair)]
    assert {text: found for text in texts if (found := raised(detector, text))} == {}
