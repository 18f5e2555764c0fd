"""Thumbs under an answer, or the same in words."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import compose
from actions.memory import Memory
from actions.turn import Turn, say


class ActionFeedback(Action):
    """Counts for the practice which answers help: topic and yes or no, never text."""

    def name(self) -> str:
        return "action_feedback"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        turn = Turn.of(tracker)
        say(dispatcher, compose.talk(turn, turn.intent))
        if turn.running is not None:
            helpful = turn.intent == "feedback_goed"
            await Memory.current().feedback(turn.practice.id, turn.running.id, helpful)
        return []
