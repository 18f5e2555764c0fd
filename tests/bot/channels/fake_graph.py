"""A Graph API that refuses what the real one refuses, with its error codes.

Limits: Cloud API reference, "Messages" and "Error codes"; the rate for one person: "Pair rate limits".
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from tests.bot.channels.forms import form_of

NUMBER = "106540352242922"
ACCOUNT = "102290129340398"
TOKEN = "EAAJB-geheim-toegangsbewijs"
APP_SECRET = "d41d8cd98f00b204e9800998ecf8427e"
PAIR_SECONDS = 6.0
BURST = 45


class Refusal(Exception):
    """An error as the Graph API gives it."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.status = code, status


@dataclass
class FakeGraph:
    """The messages that were accepted, and what the test sets: failures to come, who is in the 24-hour window."""

    clock: Callable[[], float]
    open_for: set[str] | None = None  # None: everybody wrote within 24 hours
    burst: int = BURST
    failures: deque[tuple[int, Any]] = field(default_factory=deque)  # status and body for the next requests
    sent: list[dict[str, Any]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    callback: dict[str, str] = field(default_factory=dict)
    hold: asyncio.Event | None = None  # answers nobody before it is set
    verify: Callable[[str], Any] | None = None  # how a callback address is asked for its challenge
    _budget: dict[str, tuple[float, float]] = field(default_factory=dict)

    def texts(self) -> list[str]:
        """What people saw: texts, bodies of interactive messages, captions."""
        return [_seen(message) for message in self.sent]

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.exception_handler(Refusal)
        async def refuse(_: Request, refusal: Refusal) -> JSONResponse:
            error = {"message": f"(#{refusal.code}) {refusal}", "type": "OAuthException", "code": refusal.code}
            return JSONResponse({"error": {**error, "fbtrace_id": "A0"}}, status_code=refusal.status)

        @app.middleware("http")
        async def fail_on_demand(request: Request, call_next: Any) -> Any:
            if self.hold is not None:
                await self.hold.wait()
            sending = request.method == "POST" and request.url.path.endswith("/messages")
            if self.failures and sending and b'"status"' not in await request.body():
                status, body = self.failures.popleft()
                if isinstance(body, int):
                    body = {"error": {"message": "nee", "type": "OAuthException", "code": body, "fbtrace_id": "A0"}}
                return _raw(status, body if isinstance(body, str) else json.dumps(body))
            return await call_next(request)

        @app.post("/{version}/{number}/messages")
        async def messages(number: str, request: Request) -> dict[str, Any]:
            _check(request, number)
            body = await request.json()
            if body.get("messaging_product") != "whatsapp":
                raise Refusal(100, "messaging_product")
            if body.get("status") == "read":
                self.marks.append(body["message_id"])
                return {"success": True}
            person = str(body.get("to") or body.get("recipient") or "")
            self._allow(person)
            self._validate(body)
            self.sent.append(body)
            contact = {"input": person, "wa_id": person} if body.get("to") else {"input": person, "user_id": person}
            return {
                "messaging_product": "whatsapp",
                "contacts": [contact],
                "messages": [{"id": f"wamid.OUT{len(self.sent)}"}],
            }

        @app.post("/{version}/{number}/media")
        async def upload(number: str, request: Request) -> dict[str, str]:
            _check(request, number)
            form = form_of(request.headers.get("content-type", ""), await request.body())
            content = form["file"]
            if not isinstance(content, bytes) or not content.startswith((b"\x89PNG", b"\xff\xd8")):
                raise Refusal(131053, "Media upload error")
            name = str(1_006_491_136_750_324 + len(self.media))
            self.media[name] = content
            return {"id": name}

        @app.get("/{version}/{number}")
        async def about(number: str, request: Request) -> dict[str, Any]:
            _check(request, number)
            return {"id": number, "display_phone_number": "+31 30 000 0000", "verified_name": "Praktijk Rugzicht"}

        @app.post("/{version}/{account}/subscribed_apps")
        async def subscribe(account: str, request: Request) -> dict[str, bool]:
            _check(request, NUMBER)
            if account != ACCOUNT:
                raise Refusal(100, "Unsupported post request.")
            wanted = await request.json()
            url, token = wanted["override_callback_uri"], wanted["verify_token"]
            query = httpx.QueryParams(
                {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "1158201444"}
            )
            answer = await self.verify(f"{url}?{query}") if self.verify else None
            if answer is None or answer.status_code != 200 or answer.text != "1158201444":
                raise Refusal(2200, "Callback verification failed")
            self.callback[account] = url
            return {"success": True}

        return app

    def _allow(self, person: str) -> None:
        if not person:
            raise Refusal(131008, "Required parameter is missing")
        if self.open_for is not None and person not in self.open_for:
            raise Refusal(131047, "Re-engagement message")
        left, at = self._budget.get(person, (float(self.burst), self.clock()))
        left = min(self.burst, left + (self.clock() - at) / PAIR_SECONDS)
        if left < 1:
            raise Refusal(131056, "(Business Account, Consumer Account) pair rate limit hit")
        self._budget[person] = (left - 1, self.clock())

    def _validate(self, body: dict[str, Any]) -> None:
        kind = body.get("type")
        if kind == "text":
            _length(body["text"]["body"], 4096)
        elif kind == "image":
            image = body["image"]
            if image.get("id") not in self.media:
                raise Refusal(131009, "Parameter value is not valid: media id")
            _length(image.get("caption", "x"), 1024)
        elif kind == "interactive":
            _interactive(body["interactive"])
        else:
            raise Refusal(131051, "Unsupported message type")


def _interactive(content: dict[str, Any]) -> None:
    _length(content["body"]["text"], 1024)
    action = content["action"]
    if content["type"] == "button":
        replies = [button["reply"] for button in action["buttons"]]
        _count(replies, 3)
        _unique([reply["title"] for reply in replies])
        for reply in replies:
            _length(reply["title"], 20)
            _length(reply["id"], 256)
        _unique([reply["id"] for reply in replies])
    elif content["type"] == "list":
        _length(action["button"], 20)
        _count(action["sections"], 10)
        rows = [row for section in action["sections"] for row in section["rows"]]
        _count(rows, 10)
        _unique([row["id"] for row in rows])
        for row in rows:
            _length(row["title"], 24)
            _length(row["id"], 200)
            if "description" in row:
                _length(row["description"], 72)
    else:
        raise Refusal(131009, "interactive type")


def _length(text: str, most: int) -> None:
    if not 1 <= len(text) <= most:
        raise Refusal(131009, f"Parameter value is not valid: length must be between 1 and {most}")


def _count(found: list[Any], most: int) -> None:
    if not 1 <= len(found) <= most:
        raise Refusal(131009, f"Parameter value is not valid: at most {most}")


def _unique(found: list[str]) -> None:
    if len(set(found)) != len(found):
        raise Refusal(131009, "Parameter value is not valid: duplicates")


def _check(request: Request, number: str) -> None:
    if request.headers.get("authorization") != f"Bearer {TOKEN}":
        raise Refusal(190, "Invalid OAuth access token", 401)
    if number != NUMBER:
        raise Refusal(100, "Unsupported request. Object does not exist")


def _raw(status: int, content: str) -> Response:
    return Response(content, status_code=status, media_type="application/json")


def _seen(message: dict[str, Any]) -> str:
    if message["type"] == "text":
        return str(message["text"]["body"])
    if message["type"] == "image":
        return str(message["image"].get("caption", ""))
    return str(message["interactive"]["body"]["text"])
