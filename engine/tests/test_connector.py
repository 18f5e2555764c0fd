"""The private channel: open to who knows the secret only, and typed text is never a command."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.shared.exceptions import RasaException
from sanic import Sanic

from engine import connector
from engine.connector import KEPT_RANKING, SECRET_HEADER, RuggesteunInput

SECRET = "geheim"  # noqa: S105 - of this test
PREFIX = "http://rasa/webhooks/ruggesteun"


class Processor:
    """Understands everything as a question about sport."""

    def __init__(self) -> None:
        self.parsed: list[UserMessage] = []

    async def parse_message(self, message: UserMessage) -> dict[str, Any]:
        self.parsed.append(message)
        ranking = [{"name": f"vraag_{n}", "confidence": 0.1} for n in range(20)]
        return {
            "text": message.text,
            "intent": {"name": "vraag_sport", "confidence": 0.9},
            "intent_ranking": ranking,
            "entities": [],
            "text_tokens": [(0, 1)],
        }


class Agent:
    """Rasa with a model, or without one."""

    model_id = "m"

    def __init__(self, ready: bool = True) -> None:
        self._ready = ready
        self.processor = Processor()
        self.tracker_store = self
        self.lock_store = InMemoryLockStore()
        self.talks = {"a" * 32: 100.0, "b" * 32: 200.0, "c" * 32: 300.0}  # and when the last message was
        self.slots: dict[str, dict[str, Any]] = {}
        self.deleted: list[str] = []
        self.locked: list[bool] = []

    def is_ready(self) -> bool:
        return self._ready

    async def retrieve(self, sender: str) -> SimpleNamespace | None:
        slots = self.slots.get(sender)
        return SimpleNamespace(get_slot=slots.get) if slots else None

    async def delete(self, sender: str) -> None:
        self.deleted.append(sender)
        self.locked.append(self._is_locked(sender))

    async def old(self, before: float) -> list[str]:
        return [sender for sender, at in self.talks.items() if at < before]

    async def delete_old(self, before: float, senders: list[str]) -> int:
        gone = [sender for sender in senders if self.talks[sender] < before]
        for sender in gone:
            await self.delete(sender)
        return len(gone)

    def _is_locked(self, sender: str) -> bool:
        lock = self.lock_store.get_lock(sender)
        return lock is not None and lock.now_serving is not None and bool(lock.tickets)


class Rasa:
    """The channel in an application of its own, without a port."""

    def __init__(self, ready: bool = True) -> None:
        Sanic.test_mode = True
        self.agent = Agent(ready)
        self.heard: list[UserMessage] = []
        self.app = Sanic(f"rasa{id(self)}")
        self.app.ctx.agent = self.agent
        self.app.blueprint(RuggesteunInput(SECRET).blueprint(self._hear), url_prefix="/webhooks/ruggesteun")

    async def _hear(self, message: UserMessage) -> None:
        self.heard.append(message)
        await message.output_channel.send_custom_json(message.sender_id, {"kind": "answer"})
        await message.output_channel.send_text_message(message.sender_id, "losse tekst")

    def request(self, method: str, path: str, secret: str | bytes | None = SECRET, body: Any = None) -> httpx.Response:
        """Send one request; `body` as JSON, or bytes as they are."""

        async def send() -> httpx.Response:
            self.app.asgi = True
            await self.app._startup()  # makes the routes, as serving would
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            known = secret.encode() if isinstance(secret, str) else secret
            headers = [] if known is None else [(SECRET_HEADER.encode(), known)]
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app)) as client:
                return await client.request(method, PREFIX + path, headers=headers, content=content)

        return asyncio.run(send())


@pytest.fixture
def rasa() -> Rasa:
    return Rasa()


MESSAGE = {"sender": "a" * 32, "text": "mag ik fietsen", "metadata": {"practice": "demo"}}
CALLS = [("GET", "/ready", None), ("POST", "/message", MESSAGE), ("DELETE", "/talks/x", None)]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
@pytest.mark.parametrize("secret", [None, "", "fout", "geheimer", "GEHEIM", "gehéim".encode()])
def test_without_the_secret_everything_is_refused(
    rasa: Rasa, method: str, path: str, body: Any, secret: str | bytes | None
) -> None:
    assert rasa.request(method, path, secret, body).status_code == 403
    assert rasa.heard == []
    assert rasa.agent.deleted == []


def test_a_channel_without_a_secret_does_not_start() -> None:
    for credentials in (None, {}, {"secret": ""}):
        with pytest.raises(RasaException):
            RuggesteunInput.from_credentials(credentials)


def test_a_message_gets_its_replies_and_what_was_understood(rasa: Rasa) -> None:
    response = rasa.request("POST", "/message", body=MESSAGE)
    assert response.status_code == 200
    assert response.json()["replies"] == [{"kind": "answer"}]
    assert response.json()["understood"]["intent"] == {"name": "vraag_sport", "confidence": 0.9}
    assert len(response.json()["understood"]["intent_ranking"]) == KEPT_RANKING


def test_the_alarm_of_the_talk_comes_with_the_replies(rasa: Rasa) -> None:
    assert rasa.request("POST", "/message", body=MESSAGE).json()["understood"]["open_alarm"] is None
    rasa.agent.slots["a" * 32] = {"open_alarm": {"signs": ["CES01_niet_plassen"]}}
    found = rasa.request("POST", "/message", body=MESSAGE).json()
    assert found["understood"]["open_alarm"] == {"signs": ["CES01_niet_plassen"]}


def test_a_message_is_read_in_the_light_of_the_talk(rasa: Rasa) -> None:
    rasa.agent.slots["a" * 32] = {"topic": "sport", "open_alarm": {"signs": []}}
    rasa.request("POST", "/message", body=MESSAGE)
    assert rasa.agent.processor.parsed[0].metadata == {"topic": "sport", "open_alarm": {"signs": []}}
    assert rasa.heard[0].metadata == {"practice": "demo"}


def test_the_talk_and_the_practice_are_handed_on(rasa: Rasa) -> None:
    rasa.request("POST", "/message", body=MESSAGE)
    (message,) = rasa.heard
    assert message.sender_id == "a" * 32
    assert message.metadata == {"practice": "demo"}
    assert message.input_channel == "ruggesteun"
    assert "text_tokens" not in message.parse_data


def test_a_button_is_an_intent_and_its_title_is_only_shown(rasa: Rasa) -> None:
    pressed = {**MESSAGE, "text": "/restart", "intent": "vraag_slaap", "entities": {"onderwerp": "slaap"}}
    rasa.request("POST", "/message", body=pressed)
    (message,) = rasa.heard
    assert message.parse_data["intent"] == {"name": "vraag_slaap", "confidence": 1.0}
    assert [(e["entity"], e["value"]) for e in message.parse_data["entities"]] == [("onderwerp", "slaap")]


def test_forgetting_reaches_the_memory(rasa: Rasa) -> None:
    assert rasa.request("DELETE", f"/talks/{'a' * 32}").status_code == 204
    assert rasa.agent.deleted == ["a" * 32]
    assert rasa.agent.locked == [True], "a message that is being answered would write the talk down again"


def test_old_talks_go_each_under_its_lock(rasa: Rasa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector, "EXPIRED_AT_ONCE", 1)
    answer = rasa.request("POST", "/talks/expire", body={"before": 250.0})
    assert answer.json() == {"deleted": 2}
    assert rasa.agent.deleted == ["a" * 32, "b" * 32]
    assert rasa.agent.locked == [True, True]
    assert not rasa.agent.lock_store.conversation_locks, "no lock is left behind"


def test_expiring_needs_the_secret(rasa: Rasa) -> None:
    assert rasa.request("POST", "/talks/expire", secret=SECRET[1:], body={"before": 250.0}).status_code == 403
    assert rasa.agent.deleted == []


def test_ready_says_what_is_loaded(rasa: Rasa) -> None:
    rasa.app.ctx.warm = True
    report = rasa.request("GET", "/ready").json()
    assert report["ready"] is True
    assert report["model"] == "m"
    assert report["spacy"]


def test_a_rasa_that_has_not_parsed_a_line_is_not_ready(rasa: Rasa) -> None:
    assert rasa.request("GET", "/ready").json()["ready"] is False


def test_without_a_model_it_is_not_ready() -> None:
    assert Rasa(ready=False).request("GET", "/ready").json()["ready"] is False
    assert Rasa(ready=False).request("POST", "/message", body=MESSAGE).status_code == 503


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"geen json",
        b"[]",
        b"null",
        b"{}",
        b'{"sender": "a"}',
        b'{"text": "hoi"}',
        b'{"sender": "a", "text": "hoi", "metadata": 7}',
    ],
)
def test_a_broken_body_reaches_nobody(rasa: Rasa, body: bytes) -> None:
    assert rasa.request("POST", "/message", body=body).status_code >= 400
    assert rasa.heard == []
