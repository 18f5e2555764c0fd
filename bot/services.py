"""What the requests share: made once at start, closed at the end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from bot import errors
from bot.alarm_reply import AlarmVoice
from bot.assistant import Assistant
from bot.limits import Limiter
from bot.rasa import RasaClient, RasaSilent
from bot.tokens import Tokens
from content import LiveLibrary, Practice
from practices.book import Book, Installed
from settings import Settings
from store.database import Store
from store.migrate import upgrade
from store.vault import Vault

logger = logging.getLogger(__name__)
CLEAN_EVERY = 600  # seconds


@dataclass
class Services:
    """The parts of the public server. `to_forget` are talks that Rasa still has to delete."""

    settings: Settings
    library: LiveLibrary
    book: Book
    assistant: Assistant
    rasa: RasaClient
    store: Store
    tokens: Tokens
    messages: Limiter
    starts: Limiter
    to_forget: set[str] = field(default_factory=set)

    @staticmethod
    def of(request: Request) -> Services:
        """The services of the application that serves this request."""
        services: Services = request.app.state.services
        return services

    async def forget(self, conversation: str) -> None:
        """Delete a talk here and in Rasa; while Rasa is silent that is tried again later."""
        await self.store.forget_conversation(conversation)
        try:
            await self.rasa.forget(conversation)
        except RasaSilent:
            self.to_forget.add(conversation)  # tried again by the retention loop

    def practice(self, name: str) -> Practice:
        """A practice by its id. Raises ApiError 404."""
        return self.installed(name).practice

    def installed(self, name: str) -> Installed:
        """A practice with what it says, and whether it is tried out. Raises ApiError 404."""
        found = self.book.get(name)
        if found is None:
            raise errors.unknown_practice()
        return found


@contextlib.asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Services]:
    """Open everything, keep cleaning up, close everything.

    Raises ContentError, AlarmContentError or BadKey at start.
    """
    library = LiveLibrary(settings.content)
    voice = AlarmVoice.load(settings.content / "alarm")
    secret = settings.shared_secret()
    await asyncio.to_thread(upgrade, settings.store_url)
    rasa = RasaClient(settings.rasa_url, settings.actions_url, secret, settings.rasa_seconds)
    store = Store.open(settings.store_url, vault=Vault.of(settings.keys))
    book = Book(library, store, voice.content)
    with contextlib.suppress(SQLAlchemyError, OSError):
        await book.refresh()  # `keep_fresh` says what failed
    services = Services(
        settings=settings,
        library=library,
        book=book,
        assistant=Assistant(library, voice, rasa, settings.rasa_seconds),
        rasa=rasa,
        store=store,
        tokens=Tokens(secret, settings.keep_hours * 3600),
        messages=Limiter(settings.messages_per_minute),
        starts=Limiter(settings.conversations_per_minute),
    )
    tasks = [asyncio.create_task(_clean_for_ever(services)), asyncio.create_task(book.keep_fresh())]
    try:
        yield services
    finally:
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await rasa.close()
        await store.close()


async def _clean_for_ever(services: Services) -> None:
    while True:
        try:
            await clean(services, datetime.now(UTC))
        except (SQLAlchemyError, OSError) as error:
            logger.error("old conversations could not be deleted: %s", type(error).__name__)
        await asyncio.sleep(CLEAN_EVERY)


async def clean(services: Services, now: datetime) -> None:
    """Delete what is too old: conversations here and in Rasa, unanswered questions."""
    settings = services.settings
    old = await services.store.delete_conversations_before(now - timedelta(hours=settings.keep_hours))
    await services.store.delete_unanswered_before(now - timedelta(days=settings.keep_unanswered_days))
    services.to_forget.update(old)
    for conversation in list(services.to_forget):
        try:
            await services.rasa.forget(conversation)
        except RasaSilent:
            return
        services.to_forget.discard(conversation)
