"""Send through the Telegram Bot API, with python-telegram-bot."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import HTTPXRequest

from bot.channels.incoming import Incoming, Said
from bot.channels.layout import Picture
from bot.channels.outlet import Blocked, Undelivered
from bot.channels.retry import Again, Patience
from bot.channels.telegram.render import Message, render
from content import Reply

logger = logging.getLogger(__name__)
logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells each address, and a bot's token stands in that
SECONDS = 10.0  # for one request
BETWEEN = 1.0  # seconds between two messages in one chat (Bots FAQ: "avoid sending more than one message per second")
MAX_CHATS = 10_000  # whose last message is remembered


class TelegramCredentials(BaseModel):
    """What BotFather gave the practice, and the secret we let Telegram send along."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    token: str = Field(pattern=r"^\d{5,20}:[A-Za-z0-9_-]{20,60}$", repr=False)
    secret: str = Field(pattern=r"^[A-Za-z0-9_-]{16,256}$", repr=False)


def client(credentials: TelegramCredentials, api: str) -> Bot:
    """The library's client for one bot; `api` is the address of the Bot API."""
    request = HTTPXRequest(read_timeout=SECONDS, write_timeout=SECONDS, connect_timeout=SECONDS, pool_timeout=SECONDS)
    return Bot(credentials.token, base_url=f"{api}/bot", base_file_url=f"{api}/file/bot", request=request)


async def close(bot: Bot) -> None:
    """Close its connections. `Bot.shutdown` does so only after `initialize`, which would call the platform at start."""
    for request in bot._request:
        await request.shutdown()


class TelegramOutlet:
    """One practice's bot. `media` is the folder with the drawings; each is uploaded once by a process."""

    def __init__(self, credentials: TelegramCredentials, api: str, media: Path, patience: Patience) -> None:
        self._bot = client(credentials, api)
        self._media = media
        self._patience = patience
        self._uploaded: dict[str, str] = {}
        self._next: dict[str, float] = {}  # when a chat may get its next message

    async def show(self, chat: str, replies: Sequence[Reply]) -> None:
        for part in render(replies):
            await self._pace(chat)
            if isinstance(part, Picture):
                await self._picture(chat, part)
            else:
                await self._message(chat, part)

    async def receive(self, incoming: Incoming) -> None:
        """End the waiting on a button that was pressed, and show "typing"."""
        try:
            if incoming.said is Said.PRESS and incoming.reference:
                await self._bot.answer_callback_query(incoming.reference)
            await self._bot.send_chat_action(incoming.chat, ChatAction.TYPING)
        except TelegramError as error:
            logger.info("telegram: no sign of arrival (%s)", _code(error))

    async def close(self) -> None:
        await close(self._bot)

    async def _message(self, chat: str, message: Message) -> None:
        rows = [[InlineKeyboardButton(title, callback_data=data)] for data, title in message.buttons]
        keyboard = InlineKeyboardMarkup(rows) if rows else None
        preview = LinkPreviewOptions(is_disabled=True)

        async def formatted() -> None:
            await self._bot.send_message(
                chat, message.html, parse_mode=ParseMode.HTML, reply_markup=keyboard, link_preview_options=preview
            )

        async def plain() -> None:
            await self._bot.send_message(chat, message.plain, reply_markup=keyboard, link_preview_options=preview)

        try:
            await self._patience.send(formatted, _judge)
        except _Refused:
            await self._patience.send(plain, _judge)

    async def _picture(self, chat: str, picture: Picture) -> None:
        """A drawing that cannot be sent costs no answer: the text follows."""
        try:
            await self._patience.send(lambda: self._send_picture(chat, picture), _judge)
        except Blocked:
            raise
        except (Undelivered, OSError) as error:
            self._uploaded.pop(picture.url, None)
            logger.warning("telegram: a drawing was not delivered (%s)", error.args[0] if error.args else "")

    async def _send_picture(self, chat: str, picture: Picture) -> None:
        photo: str | bytes | None = self._uploaded.get(picture.url)
        if photo is None:
            photo = await asyncio.to_thread((self._media / Path(picture.url).name).read_bytes)
        sent = await self._bot.send_photo(chat, photo, caption=picture.caption)
        if sent.photo:
            self._uploaded[picture.url] = sent.photo[-1].file_id

    async def _pace(self, chat: str) -> None:
        now = self._patience.clock()
        wait = self._next.get(chat, now) - now
        self._next[chat] = max(now, self._next.get(chat, now)) + BETWEEN
        if len(self._next) > MAX_CHATS:
            self._next = {name: moment for name, moment in self._next.items() if moment > now}
        if wait > 0:
            await self._patience.sleep(wait)


class _Refused(Undelivered):
    """400: the platform does not take the message as it is."""


def _judge(error: Exception) -> Again | Undelivered:
    """Whether sending again helps. Codes only: the platform's words may hold a name."""
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return Again("429", float(wait if isinstance(wait, int) else wait.total_seconds()))
    if isinstance(error, Forbidden):
        return Blocked(_code(error))
    if isinstance(error, BadRequest):
        return _Refused(_code(error))
    if isinstance(error, InvalidToken):
        return Undelivered(_code(error))
    if isinstance(error, TimedOut | NetworkError):  # also 5xx
        return Again(_code(error))
    return Undelivered(_code(error))


def _code(error: Exception) -> str:
    return type(error).__name__
