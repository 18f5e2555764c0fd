"""A talk for tests of the plan: each message with what the classifier makes of it, the memory carried over."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from actions import compose
from actions.blocks import Plan
from actions.memory import Memory
from actions.plan import plan
from actions.turn import PREFIX, Part, Turn
from bot.buttons import resolve
from content import Library, Practice, Reply

LIBRARY = Library.load()
# The content without answers to single questions, so that a test says itself which there are.
BARE = replace(
    LIBRARY,
    topics={name: topic.model_copy(update={"answers": (), "told": None}) for name, topic in LIBRARY.topics.items()},
    edition=object(),
)
DEMO = LIBRARY.practices["demo"]
MONDAY = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)  # 11.00 in the Netherlands


@dataclass
class Talk:
    """`says` returns the plan; `reply` and `memory` are as they are after it."""

    library: Library = BARE
    practice: Practice = DEMO
    now: datetime = MONDAY
    memory: Memory = field(default_factory=Memory)
    sender: str = "0" * 32
    reply: Reply = field(init=False)

    def says(self, text: str, intent: str = "", *, pressed: bool = False, **reading: Any) -> Plan:
        """One message. `intent`: a topic, or another intent; `near`: topics with their chance; `parts`: triples."""
        topics = dict(reading.pop("near", {}))
        name = f"{PREFIX}{intent}" if intent in self.library.topics else intent or "nlu_fallback"
        confidence = float(reading.pop("confidence", 0.9))
        ranking = {name: confidence} if intent else {}
        ranking |= {f"{PREFIX}{topic}": chance for topic, chance in topics.items()}
        parts = tuple(Part(said, act, tuple(of.items())) for said, act, of in reading.pop("parts", ()))
        turn = Turn(
            self.library,
            self.practice,
            name,
            text,
            confidence=confidence,
            ranking=tuple(ranking.items()),
            parts=parts,
            pressed=pressed,
            sender=self.sender,
            now=self.now,
            **reading,
        )
        planned = plan(turn, self.memory)
        self.memory, self.reply = planned.memory, compose.reply(planned, turn)
        return planned

    def presses(self, button: str) -> Plan:
        """A button by its id, as bot/buttons.py resolves it."""
        press = resolve(button, self.library)
        assert press is not None, button
        return self.says(press.title, press.intent.removeprefix(PREFIX), pressed=True, entities=press.entities)
