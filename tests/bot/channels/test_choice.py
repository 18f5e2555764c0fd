"""What people type in place of pressing a button."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.alarm_reply import AFRAID, CALLED, NO, NOBODY, WRONG, YES, AlarmVoice
from bot.channels.choice import chosen
from bot.channels.layout import Choice, offered
from content import Button, Kind, Library, Reply

ROOT = Path(__file__).parents[3] / "content"
LIBRARY = Library.load(ROOT)
VOICE = AlarmVoice.load(ROOT / "alarm")


def alarming(text: str) -> bool:
    scan = VOICE.scan(text)
    return bool(scan.alarms or scan.questions)


def choices(*buttons: Button) -> tuple[Choice, ...]:
    return offered([Reply(kind=Kind.SUGGESTION, paragraphs=("x",), buttons=buttons)])


def topic(name: str) -> Button:
    found = LIBRARY.topics[name]
    return Button(id=f"topic.{name}", title=found.title, short=found.button)


MORE = Button(id="more.sport", title="Vertel meer", short="Vertel meer")
UP = Button(id="feedback.yes", title="Dit helpt mij", short="Helpt mij")
DOWN = Button(id="feedback.no", title="Dit helpt mij niet", short="Helpt niet")
ANSWER = choices(MORE, topic("opbouwen"), topic("krachttraining"), UP, DOWN)
ALARM = choices(CALLED, NOBODY, AFRAID, WRONG)
QUESTION = choices(YES, NO)


def pick(text: str, among: tuple[Choice, ...]) -> str | None:
    button = chosen(text, among, alarming)
    return button.id if button else None


@pytest.mark.parametrize(
    "text", ["1", " 1 ", "1.", "1)", "(1)", "nr 1", "Nr. 1", "nummer 1", "optie 1", "keuze 1", "één", "een", "1e"]
    + ["de eerste", "eerste", "nummer een", "1️⃣", "①", "nummer één!"],
)  # fmt: skip
def test_a_number_is_a_choice(text: str) -> None:
    assert pick(text, ANSWER) == "more.sport"


@pytest.mark.parametrize(
    "text",
    ["2 graag", "doe maar 2", "nummer twee", "ik kies 2", "de tweede graag", "2 alsjeblieft", "doe mij maar nummer 2"]
    + ["ok doe dan maar optie twee aub", "liever 2", "2, dank je wel", "ik wil graag de tweede"],
)
def test_a_number_with_polite_words_is_a_choice(text: str) -> None:
    assert pick(text, ANSWER) == ANSWER[1].button.id


@pytest.mark.parametrize(
    "text", ["dank je wel", "graag", "ik doe er 2 per dag", "2 weken graag", "ja graag", "doe maar", "ik neem 2 pillen"]
)
def test_polite_words_alone_or_with_more_are_a_message(text: str) -> None:
    assert pick(text, ANSWER) is None


def test_each_number_is_its_own_choice() -> None:
    assert [pick(str(choice.number), ANSWER) for choice in ANSWER] == [choice.button.id for choice in ANSWER]


@pytest.mark.parametrize(
    "text", ["0", "6", "39", "112", "38,5", "1 2", "5 weken", "2 pillen", "-", "", "  ", "?", "👍"]
)
def test_other_numbers_and_signs_are_a_message(text: str) -> None:
    assert pick(text, ANSWER) is None


@pytest.mark.parametrize(
    ("text", "button"),
    [
        ("vertel meer", "more.sport"),
        ("VERTEL MEER!", "more.sport"),
        ("vertel", "more.sport"),
        ("vertel  mer", "more.sport"),
        ("vertl meer", "more.sport"),
        ("verte lmeer", "more.sport"),
        ("krachttraining", "topic.krachttraining"),
        ("krachtraining", "topic.krachttraining"),
        ("krach", "topic.krachttraining"),
        ("dit helpt mij", "feedback.yes"),
        ("dit helpt mij niet", "feedback.no"),
        ("dit helpd mij niet", "feedback.no"),
        ("helpt niet", "feedback.no"),
        ("dit hepl mij", "feedback.yes"),
    ],
)
def test_a_label_its_beginning_or_a_typo_is_a_choice(text: str, button: str) -> None:
    assert pick(text, ANSWER) == button


@pytest.mark.parametrize(
    ("text", "button"),
    [
        ("ik heb gebeld", "alarm.called"),
        ("ik heb gebelt", "alarm.called"),
        ("ik krijg niemand", "alarm.nobody"),
        ("ik durf niet", "alarm.afraid"),
        ("ik durf niet te bellen", "alarm.afraid"),
        ("dit klopt niet", "alarm.wrong"),
        ("dit klop niet", "alarm.wrong"),
    ],
)
def test_the_choices_under_an_alarm_can_be_typed(text: str, button: str) -> None:
    assert pick(text, ALARM) == button


@pytest.mark.parametrize(
    "text", ["dit klopt", "ik krijg iemand", "ik durf", "ik heb niet gebeld", "ik heb", "ik", "dit"]
)
def test_the_opposite_of_a_label_is_not_taken_for_it(text: str) -> None:
    assert pick(text, ALARM) is None


@pytest.mark.parametrize("text", ["wat", "wat?", "hoe", "mag ik", "waarom", "help", "ik wil"])
def test_a_word_that_only_asks_chooses_nothing(text: str) -> None:
    assert pick(text, choices(*(topic(name) for name in list(LIBRARY.topics)[:10]))) is None


@pytest.mark.parametrize(
    ("text", "button"), [("ja", "alarm.yes"), ("Ja!", "alarm.yes"), ("nee", "alarm.no"), ("2", "alarm.no")]
)
def test_yes_and_no(text: str, button: str) -> None:
    assert pick(text, QUESTION) == button


def test_what_fits_two_labels_is_a_message() -> None:
    both = choices(
        Button(id="a", title="Oefenen thuis", short="Thuis"), Button(id="b", title="Oefenen buiten", short="Buiten")
    )
    assert pick("oefenen", both) is None
    assert pick("oefenen b", both) == "b"


def test_a_message_with_an_alarm_sign_is_never_a_near_match() -> None:
    label = Button(id="a", title="Ik kan niet meer plassen wat nu", short="Plassen")
    assert pick("ik kan niet meer plassen", choices(label)) is None


@pytest.mark.parametrize("name", LIBRARY.topics)
def test_every_label_of_the_content_is_its_own_choice(name: str) -> None:
    among = choices(topic(name), *(topic(other) for other in LIBRARY.topics[name].follow_up), UP, DOWN)
    for label in (LIBRARY.topics[name].title, LIBRARY.topics[name].button):
        assert pick(label, among) == f"topic.{name}"
