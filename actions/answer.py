"""The answer to a question about a topic."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import compose
from actions.turn import Turn, say
from content import Kind, Topic

SHORT = 6  # words: a message this short may lean on the running topic
SURE = 0.6  # a reading likelier than this stands on its own, unless content/follow_ups.yml says otherwise
LEAST = 0.1  # a reading less likely than this is not looked at
_OPENERS = frozenset({"en", "maar", "of", "ook", "met", "bij"})
_POINTERS = frozenset(
    {"dat", "dit", "het", "die", "deze", "er", "daarvan", "daarvoor", "dan", "daarmee", "zoiets", "ervan", "ermee"}
    | {"eraan", "ertegen", "ervoor", "daaraan", "daarna", "da"}
)
# Named after a topic about moving ("en met een hernia?"), the answer stands with sport.
_MOVING = frozenset({"sport", "krachttraining", "opbouwen", "bewegen_veilig", "rust_of_bewegen"})
# What somebody is or has been through does not end with a question: "wanneer mag ik weer sporten?"
_LASTING = frozenset({"na_operatie", "zwangerschap", "rugpijn_kind", "osteoporose_wat"})
SECOND_QUESTION = "tweede_vraag"  # entity of engine/nlu/classifier.py: the topic of another question in the message


class ActionAnswer(Action):
    """Answers with the topic, or with its variant for the condition, activity or thing that was named."""

    def name(self) -> str:
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        turn = Turn.of(tracker)
        topic = leaning_on(turn) or turn.topic
        if topic is None and turn.switched_off:
            say(dispatcher, compose.talk(turn, "onderwerp_uit", Kind.DECLINED))
            return [SlotSet("misses", 0)]
        if topic is None:
            say(dispatcher, compose.talk(turn, "fallback", Kind.FALLBACK))
            return [SlotSet("misses", turn.misses + 1)]
        events = give(dispatcher, turn, topic)
        second = turn.library.topics.get(turn.entities.get(SECOND_QUESTION, ""))
        if second is None or second.id == topic.id:
            return events
        return give(dispatcher, replace(turn, shown=events[1]["value"]), second)


def give(dispatcher: CollectingDispatcher, turn: Turn, topic: Topic) -> list[Any]:
    """Say the answer to a topic; the events that remember it."""
    reply, shown = compose.answer(turn, topic, topic.variant(turn.entities))
    say(dispatcher, reply)
    return [SlotSet("topic", topic.id), SlotSet("shown", shown), SlotSet("misses", 0)]


def leaning_on(turn: Turn) -> Topic | None:
    """The topic that a short follow-up is about, when the running topic says so; None when it stands on its own."""
    words = turn.text.lower().replace("?", " ").replace(",", " ").split()
    running = turn.running
    if running is None or turn.pressed or not words or len(words) > SHORT:
        return None
    opens = words[0] in _OPENERS or len(words) <= 2
    points = opens or bool(_POINTERS & set(words))
    heard = [(name, chance) for name, chance in turn.ranking if name in turn.library.follow_ups or name in turn.asked]
    likeliest = turn.asked.get(heard[0][0]) if heard and heard[0][1] >= SURE else None
    # "en deadliften?" after sport asks about weights, "en fietsen?" after weights about sport.
    if opens and not (likeliest and likeliest.id in _MOVING):
        if running.variant(turn.entities):
            return running
        sport = turn.library.topics.get("sport")
        if sport and running.id in _MOVING and sport.variant(turn.entities):
            return sport
    if not points and running.id not in _LASTING:
        return None
    for name, chance in heard[:3]:
        if chance < LEAST:
            break
        target = turn.library.follow_ups.get(name, {}).get(running.id)
        if target in turn.library.topics:
            return turn.library.topics[target]
        if chance >= SURE:
            return None
    # Unsure, and the topic that the talk is about is one of the readings: that one.
    leans = points and len(words) > 1
    return running if leans and any(turn.asked.get(name) is running for name, _ in heard[:3]) else None
