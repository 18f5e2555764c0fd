"""Greetings, thanks, questions about the assistant, requests for a diagnosis: fixed short replies."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import compose
from actions.answer import give, leaning_on
from actions.turn import Turn, say
from content import Kind, Topic

# Intents whose words stand under another name in content/smalltalk.yml.
SAME_AS = {"iets_anders": "andere_vraag"}
MEANS_SOMETHING = 5  # words: a longer "nee" says what was meant instead


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
        topic = meant(turn)
        if topic is not None:
            return give(dispatcher, turn, topic)
        near = turn.near(2, 0.02) if turn.intent == "diagnose_verzoek" else []
        effect = "forget" if turn.intent == "wis_gesprek" else None
        buttons = tuple(compose.topic_button(topic) for topic in near)
        intent = SAME_AS.get(turn.intent, turn.intent)
        say(dispatcher, compose.talk(turn, intent, Kind.SMALLTALK, buttons=buttons, effect=effect))
        return [SlotSet("misses", 0)]


def meant(turn: Turn) -> Topic | None:
    """The topic behind "en met een hernia?" or "nee, ik bedoel mijn been, daar tintelt het"."""
    if turn.intent == "diagnose_verzoek":
        return leaning_on(turn)
    if turn.intent == "ontken" and not turn.pressed and len(turn.text.split()) >= MEANS_SOMETHING:
        return next(iter(turn.near(1, 0.02)), None)
    return None
