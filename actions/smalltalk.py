"""Greetings, thanks, questions about the assistant, requests for a diagnosis: fixed short replies."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import compose
from actions.turn import Turn, say
from content import Kind

# Intents whose words stand under another name in content/smalltalk.yml.
SAME_AS = {"iets_anders": "andere_vraag"}


class ActionSmalltalk(Action):
    """One fixed reply; after a request for a diagnosis the nearest topics too."""

    def name(self) -> str:
        return "action_smalltalk"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        turn = Turn.of(tracker)
        if turn.intent == "bevestig" and turn.running is not None:
            # "ja" after an answer that ended in follow-ups: go on with the topic.
            say(dispatcher, compose.longer(turn, turn.running))
            return [SlotSet("misses", 0)]
        near = turn.near(2, 0.02) if turn.intent == "diagnose_verzoek" else []
        effect = "forget" if turn.intent == "wis_gesprek" else None
        buttons = tuple(compose.topic_button(topic) for topic in near)
        intent = SAME_AS.get(turn.intent, turn.intent)
        say(dispatcher, compose.talk(turn, intent, Kind.SMALLTALK, buttons=buttons, effect=effect))
        return [SlotSet("misses", 0)]
