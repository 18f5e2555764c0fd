"""What lies outside is declined kindly, with what does help; a foreign language gets a line in that language."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import compose
from actions.language import guess_language
from actions.turn import Turn, say
from content import Kind, Reply


class ActionDecline(Action):
    """Other body parts, other illnesses, other subjects, other languages, gibberish and orders to the program."""

    def name(self) -> str:
        return "action_decline"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        turn = Turn.of(tracker)
        if turn.intent == "andere_taal":
            language = guess_language(turn.text)
            paragraphs = turn.practice.fill(turn.library.languages[language])
            say(dispatcher, Reply(kind=Kind.DECLINED, paragraphs=paragraphs, lang=language, confidence=turn.confidence))
            return []
        say(dispatcher, compose.talk(turn, turn.intent, Kind.DECLINED))
        return []
