"""One turn of a talk as the plan sees it: a typed view on rasa-sdk's tracker, and nothing that can change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from rasa_sdk import Tracker

from actions.hearing import Told, told
from actions.installation import book
from alarm.words import fold
from answers import Match, matcher
from content import Library, Practice, Topic

PREFIX = "vraag_"
BUTTON_TOPIC = "onderwerp"
BUTTON_ANSWER = "antwoord"
SECOND_QUESTION = "tweede_vraag"  # entity of engine/nlu/classifier.py: the topic of another question in the message


class WrongPractice(LookupError):
    """The message names no practice that we know, or another one than the talk did: better no answer than a wrong one.

    rasa-sdk makes an error of it, and the public server then says its fixed text, with the right practice's numbers.
    """


@dataclass(frozen=True)
class Part:
    """A sentence or clause: what it does, and its topics with their chance, the likeliest first."""

    text: str
    act: str
    topics: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Turn:
    """What was understood. `entities` maps entity name to value, the first of each.

    `library` is what this practice says: without the topics it switched off, with its own texts. `acts` maps what the
    message may do (engine/nlu/classifier.py) to its chance, empty where the classifier says nothing of it. `unread`
    are the patient's messages since the last reply of an action: those that an alarm answered. `watch` are alarm signs
    that were seen too faintly to ask about.
    """

    library: Library
    practice: Practice
    intent: str
    text: str = ""
    confidence: float = 0.0
    entities: dict[str, str] = field(default_factory=dict)
    ranking: tuple[tuple[str, float], ...] = ()
    acts: dict[str, float] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    second: str | None = None
    in_context: bool = False
    in_scope: float = 1.0
    pressed: bool = False
    open_alarm: Any = None
    watch: tuple[str, ...] = ()
    sender: str = ""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    unread: tuple[str, ...] = field(repr=False, default=())
    past: tuple[dict[str, Any], ...] = field(repr=False, default=())
    _likeness: dict[tuple[tuple[str, ...], str], tuple[Match, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        """Read the latest message of a tracker. Raises WrongPractice."""
        message = tracker.latest_message
        intent = message.get("intent") or {}
        metadata = message.get("metadata") or {}
        reading = message.get("reading") or {}
        text = message.get("text") or ""
        entities: dict[str, str] = {}
        for entity in message.get("entities") or []:
            entities.setdefault(entity["entity"], str(entity["value"]))
        installed = book().get(_practice_of(metadata, tracker.events))
        if installed is None:
            raise WrongPractice("the message names a practice that is not there")
        return cls(
            library=installed.library,
            practice=installed.practice,
            intent=intent.get("name") or "",
            text=text,
            confidence=float(intent.get("confidence") or 0),
            entities=entities,
            ranking=tuple((r["name"], float(r["confidence"])) for r in message.get("intent_ranking") or []),
            acts={name: float(chance) for name, chance in (reading.get("acts") or {}).items()},
            parts=tuple(_part(part, text) for part in reading.get("parts") or []),
            second=reading.get("second") or entities.get(SECOND_QUESTION),
            in_context=bool(reading.get("context")),
            in_scope=float(reading.get("in_scope", 1.0)),
            pressed=bool(metadata.get("button")),
            open_alarm=tracker.get_slot("open_alarm"),
            watch=tuple((message.get("alarm") or {}).get("watch") or ()),
            sender=tracker.sender_id,
            unread=_unread(tracker.events),
            past=tuple(tracker.events),
        )

    @property
    def topic(self) -> Topic | None:
        """The topic that was asked about: of a button, else of the intent."""
        return self.library.topics.get(self._named)

    @property
    def switched_off(self) -> bool:
        """Whether the question is about a topic that this practice does not answer."""
        return self._named in self.practice.onderwerpen_uit

    @property
    def _named(self) -> str:
        return self.entities.get(BUTTON_TOPIC) or self.intent.removeprefix(PREFIX)

    @cached_property
    def topics(self) -> tuple[tuple[str, float], ...]:
        """The topics that the classifier thought of with their chance, the likeliest first."""
        named = ((name.removeprefix(PREFIX), chance) for name, chance in self.ranking if name.startswith(PREFIX))
        return tuple((name, chance) for name, chance in named if name in self.library.topics)

    @cached_property
    def folded(self) -> str:
        """The text without capitals, accents and apostrophes, as phrases of facts.yml are looked for in it."""
        return fold(self.text)

    @cached_property
    def told(self) -> Told:
        """What the message tells apart from its question."""
        return told(self.text, self.library.talk.heard)

    def likeness(self, topics: tuple[str, ...], asked: str) -> tuple[Match, ...]:
        """The answers of these topics, the likest to what is asked first; looked up once a turn."""
        key = (topics, asked)
        if key not in self._likeness:
            self._likeness[key] = tuple(matcher(self.library).rank(topics, asked)) if asked else ()
        return self._likeness[key]

    @property
    def words(self) -> int:
        return len(self.text.split())


def _part(part: dict[str, Any], text: str) -> Part:
    said = text[int(part.get("start") or 0) : int(part.get("end") or len(text))].strip()
    topics = tuple((str(name).removeprefix(PREFIX), float(chance)) for name, chance in part.get("topics") or [])
    return Part(said, str(part.get("act") or ""), topics)


def _unread(events: list[dict[str, Any]]) -> tuple[str, ...]:
    """What was typed since the last reply of an action, this message too; buttons left out."""
    found: list[str] = []
    for event in reversed(events):
        if event.get("event") == "bot" and "version" in ((event.get("data") or {}).get("custom") or {}):
            break
        if event.get("event") == "user" and not (event.get("metadata") or {}).get("button") and event.get("text"):
            found.append(str(event["text"]))
    return tuple(reversed(found))


def _practice_of(metadata: dict[str, Any], events: list[dict[str, Any]]) -> str:
    """The practice of the message, which only the connector's metadata tells. Raises WrongPractice."""
    named = str(metadata.get("practice") or "")
    earlier = {practice for event in events if (practice := (event.get("metadata") or {}).get("practice"))}
    if earlier - {named}:
        raise WrongPractice("a talk with one practice got a message for another")
    return named
