"""When unsure: the nearest topics as buttons; when nothing is near, what the assistant can help with."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import compose
from actions.answer import give, leaning_on
from actions.memory import Memory
from actions.turn import Turn, say
from content import Kind, Reply

NEAR = 0.04  # a topic less likely than this is no suggestion
PATIENCE = 2  # after so many misses in a row the practice's phone is offered


class ActionSuggest(Action):
    """A wrong answer is worse than a question. Such turns are kept, without personal data, for the practice to see."""

    def name(self) -> str:
        return "action_suggest"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        turn = Turn.of(tracker)
        topic = leaning_on(turn)
        if topic is not None:
            return give(dispatcher, turn, topic)
        near = turn.near(floor=NEAR)
        helpful = near and turn.misses < PATIENCE
        reply = suggestion(turn) if helpful else compose.talk(turn, "fallback", Kind.FALLBACK)
        say(dispatcher, advised(turn, reply))
        await Memory.current().unanswered(turn.practice.id, turn.text, [topic.id for topic in near], turn.sender)
        return [SlotSet("misses", turn.misses + 1)]


def suggestion(turn: Turn) -> Reply:
    """The two or three nearest topics and "iets anders"."""
    buttons = [compose.topic_button(topic) for topic in turn.near(floor=NEAR)]
    return compose.talk(turn, "suggestie", Kind.SUGGESTION, buttons=(*buttons, compose.SOMETHING_ELSE))


def advised(turn: Turn, reply: Reply) -> Reply:
    """The reply, with the line that a sign worth discussing calls for."""
    if "advies" not in turn.entities:
        return reply
    return reply.model_copy(update={"urgency": "afspraak", "paragraphs": (compose.ADVICE, *reply.paragraphs)})
