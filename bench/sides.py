"""The two set-ups as a patient's side sees them: start a talk, say something, get an answer."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from bench import processes, stock
from bot.system import System, temporary_system
from settings import Settings


class NoAnswer(RuntimeError):
    """A set-up answered with an error, with nothing, or with the text for trouble."""


class Talk(Protocol):
    """One conversation over one connection."""

    def say(self, text: str) -> None:
        """Send a message and read the answer. Raises NoAnswer."""
        ...


@dataclass(frozen=True)
class Side:
    """A running set-up. `cold_start` is in seconds, from no process at all to the first answer."""

    name: str
    url: str
    pids: tuple[int, ...]
    cold_start: float

    def talk(self) -> Talk:
        """A new conversation."""
        return _OurTalk(self.url) if self.name == "ours" else _StockTalk(self.url)


class _Connection:
    """http.client rather than HTTPX: the client runs on the same two cores and should cost little."""

    def __init__(self, url: str) -> None:
        self._http = HTTPConnection(urlsplit(url).netloc, timeout=60)

    def post(self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
        self._http.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **(headers or {})})
        response = self._http.getresponse()
        data = response.read()
        if response.status >= 300:
            raise NoAnswer(f"{path}: {response.status}")
        return json.loads(data)


class _OurTalk(_Connection):
    def __init__(self, url: str) -> None:
        super().__init__(url)
        started = self.post("/api/conversations", {"practice": "demo", "consent": True})
        self._path = f"/api/conversations/{started['id']}/messages"
        self._headers = {"Authorization": f"Bearer {started['token']}"}

    def say(self, text: str) -> None:
        answer = self.post(self._path, {"text": text}, self._headers)
        replies = [message["reply"] for message in answer["messages"] if "reply" in message]
        # The text for trouble comes without a confidence, from the public server alone.
        if not replies or all(r["kind"] == "fallback" and r.get("confidence") is None for r in replies):
            raise NoAnswer("ours: only the text for trouble")


class _StockTalk(_Connection):
    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._path = urlsplit(url).path
        self._sender = uuid.uuid4().hex

    def say(self, text: str) -> None:
        if not self.post(self._path, {"sender": self._sender, "message": text}):
            raise NoAnswer("stock: nothing")


@contextmanager
def ours(trained: Settings, **changes: object) -> Iterator[Side]:
    """Our whole system on free ports with empty databases."""
    started = time.monotonic()
    with temporary_system(trained, **changes) as system:
        _OurTalk(system.url).say("mag ik sporten?")
        yield Side("ours", system.url, _pids(system), time.monotonic() - started)


@contextmanager
def stock_rasa(folder: Path) -> Iterator[Side]:
    """The stock set-up of a trained project."""
    with stock.running(folder) as running:
        yield Side("stock", running.url, running.pids, running.cold_start)


def _pids(system: System) -> tuple[int, ...]:
    return processes.family(system.pid)
