"""One turn of a talk as the actions see it: a typed view on rasa-sdk's tracker."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from content import Library, Practice, Reply, Topic
from content.library import live
from settings import settings

PREFIX = "vraag_"
BUTTON_TOPIC = "onderwerp"


@dataclass(frozen=True)
class Turn:
    """What was understood, and where the talk stands. `entities` maps entity name to value, the first of each."""

    library: Library
    practice: Practice
    intent: str
    confidence: float
    entities: dict[str, str]
    ranking: tuple[tuple[str, float], ...]
    text: str
    running: Topic | None
    shown: dict[str, Any]
    misses: int
    pressed: bool
    sender: str
    past: tuple[dict[str, Any], ...] = field(repr=False, default=())

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        """Read the latest message of a tracker."""
        library = live(settings().content).current()
        message = tracker.latest_message
        intent = message.get("intent") or {}
        metadata = message.get("metadata") or {}
        entities: dict[str, str] = {}
        for entity in message.get("entities") or []:
            entities.setdefault(entity["entity"], str(entity["value"]))
        practice = library.practices.get(metadata.get("practice", "")) or next(iter(library.practices.values()))
        return cls(
            library=library,
            practice=practice,
            intent=intent.get("name") or "",
            confidence=float(intent.get("confidence") or 0),
            entities=entities,
            ranking=tuple((r["name"], float(r["confidence"])) for r in message.get("intent_ranking") or []),
            text=message.get("text") or "",
            running=library.topics.get(tracker.get_slot("topic") or ""),
            shown=dict(tracker.get_slot("shown") or {}),
            misses=int(tracker.get_slot("misses") or 0),
            pressed=bool(metadata.get("button")),
            sender=tracker.sender_id,
            past=tuple(tracker.events),
        )

    @property
    def topic(self) -> Topic | None:
        """The topic that was asked about: of a button, else of the intent."""
        name = self.entities.get(BUTTON_TOPIC) or self.intent.removeprefix(PREFIX)
        return self.library.topics.get(name)

    @cached_property
    def asked(self) -> dict[str, Topic]:
        """The topic of each question intent."""
        return {f"{PREFIX}{name}": topic for name, topic in self.library.topics.items()}

    def near(self, limit: int = 3, floor: float = 0.0) -> list[Topic]:
        """The topics the classifier thought of, the likeliest first."""
        found = [
            self.library.topics[name.removeprefix(PREFIX)]
            for name, confidence in self.ranking
            if name.removeprefix(PREFIX) in self.library.topics and confidence >= floor
        ]
        return found[:limit]


def say(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """Emit a reply: as Rasa's `custom` and nothing else, so that no channel ever shows raw JSON."""
    dispatcher.utter_message(json_message=reply.to_json())
