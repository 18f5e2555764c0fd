"""Send through the WhatsApp Cloud API, with pywa."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

import httpx
from pydantic import BaseModel, ConfigDict, Field
from pywa.errors import ReEngagementMessage, ThrottlingError, TooManyMessages, WhatsAppError
from pywa.types.callback import Button, Section, SectionList, SectionRow
from pywa.utils import Version
from pywa_async.client import WhatsApp
from pywa_async.types.media import Media

from bot.channels.incoming import Incoming
from bot.channels.layout import Picture
from bot.channels.outlet import Undelivered
from bot.channels.retry import Again, Patience
from bot.channels.whatsapp.render import OPENER, Message, render
from content import Reply

logger = logging.getLogger(__name__)
SECONDS = 10.0  # for one request
# Error codes that pass: 1 and 2 "API unknown/service", 131000 "something went wrong", 131016 and 133004
# "service unavailable", 131057 "account in maintenance mode" (Cloud API reference, "Error codes").
_PASSING = frozenset({1, 2, 131000, 131016, 131057, 133004})
_PAIR_SECONDS = 6.0  # a person may get one message in so many seconds, on average (131056)


class WhatsAppCredentials(BaseModel):
    """What a practice enters: ids are digits, the rest is secret. `verify_token` is of our own making."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    phone_number_id: str = Field(pattern=r"^\d{5,20}$")
    access_token: str = Field(min_length=10, repr=False)
    app_secret: str = Field(min_length=10, repr=False)
    verify_token: str = Field(min_length=10, repr=False)


def client(credentials: WhatsAppCredentials, api: str) -> WhatsApp:
    """pywa's client for one number; `api` is the address of the Graph API without the version."""
    session = httpx.AsyncClient(timeout=SECONDS)
    found = WhatsApp(
        phone_id=credentials.phone_number_id,
        token=credentials.access_token,
        session=session,
        validate_updates=False,  # webhooks.py does, before anything is read
    )
    session.base_url = httpx.URL(f"{api}/v{Version.GRAPH_API.value}")
    return found


class WhatsAppOutlet:
    """One practice's number. `media` is the folder with the drawings; each is uploaded once in 30 days at most."""

    def __init__(self, credentials: WhatsAppCredentials, api: str, media: Path, patience: Patience) -> None:
        self._whatsapp = client(credentials, api)
        self._media = media
        self._patience = patience
        self._uploaded: dict[str, Media] = {}

    async def show(self, chat: str, replies: Sequence[Reply]) -> None:
        for part in render(replies):
            if isinstance(part, Picture):
                await self._picture(chat, part)
            else:
                await self._message(chat, part)

    async def receive(self, incoming: Incoming) -> None:
        """A "read" mark and "typing", which are one call."""
        try:
            await self._whatsapp.indicate_typing(incoming.reference)
        except (WhatsAppError, httpx.HTTPError, ValueError, KeyError) as error:
            logger.info("whatsapp: no read mark (%s)", _code(error))

    async def close(self) -> None:
        await self._whatsapp.api._session.aclose()

    async def _message(self, chat: str, message: Message) -> None:
        buttons: list[Button] | SectionList | None = None
        if message.buttons:
            buttons = [Button(title=title, callback_data=id) for id, title in message.buttons]
        elif message.rows:
            rows = [SectionRow(row.title, row.id, row.description or None) for row in message.rows]
            buttons = SectionList(OPENER, [Section(OPENER, rows)])
        await self._patience.send(lambda: self._whatsapp.send_message(chat, message.text, buttons=buttons), _judge)

    async def _picture(self, chat: str, picture: Picture) -> None:
        """A drawing that cannot be sent costs no answer: the text follows."""
        try:
            await self._patience.send(lambda: self._send_picture(chat, picture), _judge)
        except (Undelivered, OSError) as error:
            self._uploaded.pop(picture.url, None)
            if isinstance(error, _WindowClosed):
                raise
            logger.warning("whatsapp: a drawing was not delivered (%s)", error.args[0] if error.args else "")

    async def _send_picture(self, chat: str, picture: Picture) -> None:
        if picture.url not in self._uploaded:
            name = Path(picture.url).name
            content = await asyncio.to_thread((self._media / name).read_bytes)
            self._uploaded[picture.url] = await self._whatsapp.upload_media(content, "image/png", name)
        await self._whatsapp.send_image(chat, self._uploaded[picture.url], caption=picture.caption)


class _WindowClosed(Undelivered):
    """More than 24 hours since the person's last message."""


def _judge(error: Exception) -> Again | Undelivered:
    """Whether sending again helps. Codes only: the platform's words may hold a phone number."""
    if isinstance(error, ReEngagementMessage):
        return _WindowClosed(_code(error))
    if isinstance(error, TooManyMessages):
        return Again(_code(error), _PAIR_SECONDS)
    if isinstance(error, ThrottlingError):
        return Again(_code(error), 1.0)
    if isinstance(error, WhatsAppError):
        passing = error.code in _PASSING or error.is_transient or (error.status_code or 0) in {429, *range(500, 600)}
        return Again(_code(error)) if passing else Undelivered(_code(error))
    if isinstance(error, httpx.TransportError):
        return Again(_code(error))
    return Undelivered(_code(error))


def _code(error: Exception) -> str:
    return str(error.code) if isinstance(error, WhatsAppError) else type(error).__name__
