"""The last thing the assistant said, again."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import compose
from actions.turn import Turn, say
from content import Reply


class ActionRepeat(Action):
    """Says the last reply again as it was."""

    def name(self) -> str:
        return "action_repeat"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        turn = Turn.of(tracker)
        for event in reversed(turn.past):
            said = (event.get("data") or {}).get("custom") if event.get("event") == "bot" else None
            if not said:
                continue
            try:
                say(dispatcher, Reply.model_validate(said))
                return []
            except ValidationError:  # an alarm is kept as its signs, and bot/ has shown its text already
                continue
        say(dispatcher, compose.talk(turn, "herhaal_leeg"))
        return []
