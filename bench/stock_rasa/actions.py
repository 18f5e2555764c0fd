"""Actions of the stock set-up, run by the stock action server: the same texts as ours, looked up by intent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

_ANSWERS: dict[str, str] = json.loads((Path(__file__).parent / "answers.json").read_text(encoding="utf-8"))


class ActionAnswer(Action):  # type: ignore[misc]  # rasa-sdk carries no types
    """Says the text of the intent. The other actions of the domain do the same under their own names."""

    def name(self) -> str:
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        intent = tracker.latest_message["intent"].get("name")
        dispatcher.utter_message(text=_ANSWERS.get(str(intent), _ANSWERS["fallback"]))
        return []


class ActionMore(ActionAnswer):
    def name(self) -> str:
        return "action_more"


class ActionSimpler(ActionAnswer):
    def name(self) -> str:
        return "action_simpler"


class ActionFollowUp(ActionAnswer):
    def name(self) -> str:
        return "action_follow_up"


class ActionRepeat(ActionAnswer):
    def name(self) -> str:
        return "action_repeat"


class ActionSuggest(ActionAnswer):
    def name(self) -> str:
        return "action_suggest"


class ActionSmalltalk(ActionAnswer):
    def name(self) -> str:
        return "action_smalltalk"


class ActionFeedback(ActionAnswer):
    def name(self) -> str:
        return "action_feedback"


class ActionDecline(ActionAnswer):
    def name(self) -> str:
        return "action_decline"
