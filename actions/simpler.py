"""The running topic in simpler words."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import compose
from actions.turn import Turn, say


class ActionSimpler(Action):
    """ "Dat snap ik niet", of a button or typed."""

    def name(self) -> str:
        return "action_simpler"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        turn = Turn.of(tracker)
        topic = turn.topic or turn.running
        if topic is None:
            say(dispatcher, compose.talk(turn, "hulp"))
            return []
        say(dispatcher, compose.simpler(turn, topic))
        return [SlotSet("topic", topic.id), SlotSet("misses", 0)]
