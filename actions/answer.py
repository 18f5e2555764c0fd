"""The answer to a question about a topic."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import compose
from actions.turn import Turn, say
from content import Topic

SHORT = 5  # words: a message this short may lean on the running topic


class ActionAnswer(Action):
    """Answers with the topic, or with its variant for the condition, activity or thing that was named."""

    def name(self) -> str:
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        turn = Turn.of(tracker)
        topic = leaning_on(turn) or turn.topic
        if topic is None:
            say(dispatcher, compose.talk(turn, "fallback"))
            return [SlotSet("misses", turn.misses + 1)]
        reply, shown = compose.answer(turn, topic, topic.variant(turn.entities))
        say(dispatcher, reply)
        return [SlotSet("topic", topic.id), SlotSet("shown", shown), SlotSet("misses", 0)]


def leaning_on(turn: Turn) -> Topic | None:
    """The running topic, when a short "en fietsen?" names something that this topic has its own answer for."""
    if turn.running is None or turn.pressed or len(turn.text.split()) > SHORT:
        return None
    starts = turn.text.lower().lstrip("., ").split(" ", 1)[0]
    if starts not in {"en", "maar", "of", "ook", "met", "bij"} and len(turn.text.split()) > 2:
        return None
    return turn.running if turn.running.variant(turn.entities) else None
