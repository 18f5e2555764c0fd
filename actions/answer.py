"""The answer to a question about a topic."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import compose
from actions.turn import Turn, say
from content import Kind, Topic

SHORT = 6  # words: a message this short may lean on the running topic
_OPENERS = frozenset({"en", "maar", "of", "ook", "met", "bij"})
_POINTERS = frozenset({"dat", "dit", "het", "die", "deze", "er", "daarvan", "daarvoor", "dan", "daarmee", "zoiets"})
# Named after a topic about moving ("en met een hernia?"), the answer stands with sport.
_MOVING = frozenset({"sport", "krachttraining", "opbouwen", "bewegen_veilig", "rust_of_bewegen"})


class ActionAnswer(Action):
    """Answers with the topic, or with its variant for the condition, activity or thing that was named."""

    def name(self) -> str:
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        turn = Turn.of(tracker)
        topic = leaning_on(turn) or turn.topic
        if topic is None:
            say(dispatcher, compose.talk(turn, "fallback", Kind.FALLBACK))
            return [SlotSet("misses", turn.misses + 1)]
        return give(dispatcher, turn, topic)


def give(dispatcher: CollectingDispatcher, turn: Turn, topic: Topic) -> list[Any]:
    """Say the answer to a topic; the events that remember it."""
    reply, shown = compose.answer(turn, topic, topic.variant(turn.entities))
    say(dispatcher, reply)
    return [SlotSet("topic", topic.id), SlotSet("shown", shown), SlotSet("misses", 0)]


def leaning_on(turn: Turn) -> Topic | None:
    """The topic that a short follow-up is about, when the running topic says so; None when it stands on its own."""
    words = turn.text.lower().replace("?", " ").replace(",", " ").split()
    if turn.running is None or turn.pressed or not words or len(words) > SHORT:
        return None
    opens = words[0] in _OPENERS or len(words) <= 2
    if opens and turn.running.variant(turn.entities):
        return turn.running
    sport = turn.library.topics["sport"]
    if opens and turn.running.id in _MOVING and sport.variant(turn.entities):
        return sport
    if opens or _POINTERS & set(words):
        best = turn.ranking[0][0] if turn.ranking else turn.intent
        return turn.library.topics.get(turn.library.follow_ups.get(best, {}).get(turn.running.id, ""))
    return None
