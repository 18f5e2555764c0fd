"""What a message becomes: the verdict (tests/alarm/test_decide.py) in the place of the intent."""

from __future__ import annotations

from typing import Any

from rasa.shared.nlu.training_data.message import Message

from engine.nlu.alarm_detector import AlarmDetector, AlarmRules

PLAIN = "zeg maar wat ik hier nu mee aan moet want ik weet het niet"
FOUR = "Ik kan niet plassen. Mijn voet klapt. Mijn kruis is doof. Ik heb koorts en rugpijn."


def understood(
    text: str,
    net: dict[str, float] | None = None,
    intent: str = "vraag_sport",
    confidence: float = 0.9,
    config: dict[str, Any] | None = None,
    metadata: dict[str, Any] | None = None,
) -> dict[str, Any]:
    ranking = [{"name": intent, "confidence": confidence}, {"name": "alarm_spoed", "confidence": 0.05}]
    if intent.startswith("alarm_"):
        ranking = [ranking[0], {"name": "vraag_slaap", "confidence": 0.1}, {"name": "vraag_sport", "confidence": 0.09}]
    message = Message(data={"text": text, "intent": ranking[0], "intent_ranking": ranking})
    message.set("entities", [{"entity": "activiteit", "value": "fietsen"}])
    message.set("metadata", metadata)
    if net is not None:
        message.set("alarm_net", {"whole": net, "parts": []})
    AlarmRules({}).process([message])
    return dict(AlarmDetector(config or {}).process([message])[0].as_dict())


def test_an_ordinary_question_is_left_alone() -> None:
    found = understood("mag ik fietsen", {"spoed:blaas": 0.01})
    assert found["intent"] == {"name": "vraag_sport", "confidence": 0.9}
    assert [entity["entity"] for entity in found["entities"]] == ["activiteit"]
    assert {"signs": [], "questions": [], "urgency": "geen", "topic": "sport"}.items() <= found["alarm"].items()


def test_an_alarm_takes_the_place_of_the_intent_and_keeps_the_topic() -> None:
    found = understood("mag ik fietsen, ik kan niet meer plassen")
    assert found["intent"] == {"name": "alarm", "confidence": 1.0}
    assert {"entity": "alarm_signs", "value": "CES01_niet_plassen"}.items() <= found["entities"][-1].items()
    assert found["alarm"]["urgency"] == "spoed_nu"
    assert found["alarm"]["topic"] == "sport"


def test_a_question_takes_the_place_of_the_intent() -> None:
    found = understood("alles is doof")
    assert found["intent"]["name"] == "alarm_vraag"
    assert found["alarm"]["questions"] == ["CES05_rijbroek"]


def test_what_the_net_lays_on_the_message_counts() -> None:
    assert understood(PLAIN, {"spoed:blaas": 0.99})["alarm"]["signs"] == ["CES01_niet_plassen"]
    assert understood("sinds vannacht lukt het mij echt niet meer om te plassen", {})["alarm"]["signs"] == []


def test_what_the_talk_has_in_sight_is_no_news_of_the_net() -> None:
    kept = {"signs": ["CES01_niet_plassen"], "state": "said", "level": "spoed_nu"}
    assert understood(PLAIN, {"spoed:blaas": 0.99}, metadata={"open_alarm": kept})["alarm"]["signs"] == []


def test_the_limits_are_those_of_the_configuration() -> None:
    assert (
        understood(PLAIN, {"spoed:blaas": 0.99}, config={"ask_above": 1.1, "sure_above": 1.1})["alarm"]["signs"] == []
    )


def test_an_appointment_keeps_the_intent_and_adds_advice() -> None:
    found = understood("mijn teen is doof")
    assert found["intent"]["name"] == "vraag_sport"
    assert {"entity": "advies", "value": "NEU04_gevoel_een_been"}.items() <= found["entities"][-1].items()
    assert found["alarm"]["urgency"] == "afspraak"


def test_the_alarm_intents_of_the_net_never_leave_it() -> None:
    found = understood("mijn rug", {}, "alarm_spoed", 0.6)
    assert found["intent"]["name"] == "vraag_slaap"
    assert not [r for r in found["intent_ranking"] if r["name"].startswith("alarm_")]


def test_what_was_a_doubt_stays_a_doubt() -> None:
    assert understood("mijn rug", {}, "nlu_fallback", 0.7)["intent"]["name"] == "nlu_fallback"


def test_at_most_three_signs_are_handed_on() -> None:
    assert len(understood(FOUR)["entities"][-1]["value"].split(",")) == 3


def test_a_crisis_is_handed_on_with_the_three_most_urgent_alarms() -> None:
    *others, last = understood(f"{FOUR} Ik wil dood.")["entities"][-1]["value"].split(",")
    assert sorted(others) == ["CES01_niet_plassen", "CES05_rijbroek", "NEU01_klapvoet"]
    assert last == "PSY01_suicide"


def test_a_message_without_text_is_left_alone() -> None:
    message = Message(data={"intent": {"name": "groet", "confidence": 1.0}})
    assert AlarmDetector({}).process([message])[0].get("intent") == {"name": "groet", "confidence": 1.0}
