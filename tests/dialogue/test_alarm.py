"""Alarm signs in a talk on the running system: what is said, and what comes after."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.dialogue.chat import Chat

NewChat = Callable[..., Chat]
PASSING_WATER = "ik kan sinds gisteren niet meer plassen en mijn rug doet zeer"
CHEST = "ik heb pijn op mijn borst en kan niet ademen"
FEVER = "ik heb koorts en rugpijn, 39 graden"
DESPAIR = "ik wil niet meer leven"
POST = "030 - 000 00 99"  # huisartsenpost of the demo practice
# Which of these is doubtful enough for a question is for the detector to decide; one of them should be.
DOUBTFUL = ("alles is doof", "laatst een ongeluk gehad", "mijn plassen is anders dan anders")


@pytest.fixture
def asked(new_chat: NewChat) -> Chat:
    """A chat whose last reply is an alarm question."""
    for line in DOUBTFUL:
        chat = new_chat().says(line)
        if chat.replies[0]["kind"] == "alarm_question":
            return chat
    pytest.fail(f"none of {DOUBTFUL} gets a question")


def is_calm(chat: Chat) -> None:
    reply = chat.replies[0]
    assert not reply["kind"].startswith("alarm"), reply
    assert reply["urgency"] in {"geen", "afspraak"}, reply
    assert not reply["crisis"], reply


# ---------------------------------------------------------------- alarms, from anywhere


@pytest.mark.parametrize(
    ("text", "urgency", "number"),
    [
        (PASSING_WATER, "spoed_nu", POST),
        ("gevoelloos tussen mijn benen sinds vanmorgen", "spoed_nu", POST),
        ("mijn vrouw zegt dat mijn voet sleept", "spoed_nu", POST),
        (CHEST, "112", "112"),
        (FEVER, "vandaag", POST),
        ("KAN NIE MEER PLASSE EN ME RUG IS KAPOT", "spoed_nu", POST),
    ],
)
def test_an_alarm_as_the_first_message(chat: Chat, text: str, urgency: str, number: str) -> None:
    chat.says(text).sees(number, kind="alarm", urgency=urgency)
    first = chat.replies[0]
    assert first["paragraphs"][0].startswith("Bel "), "what to do comes first"
    assert first["reassurance"] is None
    assert first["image"] is None
    assert [button["id"] for button in first["buttons"]] == [
        "alarm.called",
        "alarm.nobody",
        "alarm.afraid",
        "alarm.wrong",
    ]


def test_an_alarm_in_mid_talk(chat: Chat) -> None:
    chat.says("wat is artrose?").says("vertel meer").says("en fietsen?")
    chat.says(PASSING_WATER).sees(POST, kind="alarm", urgency="spoed_nu")


def test_an_alarm_after_a_suggestion(chat: Chat) -> None:
    chat.says("rug").says("iets met mijn rug en zo").says(PASSING_WATER).sees(POST, kind="alarm", urgency="spoed_nu")


def test_an_alarm_after_an_alarm(chat: Chat) -> None:
    chat.says(FEVER).sees(kind="alarm", urgency="vandaag")
    chat.says(CHEST).sees("112", kind="alarm", urgency="112")


def test_the_topic_is_still_reported_on_an_alarm(chat: Chat) -> None:
    chat.says("mag ik sporten? ik kan trouwens niet meer plassen sinds gisteren").sees(kind="alarm", topic="sport")


def test_the_second_practice_gives_its_own_numbers(new_chat: NewChat) -> None:
    new_chat(practice="vlaanderen").says(PASSING_WATER).sees("1733", kind="alarm").sees_no(POST)


# ---------------------------------------------------------------- no alarm


@pytest.mark.parametrize(
    "text",
    [
        "geen koorts, plassen gaat goed. mag ik sporten?",
        "ik heb geen doof gevoel en geen krachtverlies, mag ik fietsen?",
        "wat is een caudasyndroom?",
        "wat zijn de alarmsignalen bij rugpijn",
        "vorig jaar kon ik niet plassen, dat is nu over. mag ik sporten?",
        "ik schaam me dood, mag ik sporten met rugpijn?",
    ],
)
def test_denied_asked_about_or_long_past_stays_calm(chat: Chat, text: str) -> None:
    is_calm(chat.says(text))


# ---------------------------------------------------------------- the alarm question


def test_a_question_carries_the_safety_sentence_already(asked: Chat) -> None:
    asked.sees("twijfel je", "bel dan")
    assert [button["title"] for button in asked.replies[0]["buttons"]] == ["Ja", "Nee"]
    assert asked.replies[0]["urgency"] != "geen"


@pytest.mark.parametrize("reply", ["ja", "ja hoor", "klopt", "misschien", "asdf"])
def test_yes_or_an_unclear_word_counts_as_present(asked: Chat, reply: str) -> None:
    asked.says(reply).sees("bel", kind="alarm")


def test_the_yes_button_counts_as_present(asked: Chat) -> None:
    asked.presses("Ja").sees("bel", kind="alarm")


@pytest.mark.parametrize("reply", ["nee", "nee hoor", "neuh"])
def test_no_clears_it_and_the_talk_goes_on(asked: Chat, reply: str) -> None:
    is_calm(asked.says(reply))
    asked.sees("verkeerd begrepen", "huisarts")
    asked.says("mag ik sporten met rugpijn?").sees(topic="sport", kind="answer")


def test_the_no_button_clears_it(asked: Chat) -> None:
    is_calm(asked.presses("Nee"))
    asked.says("mag ik sporten met rugpijn?").sees(topic="sport", kind="answer")


# ---------------------------------------------------------------- after an alarm


@pytest.mark.parametrize(("alarm", "worse"), [(PASSING_WATER, "112"), (FEVER, "bel dan opnieuw")])
def test_i_have_called(chat: Chat, alarm: str, worse: str) -> None:
    is_calm(chat.says(alarm).presses("Ik heb gebeld"))
    chat.sees("goed dat je gebeld hebt", worse)
    chat.says("mag ik sporten met rugpijn?").sees(topic="sport", kind="answer", reminder=None)


def test_nobody_answers(chat: Chat) -> None:
    chat.says(PASSING_WATER).presses("Ik krijg niemand").sees("bel dan 112", kind="alarm", urgency="spoed_nu")


def test_nobody_answers_today(chat: Chat) -> None:
    chat.says(FEVER).presses("Ik krijg niemand").sees("probeer het straks nog eens", POST, urgency="vandaag")


def test_afraid_to_call(chat: Chat) -> None:
    chat.says(PASSING_WATER).presses("Ik durf niet te bellen").sees("laat een ander bellen", "112", kind="alarm")


def test_this_is_wrong(chat: Chat) -> None:
    is_calm(chat.says(PASSING_WATER).presses("Dit klopt niet"))
    chat.sees("verkeerd begrepen", "bel dan je huisarts")
    chat.says("mag ik sporten met rugpijn?").sees(topic="sport", kind="answer")


def test_one_button_after_the_other(chat: Chat) -> None:
    chat.says(PASSING_WATER).presses("Ik krijg niemand").presses("Ik durf niet te bellen").presses("Ik heb gebeld")
    is_calm(chat)


@pytest.mark.parametrize("word", ["ach het valt wel mee", "nee hoor", "laat maar"])
def test_playing_down_gets_the_instruction_again(chat: Chat, word: str) -> None:
    chat.says(PASSING_WATER).says(word).sees("bel", "112", POST, kind="alarm", urgency="spoed_nu")


def test_thanks_after_an_alarm_is_taken_as_thanks(chat: Chat) -> None:
    is_calm(chat.says(PASSING_WATER).says("dank je wel"))


def test_an_urgent_alarm_stays_above_every_answer(chat: Chat) -> None:
    chat.says(PASSING_WATER)
    for question in ("wat is artrose?", "wat kost een behandeling?", "wat is een hernia?"):
        chat.says(question)
        assert "plassen" in chat.replies[0]["reminder"]
        assert POST in chat.replies[0]["reminder"]
        assert chat.replies[0]["kept"] == ["CES01_niet_plassen"]


def test_sport_waits_until_somebody_has_called(chat: Chat) -> None:
    chat.says(PASSING_WATER).says("mag ik sporten met rugpijn?").sees("als je gebeld hebt")
    assert chat.replies[0]["kind"] != "answer"
    chat.says("ik heb gebeld").sees("goed dat je gebeld hebt")
    chat.says("mag ik sporten met rugpijn?").sees(topic="sport", kind="answer", reminder=None)


def test_an_alarm_of_today_is_named_twice_and_then_left_alone(chat: Chat) -> None:
    chat.says(FEVER)
    questions = ("wat is artrose?", "wat is een hernia?", "wat kost een behandeling?")
    reminders = [chat.says(question).replies[0]["reminder"] for question in questions]
    assert [bool(reminder) for reminder in reminders] == [True, True, False]


@pytest.mark.parametrize("said", ["ik wacht wel tot maandag", "ik bel morgen wel"])
def test_who_waits_is_told_not_to(chat: Chat, said: str) -> None:
    chat.says(PASSING_WATER).says(said).sees("wacht hier niet mee", "112", kind="alarm", urgency="spoed_nu")


def test_who_will_call_is_told_how_and_reminded(chat: Chat) -> None:
    is_calm(chat.says(PASSING_WATER).says("ik ga nu bellen"))
    chat.sees("goed", POST)
    assert chat.says("wat is artrose?").replies[0]["reminder"]


def test_why_gets_a_reason(chat: Chat) -> None:
    chat.says(PASSING_WATER).says("waarom?").sees("daarom", kind="alarm")


@pytest.mark.parametrize("said", ["o nee ik kan gewoon plassen hoor", "dat klopt niet, zo bedoelde ik het niet"])
def test_a_denial_in_own_words_clears_it(chat: Chat, said: str) -> None:
    is_calm(chat.says(PASSING_WATER).says(said))
    chat.says("mag ik sporten met rugpijn?").sees(topic="sport", kind="answer", reminder=None)


def test_who_is_ill_is_named_on_the_phone(chat: Chat) -> None:
    chat.says("mijn moeder kan niet meer plassen").sees("ik bel voor mijn moeder", kind="alarm")


def test_the_alarm_stays_in_the_talk_after_a_reload(chat: Chat) -> None:
    chat.says(PASSING_WATER)
    alarm = chat.replies[0]
    assert chat.history()[-1]["reply"] == alarm


# ---------------------------------------------------------------- crisis


def test_a_crisis_shows_113_and_112_apart(chat: Chat) -> None:
    chat.says(DESPAIR).sees(kind="alarm", crisis=True)
    paragraphs = chat.replies[0]["paragraphs"]
    with_113 = [p for p in paragraphs if "113" in p]
    with_112 = [p for p in paragraphs if "112" in p]
    assert with_113
    assert with_112
    assert not set(with_113) & set(with_112), paragraphs


def test_a_crisis_beside_another_alarm_keeps_both(chat: Chat) -> None:
    chat.says("ik kan niet meer plassen en ik wil niet meer leven")
    chat.sees("huisarts", "113", "112", kind="alarm", urgency="spoed_nu", crisis=True)
    assert chat.replies[0]["paragraphs"][0].startswith("Bel nu")


def test_a_crisis_in_mid_talk(chat: Chat) -> None:
    chat.says("ik slaap slecht door mijn rug").says("eerlijk gezegd hoop ik elke avond dat ik niet meer wakker word")
    chat.sees("113", "112", crisis=True)


# ---------------------------------------------------------------- found while testing


def test_doubt_counts_as_present(asked: Chat) -> None:
    asked.says("weet ik niet").sees("bel", kind="alarm")


@pytest.mark.parametrize("answer", ["nee", "nog niet gebeld", "nee ik heb niet gebeld"])
def test_not_called_yet_gets_the_instruction_again(chat: Chat, answer: str) -> None:
    chat.says(PASSING_WATER).says(answer).sees("bel", "112", kind="alarm", urgency="spoed_nu")


@pytest.mark.parametrize("said", ["nee ik voel daar niks", "nee het voelt minder", "ja en nee"])
def test_a_no_that_names_the_sign_is_the_sign(chat: Chat, said: str) -> None:
    chat.says("alles is doof").sees(kind="alarm_question")
    chat.says(said).sees("bel", kind="alarm")


def test_a_question_that_is_passed_over_stays_in_sight(asked: Chat) -> None:
    reminder = asked.says("wat is artrose?").replies[0]["reminder"]
    assert "?" in reminder
    assert [button["id"] for button in asked.replies[0]["buttons"]][-2:] == ["alarm.yes", "alarm.no"]


def test_playing_down_a_112_sign_is_sent_to_112_again(chat: Chat) -> None:
    chat.says(CHEST).sees(urgency="112").says("ach het valt wel mee").sees("112", kind="alarm", urgency="112")
    assert "112" in chat.replies[0]["paragraphs"][0] + chat.replies[0]["paragraphs"][1]
    chat.sees_no("bel nu je huisarts")


@pytest.mark.parametrize("what", ["ach laat maar", ">Ik krijg niemand", ">Ik durf niet te bellen"])
def test_after_a_crisis_113_is_named_again(chat: Chat, what: str) -> None:
    chat.says(DESPAIR).sees(crisis=True)
    (chat.presses(what[1:]) if what.startswith(">") else chat.says(what)).sees("113", "112", crisis=True)


def test_who_has_called_113_is_not_told_to_obey_the_doctor(chat: Chat) -> None:
    chat.says(DESPAIR).presses("Ik heb gebeld").sees_no("doe wat de arts zegt")


def test_playing_down_twice_gets_the_instruction_twice(chat: Chat) -> None:
    chat.says(DESPAIR).says("ach laat maar").sees(kind="alarm").says("het gaat wel weer").sees(kind="alarm")


def test_osteoporosis_said_in_an_alarm_is_remembered(chat: Chat) -> None:
    chat.says("ik heb osteoporose en ben gisteren gevallen, nu veel pijn in mijn rug").sees(kind="alarm")
    chat.presses("Ik heb gebeld")
    lines = [chat.says("ik durf niet te bukken").replies[0]["reassurance"] or "" for _ in range(5)]
    assert not any(word in line for line in lines for word in ("sterk", "stevig", "kan meer", "aankan", "dragen")), (
        lines
    )
