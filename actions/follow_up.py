"""A follow-up of a word or two ("waarom?", "welke dan?") after the running topic."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import compose
from actions.turn import Turn, say


class ActionFollowUp(Action):
    """Looks up in content/follow_ups.yml what the follow-up means after this topic."""

    def name(self) -> str:
        return "action_follow_up"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        turn = Turn.of(tracker)
        if turn.running is None:
            say(dispatcher, compose.talk(turn, "hulp"))
            return []
        targets = turn.library.follow_ups.get(turn.intent, {})
        target = targets.get(turn.running.id) or targets.get("anders", "more")
        topic = turn.library.topics.get(target)
        if topic is None or topic.id == turn.running.id:
            text = compose.simpler if target == "simple" else compose.longer
            say(dispatcher, text(turn, turn.running))
            return [SlotSet("misses", 0)]
        reply, shown = compose.answer(turn, topic, topic.variant(turn.entities))
        say(dispatcher, reply)
        return [SlotSet("topic", topic.id), SlotSet("shown", shown), SlotSet("misses", 0)]
