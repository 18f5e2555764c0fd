"""Whatever Rasa does or fails to do, the patient gets a sentence that helps."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.alarm_reply import AlarmVoice
from bot.assistant import MAX_CHARACTERS, Assistant, harmless
from bot.buttons import Press, resolve
from bot.privacy import NAME, redact
from bot.rasa import Answer, RasaClient, RasaSilent
from content import Kind, LiveLibrary, Practice, Reply
from tests.bot.post import post

ROOT = Path(__file__).parents[2]
LIVE = LiveLibrary(ROOT / "content")
LIBRARY = LIVE.current()
DEMO = LIBRARY.practices["demo"]
MONDAY = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
VOICE = AlarmVoice.load(ROOT / "content" / "alarm", lambda: MONDAY)
ANSWER = Reply(kind=Kind.ANSWER, topic="slaap", paragraphs=("Probeer het eens op je zij.",)).to_json()
SENDER = "0" * 32


class FakeRasa(RasaClient):
    """Says what the test wants, and keeps what it was sent."""

    def __init__(self, *replies: Any, error: Exception | None = None, understood: dict[str, Any] | None = None) -> None:
        self._answer = Answer(list(replies), understood or {})
        self._error = error
        self.sent: list[tuple[str, str, Press | None, dict[str, Any]]] = []

    async def send(self, sender: str, text: str, press: Press | None, metadata: dict[str, Any]) -> Answer:
        self.sent.append((sender, text, press, metadata))
        if self._error:
            raise self._error
        return self._answer


class SlowRasa(FakeRasa):
    """Never answers."""

    async def send(self, sender: str, text: str, press: Press | None, metadata: dict[str, Any]) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError


def assistant(rasa: RasaClient, seconds: float = 5) -> Assistant:
    return Assistant(LIVE, VOICE, rasa, seconds)


def helps(reply: Reply, practice: Practice = DEMO) -> None:
    """The one text for all failures: whom to phone, and when to call 112 and 113."""
    words = "\n".join(reply.paragraphs)
    assert reply.kind is Kind.FALLBACK
    for number in (practice.telefoon, post(practice).telefoon, "112", "113"):
        assert number in words


async def test_an_answer_of_rasa_is_passed_on() -> None:
    rasa = FakeRasa(ANSWER, understood={"intent": {"name": "vraag_slaap"}})
    outcome = await assistant(rasa).answer(SENDER, DEMO, "hoe slaap ik het best")
    assert outcome.replies == (Reply.model_validate(ANSWER),)
    assert outcome.understood == {"intent": {"name": "vraag_slaap"}}
    assert rasa.sent == [(SENDER, "hoe slaap ik het best", None, {"practice": "demo", "button": False})]


async def test_what_points_to_a_person_never_reaches_rasa() -> None:
    rasa = FakeRasa(ANSWER)
    outcome = await assistant(rasa).answer(SENDER, DEMO, "bel me op 06 12345678")
    assert "12345678" not in rasa.sent[0][1]
    assert outcome.text == rasa.sent[0][1]


def test_a_word_that_an_alarm_hangs_on_is_never_taken_for_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_eager(text: str, names: bool = True) -> str:
        text = redact(text)
        return text.replace("plassen", NAME).replace("sporten", NAME) if names else text

    monkeypatch.setattr("bot.assistant.redact", too_eager)
    talking = assistant(FakeRasa(ANSWER))
    said = "ik kan niet meer plassen, bel 06 12345678"
    assert talking.kept(said) == "ik kan niet meer plassen, bel [telefoon]"
    assert talking.kept("mag ik sporten") == f"mag ik {NAME}"


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "  /restart",
        "//restart",
        "/ /restart",
        "/\n/restart",
        '/ /vraag_sport{"onderwerp": "slaap"}',
    ],
)
async def test_a_typed_command_never_reaches_rasa(text: str) -> None:
    rasa = FakeRasa(ANSWER)
    await assistant(rasa).answer(SENDER, DEMO, text)
    assert not rasa.sent[0][1].startswith("/")


@pytest.mark.parametrize(
    ("text", "kept"),
    [("/restart", "restart"), ("//x", "x"), (" hoi ", "hoi"), ("/", ""), ("1/2 uur", "1/2 uur"), ("en/of", "en/of")],
)
def test_only_the_slash_in_front_goes(text: str, kept: str) -> None:
    assert harmless(text) == kept


async def test_a_button_reaches_rasa_as_an_intent_and_is_kept_as_its_title() -> None:
    rasa, press = FakeRasa(ANSWER), resolve("topic.slaap", LIBRARY)
    outcome = await assistant(rasa).answer(SENDER, DEMO, "", press)
    assert press is not None
    assert rasa.sent[0] == (SENDER, press.title, press, {"practice": "demo", "button": True})
    assert outcome.text == press.title


@pytest.mark.parametrize("error", [RasaSilent("ConnectError"), TimeoutError()])
async def test_when_rasa_is_silent_the_text_for_failures_comes(error: Exception) -> None:
    outcome = await assistant(FakeRasa(error=error)).answer(SENDER, DEMO, "mag ik fietsen")
    assert len(outcome.replies) == 1
    helps(outcome.replies[0])


async def test_when_rasa_is_slow_the_text_for_failures_comes() -> None:
    outcome = await assistant(SlowRasa(), seconds=0.01).answer(SENDER, DEMO, "mag ik fietsen")
    helps(outcome.replies[0])


@pytest.mark.parametrize(
    "rasa", [FakeRasa(error=RasaSilent("x")), FakeRasa(), SlowRasa()], ids=["silent", "nothing", "slow"]
)
async def test_an_alarm_gets_its_text_while_rasa_says_nothing(rasa: FakeRasa) -> None:
    outcome = await assistant(rasa, seconds=0.05).answer(SENDER, DEMO, "ik kan niet meer plassen")
    reply = outcome.replies[0]
    assert (reply.kind, reply.urgency) == (Kind.ALARM, "spoed_nu")
    assert reply.paragraphs[0] == "Bel nu je huisarts."


async def test_an_alarm_question_comes_while_rasa_says_nothing() -> None:
    outcome = await assistant(FakeRasa(error=RasaSilent("x"))).answer(SENDER, DEMO, "ik voel niks meer")
    assert outcome.replies[0].kind is Kind.ALARM_QUESTION


async def test_a_button_helps_too_while_rasa_says_nothing() -> None:
    outcome = await assistant(FakeRasa(error=RasaSilent("x"))).answer(SENDER, DEMO, "", resolve("topic.sport", LIBRARY))
    helps(outcome.replies[0])


async def test_the_failure_is_logged_without_what_was_said(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await assistant(FakeRasa({"kind": "geheim"}, error=None)).answer(SENDER, DEMO, "geheime zin")
        await assistant(FakeRasa(error=RasaSilent("x"))).answer(SENDER, DEMO, "geheime zin")
    assert caplog.records
    assert "geheim" not in caplog.text


@pytest.mark.parametrize(
    "custom",
    [
        {},
        {"kind": "answer"},
        {"kind": "bestaat_niet", "paragraphs": ["x"]},
        {**ANSWER, "version": 3},
        {**ANSWER, "paragraphs": []},
        {**ANSWER, "html": "<b>"},
        {**ANSWER, "buttons": [{"id": "/restart", "title": "x", "short": "x"}]},
        "tekst",
        ["tekst"],
    ],
    ids=str,
)
async def test_a_reply_of_the_wrong_shape_is_not_shown(custom: Any) -> None:
    outcome = await assistant(FakeRasa(custom)).answer(SENDER, DEMO, "mag ik fietsen")
    helps(outcome.replies[0])


async def test_an_alarm_of_rasa_gets_its_words_here() -> None:
    rasa = FakeRasa({"kind": "alarm", "signs": "CES05_rijbroek"}, understood={"alarm": {"topic": "uitstraling_been"}})
    reply = (await assistant(rasa).answer(SENDER, DEMO, "alles is daar verdoofd")).replies[0]
    assert (reply.kind, reply.urgency, reply.signs) == (Kind.ALARM, "spoed_nu", ("CES05_rijbroek",))
    assert reply.topic == "uitstraling_been"
    assert post(DEMO).telefoon in "\n".join(reply.paragraphs)


OPEN = {"signs": ["CES05_rijbroek"], "state": "said", "level": "spoed_nu", "remind": True}


async def test_an_open_alarm_stays_above_an_ordinary_answer() -> None:
    rasa = FakeRasa(ANSWER, understood={"open_alarm": OPEN})
    reply = (await assistant(rasa).answer(SENDER, DEMO, "wat is artrose")).replies[0]
    assert reply.kept == ("CES05_rijbroek",)
    assert post(DEMO).telefoon in (reply.reminder or "")


async def test_a_failure_does_not_hide_an_open_alarm() -> None:
    rasa = FakeRasa({"kind": "bestaat_niet"}, understood={"open_alarm": OPEN})
    assert (await assistant(rasa).answer(SENDER, DEMO, "wat is artrose")).replies[0].reminder


async def test_an_alarm_comes_before_an_answer() -> None:
    rasa = FakeRasa(ANSWER, {"kind": "alarm", "signs": "CES05_rijbroek"})
    kinds = [reply.kind for reply in (await assistant(rasa).answer(SENDER, DEMO, "x")).replies]
    assert kinds == [Kind.ALARM, Kind.ANSWER]


async def test_a_crisis_comes_before_an_answer() -> None:
    rasa = FakeRasa(ANSWER, {"kind": "alarm", "signs": "PSY01_suicide"})
    assert [reply.crisis for reply in (await assistant(rasa).answer(SENDER, DEMO, "x")).replies] == [True, False]


async def test_a_crisis_comes_before_an_answer_with_advice() -> None:
    rasa = FakeRasa({**ANSWER, "urgency": "afspraak"}, {"kind": "alarm", "signs": "PSY01_suicide"})
    assert [reply.crisis for reply in (await assistant(rasa).answer(SENDER, DEMO, "x")).replies] == [True, False]


def test_the_welcome_is_a_computer_and_offers_topics() -> None:
    reply = assistant(FakeRasa()).welcome(DEMO)
    words = "\n".join(reply.paragraphs)
    assert DEMO.naam in words
    assert "computerprogramma" in words
    assert "diagnose" in words
    assert len(words.split()) <= 40
    assert all(resolve(button.id, LIBRARY) for button in reply.buttons)
    assert len(reply.buttons) == 4


@pytest.mark.parametrize("practice", LIBRARY.practices.values(), ids=lambda practice: str(practice.id))
def test_the_text_for_failures_has_the_numbers_of_the_practice(practice: Practice) -> None:
    helps(assistant(FakeRasa()).trouble(practice), practice)


def test_a_text_that_is_too_long_is_scanned_whole() -> None:
    text = "ik heb een vraag. " * (MAX_CHARACTERS // 10) + "ik kan niet meer plassen"
    assert assistant(FakeRasa()).scan(text).alarms


# ---- the client itself ----


type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[Handler], Awaitable[RasaClient]]]:
    """Put up a stand-in for Rasa and the action server that answers every request alike; a client of it."""
    async with contextlib.AsyncExitStack() as opened:

        async def start(handle: Handler) -> RasaClient:
            app = web.Application()
            app.router.add_route("*", "/{path:.*}", handle)
            server = await opened.enter_async_context(TestServer(app))
            url = str(server.make_url("")).rstrip("/")
            client = RasaClient(url, url, "geheim-geheim-geheim", 1)
            opened.push_async_callback(client.close)
            return client

        yield start


type Serve = Callable[[Handler], Awaitable[RasaClient]]


def always(status: int, body: bytes, kind: str = "application/json") -> Handler:
    async def handle(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=body, content_type=kind)

    return handle


GOOD = {"replies": [ANSWER], "understood": {"intent": {"name": "vraag_slaap"}}}


async def test_the_client_reads_replies_and_understanding(serve: Serve) -> None:
    asked: list[Any] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        asked.append((request.path, request.headers["X-Ruggesteun-Secret"], await request.json()))
        return web.json_response(GOOD)

    answer = await (await serve(handle)).send(SENDER, "hoi", None, {"practice": "demo"})
    assert answer.replies == [ANSWER]
    assert answer.understood == {"intent": {"name": "vraag_slaap"}}
    body = {"sender": SENDER, "text": "hoi", "metadata": {"practice": "demo"}}
    assert asked == [("/message", "geheim-geheim-geheim", body)]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, json.dumps(GOOD).encode()),
        (403, b'{"error": "secret"}'),
        (200, b"geen json"),
        (200, b"{}"),
        (200, b"[]"),
        (200, b'{"replies": null, "understood": {}}'),
        (200, b'{"replies": [{}, null], "understood": {}}'),
        (200, b'{"replies": [7], "understood": {}}'),
        (200, b'{"replies": [], "understood": null}'),
        (200, b"\xff\xfe"),
    ],
    ids=[
        "500",
        "403",
        "no json",
        "empty",
        "list",
        "no replies",
        "null reply",
        "number reply",
        "no understanding",
        "bytes",
    ],
)
async def test_a_bad_response_is_silence(serve: Serve, status: int, body: bytes) -> None:
    with pytest.raises(RasaSilent):
        await (await serve(always(status, body))).send(SENDER, "hoi", None, {})


async def test_a_page_of_another_program_is_silence(serve: Serve) -> None:
    with pytest.raises(RasaSilent):
        await (await serve(always(200, b"<html>", "text/html"))).send(SENDER, "hoi", None, {})


@pytest.mark.parametrize("cut", [True, False], ids=["cut off", "no answer in time"])
async def test_a_broken_connection_is_silence(serve: Serve, cut: bool) -> None:
    async def fail(request: web.Request) -> web.StreamResponse:
        if cut and request.transport is not None:
            request.transport.close()
        await asyncio.sleep(30)
        return web.Response()

    client = await serve(fail)
    client._timeout = aiohttp.ClientTimeout(total=0.1)
    with pytest.raises(RasaSilent):
        await client.send(SENDER, "hoi", None, {})
    with pytest.raises(RasaSilent):
        await client.forget(SENDER)
    assert await client.ready() is None
    assert not await client.actions_ready()


async def test_nobody_there_is_silence() -> None:
    client = RasaClient("http://127.0.0.1:1", "http://127.0.0.1:1", "geheim-geheim-geheim", 1)
    with pytest.raises(RasaSilent):
        await client.send(SENDER, "hoi", None, {})
    assert await client.ready() is None
    await client.close()


async def test_a_rasa_without_a_model_is_not_ready(serve: Serve) -> None:
    assert await (await serve(always(200, b'{"ready": false}'))).ready() is None
    assert await (await serve(always(200, b'{"ready": true}'))).ready() == {"ready": True}
