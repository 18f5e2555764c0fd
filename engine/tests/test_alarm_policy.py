"""AlarmPolicy in Rasa: what alarm/talk.py decides (tests/alarm/test_talk.py) becomes actions and slots."""

from __future__ import annotations

from typing import Any
from unittest.mock import MagicMock

import pytest
from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from alarm import Act
from engine.dialogue.alarm_policy import _RESPONSES, AFTER, AlarmPolicy
from engine.nlu.alarm_detector import AlarmDetector

DOMAIN = Domain.load("domain.yml")
POLICY = AlarmPolicy({"priority": 8}, MagicMock(), Resource("alarm"), MagicMock())
DETECTOR = AlarmDetector({})


class Talk:
    """A tracker that goes on as Rasa's would: what is typed is understood by the rules, the policy's slots are set."""

    def __init__(self) -> None:
        self.tracker = DialogueStateTracker.from_events("talk", [], DOMAIN.slots)
        self.action: str | None = None

    def says(self, text: str, intent: str = "vraag_sport", reading: dict[str, Any] | None = None) -> Talk:
        chosen = {"name": intent, "confidence": 0.9}
        message = Message(data={"text": text, "intent": chosen, "intent_ranking": [chosen], "entities": []})
        understood = DETECTOR.process([message])[0].as_dict() | ({"reading": reading} if reading else {})
        return self._turn(UserUttered(text, understood["intent"], understood["entities"], understood))

    def presses(self, intent: str) -> Talk:
        return self._turn(UserUttered(intent, {"name": intent, "confidence": 1.0}, metadata={"button": True}))

    def _turn(self, event: UserUttered) -> Talk:
        self.tracker.update_with_events([ActionExecuted(ACTION_LISTEN_NAME), event], DOMAIN)
        signs = next((e["value"] for e in event.entities if e["entity"] == "alarm_signs"), None)
        if signs:
            self.tracker.update(SlotSet("alarm_signs", signs))
        found = self.predict()
        best = max(range(len(found.probabilities)), key=found.probabilities.__getitem__)
        self.action = DOMAIN.action_names_or_texts[best] if found.probabilities[best] else None
        own = found.optional_events if self.action else []
        self.tracker.update_with_events([*found.events, *(own or [])], DOMAIN)
        self.tracker.update_with_events([ActionExecuted(self.action or "action_answer"), BotUttered("x")], DOMAIN)
        return self

    def predict(self) -> PolicyPrediction:
        return POLICY.predict_action_probabilities(self.tracker, DOMAIN)

    def slot(self, name: str) -> Any:
        return self.tracker.get_slot(name)


@pytest.mark.parametrize("before", [[], ["mag ik fietsen"], ["wat is artrose", "en zwemmen"]])
def test_an_alarm_is_raised_from_anywhere_and_kept(before: list[str]) -> None:
    talk = Talk()
    for text in before:
        assert talk.says(text).action is None
        assert talk.slot("open_alarm") is None
    talk.says("ik kan niet meer plassen")
    assert (talk.action, talk.slot("alarm_signs")) == ("utter_alarm", "CES01_niet_plassen")
    assert talk.slot("open_alarm")["signs"] == ["CES01_niet_plassen"]


def test_a_question_is_put_and_a_no_in_own_words_clears_it() -> None:
    talk = Talk().says("alles is doof")
    assert talk.action == "utter_alarm_question"
    talk.says("nee, gelukkig niet", "ontken")
    assert (talk.action, talk.slot("alarm_text")) == (AFTER, "na_klopt_niet")
    assert talk.slot("open_alarm")["settled"] == "denied"


def test_a_no_that_names_the_sign_is_the_sign() -> None:
    assert Talk().says("alles is doof").says("nee ik voel daar niks", "ontken").action == "utter_alarm"


def test_after_its_words_it_listens_and_after_others_it_stays_out() -> None:
    talk = Talk().says("ik kan niet meer plassen")
    listens = talk.predict()
    assert listens.probabilities[DOMAIN.index_for_action(ACTION_LISTEN_NAME)] == 1.0
    assert not any(Talk().says("mag ik fietsen").predict().probabilities)


def test_an_ordinary_answer_comes_with_the_alarm_in_sight() -> None:
    talk = Talk().says("ik kan niet meer plassen").says("mag ik fietsen?")
    assert talk.action is None
    assert talk.slot("open_alarm")["remind"] is True


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("alarm_gebeld", "na_gebeld"),
        ("alarm_niemand", "na_niemand"),
        ("alarm_durf_niet", "na_durf_niet"),
        ("alarm_klopt_niet", "na_klopt_niet"),
    ],
)
def test_every_button_under_an_alarm_has_its_words(intent: str, text: str) -> None:
    talk = Talk().says("ik kan niet meer plassen").presses(intent)
    assert (talk.action, talk.slot("alarm_text")) == (AFTER, text)
    assert talk.slot("alarm_signs") == "CES01_niet_plassen"
    assert Talk().presses(intent).action == AFTER


def test_the_acts_that_the_net_reads_reach_it() -> None:
    talk = Talk().says("ik kan niet meer plassen").says("zeg dat", reading={"acts": {"bagatel": 0.9}})
    assert (talk.action, talk.slot("alarm_text")) == (AFTER, "opnieuw")


def test_a_sign_over_two_messages_is_heard() -> None:
    talk = Talk().says("ik slik xarelto").says("nu is mijn been slap")
    assert talk.action == "utter_alarm"
    assert talk.slot("alarm_signs").startswith("MED04_bloedverdunner_been")


def test_a_button_is_no_part_of_a_sign() -> None:
    talk = Talk().says("ik slik xarelto")
    assert talk.presses("nu is mijn been slap").action is None


def test_a_no_to_the_question_is_not_read_with_the_message_before() -> None:
    talk = Talk().says("ik slik xarelto").says("alles is doof").says("nee", "ontken")
    assert (talk.action, talk.slot("alarm_text")) == (AFTER, "na_klopt_niet")


def test_an_empty_talk_is_no_alarm() -> None:
    assert not any(Talk().predict().probabilities)


def test_every_action_it_can_name_is_in_the_domain() -> None:
    assert {AFTER, *_RESPONSES.values()} <= set(DOMAIN.action_names_or_texts)
    assert set(_RESPONSES) < set(Act)
    assert {slot.name for slot in DOMAIN.slots} >= {"open_alarm", "alarm_signs", "alarm_text"}
