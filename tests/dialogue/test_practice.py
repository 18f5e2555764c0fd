"""Questions about the practice on the running system, answered from its own data; and the yes that comes first."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from content import Library
from tests.dialogue.chat import Chat

NewChat = Callable[..., Chat]
LIBRARY = Library.load()


@pytest.mark.parametrize("text", ["zijn jullie nu open?", "is de praktijk nu open"])
@pytest.mark.parametrize("practice", ["demo", "vlaanderen"])
def test_open_now(new_chat: NewChat, practice: str, text: str) -> None:
    chat = new_chat(practice).says(text).sees(kind="answer", topic="afspraak_contact")
    assert chat.replies[0]["paragraphs"][0].startswith(("Ja, we zijn nu open.", "Nee, we zijn nu dicht."))
    chat.sees(LIBRARY.practices[practice].telefoon)


def test_open_on_a_holiday(chat: Chat) -> None:
    chat.says("zijn jullie open met kerst?").sees("25 december", "zijn we dicht", topic="afspraak_contact")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("wat kost een behandeling", "kosten"),
        ("waar kan ik parkeren", "parkeren"),
        ("kan ik mijn afspraak afzeggen", "afzeggen"),
        ("hoe maak ik een afspraak", "afspraak_url"),
        ("heb ik een verwijzing nodig", "verwijzing"),
    ],
)
@pytest.mark.parametrize("practice", ["demo", "vlaanderen"])
def test_the_practices_own_words(new_chat: NewChat, practice: str, text: str, field: str) -> None:
    new_chat(practice).says(text).sees(LIBRARY.practices[practice].fields()[field], kind="answer")


def test_before_the_yes_only_an_alarm_is_answered(new_chat: NewChat, base_url: str) -> None:
    chat = Chat(base_url, consent=False)
    refused = chat.post({"text": "mag ik sporten met rugpijn?"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "consent_needed")
    chat.says("ik kan niet meer plassen sinds gisteren").sees("bel nu je huisarts", kind="alarm")
    chat.presses("Ik krijg niemand").sees("112", kind="alarm")
    assert [message["author"] for message in chat.history()] == ["assistant"], "nothing of it was kept"
