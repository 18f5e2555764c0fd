"""Rasa's only way in: a private channel on loopback for the public server (bot/), guarded by a shared secret.

Buttons arrive as an intent, never as text, so that nothing a patient types is ever executed.
"""

from __future__ import annotations

import asyncio
import gc
import hmac
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from engine.dutch import dutch
from engine.tracker_store import RecentTrackerStore

logger = logging.getLogger(__name__)
SECRET_HEADER = "X-Ruggesteun-Secret"  # noqa: S105 - a header name
CLEAN_EVERY = 600  # seconds
KEPT_RANKING = 6
UNDERSTOOD = ("intent", "intent_ranking", "alarm", "entities", "reading")  # of a parsed message: for evaluation
OPEN_ALARM = "open_alarm"  # slot: alarm/talk.py
EXPIRED_AT_ONCE = 500  # talks: one statement, and one rewrite of SQLite's file


class RuggesteunInput(InputChannel):
    """POST /message and /talks/expire, DELETE /talks/<id> and GET /ready below /webhooks/ruggesteun/."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    @classmethod
    def name(cls) -> str:
        return "ruggesteun"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> RuggesteunInput:
        secret = (credentials or {}).get("secret")
        if not secret:
            cls.raise_missing_credentials_exception()
        return cls(str(secret))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        hook = Blueprint("ruggesteun", __name__)

        @hook.listener("after_server_start")
        async def start_tasks(app: Sanic, _: Any) -> None:
            app.add_task(_clean_for_ever(app))
            app.add_task(_warm_up(app))

        @hook.middleware("request")
        async def check_secret(request: Request) -> HTTPResponse | None:
            if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), self._secret.encode()):
                return response.json({"error": "secret"}, status=403)
            return None

        @hook.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            pipeline = dutch()
            return response.json(
                {
                    "ready": getattr(request.app.ctx, "warm", False),
                    "spacy": f"{pipeline.name} {pipeline.version}",
                    "model": agent.model_id if agent else None,
                }
            )

        @hook.post("/message")
        async def message(request: Request) -> HTTPResponse:
            body = request.json
            sender, metadata = str(body["sender"]), dict(body.get("metadata") or {})
            agent = request.app.ctx.agent
            if not agent or not agent.is_ready():
                raise SanicException("no model", status_code=503)
            if body.get("intent"):
                parsed = _pressed(str(body["intent"]), dict(body.get("entities") or {}), str(body.get("text") or ""))
            else:
                # What the talk is about decides how a short message is read; these stay out of what is kept of it.
                about = await _slots(request.app, sender, ("topic", OPEN_ALARM))
                typed = UserMessage(str(body["text"]), sender_id=sender, metadata=about)
                parsed = await agent.processor.parse_message(typed)
                parsed["intent_ranking"] = parsed.get("intent_ranking", [])[:KEPT_RANKING]
                parsed.pop("text_tokens", None)
            output = CollectingOutputChannel()
            await on_new_message(
                UserMessage(
                    parsed["text"], output, sender, input_channel=self.name(), metadata=metadata, parse_data=parsed
                )
            )
            replies = [m["custom"] for m in output.messages if "custom" in m]
            understood = {key: parsed.get(key) for key in UNDERSTOOD}
            # As it stands after this turn: the public server keeps it in sight above ordinary replies.
            understood |= await _slots(request.app, sender, (OPEN_ALARM,))
            return response.json({"replies": replies, "understood": understood})

        @hook.delete("/talks/<sender:str>")
        async def forget(request: Request, sender: str) -> HTTPResponse:
            agent = request.app.ctx.agent
            # Under the lock of the talk: a message that is being answered would otherwise write it down again.
            async with agent.lock_store.lock(sender):
                await _store(request.app).delete(sender)
                _forget_fallback(request.app, sender)
            return response.empty()

        @hook.post("/talks/expire")
        async def expire(request: Request) -> HTTPResponse:
            before = float(request.json["before"])  # seconds since 1970
            return response.json({"deleted": await _expire(request.app, before)})

        return hook


def _pressed(intent: str, entities: dict[str, str], text: str) -> dict[str, Any]:
    """Parse data of a button that was pressed; `text` is its title, as the patient saw it."""
    found = [{"entity": name, "value": value, "start": 0, "end": 0} for name, value in entities.items()]
    chosen = {"name": intent, "confidence": 1.0}
    return {"text": text, "intent": chosen, "intent_ranking": [chosen], "entities": found}


async def _slots(app: Sanic, sender: str, names: tuple[str, ...]) -> dict[str, Any]:
    """Slots of a talk; None where there is no such talk yet."""
    talk = await app.ctx.agent.tracker_store.retrieve(sender)
    return {name: talk.get_slot(name) if talk else None for name in names}


def _store(app: Sanic) -> RecentTrackerStore:
    store = app.ctx.agent.tracker_store
    found: RecentTrackerStore = getattr(store, "_tracker_store", store)  # Rasa wraps it in a fail-safe one
    return found


def _forget_fallback(app: Sanic, sender: str) -> None:
    """After a failing save Rasa goes on in memory: there too."""
    fallback = getattr(app.ctx.agent.tracker_store, "_fallback_tracker_store", None)
    if fallback is not None:
        fallback.store.pop(sender, None)


async def _expire(app: Sanic, before: float | None = None) -> int:
    """Delete the talks that are too old, each under its lock; how many."""
    store, locks = _store(app), app.ctx.agent.lock_store
    old = await store.old(before)
    deleted = 0
    for first in range(0, len(old), EXPIRED_AT_ONCE):
        batch = old[first : first + EXPIRED_AT_ONCE]
        async with AsyncExitStack() as held:
            for sender in batch:
                await held.enter_async_context(locks.lock(sender))
            deleted += await store.delete_old(before, batch)
    return deleted


async def _warm_up(app: Sanic) -> None:
    """Parse a line before the first patient does: the first one takes a second, as everything is loaded lazily."""
    while not (getattr(app.ctx, "agent", None) and app.ctx.agent.is_ready()):  # noqa: ASYNC110 - Rasa tells nobody
        await asyncio.sleep(0.1)
    # The last one is no line for the light model alone: the lemmas and the encoder must be loaded too.
    for line in ("mag ik sporten met rugpijn", "ik heb een vraag over mijn been", "ik kan niet meer plassen"):
        await app.ctx.agent.processor.parse_message(UserMessage(line, sender_id="warm-up"))
    # What is there now stays for good. Without this each full collection walks through all of it: 0.2 s of silence.
    gc.collect()
    gc.freeze()
    app.ctx.warm = True


async def _clean_for_ever(app: Sanic) -> None:
    while True:
        await asyncio.sleep(CLEAN_EVERY if getattr(app.ctx, "agent", None) else 5)
        if not getattr(app.ctx, "agent", None):
            continue
        try:
            await _expire(app)
        except Exception:
            logger.exception("old talks could not be deleted; tried again in %s s", CLEAN_EVERY)
