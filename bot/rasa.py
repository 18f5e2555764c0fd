"""The client of Rasa's private channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp

from bot.buttons import Press

EXPIRE_SECONDS = 60
CONNECTIONS = 64
_FAILURES = (aiohttp.ClientError, OSError, TimeoutError, ValueError, KeyError, TypeError, AttributeError)


class RasaSilent(Exception):
    """Rasa did not answer in time, or not well."""


@dataclass(frozen=True)
class Answer:
    """What Rasa said: `replies` as its `custom` payloads, `understood` as its NLU saw the message."""

    replies: list[dict[str, Any]]
    understood: dict[str, Any]


class RasaClient:
    """One connection pool to Rasa, opened at the first call. `seconds` is how long a patient waits before the fixed
    text comes.

    aiohttp and not HTTPX: that took half of this process's time a message (docs/decisions/0012-speed.md).
    """

    def __init__(self, url: str, actions_url: str, secret: str, seconds: float) -> None:
        self._url = url
        self._actions_url = actions_url
        self._headers = {"X-Ruggesteun-Secret": secret}
        self._timeout = aiohttp.ClientTimeout(total=seconds, connect=min(seconds, 0.5))
        self._opened: aiohttp.ClientSession | None = None

    @property
    def _session(self) -> aiohttp.ClientSession:
        # It belongs to the event loop that runs when it is made.
        if self._opened is None:
            self._opened = aiohttp.ClientSession(
                headers=self._headers,
                timeout=self._timeout,
                # Rasa closes an idle connection after five seconds (Sanic's default): let go of it before that.
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=4),
            )
        return self._opened

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.close()

    async def send(self, sender: str, text: str, press: Press | None, metadata: dict[str, Any]) -> Answer:
        """One message or button. Raises RasaSilent."""
        body: dict[str, Any] = {"sender": sender, "text": text, "metadata": metadata}
        if press is not None:
            body |= {"intent": press.intent, "entities": press.entities}
        try:
            async with self._session.post(f"{self._url}/message", json=body, raise_for_status=True) as response:
                data = await response.json()
            return Answer([dict(reply) for reply in data["replies"]], dict(data["understood"]))
        except _FAILURES as error:
            raise RasaSilent(type(error).__name__) from error

    async def forget(self, sender: str) -> None:
        """Delete what Rasa remembers of a talk. Raises RasaSilent."""
        try:
            async with self._session.delete(f"{self._url}/talks/{sender}", raise_for_status=True):
                pass
        except _FAILURES as error:
            raise RasaSilent(type(error).__name__) from error

    async def expire(self, before: datetime) -> int:
        """Have Rasa delete the talks without a message since `before`; how many. Raises RasaSilent."""
        try:
            async with self._session.post(
                f"{self._url}/talks/expire",
                json={"before": before.timestamp()},
                timeout=aiohttp.ClientTimeout(total=EXPIRE_SECONDS),
                raise_for_status=True,
            ) as response:
                return int((await response.json())["deleted"])
        except _FAILURES as error:
            raise RasaSilent(type(error).__name__) from error

    async def actions_ready(self) -> bool:
        """Whether the action server, without which only alarms are answered, is there."""
        try:
            async with self._session.get(f"{self._actions_url}/health") as response:
                return response.status == 200
        except _FAILURES:
            return False

    async def ready(self) -> dict[str, Any] | None:
        """Rasa's own report, or None while it cannot answer."""
        try:
            async with self._session.get(f"{self._url}/ready", raise_for_status=True) as response:
                report: dict[str, Any] = await response.json()
                return report if report.get("ready") else None
        except _FAILURES:
            return None
