"""The words of an alarm: what to do first, the practice's numbers, and never silence."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alarm import Sign, load_alarm_content
from bot.alarm_reply import AFRAID, CALLED, NO, NOBODY, WRONG, YES, AlarmVoice
from bot.buttons import resolve
from content import Kind, Library, Reply

FOLDER = Path(__file__).parents[2] / "content" / "alarm"
CONTENT = load_alarm_content(FOLDER)
LIBRARY = Library.load()
DEMO = LIBRARY.practices["demo"]
AFTER = ["controle", "opnieuw", "na_gebeld", "na_niemand", "na_durf_niet", "na_klopt_niet"]


@pytest.fixture(scope="module")
def voice() -> AlarmVoice:
    return AlarmVoice.load(FOLDER)


@pytest.fixture(scope="module")
def hears(voice: AlarmVoice) -> Callable[[str], Reply | None]:
    """What the rules alone say to a text."""
    return lambda text: voice.of_scan(voice.scan(text), DEMO)


def words(reply: Reply) -> str:
    return "\n".join(reply.paragraphs)


def signs(*names: str) -> list[Sign]:
    return [CONTENT.signs[name] for name in names]


def test_an_urgent_sign_says_first_whom_to_phone(hears: Callable[[str], Reply | None]) -> None:
    reply = hears("ik kan niet meer plassen")
    assert reply is not None
    assert (reply.kind, reply.urgency, reply.crisis) == (Kind.ALARM, "spoed_nu", False)
    assert reply.paragraphs[0] == "Bel nu je huisarts."
    assert DEMO.huisartsenpost.telefoon in words(reply)
    assert "112" in words(reply)
    assert reply.buttons == (CALLED, NOBODY, AFRAID, WRONG)
    assert reply.signs == ("CES01_niet_plassen",)


def test_the_numbers_are_those_of_the_practice(voice: AlarmVoice) -> None:
    belgian = LIBRARY.practices["vlaanderen"]
    reply = voice.of_scan(voice.scan("ik kan niet meer plassen"), belgian)
    assert reply is not None
    assert belgian.huisartsenpost.telefoon in words(reply)
    assert DEMO.huisartsenpost.telefoon not in words(reply)


def test_an_unclear_sign_is_a_question_with_the_safety_sentence(hears: Callable[[str], Reply | None]) -> None:
    reply = hears("ik voel niks meer")
    assert reply is not None
    assert (reply.kind, reply.urgency) == (Kind.ALARM_QUESTION, "spoed_nu")
    assert reply.paragraphs[0].endswith("?")
    assert DEMO.huisartsenpost.telefoon in words(reply)
    assert reply.buttons == (YES, NO)


@pytest.mark.parametrize("text", ["mag ik hardlopen", "geen koorts", "wat is een klapvoet?", ""])
def test_no_sign_is_no_reply(hears: Callable[[str], Reply | None], text: str) -> None:
    assert hears(text) is None


def test_an_appointment_is_no_alarm(hears: Callable[[str], Reply | None]) -> None:
    assert hears("mijn teen is doof") is None


def test_a_crisis_names_113_and_112(hears: Callable[[str], Reply | None]) -> None:
    reply = hears("ik wil niet meer leven")
    assert reply is not None
    assert (reply.kind, reply.crisis) == (Kind.ALARM, True)
    assert "113" in words(reply)
    assert "112" in words(reply)


def test_a_crisis_stands_beside_another_alarm(hears: Callable[[str], Reply | None]) -> None:
    reply = hears("Ik kan niet meer plassen. Ik wil dood.")
    assert reply is not None
    assert (reply.urgency, reply.crisis) == ("spoed_nu", True)
    assert reply.paragraphs[0] == "Bel nu je huisarts."
    assert "113" in words(reply)


def test_another_alarm_stands_beside_a_crisis_in_present_danger(voice: AlarmVoice) -> None:
    reply = voice.alarm(signs("PSY03_nu_gevaar", "CES01_niet_plassen"), DEMO)
    assert reply.paragraphs[0].startswith("Bel nu 112.")
    assert "plassen" in words(reply)


def test_two_signs_of_a_crisis_are_said_once(voice: AlarmVoice) -> None:
    reply = voice.alarm(signs("PSY01_suicide", "PSY03_nu_gevaar"), DEMO)
    assert reply.paragraphs == voice.alarm(signs("PSY03_nu_gevaar"), DEMO).paragraphs
    assert (reply.urgency, reply.crisis) == ("112", True)


def test_two_signs_are_one_alarm_that_names_the_other(voice: AlarmVoice) -> None:
    reply = voice.alarm(signs("INF01_koorts", "CES01_niet_plassen"), DEMO)
    assert reply.signs == ("CES01_niet_plassen", "INF01_koorts")
    assert reply.urgency == "spoed_nu"
    assert reply.paragraphs[-1] == f"Noem ook: {CONTENT.signs['INF01_koorts'].name.lower()}."


@pytest.mark.parametrize("name", sorted(CONTENT.signs))
@pytest.mark.parametrize("practice", LIBRARY.practices.values(), ids=lambda practice: str(practice.id))
def test_every_sign_can_be_said_and_asked(voice: AlarmVoice, name: str, practice: Any) -> None:
    sign = CONTENT.signs[name]
    alarm, question = voice.alarm([sign], practice), voice.question([sign], practice)
    assert alarm.urgency == question.urgency == sign.urgency.code
    assert alarm.crisis == question.crisis == sign.crisis
    assert not [p for p in (*alarm.paragraphs, *question.paragraphs) if "{" in p]
    assert all(resolve(button.id, LIBRARY) for button in (*alarm.buttons, *question.buttons))


@pytest.mark.parametrize("name", sorted(CONTENT.signs))
def test_every_alarm_fits_in_one_whatsapp_message_with_buttons(voice: AlarmVoice, name: str) -> None:
    assert len("\n\n".join(voice.alarm([CONTENT.signs[name]], DEMO).paragraphs)) <= 1_024


@pytest.mark.parametrize("custom", [{"signs": ""}, {"signs": None}, {"signs": "BESTAAT_NIET"}, {"signs": "None"}, {}])
def test_a_sign_that_is_not_known_is_general_urgency(voice: AlarmVoice, custom: dict[str, Any]) -> None:
    reply = voice.of_custom({"kind": "alarm", **custom}, DEMO)
    assert reply.kind is Kind.ALARM
    assert reply.signs == ("ALG_spoed",)
    assert "112" in words(reply)


def test_rasas_question_is_a_question(voice: AlarmVoice) -> None:
    reply = voice.of_custom({"kind": "alarm_question", "signs": "CES05_rijbroek,INF01_koorts"}, DEMO)
    assert reply.kind is Kind.ALARM_QUESTION
    assert reply.paragraphs[0] == CONTENT.signs["CES05_rijbroek"].question


@pytest.mark.parametrize("text", AFTER)
def test_every_button_under_an_alarm_has_an_answer(voice: AlarmVoice, text: str) -> None:
    reply = voice.of_custom({"kind": "alarm", "signs": "CES01_niet_plassen", "text": text}, DEMO)
    assert reply.paragraphs == DEMO.fill(CONTENT.texts[text].paragraphs)
    assert reply.signs == ("CES01_niet_plassen",)


@pytest.mark.parametrize(
    ("text", "look"),
    [
        ("na_gebeld", Kind.SMALLTALK),
        ("na_klopt_niet", Kind.SMALLTALK),
        ("controle", Kind.SMALLTALK),
        ("na_niemand", Kind.ALARM),
        ("na_durf_niet", Kind.ALARM),
        ("opnieuw", Kind.ALARM),
    ],
)
def test_only_what_is_still_urgent_looks_like_an_alarm(voice: AlarmVoice, text: str, look: Kind) -> None:
    reply = voice.of_custom({"kind": "alarm", "signs": "CES01_niet_plassen", "text": text}, DEMO)
    assert reply.kind is look
    assert (reply.urgency == "geen") == (look is Kind.SMALLTALK)


def test_whoever_reaches_nobody_is_told_112(voice: AlarmVoice) -> None:
    reply = voice.of_custom({"kind": "alarm", "signs": "CES01_niet_plassen", "text": "na_niemand"}, DEMO)
    assert "Bel dan 112" in words(reply)


def test_a_text_that_is_missing_becomes_the_alarm_itself(voice: AlarmVoice) -> None:
    reply = voice.of_custom({"kind": "alarm", "signs": "CES01_niet_plassen", "text": "bestaat_niet"}, DEMO)
    assert reply.paragraphs[0] == "Bel nu je huisarts."


@pytest.mark.parametrize("sign", ["PSY01_suicide", "PSY03_nu_gevaar", "PSY05_geweld"])
def test_each_country_has_its_own_help_lines(voice: AlarmVoice, sign: str) -> None:
    custom = {"kind": "alarm", "signs": sign}
    dutch = words(voice.of_custom(custom, DEMO))
    flemish = words(voice.of_custom(custom, LIBRARY.practices["vlaanderen"]))
    assert {"113", "0800-2000"} & set(re.findall(r"[\d-]+", dutch))
    assert {"1813", "1712"} & set(re.findall(r"[\d-]+", flemish))
    assert not {"113", "0800-2000"} & set(re.findall(r"[\d-]+", flemish))
