"""Which text on a topic comes next: the one that answers what was asked, never one that was given, never one that does
not fit who it is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from actions.blocks import MORE, SIMPLE, TOLD, Care, Passage
from actions.memory import Memory, care_of
from actions.turn import BUTTON_ANSWER, Turn
from answers import NEAR
from content import Topic
from content.model import Answer, Paragraphs


def next_text(
    turn: Turn, memory: Memory, topic: Topic, asked: str = "", told: bool = False, only: str = ""
) -> Passage | Care | None:
    """The next text on a topic, or None when all are given. `only`: "more" or "simple", where that was asked for."""
    ways = list(_said_for(turn, memory, _ways(turn, topic, asked, told, only)))
    left = next((way for way in ways if not memory.has(way.ref)), None)
    return left or (None if ways else _careful(turn, memory, topic))


def answer_to(turn: Turn, memory: Memory, topic: Topic, asked: str) -> Passage | None:
    """The answer to just this question, not given before; None when no wording is near it."""
    near = (Passage(topic.id, answer) for answer in _near(turn, topic, asked))
    return next((way for way in _said_for(turn, memory, near) if not memory.has(way.ref)), None)


def can_say(turn: Turn, memory: Memory, topic: Topic) -> bool:
    """Whether a button to this topic leads to something that was not said, and that is about this topic."""
    text = next_text(turn, memory, topic)
    return isinstance(text, Passage) and text.topic == topic.id


def answer_of(turn: Turn, passage: Passage) -> Answer | None:
    """The answer that a passage is, or None where it is another text of the topic."""
    topic = turn.library.topics.get(passage.topic)
    return topic.find(passage.part) if topic else None


def words_of(turn: Turn, passage: Passage) -> Paragraphs:
    """The text of a passage, before the practice's words are filled in."""
    topic = turn.library.topics[passage.topic]
    if passage.part.startswith("="):
        return next(v.answer for v in topic.variants if f"={v.value}" == passage.part)
    if passage.part in {MORE, SIMPLE, TOLD}:
        return {MORE: topic.more, SIMPLE: topic.simple, TOLD: topic.told or topic.answer}[passage.part]
    answer = topic.find(passage.part)
    if answer is None:
        return topic.answer
    own = answer.for_fact((passage.fact,)) if passage.fact else None
    return own.answer if own and own.answer else answer.answer


def _ways(turn: Turn, topic: Topic, asked: str, told: bool, only: str) -> Iterator[Passage]:
    """All texts on a topic, what fits the question best first."""
    if only:
        yield Passage(topic.id, only)
        yield Passage(topic.id, MORE)
        return
    if told and topic.told:
        yield Passage(topic.id, TOLD)
    if (variant := topic.variant(turn.entities)) is not None:
        yield Passage(topic.id, f"={variant.value}")
    for answer in _near(turn, topic, asked):
        yield Passage(topic.id, answer)
    yield Passage(topic.id)
    yield Passage(topic.id, MORE)


def _near(turn: Turn, topic: Topic, asked: str) -> list[str]:
    """The ids of the answers to what was asked, the nearest first; of a button that one alone."""
    if turn.pressed:
        named = turn.entities.get(BUTTON_ANSWER, "")
        return [named] if topic.find(named) else []
    return [match.answer for match in turn.likeness((topic.id,), asked) if match.score >= NEAR]


def nearest_topic(turn: Turn, topics: Sequence[str], asked: str) -> str | None:
    """Of topics that may be meant, the one with an answer to just this question; None where no answer is near."""
    ranked = turn.likeness(tuple(topics), asked)
    return ranked[0].topic if ranked and ranked[0].score >= NEAR else None


def open_answers(turn: Turn, memory: Memory, topic: Topic, asked: str) -> list[Answer]:
    """The answers of a topic that were not given and may be, the likeliest first."""
    ranked = [] if turn.pressed else [match.answer for match in turn.likeness((topic.id,), asked)]
    names = ranked or [answer.id for answer in topic.answers]
    ways = _said_for(turn, memory, (Passage(topic.id, name) for name in names))
    fresh = (answer_of(turn, way) for way in ways if way.topic == topic.id and not memory.has(way.ref))
    return [answer for answer in fresh if answer is not None]


def _said_for(turn: Turn, memory: Memory, ways: Iterable[Passage]) -> Iterator[Passage]:
    """The texts as they are said to who this is about: in the words for a fact, another one in its place, or not."""
    for way in ways:
        said = _said(turn, memory, way)
        if said is not None and said.other is not None:
            said = _said(turn, memory, said.other)
        if said is not None and said.other is None:
            yield said.way


@dataclass(frozen=True)
class _Said:
    way: Passage
    other: Passage | None = None  # what is said in its place


def _said(turn: Turn, memory: Memory, way: Passage) -> _Said | None:
    answer = answer_of(turn, way)
    own = answer.for_fact(memory.facts) if answer else None
    if own is not None and own.say_instead:
        topic, _, name = own.say_instead.partition(".")
        return _Said(way, Passage(topic, name)) if topic in turn.library.topics else None
    if own is not None:
        return _Said(Passage(way.topic, way.part, own.fact))
    fits = (answer is None or answer.fits(memory.facts)) and _fits(turn, memory, way)
    return _Said(way) if fits else None


def _fits(turn: Turn, memory: Memory, passage: Passage) -> bool:
    """Whether a text that knows of no fact may be said: not about moving or a sound back to who has one with `care`."""
    heard = turn.library.talk.heard
    care = care_of(memory.facts, heard)
    if not care:
        return True
    if passage.part.startswith("=") and passage.part[1:] in {heard.facts[fact].condition for fact in care}:
        return True
    said = " ".join(words_of(turn, passage)).lower()
    moving = {*heard.moving, *(topic for fact in care for topic in heard.facts[fact].also_moving)}
    return passage.topic not in moving and not any(words in said for words in heard.sound_backs)


def _careful(turn: Turn, memory: Memory, topic: Topic) -> Passage | Care | None:
    """In place of a text about moving: that of the fact, for further topics that it holds there too, then the topic
    that is about the fact itself.
    """
    heard, said = turn.library.talk.heard, turn.library.talk.said
    care = [fact for fact in care_of(memory.facts, heard) if said.care.get(fact)]
    again = said.texts.get("zorg_opnieuw", ())
    ways: list[Care] = [Care(fact, 0) for fact in care]
    ways += [Care(fact, memory.turns % len(again), topic.id) for fact in care[:1] if again]
    fresh = [way for way in ways if not memory.has(way.name)]
    if fresh and not any(memory.has(Care(fact, 0, topic.id).name) for fact in care[:1]):
        return fresh[0]
    own_topics = [name for fact in care if (name := heard.facts[fact].own_topic) in turn.library.topics]
    own = (Passage(name, part) for name in own_topics if name for part in ("", MORE))
    return next((way for way in own if not memory.has(way.ref) and _fits(turn, memory, way)), None)
