"""A Bot API that refuses what the real one refuses, in its words (Bot API reference; Bots FAQ for the rates)."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse

from tests.bot.channels.forms import form_of

TOKEN = "123456789:AAF-geheim-van-botvader-0123456789"
TAGS = frozenset({"b", "strong", "i", "em", "u", "s", "a", "code", "pre", "blockquote", "tg-spoiler"})


class Refusal(Exception):
    """An error as the Bot API gives it."""

    def __init__(self, status: int, text: str, **parameters: int) -> None:
        super().__init__(text)
        self.status, self.parameters = status, parameters


class _Entities(HTMLParser):
    """The text of HTML as Telegram reads it; refuses tags it does not know and tags that are not closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self._open = "", list[str]()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in TAGS:
            raise Refusal(400, f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}"')
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            raise Refusal(400, "Bad Request: can't parse entities: Unexpected end tag")

    def handle_data(self, data: str) -> None:
        self.text += data


@dataclass
class FakeTelegram:
    """The messages that were accepted, and what the test sets: failures to come, who blocked the bot."""

    clock: Callable[[], float]
    blocked: set[str] = field(default_factory=set)
    refuse_html: bool = False
    failures: deque[tuple[int, Any]] = field(default_factory=deque)  # status and body for the next messages
    sent: list[dict[str, Any]] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    typing: list[str] = field(default_factory=list)
    photos: dict[str, bytes] = field(default_factory=dict)
    webhook: dict[str, Any] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    _last: dict[str, float] = field(default_factory=dict)

    def texts(self) -> list[str]:
        """What people saw: texts and captions."""
        return [message.get("text") or message.get("caption", "") for message in self.sent]

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.exception_handler(Refusal)
        async def refuse(_: Request, refusal: Refusal) -> JSONResponse:
            body: dict[str, Any] = {"ok": False, "error_code": refusal.status, "description": str(refusal)}
            if refusal.parameters:
                body["parameters"] = refusal.parameters
            return JSONResponse(body, status_code=refusal.status)

        @app.post("/bot{token}/{method}")
        async def call(token: str, method: str, request: Request) -> Any:
            if token != TOKEN:
                raise Refusal(401, "Unauthorized")
            form = form_of(request.headers.get("content-type", ""), await request.body())
            if self.failures and method in {"sendMessage", "sendPhoto"}:
                status, body = self.failures.popleft()
                return JSONResponse(body, status_code=status)
            result = self._call(method, form)
            return {"ok": True, "result": result}

        return app

    def _call(self, method: str, form: dict[str, Any]) -> Any:
        if method == "sendMessage":
            return self._message(form)
        if method == "sendPhoto":
            return self._photo(form)
        if method == "sendChatAction":
            self.typing.append(form["chat_id"])
            return True
        if method == "answerCallbackQuery":
            self.answered.append(form["callback_query_id"])
            return True
        if method == "getMe":
            return {"id": 123456789, "is_bot": True, "first_name": "Rugzicht", "username": "rugzicht_bot"}
        if method == "setWebhook":
            return self._set_webhook(form)
        if method == "getWebhookInfo":
            return {"url": self.webhook.get("url", ""), "has_custom_certificate": False, "pending_update_count": 0}
        if method == "setMyCommands":
            self.commands = [command["command"] for command in json.loads(form["commands"])]
            if not all(re.fullmatch(r"[a-z0-9_]{1,32}", command) for command in self.commands):
                raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
            return True
        raise Refusal(404, "Not Found: method not found")

    def _message(self, form: dict[str, Any]) -> dict[str, Any]:
        text = form.get("text", "")
        if form.get("parse_mode") == "HTML":
            if self.refuse_html:
                raise Refusal(400, "Bad Request: can't parse entities: Unsupported start tag")
            parser = _Entities()
            parser.feed(text)
            text = parser.text
        if not text.strip():
            raise Refusal(400, "Bad Request: message text is empty")
        if _units(text) > 4096:
            raise Refusal(400, "Bad Request: message is too long")
        keyboard = json.loads(form.get("reply_markup") or '{"inline_keyboard": []}')["inline_keyboard"]
        for button in (button for row in keyboard for button in row):
            if not 1 <= len(button["callback_data"].encode()) <= 64:
                raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
            if not button["text"]:
                raise Refusal(400, "Bad Request: BUTTON_TEXT_INVALID")
        return self._deliver(form["chat_id"], {"text": text, "html": form.get("parse_mode"), "keyboard": keyboard})

    def _photo(self, form: dict[str, Any]) -> dict[str, Any]:
        photo = form.get("photo", "")
        content = form.get(photo.removeprefix("attach://")) if isinstance(photo, str) else photo
        if isinstance(content, bytes):
            if not content.startswith(b"\x89PNG"):
                raise Refusal(400, "Bad Request: IMAGE_PROCESS_FAILED")
            name = f"photo{len(self.photos)}"
            self.photos[name] = content
        elif (name := photo) not in self.photos:
            raise Refusal(400, "Bad Request: wrong file identifier/HTTP URL specified")
        if _units(form.get("caption", "")) > 1024:
            raise Refusal(400, "Bad Request: message caption is too long")
        size = {"file_id": name, "file_unique_id": name, "width": 1200, "height": 750}
        return {**self._deliver(form["chat_id"], {"caption": form.get("caption", "")}), "photo": [size]}

    def _deliver(self, chat: str, message: dict[str, Any]) -> dict[str, Any]:
        if chat in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if self.clock() - self._last.get(chat, -10) < 1:
            raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)
        self._last[chat] = self.clock()
        self.sent.append({"chat": chat, **message})
        return {"message_id": len(self.sent), "date": 1_700_000_000, "chat": {"id": int(chat), "type": "private"}}

    def _set_webhook(self, form: dict[str, Any]) -> bool:
        if not form["url"].startswith("https://"):
            raise Refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", form.get("secret_token", "")):
            raise Refusal(400, "Bad Request: secret token contains unallowed characters")
        self.webhook = {**form, "allowed_updates": json.loads(form["allowed_updates"])}
        return True


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
