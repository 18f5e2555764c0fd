"""The one action of an ordinary turn: read the turn, plan the reply, say it, remember."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import compose
from actions.memory import Memory
from actions.plan import plan
from actions.record import Record
from actions.turn import Turn


class ActionTalk(Action):
    """Emits one Reply, as Rasa's `custom` and nothing else, so that no channel ever shows raw JSON."""

    def name(self) -> str:
        return "action_talk"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        turn = Turn.of(tracker)
        planned = plan(turn, Memory.of(tracker.get_slot("memory"), tracker.get_slot("topic")))
        dispatcher.utter_message(json_message=compose.reply(planned, turn).to_json())
        memory, record = planned.memory, Record.current()
        if planned.thumb is not None and memory.topic is not None:
            await record.feedback(turn.practice.id, memory.topic, planned.thumb)
        if planned.unanswered is not None:
            await record.unanswered(turn.practice.id, turn.text, list(planned.unanswered), turn.sender)
        return [SlotSet("topic", memory.topic), SlotSet("memory", memory.to_json())]
