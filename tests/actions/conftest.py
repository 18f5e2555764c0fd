"""A turn of a talk for an action, and what the action says to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.memory import Memory
from content import Reply

Event = dict[str, Any]


@dataclass
class Talk:
    """A conversation that goes on: slots and events carry over from action to action, as Rasa keeps them."""

    sender: str = "0" * 32
    practice: str = "demo"
    slots: dict[str, Any] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def tracker(
        self,
        intent: str,
        text: str = "",
        *,
        entities: dict[str, str] | None = None,
        ranking: dict[str, float] | None = None,
        pressed: bool = False,
    ) -> Tracker:
        """A tracker as Rasa sends it after this message."""
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": 0.9},
            "entities": [{"entity": name, "value": value} for name, value in (entities or {}).items()],
            "intent_ranking": [{"name": name, "confidence": chance} for name, chance in (ranking or {intent: 0.9}).items()],
            "metadata": {"practice": self.practice, "button": pressed},
        }
        self.events.append({"event": "user", "text": text})
        return Tracker(self.sender, dict(self.slots), message, list(self.events), False, None, {}, None)

    async def run(self, action: Action, intent: str, text: str = "", **more: Any) -> Reply:
        """Run one action, keep what it sets, and give the one reply it made."""
        dispatcher = CollectingDispatcher()
        events = await action.run(dispatcher, self.tracker(intent, text, **more), {})
        self.slots.update({event["name"]: event["value"] for event in events if event["event"] == "slot"})
        assert len(dispatcher.messages) == 1, "an action says one thing"
        said = dispatcher.messages[0]
        assert not said["text"], "words outside the reply would be shown beside it"
        self.events.append({"event": "bot", "text": None, "data": {"custom": said["custom"]}})
        return Reply.model_validate(said["custom"])


class FakeMemory:
    """Keeps what an action wanted kept."""

    def __init__(self) -> None:
        self.thumbs: list[tuple[str, str, bool]] = []
        self.questions: list[tuple[str, str, list[str]]] = []

    async def feedback(self, practice: str, topic: str, helpful: bool) -> None:
        self.thumbs.append((practice, topic, helpful))

    async def unanswered(self, practice: str, text: str, suggested: list[str]) -> None:
        self.questions.append((practice, text, suggested))


@pytest.fixture
def talk() -> Talk:
    """A new conversation with the demo practice."""
    return Talk()


@pytest.fixture
def use_memory(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Put another memory in the place of this process's own."""
    return lambda memory: monkeypatch.setattr(Memory, "current", lambda: memory)


@pytest.fixture(autouse=True)
def memory(use_memory: Callable[[Any], None]) -> FakeMemory:
    """What the practice would see later."""
    fake = FakeMemory()
    use_memory(fake)
    return fake
