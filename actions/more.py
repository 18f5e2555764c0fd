"""The longer text of the running topic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import compose
from actions.turn import Turn, say
from content import Reply, Topic


class ActionMore(Action):
    """ "Vertel meer", of a button or typed."""

    def name(self) -> str:
        return "action_more"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        return tell_again(dispatcher, tracker, compose.longer)


def tell_again(dispatcher: CollectingDispatcher, tracker: Tracker, text: Callable[[Turn, Topic], Reply]) -> list[Any]:
    """Another text on the topic of the button or of the talk; what the assistant can help with where there is none."""
    turn = Turn.of(tracker)
    topic = turn.topic or turn.running
    if topic is None:
        say(dispatcher, compose.talk(turn, "hulp"))
        return []
    say(dispatcher, text(turn, topic))
    return [SlotSet("topic", topic.id), SlotSet("misses", 0)]
