"""How well answers are found: each wording in turn is left out and looked for among the others."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from answers.match import matcher
from content import Library

THRESHOLDS = tuple(number / 100 for number in range(10, 65, 5))


@dataclass(frozen=True)
class Found:
    """What was found for a wording that was left out. `place` counts from 1 among the answers of its topic."""

    topic: str
    answer: str
    ask: str
    best: str
    score: float
    place: int

    @property
    def right(self) -> bool:
        return self.place == 1


def leave_one_out(library: Library, step: int = 1) -> Iterator[Found]:
    """Every wording of the library, or one in `step`, looked for among the answers of its own topic."""
    whole = matcher(library)
    for topic, answer, ask in islice(_wordings(library), 0, None, step):
        matches = whole.without(topic, answer, ask).rank([topic], ask)
        place = next(number for number, match in enumerate(matches, start=1) if match.answer == answer)
        yield Found(topic, answer, ask, matches[0].answer, matches[0].score, place)


def strangers(library: Library, step: int = 1, seed: int = 1) -> Iterator[float]:
    """The best score of each wording, or one in `step`, in another topic, where no answer is right."""
    whole = matcher(library)
    names = [topic.id for topic in library.topics.values() if topic.answers]
    chance = random.Random(seed)
    for topic, _, ask in islice(_wordings(library), 0, None, step):
        if others := [name for name in names if name != topic]:
            yield whole.rank([chance.choice(others)], ask)[0].score


def _wordings(library: Library) -> Iterator[tuple[str, str, str]]:
    """Topic, answer and wording."""
    for topic in library.topics.values():
        for answer in topic.answers:
            yield from ((topic.id, answer.id, ask) for ask in answer.asks)


def shared_wordings(library: Library) -> dict[str, list[str]]:
    """Wordings that stand with more than one answer, with those answers."""
    seen: dict[str, list[str]] = {}
    for topic in library.topics.values():
        for answer in topic.answers:
            for ask in answer.asks:
                seen.setdefault(ask.lower(), []).append(f"{topic.id}.{answer.id}")
    return {ask: places for ask, places in seen.items() if len(places) > 1}


def report(library: Library) -> list[str]:
    """Lines to print."""
    found = list(leave_one_out(library))
    if not found:
        return ["Er zijn nog geen antwoorden met vragen."]
    elsewhere = list(strangers(library))
    total = len(found)
    with_answers = sum(bool(topic.answers) for topic in library.topics.values())
    lines = [
        f"{with_answers} van {len(library.topics)} onderwerpen hebben antwoorden",
        f"{total} vragen, elk een keer weggelaten",
        f"goed {sum(one.right for one in found) / total:.1%}   bij de eerste drie "
        f"{sum(one.place <= 3 for one in found) / total:.1%}",
        "grens   genomen   daarvan goed   van een ander onderwerp genomen",
    ]
    for threshold in THRESHOLDS:
        taken = [one for one in found if one.score >= threshold]
        right = sum(one.right for one in taken) / len(taken) if taken else 0.0
        wrong = sum(score >= threshold for score in elsewhere) / max(1, len(elsewhere))
        lines.append(f"{threshold:.2f}    {len(taken) / total:7.1%}   {right:11.1%}   {wrong:.1%}")
    worst = sorted(
        ((topic.id, [one for one in found if one.topic == topic.id]) for topic in library.topics.values()),
        key=lambda pair: sum(one.right for one in pair[1]) / max(1, len(pair[1])),
    )
    lines += [f"{name}: {sum(one.right for one in own)}/{len(own)}" for name, own in worst if own]
    lines += [f"staat dubbel: {ask!r} bij {', '.join(places)}" for ask, places in shared_wordings(library).items()]
    return lines
