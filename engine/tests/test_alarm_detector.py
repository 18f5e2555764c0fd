"""Rules and trained intents together: who decides when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from alarm import Detector, Scan, load_alarm_content
from engine.nlu.alarm_detector import GENERAL, NET, AlarmDetector

RULES = Detector(load_alarm_content(Path("content/alarm")))
LIMITS = AlarmDetector.get_default_config()
DETECTOR = AlarmDetector(LIMITS, RULES)
NOTHING = Scan(())
DENIED = RULES.scan("ik heb geen koorts")
URGENT = RULES.scan("ik kan niet meer plassen")
ASKED = RULES.scan("alles is doof de laatste tijd")
SCRAP = RULES.scan("alles is doof")
ADVICE = RULES.scan("mijn teen is doof")


def combined(scan: Scan, **chances: float) -> tuple[list[str], list[str]]:
    alarms, questions = DETECTOR.combine(scan, {name: chances.get(name.removeprefix("alarm_"), 0.0) for name in NET})
    return [sign.id for sign in alarms], [sign.id for sign in questions]


def test_the_scans_used_here_are_what_they_are_called() -> None:
    assert [sign.id for sign in URGENT.alarms] == ["CES01_niet_plassen"]
    assert [sign.id for sign in ASKED.questions] == [sign.id for sign in SCRAP.questions] == ["CES05_rijbroek"]
    assert [sign.id for sign in ADVICE.alarms] == ["NEU04_gevoel_een_been"]
    assert DENIED.dismissed


def test_every_general_sign_is_in_the_content() -> None:
    assert all(RULES.sign(name) for name in GENERAL.values())


JUST_NOT = 0.001


@pytest.mark.parametrize(
    ("chances", "alarms", "questions"),
    [
        ({}, [], []),
        ({"spoed": LIMITS["ask_above"] - JUST_NOT}, ["ALG_afspraak"], []),
        ({"spoed": LIMITS["advice_above"] - JUST_NOT}, [], []),
        ({"spoed": LIMITS["ask_above"]}, [], ["ALG_spoed"]),
        ({"spoed": LIMITS["alarm_above"] - JUST_NOT}, [], ["ALG_spoed"]),
        ({"spoed": LIMITS["alarm_above"]}, ["ALG_spoed"], []),
        ({"huisarts": LIMITS["alarm_above"]}, ["ALG_huisarts"], []),
        ({"huisarts": LIMITS["alarm_above"], "spoed": LIMITS["urgent_above"] - JUST_NOT}, ["ALG_huisarts"], []),
        ({"huisarts": LIMITS["alarm_above"], "spoed": LIMITS["urgent_above"]}, ["ALG_spoed"], []),
        ({"112": LIMITS["alarm_above"]}, ["ALG_112"], []),
        ({"112": LIMITS["ask_above"]}, [], ["ALG_112"]),
        ({"112": 0.4, "spoed": 0.6}, ["ALG_112"], []),
        ({"112": 0.3, "spoed": 0.7}, ["ALG_spoed"], []),
        ({"112": LIMITS["urgent_above"], "huisarts": LIMITS["alarm_above"]}, ["ALG_spoed"], []),
        ({"nu_gevaar": LIMITS["crisis_above"]}, ["PSY03_nu_gevaar"], []),
        ({"nu_gevaar": 0.3, "crisis": 0.3}, ["PSY03_nu_gevaar"], []),
        ({"nu_gevaar": 0.2, "crisis": 0.4}, ["ALG_crisis"], []),
        ({"crisis": LIMITS["crisis_ask_above"] - JUST_NOT}, [], []),
        ({"crisis": LIMITS["crisis_ask_above"]}, [], ["ALG_crisis"]),
        ({"crisis": LIMITS["crisis_above"]}, ["ALG_crisis"], []),
        ({"crisis": LIMITS["crisis_ask_above"], "spoed": LIMITS["ask_above"]}, [], ["ALG_spoed", "ALG_crisis"]),
        ({"afspraak": LIMITS["advice_above"] - JUST_NOT}, [], []),
        ({"afspraak": LIMITS["advice_above"]}, ["ALG_afspraak"], []),
    ],
)
def test_where_the_rules_see_nothing_the_net_decides(
    chances: dict[str, float], alarms: list[str], questions: list[str]
) -> None:
    assert combined(NOTHING, **chances) == (alarms, questions)


@pytest.mark.parametrize("chances", [{}, {"spoed": 0.99}, {"huisarts": 0.99}])
def test_an_urgent_rule_needs_no_net(chances: dict[str, float]) -> None:
    assert combined(URGENT, **chances) == (["CES01_niet_plassen"], [])


def test_a_crisis_of_the_net_stands_beside_an_urgent_rule() -> None:
    assert combined(URGENT, crisis=LIMITS["crisis_ask_above"])[0] == ["CES01_niet_plassen", "ALG_crisis"]
    assert combined(URGENT, crisis=LIMITS["crisis_ask_above"] - JUST_NOT)[0] == ["CES01_niet_plassen"]


def test_a_doubtful_crisis_stands_beside_an_alarm_of_the_net() -> None:
    alarms = combined(NOTHING, spoed=LIMITS["alarm_above"], crisis=LIMITS["crisis_ask_above"])[0]
    assert alarms == ["ALG_spoed", "ALG_crisis"]


LONG_DESPAIR = RULES.scan("het is op, ik ben er helemaal klaar mee, met alles")


def test_a_doubt_about_a_crisis_is_put_where_the_net_would_drop_others() -> None:
    asked = [sign.id for sign in LONG_DESPAIR.questions]
    assert asked == ["PSY02_verkapt"]
    assert combined(LONG_DESPAIR, crisis=LIMITS["crisis_doubt_above"]) == ([], asked)
    assert combined(LONG_DESPAIR, crisis=LIMITS["crisis_doubt_above"] - JUST_NOT) == ([], [])


def test_a_doubt_about_a_crisis_stands_beside_an_alarm_of_the_net() -> None:
    alarms = combined(LONG_DESPAIR, huisarts=LIMITS["alarm_above"], crisis=LIMITS["doubt_above"])[0]
    assert alarms == ["ALG_huisarts", "ALG_crisis"]
    alarms = combined(LONG_DESPAIR, huisarts=LIMITS["alarm_above"], crisis=LIMITS["doubt_above"] - JUST_NOT)[0]
    assert alarms == ["ALG_huisarts"]


def test_danger_now_is_not_held_back_by_a_doubt_of_the_rules() -> None:
    scan = RULES.scan("ik kan niet meer")
    assert combined(scan, nu_gevaar=LIMITS["crisis_above"])[0] == ["PSY03_nu_gevaar"]


def test_danger_now_stands_beside_an_alarm_of_112_and_a_lesser_crisis() -> None:
    scan = RULES.scan("Ik heb druk op mijn borst en mijn arm doet pijn. Ik wil dood.")
    assert combined(scan, nu_gevaar=0.99)[0][:2] == ["CAR01_hart", "PSY03_nu_gevaar"]


def test_a_crisis_of_the_rules_is_not_doubled() -> None:
    assert combined(RULES.scan("ik wil dood"), crisis=0.99)[0] == ["PSY01_suicide"]


@pytest.mark.parametrize(
    ("level", "question"), [("spoed", "ALG_spoed"), ("huisarts", "ALG_huisarts"), ("crisis", "ALG_crisis")]
)
def test_what_the_rules_saw_denied_only_a_very_sure_net_asks_about(level: str, question: str) -> None:
    advice = [] if level == "crisis" else ["ALG_afspraak"]
    assert combined(DENIED, **{level: LIMITS["overrule_above"] - JUST_NOT}) == (advice, [])
    assert combined(DENIED, **{level: LIMITS["overrule_above"]}) == ([], [question])


def test_beside_what_the_rules_saw_denied_a_sure_net_still_advises() -> None:
    assert combined(DENIED, afspraak=LIMITS["alarm_above"]) == (["ALG_afspraak"], [])
    assert combined(DENIED, afspraak=LIMITS["alarm_above"] - JUST_NOT) == ([], [])


def test_what_is_past_the_net_does_not_raise() -> None:
    assert combined(RULES.scan("vorig jaar kon ik niet plassen, dat is nu over"), spoed=0.99) == ([], [])


def test_a_question_of_the_rules_is_put_when_the_net_does_not_rule_it_out() -> None:
    assert combined(ASKED, huisarts=LIMITS["doubt_above"]) == ([], ["CES05_rijbroek"])
    assert combined(ASKED, huisarts=LIMITS["doubt_above"] - JUST_NOT) == ([], [])
    assert combined(ASKED, spoed=LIMITS["ask_above"]) == ([], ["CES05_rijbroek", "ALG_spoed"])


def test_a_question_about_a_scrap_needs_no_net() -> None:
    assert combined(SCRAP) == ([], ["CES05_rijbroek"])


def test_doubtful_despair_is_asked_about() -> None:
    scan = RULES.scan("ik kan niet meer")
    assert combined(scan, crisis=LIMITS["crisis_above"]) == ([], ["PSY02_verkapt"])
    assert combined(scan, crisis=LIMITS["overrule_above"])[0] == ["ALG_crisis"]


def test_the_net_makes_an_alarm_of_a_question_by_its_own_name() -> None:
    assert combined(ASKED, spoed=0.99) == (["CES05_rijbroek"], [])


def test_the_net_names_no_sign_that_is_less_urgent_than_it_says() -> None:
    scan = RULES.scan("ik heb verhoging en rugpijn")
    assert [sign.urgency.code for sign in scan.questions] == ["vandaag"]
    assert combined(scan, spoed=0.99)[0] == ["ALG_spoed"]


def test_the_net_may_make_an_alarm_of_advice() -> None:
    assert combined(ADVICE, spoed=0.99)[0] == ["ALG_spoed", "NEU04_gevoel_een_been"]


def test_the_most_urgent_question_comes_first() -> None:
    scan = RULES.scan("ik heb verhoging en rugpijn")
    assert [sign.urgency.code for sign in scan.questions] == ["vandaag"]
    assert combined(scan, spoed=LIMITS["ask_above"])[1][0] == "ALG_spoed"


# ---- what the message becomes ----


def understood(text: str, intent: str = "vraag_sport", confidence: float = 0.9, **chances: float) -> dict[str, Any]:
    alarms = {f"alarm_{name}": chance for name, chance in chances.items()}
    message = Message(
        data={"text": text, "intent": {"name": intent, "confidence": confidence}, "alarm_chances": alarms}
    )
    ranking = [{"name": intent, "confidence": confidence}, *({"name": n, "confidence": c} for n, c in alarms.items())]
    if intent.startswith("alarm_"):
        ranking = [*ranking, {"name": "vraag_slaap", "confidence": 0.1}]
    message.set("intent_ranking", ranking)
    message.set("entities", [{"entity": "activiteit", "value": "fietsen"}])
    return DETECTOR.process([message])[0].as_dict()


def test_an_ordinary_question_is_left_alone() -> None:
    found = understood("mag ik fietsen", spoed=0.01)
    assert found["intent"] == {"name": "vraag_sport", "confidence": 0.9}
    assert [entity["entity"] for entity in found["entities"]] == ["activiteit"]
    assert found["alarm"] == {"signs": [], "questions": [], "urgency": "geen", "crisis": False, "topic": "sport"}


def test_an_alarm_takes_the_place_of_the_intent_and_keeps_the_topic() -> None:
    found = understood("mag ik fietsen, ik kan niet meer plassen")
    assert found["intent"] == {"name": "alarm", "confidence": 1.0}
    assert {"entity": "alarm_signs", "value": "CES01_niet_plassen"}.items() <= found["entities"][-1].items()
    assert found["alarm"]["urgency"] == "spoed_nu"
    assert found["alarm"]["topic"] == "sport"


def test_a_question_takes_the_place_of_the_intent() -> None:
    found = understood("alles is doof", huisarts=0.1)
    assert found["intent"]["name"] == "alarm_vraag"
    assert found["alarm"]["questions"] == ["CES05_rijbroek"]


def test_an_appointment_keeps_the_intent_and_adds_advice() -> None:
    found = understood("mijn teen is doof")
    assert found["intent"]["name"] == "vraag_sport"
    assert found["entities"][-1]["entity"] == "advies"
    assert found["alarm"]["urgency"] == "afspraak"


def test_the_alarm_intents_of_the_net_never_leave_it() -> None:
    found = understood("mijn rug", "alarm_spoed", 0.15, spoed=0.15, huisarts=0.01)
    assert found["intent"]["name"] == "nlu_fallback"
    assert not [r for r in found["intent_ranking"] if r["name"].startswith("alarm_")]


def test_a_question_about_the_subject_is_no_alarm_of_the_net() -> None:
    assert combined(RULES.scan("wat is een hernia"), spoed=LIMITS["overrule_above"] - JUST_NOT) == ([], [])


def test_the_net_may_know_that_it_is_worse_than_the_rules_say() -> None:
    assert combined(RULES.scan("ik heb koorts en rugpijn"), spoed=0.99)[0][0] == "ALG_spoed"


def test_the_net_may_know_that_it_is_a_matter_for_112() -> None:
    assert combined(URGENT, **{"112": LIMITS["worst_above"]})[0] == ["ALG_112", "CES01_niet_plassen"]
    assert combined(URGENT, **{"112": LIMITS["worst_above"] - JUST_NOT})[0] == ["CES01_niet_plassen"]


def test_what_the_rules_doubted_beside_a_lesser_sign_the_net_confirms_by_name() -> None:
    scan = RULES.scan("Ik heb koorts en rugpijn. En alles is doof.")
    assert [sign.id for sign in scan.questions] == ["CES05_rijbroek"]
    assert combined(scan, spoed=LIMITS["worse_above"])[0] == ["CES05_rijbroek", "INF01_koorts"]
    assert combined(scan)[0] == ["INF01_koorts"]


def test_despair_that_the_rules_saw_may_be_danger_now() -> None:
    assert combined(RULES.scan("ik wil dood"), nu_gevaar=0.99)[0] == ["PSY03_nu_gevaar", "PSY01_suicide"]


FOUR = "Ik kan niet plassen. Mijn voet klapt. Mijn kruis is doof. Ik heb koorts en rugpijn."


def test_at_most_three_signs_are_handed_on() -> None:
    assert len(understood(FOUR)["entities"][-1]["value"].split(",")) == 3


def test_a_crisis_is_handed_on_with_the_three_most_urgent_alarms() -> None:
    *others, last = understood(f"{FOUR} Ik wil dood.")["entities"][-1]["value"].split(",")
    assert sorted(others) == ["CES01_niet_plassen", "CES05_rijbroek", "NEU01_klapvoet"]
    assert last == "PSY01_suicide"


def test_a_message_without_text_is_left_alone() -> None:
    message = Message(data={"intent": {"name": "groet", "confidence": 1.0}})
    assert DETECTOR.process([message])[0].get("intent") == {"name": "groet", "confidence": 1.0}
