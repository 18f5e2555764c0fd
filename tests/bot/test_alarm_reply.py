"""The words of an alarm: what to do first, the right number at the right hour, and never silence."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alarm import Act, OpenAlarm, Sign, State, load_alarm_content
from bot.alarm_reply import CALLED, CALM_TEXTS, NO, UNDER_ALARM, WRONG, YES, AlarmVoice
from bot.buttons import resolve
from content import Kind, Library, Reply
from content.hours import doctor_open
from tests.bot.post import post

FOLDER = Path(__file__).parents[2] / "content" / "alarm"
CONTENT = load_alarm_content(FOLDER)
LIBRARY = Library.load()
DEMO, FLEMISH = LIBRARY.practices["demo"], LIBRARY.practices["vlaanderen"]
AFTER = [act for act in Act if act not in {Act.ALARM, Act.QUESTION}]
MONDAY = datetime(2026, 11, 30, 10, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))
NIGHT = MONDAY.replace(hour=3)
BY_CALL = {  # a sign of each of those whom one may have to phone
    "huisarts_nu": "CES01_niet_plassen",
    "huisarts_vandaag": "INF01_koorts",
    "ziekenhuis": "NEU08_na_ingreep",
    "verloskundige": "ZWA01_weeen",
    "112": "CAR01_hart",
    "crisis": "PSY01_suicide",
    "veilig_thuis": "PSY05_geweld",
}
ANSWER = Reply(kind=Kind.ANSWER, topic="vergoeding", paragraphs=("Het zit in je pakket.",), reassurance="Rustig maar.")
SPORT = Reply(
    kind=Kind.ANSWER,
    topic="sport",
    answers=("sport.hoe_vaak",),
    paragraphs=("Ja, dat mag.",),
    step="Kies twee dagen.",
    vangnet=("Bel wel als je ziek wordt.",),
    vangnet_signs=("INF01_koorts",),
)


@pytest.fixture(scope="module")
def voice() -> AlarmVoice:
    """On a Monday morning."""
    return AlarmVoice.load(FOLDER, lambda: MONDAY)


@pytest.fixture(scope="module")
def at_night() -> AlarmVoice:
    """At three in the morning."""
    return AlarmVoice.load(FOLDER, lambda: NIGHT)


@pytest.fixture(scope="module")
def hears(voice: AlarmVoice) -> Callable[[str], Reply | None]:
    """What the rules alone say to a text."""
    return lambda text: voice.of_text(text, DEMO)


def words(reply: Reply) -> str:
    return "\n".join(reply.words)


def signs(*names: str) -> list[Sign]:
    return [CONTENT.signs[name] for name in names]


def kept(name: str, state: State = State.SAID, **more: Any) -> OpenAlarm:
    sign = CONTENT.signs[name]
    return OpenAlarm((name,), state, sign.urgency.code, sign.crisis, remind=True, **more)


# ---- the alarm ----


def test_an_urgent_sign_says_first_whom_to_phone(hears: Callable[[str], Reply | None]) -> None:
    reply = hears("ik kan niet meer plassen")
    assert reply is not None
    assert (reply.kind, reply.urgency, reply.crisis) == (Kind.ALARM, "spoed_nu", False)
    assert reply.paragraphs[0] == "Bel nu je huisarts."
    assert post(DEMO).telefoon in words(reply)
    assert "112" in words(reply)
    assert reply.buttons == UNDER_ALARM
    assert reply.signs == ("CES01_niet_plassen",)


@pytest.mark.parametrize("name", ["CES01_niet_plassen", "NEU01_klapvoet", "INF01_koorts", "CAR01_hart"])
def test_an_alarm_says_what_it_heard(voice: AlarmVoice, name: str) -> None:
    sign = CONTENT.signs[name]
    said = words(voice.alarm([sign], DEMO))
    assert (f"Je schrijft dat {sign.heard}." if sign.heard else f"Je schrijft over: {sign.name[0].lower()}") in said


@pytest.mark.parametrize("name", ["PSY01_suicide", "PSY05_geweld"])
def test_despair_and_violence_are_not_repeated_on_the_screen(voice: AlarmVoice, name: str) -> None:
    assert "Je schrijft" not in words(voice.alarm(signs(name), DEMO))
    assert "Je schreef dat" not in words(voice.keep(ANSWER, DEMO, kept(name)))


def test_the_numbers_are_those_of_the_practice(voice: AlarmVoice) -> None:
    reply = voice.of_text("ik kan niet meer plassen", FLEMISH)
    assert reply is not None
    assert post(FLEMISH).telefoon in words(reply)
    assert post(DEMO).telefoon not in words(reply)


def test_an_unclear_sign_is_a_question_with_the_safety_sentence(hears: Callable[[str], Reply | None]) -> None:
    reply = hears("ik voel niks meer")
    assert reply is not None
    assert (reply.kind, reply.urgency) == (Kind.ALARM_QUESTION, "spoed_nu")
    assert reply.paragraphs[0].endswith("?")
    assert post(DEMO).telefoon in words(reply)
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
    assert not [p for p in (*alarm.words, *question.words) if "{" in p]
    assert all(resolve(button.id, LIBRARY) for button in (*alarm.buttons, *question.buttons))


@pytest.mark.parametrize("name", sorted(CONTENT.signs))
def test_every_alarm_fits_in_one_whatsapp_message_with_buttons(voice: AlarmVoice, name: str) -> None:
    assert len("\n\n".join(voice.alarm([CONTENT.signs[name]], DEMO).words)) <= 1_024


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


# ---- what comes after ----


@pytest.mark.parametrize("text", AFTER)
@pytest.mark.parametrize("practice", LIBRARY.practices.values(), ids=lambda practice: str(practice.id))
@pytest.mark.parametrize("name", BY_CALL.values())
def test_every_reply_to_an_alarm_has_words_for_who_must_be_called(
    voice: AlarmVoice, at_night: AlarmVoice, text: str, practice: Any, name: str
) -> None:
    for speaker in (voice, at_night):
        reply = speaker.of_custom({"kind": "alarm", "signs": name, "text": text}, practice)
        assert reply.signs == (name,)
        assert not [p for p in reply.words if "{" in p or not p.strip()]
        assert (reply.kind, reply.urgency == "geen") == (
            (Kind.SMALLTALK, True) if text in CALM_TEXTS else (Kind.ALARM, CONTENT.signs[name].urgency.code == "geen")
        )


WRONG_PERSON = {  # words that must not stand in what is said of a sign
    "huisarts_vandaag": r"Bel nu je huisarts|Bel dan 112\. Dat mag",
    "ziekenhuis": r"Bel nu je huisarts\.",
    "verloskundige": r"Bel nu je huisarts",
    "112": r"huisarts",
    "crisis": r"huisarts|Doe wat je daar hebt gehoord",
    "veilig_thuis": r"huisarts|arts geweest|113",
}


@pytest.mark.parametrize("text", [Act.AGAIN, Act.WAIT, Act.WILL_CALL, Act.WHY, Act.NOBODY])
@pytest.mark.parametrize(("call", "wrong"), WRONG_PERSON.items())
def test_nobody_is_sent_to_the_wrong_number(voice: AlarmVoice, text: str, call: str, wrong: str) -> None:
    reply = voice.of_custom({"kind": "alarm", "signs": BY_CALL[call], "text": text}, DEMO)
    assert not re.search(wrong, words(reply)), words(reply)


def test_whoever_reaches_nobody_is_told_112_at_spoed_and_not_at_once_today(voice: AlarmVoice) -> None:
    urgent = voice.of_custom({"signs": "CES01_niet_plassen", "text": "na_niemand"}, DEMO)
    today = voice.of_custom({"signs": "INF01_koorts", "text": "na_niemand"}, DEMO)
    assert "Bel dan 112" in words(urgent)
    assert "Probeer het straks nog eens" in words(today)


def test_who_cannot_phone_is_not_told_to_phone(voice: AlarmVoice) -> None:
    for name in BY_CALL.values():
        said = words(voice.of_custom({"signs": name, "text": "na_durf_niet"}, DEMO))
        assert "Lukt bellen niet? Bel" not in said
    assert "app van 112" in words(voice.of_custom({"signs": "CAR01_hart", "text": "na_durf_niet"}, DEMO))


def test_why_is_answered_with_the_signs_own_reason(voice: AlarmVoice) -> None:
    for name in ("CES01_niet_plassen", "INF01_koorts"):
        reason = CONTENT.signs[name].why or CONTENT.texts["waarom_algemeen"].paragraphs[0]
        assert voice.of_custom({"signs": name, "text": "waarom"}, DEMO).paragraphs[0] == reason


def test_despair_beside_another_alarm_is_named_in_every_reply(voice: AlarmVoice) -> None:
    reply = voice.of_custom({"signs": "CES01_niet_plassen,PSY01_suicide", "text": "opnieuw"}, DEMO)
    assert "huisarts" in words(reply)
    assert "113" in words(reply)
    assert reply.crisis


def test_a_text_that_is_missing_becomes_the_alarm_itself(voice: AlarmVoice) -> None:
    reply = voice.of_custom({"kind": "alarm", "signs": "CES01_niet_plassen", "text": "bestaat_niet"}, DEMO)
    assert reply.paragraphs[0] == "Bel nu je huisarts."


# ---- the hour ----


@pytest.mark.parametrize(
    ("moment", "land", "open_"),
    [
        ("2026-11-30T10:00", "NL", True),
        ("2026-11-30T07:59", "NL", False),
        ("2026-11-30T17:00", "NL", False),
        ("2026-11-30T17:30", "BE", True),
        ("2026-11-28T10:00", "NL", False),
        ("2026-12-25T10:00", "NL", False),
        ("2026-04-27T10:00", "NL", False),
        ("2026-04-27T10:00", "BE", True),
        ("2026-07-21T10:00", "BE", False),
    ],
)
def test_when_a_huisarts_answers_the_phone(moment: str, land: Any, open_: bool) -> None:
    assert doctor_open(datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/Amsterdam")), land) is open_


@pytest.mark.parametrize("name", ["CES01_niet_plassen", "INF01_koorts", "MED01_overdosis"])
def test_outside_office_hours_the_huisartsenpost_comes_first(at_night: AlarmVoice, name: str) -> None:
    for practice in (DEMO, FLEMISH):
        first = at_night.alarm(signs(name), practice).paragraphs[0]
        assert post(practice).telefoon in first
        assert post(practice).naam in first
    assert post(DEMO).telefoon in at_night.keep(ANSWER, DEMO, kept(name)).words[0]


# ---- Belgium ----


@pytest.mark.parametrize("sign", ["PSY01_suicide", "PSY03_nu_gevaar", "PSY05_geweld"])
@pytest.mark.parametrize("text", [None, *AFTER])
def test_each_country_has_its_own_help_lines(voice: AlarmVoice, sign: str, text: str | None) -> None:
    custom = {"kind": "alarm", "signs": sign} | ({"text": text} if text else {})
    flemish = words(voice.of_custom(custom, FLEMISH))
    assert not {"113", "0800-2000"} & set(re.findall(r"[\d-]+", flemish))
    if text is None:
        assert {"113", "0800-2000"} & set(re.findall(r"[\d-]+", words(voice.of_custom(custom, DEMO))))
        assert {"1813", "1712"} & set(re.findall(r"[\d-]+", flemish))


def test_nobody_in_flanders_is_sent_to_a_chat_that_is_closed(voice: AlarmVoice) -> None:
    for text in (None, Act.NOBODY, Act.AFRAID, Act.AGAIN):
        said = words(voice.of_custom({"signs": "PSY01_suicide", "text": text}, FLEMISH))
        assert "zelfmoord1813.be" not in said or "van 17 tot 24 uur" in said


def test_who_took_too_much_in_flanders_gets_the_poison_line(voice: AlarmVoice) -> None:
    assert "070 245 245" in words(voice.alarm(signs("MED01_overdosis"), FLEMISH))
    assert "070" not in words(voice.alarm(signs("MED01_overdosis"), DEMO))


# ---- who is ill ----


def test_who_phones_for_another_says_so(voice: AlarmVoice) -> None:
    reply = voice.of_text("mijn moeder kan niet meer plassen", DEMO)
    assert reply is not None
    assert "Ik bel voor mijn moeder." in words(reply)
    assert "Je schrijft over je moeder: niet kunnen plassen." in words(reply)
    again = voice.of_custom({"signs": "CES01_niet_plassen"}, DEMO, kept("CES01_niet_plassen", who="moeder"))
    assert "Ik bel voor mijn moeder." in words(again)


# ---- kept in sight ----


@pytest.mark.parametrize(("call", "name"), BY_CALL.items())
def test_an_ordinary_answer_begins_with_the_reminder(voice: AlarmVoice, call: str, name: str) -> None:
    reply = voice.keep(ANSWER, DEMO, kept(name))
    assert reply.kept == (name,)
    assert reply.paragraphs == ANSWER.paragraphs
    assert reply.reminder
    number = {"crisis": "113", "112": "112", "veilig_thuis": "112"}.get(call, post(DEMO).telefoon)
    assert number in reply.reminder
    assert reply.words[0] == reply.reminder


def test_a_question_that_was_not_answered_is_put_again_above_the_answer(voice: AlarmVoice) -> None:
    reply = voice.keep(ANSWER, DEMO, kept("CES05_rijbroek", State.ASKED))
    assert CONTENT.signs["CES05_rijbroek"].question in (reply.reminder or "")
    assert post(DEMO).telefoon in (reply.reminder or "")


def test_what_waits_behind_a_question_stands_above_it(voice: AlarmVoice) -> None:
    alarm = OpenAlarm(("CES05_rijbroek",), State.ASKED, "112", waiting=("CAR01_hart",))
    reply = voice.of_custom({"kind": "alarm_question", "signs": "CES05_rijbroek"}, DEMO, alarm)
    assert "112" in (reply.reminder or "")
    assert reply.kept == ("CES05_rijbroek", "CAR01_hart")


def test_under_every_reminder_one_can_say_how_it_stands(voice: AlarmVoice) -> None:
    assert voice.keep(ANSWER, DEMO, kept("CES01_niet_plassen")).buttons[-2:] == (CALLED, WRONG)
    assert voice.keep(ANSWER, DEMO, kept("CES05_rijbroek", State.ASKED)).buttons[-2:] == (YES, NO)


@pytest.mark.parametrize(
    "alarm",
    [
        None,
        OpenAlarm(("CES01_niet_plassen",), State.CALLED, "spoed_nu", remind=True),
        OpenAlarm(("INF01_koorts",), State.SAID, "vandaag", remind=False),
    ],
)
def test_without_an_alarm_in_sight_a_reply_stays_as_it_is(voice: AlarmVoice, alarm: OpenAlarm | None) -> None:
    assert voice.keep(SPORT, DEMO, alarm) is SPORT


@pytest.mark.parametrize("name", ["CES01_niet_plassen", "CAR01_hart", "PSY01_suicide"])
def test_what_could_do_harm_waits_while_an_alarm_is_urgent(voice: AlarmVoice, name: str) -> None:
    reply = voice.keep(SPORT, DEMO, kept(name))
    assert "Ja, dat mag." not in words(reply)
    assert (reply.step, reply.vangnet, reply.answers) == (None, (), ())
    assert "praten we" in words(reply)
    assert reply.buttons == UNDER_ALARM
    assert reply.reminder
    assert "Ja, dat mag." in words(voice.keep(SPORT, DEMO, kept("INF01_koorts")))


def test_no_reassurance_stands_under_an_urgent_alarm(voice: AlarmVoice) -> None:
    assert voice.keep(ANSWER, DEMO, kept("CES01_niet_plassen")).reassurance is None
    assert voice.keep(ANSWER, DEMO, kept("INF01_koorts")).reassurance


def test_what_is_said_of_an_open_alarm_counts_as_keeping_it(voice: AlarmVoice) -> None:
    reply = voice.of_custom({"signs": "INF01_koorts", "text": "na_gaat_bellen"}, DEMO, kept("INF01_koorts"))
    assert (reply.urgency, reply.kept) == ("geen", ("INF01_koorts",))
