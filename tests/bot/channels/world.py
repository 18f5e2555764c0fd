"""The public server between fakes of Rasa, the Graph API and the Bot API, and people who write to it.

anna = world.on("whatsapp")
await anna.types("mag ik sporten?")
anna.sees("Wandelen, fietsen en zwemmen")
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import itertools
import json
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

import httpx
import uvicorn
from cryptography.fernet import Fernet
from fastapi import FastAPI

from bot.app import create_app
from bot.channels.hub import Hub
from bot.channels.incoming import ChannelName
from bot.privacy import pseudonym
from bot.services import Services
from settings import Settings
from tests.bot.channels import fake_graph, fake_telegram
from tests.bot.channels.fake_graph import FakeGraph
from tests.bot.channels.fake_rasa import FakeRasa
from tests.bot.channels.fake_telegram import FakeTelegram
from tests.bot.channels.fake_time import FakeTime

VERIFY_TOKEN = "ons-eigen-controlewoord"
SECRET = "ons-eigen-geheim-voor-telegram"
_numbers = itertools.count(1)


@contextlib.asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[int]:
    """The application on a free loopback port, in this event loop."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        task = asyncio.create_task(server._serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody
            await asyncio.sleep(0.005)
        try:
            yield int(listener.getsockname()[1])
        finally:
            server.should_exit = server.force_exit = True
            await task


@dataclass
class World:
    """One running server with everything around it. `reset` makes the fakes as new."""

    settings: Settings
    app: FastAPI
    http: httpx.AsyncClient
    time: FakeTime
    graph: FakeGraph
    telegram: FakeTelegram
    rasa: FakeRasa

    @property
    def services(self) -> Services:
        found: Services = self.app.state.services
        return found

    @property
    def hub(self) -> Hub:
        found: Hub = self.app.state.hub
        return found

    def reset(self) -> None:
        self.time.slept.clear()
        self.time.now += 1_000
        for fake, fresh in (
            (self.graph, FakeGraph(self.time.clock)),
            (self.telegram, FakeTelegram(self.time.clock)),
            (self.rasa, FakeRasa()),
        ):
            kept = {"media": self.graph.media, "photos": self.telegram.photos}
            fake.__dict__.update(fresh.__dict__, **{name: kept[name] for name in kept if hasattr(fake, name)})

    async def switch_on(self, practice: str = "demo") -> None:
        """Both channels of a practice, with credentials that the fakes accept."""
        channels = self.services.store.channels
        await channels.save(practice, "whatsapp", WHATSAPP, True, "test")
        await channels.save(practice, "telegram", TELEGRAM, True, "test")

    def on(self, channel: ChannelName, practice: str = "demo") -> Person:
        """Somebody who never wrote before."""
        number = next(_numbers)
        return (OnWhatsApp if channel == "whatsapp" else OnTelegram)(self, practice, number)


WHATSAPP = {
    "phone_number_id": fake_graph.NUMBER,
    "access_token": fake_graph.TOKEN,
    "app_secret": fake_graph.APP_SECRET,
    "verify_token": VERIFY_TOKEN,
}
TELEGRAM = {"token": fake_telegram.TOKEN, "secret": SECRET}


@contextlib.asynccontextmanager
async def running_world(folder: Path, **changes: Any) -> AsyncIterator[World]:
    """A world with both channels of the practice demo switched on."""
    now = FakeTime()
    graph, telegram, rasa = FakeGraph(now.clock), FakeTelegram(now.clock), FakeRasa()
    async with served(graph.app()) as graph_port, served(telegram.app()) as telegram_port, served(rasa.app()) as port:
        wanted: dict[str, Any] = {
            "var": folder,
            "rasa_port": port,
            "whatsapp_api": f"http://127.0.0.1:{graph_port}",
            "telegram_api": f"http://127.0.0.1:{telegram_port}",
            "public_url": "https://chat.voorbeeld.nl",
            "keys": Fernet.generate_key().decode(),
            "secret": "0123456789abcdef0123456789abcdef",
            "rasa_seconds": 10,
            "messages_per_minute": 0,
        }
        settings = Settings(**{**wanted, **changes})
        app = create_app(settings, now.patience())
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://bot"
            ) as http,
        ):
            world = World(settings, app, http, now, graph, telegram, rasa)
            await world.switch_on()
            yield world


@dataclass
class Person:
    """Somebody who writes to a practice. What they see is what the platform's fake accepted for them."""

    world: World
    practice: str
    number: int
    seen: list[dict[str, Any]] = field(default_factory=list)

    channel: ClassVar[ChannelName]

    @property
    def conversation(self) -> str:
        """The id under which this person is known."""
        who = f"{self.channel}/{self.practice}/{self.user_id}"
        return pseudonym(who, self.world.settings.shared_secret().encode())

    @property
    def user_id(self) -> str:
        raise NotImplementedError

    async def types(self, text: str, **more: Any) -> Self:
        """Type a message, and wait until it is answered."""
        raise NotImplementedError

    async def presses(self, title: str) -> Self:
        """Press a button, by what stands on it, of what was shown last."""
        buttons = {shown: id for message in self.seen for id, shown in self.buttons(message)}
        assert title in buttons, f"no button {title!r}; there are {list(buttons)}"
        return await self.press(buttons[title])

    async def press(self, id: str) -> Self:
        raise NotImplementedError

    async def delivers(self, *payloads: Any) -> list[httpx.Response]:
        """Hand over payloads as the platform does, signed, one after the other; then wait for the answers."""
        before = len(self._sent)
        answers = [await self.post(json.dumps(payload).encode()) for payload in payloads]
        await self.world.hub.settle(60)
        self.seen = [message for message in self._sent[before:] if self._mine(message)]
        return answers

    async def post(self, body: bytes) -> httpx.Response:
        raise NotImplementedError

    @property
    def text(self) -> str:
        return "\n\n".join(self.read(message) for message in self.seen)

    def sees(self, *words: str) -> Self:
        for word in words:
            assert word in self.text, f"{word!r} is not in {self.text!r}"
        return self

    def sees_nothing(self) -> Self:
        assert self.seen == []
        return self

    def buttons(self, message: dict[str, Any]) -> list[tuple[str, str]]:
        raise NotImplementedError

    def read(self, message: dict[str, Any]) -> str:
        raise NotImplementedError

    @property
    def _sent(self) -> list[dict[str, Any]]:
        raise NotImplementedError

    def _mine(self, message: dict[str, Any]) -> bool:
        raise NotImplementedError


class OnWhatsApp(Person):
    """Payloads as in the Cloud API's webhook reference."""

    channel = "whatsapp"

    @property
    def phone(self) -> str:
        return f"316{self.number:08}"

    @property
    def user_id(self) -> str:
        return f"NL.{self.number:017}"

    async def types(self, text: str, **more: Any) -> Self:
        await self.delivers(self.delivery(self.message("text", {"body": text}, **more)))
        return self

    async def press(self, id: str) -> Self:
        reply = {"type": "list_reply", "list_reply": {"id": id, "title": "x", "description": "y"}}
        await self.delivers(self.delivery(self.message("interactive", reply)))
        return self

    def message(self, kind: str, content: Any, **more: Any) -> dict[str, Any]:
        """One element of `messages`."""
        return {
            "from": self.phone,
            "id": f"wamid.{next(_numbers)}",
            "timestamp": str(int(time.time())),
            "type": kind,
            kind: content,
            **more,
        }

    def delivery(self, *messages: dict[str, Any], contacts: list[Any] | None = None, **value: Any) -> dict[str, Any]:
        """A whole delivery, as it is signed."""
        contact = {"profile": {"name": "Anna Geheim"}, "wa_id": self.phone, "user_id": self.user_id}
        content = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "31300000000", "phone_number_id": fake_graph.NUMBER},
            "contacts": [contact] if contacts is None else contacts,
            "messages": list(messages),
            **value,
        }
        change = {"value": content, "field": "messages"}
        return {"object": "whatsapp_business_account", "entry": [{"id": fake_graph.ACCOUNT, "changes": [change]}]}

    async def post(self, body: bytes) -> httpx.Response:
        signature = hmac.new(fake_graph.APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={signature}", "Content-Type": "application/json"}
        return await self.world.http.post(f"/webhooks/whatsapp/{self.practice}", content=body, headers=headers)

    def buttons(self, message: dict[str, Any]) -> list[tuple[str, str]]:
        if message["type"] != "interactive":
            return []
        action = message["interactive"]["action"]
        if "buttons" in action:
            return [(button["reply"]["id"], button["reply"]["title"]) for button in action["buttons"]]
        rows = [row for section in action["sections"] for row in section["rows"]]
        return [(row["id"], row["title"].partition(". ")[2]) for row in rows]

    def read(self, message: dict[str, Any]) -> str:
        return fake_graph._seen(message)

    @property
    def _sent(self) -> list[dict[str, Any]]:
        return self.world.graph.sent

    def _mine(self, message: dict[str, Any]) -> bool:
        return (message.get("to") or message.get("recipient")) in {self.phone, self.user_id}


class OnTelegram(Person):
    """Updates as in the Bot API reference."""

    channel = "telegram"

    @property
    def user_id(self) -> str:
        return str(self.number)

    @property
    def user(self) -> dict[str, Any]:
        return {"id": self.number, "is_bot": False, "first_name": "Anna", "last_name": "Geheim", "language_code": "nl"}

    @property
    def chat(self) -> dict[str, Any]:
        return {"id": self.number, "type": "private", "first_name": "Anna", "last_name": "Geheim"}

    async def types(self, text: str, **more: Any) -> Self:
        await self.delivers(self.update(message=self.message(text=text, **more)))
        return self

    async def press(self, id: str) -> Self:
        await self.delivers(self.update(callback_query=self.query(id)))
        return self

    def message(self, **content: Any) -> dict[str, Any]:
        """A message in the private chat."""
        head = {"message_id": next(_numbers), "from": self.user, "chat": self.chat, "date": int(time.time())}
        return {**head, **content}

    def query(self, data: str) -> dict[str, Any]:
        """A button that was pressed."""
        return {
            "id": str(next(_numbers)),
            "from": self.user,
            "chat_instance": "1",
            "data": data,
            "message": self.message(text="Kies maar."),
        }

    def update(self, **content: Any) -> dict[str, Any]:
        return {"update_id": next(_numbers), **content}

    async def post(self, body: bytes) -> httpx.Response:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
        return await self.world.http.post(f"/webhooks/telegram/{self.practice}", content=body, headers=headers)

    def buttons(self, message: dict[str, Any]) -> list[tuple[str, str]]:
        rows = message.get("keyboard", [])
        return [(button["callback_data"], button["text"]) for row in rows for button in row]

    def read(self, message: dict[str, Any]) -> str:
        return str(message.get("text") or message.get("caption", ""))

    @property
    def _sent(self) -> list[dict[str, Any]]:
        return self.world.telegram.sent

    def _mine(self, message: dict[str, Any]) -> bool:
        return bool(message["chat"] == str(self.number))
