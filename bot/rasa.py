"""The client of Rasa's private channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from bot.buttons import Press

EXPIRE_SECONDS = 60


class RasaSilent(Exception):
    """Rasa did not answer in time, or not well."""


@dataclass(frozen=True)
class Answer:
    """What Rasa said: `replies` as its `custom` payloads, `understood` as its NLU saw the message."""

    replies: list[dict[str, Any]]
    understood: dict[str, Any]


class RasaClient:
    """One connection pool to Rasa. `seconds` is how long a patient waits before the fixed text comes."""

    def __init__(self, url: str, actions_url: str, secret: str, seconds: float) -> None:
        self._actions_url = actions_url
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"X-Ruggesteun-Secret": secret},
            timeout=httpx.Timeout(seconds, connect=min(seconds, 0.5)),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=32),
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def send(self, sender: str, text: str, press: Press | None, metadata: dict[str, Any]) -> Answer:
        """One message or button. Raises RasaSilent."""
        body: dict[str, Any] = {"sender": sender, "text": text, "metadata": metadata}
        if press is not None:
            body |= {"intent": press.intent, "entities": press.entities}
        try:
            response = await self._client.post("/message", json=body)
            response.raise_for_status()
            data = response.json()
            return Answer([dict(reply) for reply in data["replies"]], dict(data["understood"]))
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise RasaSilent(type(error).__name__) from error

    async def forget(self, sender: str) -> None:
        """Delete what Rasa remembers of a talk. Raises RasaSilent."""
        try:
            (await self._client.delete(f"/talks/{sender}")).raise_for_status()
        except httpx.HTTPError as error:
            raise RasaSilent(type(error).__name__) from error

    async def expire(self, before: datetime) -> int:
        """Have Rasa delete the talks without a message since `before`; how many. Raises RasaSilent."""
        try:
            response = await self._client.post(
                "/talks/expire", json={"before": before.timestamp()}, timeout=EXPIRE_SECONDS
            )
            response.raise_for_status()
            return int(response.json()["deleted"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise RasaSilent(type(error).__name__) from error

    async def actions_ready(self) -> bool:
        """Whether the action server, without which only alarms are answered, is there."""
        try:
            return (await self._client.get(f"{self._actions_url}/health")).status_code == 200
        except httpx.HTTPError:
            return False

    async def ready(self) -> dict[str, Any] | None:
        """Rasa's own report, or None while it cannot answer."""
        try:
            response = await self._client.get("/ready")
            response.raise_for_status()
            report: dict[str, Any] = response.json()
        except (httpx.HTTPError, ValueError):
            return None
        return report if report.get("ready") else None
