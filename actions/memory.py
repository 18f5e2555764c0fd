"""What is remembered of a talk: one frozen value, kept as JSON in the slot `memory`, gone with the talk.

It holds words of fixed lists and ids of content, never what a patient typed. Forgetting:
- what was said of one person stays with that person: "mijn moeder heeft ..." does not make the patient ill;
- a fact goes when it is denied, or when one comes that takes its place (kort, chronisch);
- a reading that was refused stays out until another has been answered, or its button is pressed;
- a feeling goes with another feeling, or with thanks;
- of texts given and lines used the last ones are kept (GIVEN).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any, get_args

from actions.hearing import CHILD, OLD, Told, Who
from content.model import Fact
from content.talk import Heard, Mood, Person

GIVEN = 120  # texts and lines: a talk of about thirty turns
MYSELF = "zelf"
_FACTS = frozenset(get_args(Fact))
_PEOPLE = frozenset(get_args(Person))
_MOODS = frozenset(get_args(Mood))


@dataclass(frozen=True)
class Memory:
    """Where a talk stands. `topic` is the running topic, in a slot of its own that the classifier reads as well.

    `answer` is the text last given, as in Reply.answers. `given` holds those texts and the lines used, each once.
    `others` are the further readings of the last question. `asked` is a yes or no that was asked for ("wissen").
    """

    topic: str | None = None
    answer: str | None = None
    who: Who = None
    people: dict[str, tuple[Fact, ...]] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    mood: Mood | None = None
    asked: str | None = None
    careful: bool = False  # somebody in this talk has a back that is not known to be sound
    calmed: bool = False  # the last answer bore a line of reassurance
    complained: bool = False
    misses: int = 0  # how often in a row a message was not understood
    turns: int = 0

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is known of the person the talk is about now."""
        return self.people.get(self.who or MYSELF, ())

    def has(self, name: str) -> bool:
        """Whether a text or line was given before."""
        return name in self.given

    def hear(self, told: Told, heard: Heard) -> Memory:
        """The memory with what one message tells."""
        who: Who = told.who or (None if told.himself else self.who)
        known = list(self.people.get(who or MYSELF, ()))
        told_of: list[Fact] = [*told.facts]
        if who == "kind" or (told.age is not None and told.age < CHILD):
            told_of.append("kind")
        elif told.age is not None and told.age >= OLD:
            told_of.append("oudere")
        people = dict(self.people)
        if "mantelzorger" in told_of:
            told_of.remove("mantelzorger")
            people[MYSELF] = _with(people.get(MYSELF, ()), ["mantelzorger"])
            known = list(people[MYSELF]) if who is None else known
        ended = {name for fact in told_of for name in (heard.facts[fact].ends if fact in heard.facts else ())}
        kept = [fact for fact in known if fact not in ended - set(told_of) and fact not in told.gone]
        facts = _with(kept, told_of)
        if facts or (who or MYSELF) in people:
            people[who or MYSELF] = facts
        return replace(
            self,
            who=who,
            people=people,
            mood=told.moods[0] if told.moods else self.mood,
            careful=self.careful or told.careful or bool(care_of(facts, heard)),
        )

    def gave(self, *names: str) -> Memory:
        """The memory after these texts and lines."""
        fresh = [name for name in names if name not in self.given]
        return replace(self, given=(*self.given, *fresh)[-GIVEN:])

    def to_json(self) -> dict[str, Any]:
        """The value for the slot `memory`: all but the running topic, and nothing that is as at the start."""
        start = Memory()
        values = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "topic"}
        return {name: _plain(value) for name, value in values.items() if value != getattr(start, name)}

    @classmethod
    def of(cls, value: Any, topic: str | None) -> Memory:
        """Read the slots. What is not of this shape (an older version's) is left out: a talk begins anew then."""
        if not isinstance(value, dict):
            return cls(topic=topic)
        known = value.get("people")
        people = known if isinstance(known, dict) else {}
        return cls(
            topic=topic,
            answer=_text(value.get("answer")),
            who=value["who"] if value.get("who") in _PEOPLE else None,
            people={
                str(who): tuple(fact for fact in facts if fact in _FACTS)
                for who, facts in people.items()
                if who in _PEOPLE | {MYSELF}
            },
            given=_texts(value.get("given")),
            refused=_texts(value.get("refused")),
            others=_texts(value.get("others")),
            mood=value["mood"] if value.get("mood") in _MOODS else None,
            asked=_text(value.get("asked")),
            careful=bool(value.get("careful")),
            calmed=bool(value.get("calmed")),
            complained=bool(value.get("complained")),
            misses=int(value.get("misses") or 0),
            turns=int(value.get("turns") or 0),
        )


def care_of(facts: tuple[Fact, ...], heard: Heard) -> tuple[Fact, ...]:
    """Those of the facts with which a back is not known to be sound."""
    return tuple(fact for fact in facts if fact in heard.facts and heard.facts[fact].care)


def _with(known: Any, more: list[Fact]) -> tuple[Fact, ...]:
    return tuple(dict.fromkeys([*known, *more]))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return {who: list(facts) for who, facts in value.items()} if isinstance(value, dict) else value


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(name) for name in value) if isinstance(value, list) else ()
