"""The running topic in simpler words."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import compose
from actions.more import tell_again


class ActionSimpler(Action):
    """ "Dat snap ik niet", of a button or typed."""

    def name(self) -> str:
        return "action_simpler"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        return tell_again(dispatcher, tracker, compose.simpler)
