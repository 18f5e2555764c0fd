"""A talk in the terminal: what is typed goes to the system, what comes back is plain text with numbers to choose."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from bot.praat import Terminal, pieces, talk
from content import Button, Kind, Reply

MORE = Button(id="more.sport", title="Vertel meer", short="Vertel meer")
GREETING = Reply(kind=Kind.SMALLTALK, paragraphs=("Hoi!",))
ANSWER = Reply(
    kind=Kind.ANSWER,
    topic="sport",
    heard="Wat vervelend.",
    paragraphs=("Meestal wel.",),
    answers=("sport",),
    vangnet=("Bel wel je huisarts bij koorts.",),
    vangnet_signs=("INF01_koorts",),
    buttons=(MORE,),
)


class FakeSystem:
    """Answers everything with ANSWER, and keeps what it was sent."""

    def __init__(self, status: int = 200) -> None:
        self.sent: list[dict[str, Any]] = []
        self._status = status

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        if request.url.path == "/api/conversations":
            messages = [{"reply": GREETING.to_json()}]
            return httpx.Response(201, json={"id": "abc", "token": "t", "messages": messages})
        assert request.headers["Authorization"] == "Bearer t"
        self.sent.append(body)
        if self._status != 200:
            return httpx.Response(self._status, json={"error": {"code": "x", "message": "Dat is te lang."}})
        return httpx.Response(200, json={"messages": [{"text": "x"}, {"reply": ANSWER.to_json()}]})

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self), base_url="http://x")


def played(system: FakeSystem, *lines: str, memory: Any = None) -> list[str]:
    """What is shown when these lines are typed."""
    shown: list[str] = []
    typed = iter(lines)

    def read(_: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    talk(Terminal(system.client(), "demo", shown.append, memory), read)
    return shown


def test_a_message_and_its_answer_in_plain_text() -> None:
    system = FakeSystem()
    shown = played(system, "mag ik sporten")
    assert system.sent == [{"text": "mag ik sporten"}]
    assert shown == [
        "Hoi!",
        "Wat vervelend.",
        "Meestal wel.",
        "Let op: Bel wel je huisarts bij koorts.",
        "  1. Vertel meer",
    ]


@pytest.mark.parametrize("typed", ["1", "vertel meer"])
def test_a_number_or_a_label_is_the_button(typed: str) -> None:
    system = FakeSystem()
    played(system, "mag ik sporten", typed)
    assert system.sent[1] == {"button": "more.sport"}


@pytest.mark.parametrize("end", ["", "/einde"])
def test_an_empty_line_ends_it(end: str) -> None:
    system = FakeSystem()
    played(system, end, "nog iets")
    assert system.sent == []


def test_memory_and_pieces_on_demand() -> None:
    shown = played(FakeSystem(), "mag ik sporten", memory=lambda talk: {"talk": talk, "given": ["sport"]})
    assert "[answer · topic sport · answers sport · vangnet INF01_koorts]" in shown
    assert json.loads(shown[-1]) == {"talk": "abc", "given": ["sport"]}


def test_what_is_refused_is_shown() -> None:
    assert played(FakeSystem(422), "x" * 2000)[-1] == "Dat is te lang."


def test_pieces_of_an_alarm_name_its_signs() -> None:
    alarm = Reply(kind=Kind.ALARM, urgency="112", paragraphs=("Bel 112.",), signs=("CAR01_hart",))
    assert pieces(alarm) == "[alarm · urgency 112 · signs CAR01_hart]"
