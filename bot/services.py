"""What the requests share: made once at start, closed at the end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from bot import errors
from bot.alarm_reply import AlarmVoice
from bot.assistant import Assistant
from bot.limits import Limiter
from bot.privacy import warm_up
from bot.rasa import RasaClient, RasaSilent
from bot.retention import clean
from bot.storage import advice
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
    """The parts of the public server."""

    settings: Settings
    library: LiveLibrary
    book: Book
    assistant: Assistant
    rasa: RasaClient
    store: Store
    tokens: Tokens
    messages: Limiter
    starts: Limiter

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
            await self.store.wiped([conversation])
        except (RasaSilent, SQLAlchemyError, OSError) as error:
            # It stands among the wipes, and is tried again every ten minutes (bot/retention.py).
            logger.warning("a wiped talk is not confirmed yet: %s", type(error).__name__)

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
    await asyncio.to_thread(warm_up)
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
        tokens=Tokens(secret, max(settings.keep_hours, settings.keep_longer_days * 24) * 3600),
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
            report = await clean(services.settings, services.store, services.rasa, datetime.now(UTC))
            if not report.complete:
                logger.warning("rasa has not forgotten all it should: tried again in %s s", CLEAN_EVERY)
        except (SQLAlchemyError, OSError) as error:
            logger.error("old conversations could not be deleted: %s. %s", type(error).__name__, advice(error))
        await asyncio.sleep(CLEAN_EVERY)
