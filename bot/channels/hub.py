"""The channels of all practices: takes messages in durably, works them off in order, knows each practice's outlet."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.dialogue import Dialogue
from bot.channels.incoming import ChannelName, Incoming
from bot.channels.lanes import Lanes
from bot.channels.outlet import Later, Outlet, Undelivered
from bot.channels.retry import Patience
from bot.channels.telegram.outlet import TelegramCredentials, TelegramOutlet
from bot.channels.whatsapp.outlet import WhatsAppCredentials, WhatsAppOutlet
from bot.privacy import pseudonym
from bot.services import Services
from store.vault import NoKey

logger = logging.getLogger(__name__)
ABANDONED = timedelta(minutes=5)  # after so long a message that is not finished was left by a process that died
LOOK_EVERY = 60.0  # seconds
GOODBYE = 6.0  # seconds to finish in when the server stops; supervisord kills after 8
REMEMBER = timedelta(days=8)  # WhatsApp delivers again for up to seven days

Credentials = WhatsAppCredentials | TelegramCredentials


class CannotReceive(Exception):
    """Nothing durable can be written: the platform must deliver again later."""


class Hub:
    """Everything between the webhooks and the platforms."""

    def __init__(self, services: Services, patience: Patience | None = None) -> None:
        self._services = services
        self._patience = patience or Patience()
        self._dialogue = Dialogue(services)
        self._lanes: dict[tuple[str, ChannelName], Lanes] = {}  # apart: a platform that hangs holds up no other
        self._secret = services.settings.shared_secret().encode()
        self._outlets: dict[tuple[str, ChannelName], tuple[Credentials, Outlet]] = {}
        self._replaced: list[Outlet] = []
        self._working: set[str] = set()  # keys of messages that are queued or being answered here

    async def credentials(self, practice: str, channel: ChannelName) -> Credentials | None:
        """Of a channel that is on; None when it is off or not set up well. Raises CannotReceive."""
        try:
            found = await self._services.store.channels.get(practice, channel)
        except (SQLAlchemyError, OSError, NoKey) as error:
            logger.error("%s of %s: no credentials (%s)", channel, practice, type(error).__name__)
            raise CannotReceive from error
        if found is None or not found.enabled:
            return None
        model = WhatsAppCredentials if channel == "whatsapp" else TelegramCredentials
        try:
            return model.model_validate(found.credentials)
        except ValidationError as error:
            wrong = ", ".join(str(problem["loc"][0]) for problem in error.errors())
            logger.error("%s of %s: credentials are incomplete or wrong: %s", channel, practice, wrong)
            return None

    async def receive(self, messages: Iterable[Incoming]) -> None:
        """Write each new message down and queue it; then they may be acknowledged. Raises CannotReceive."""
        for message in messages:
            name = f"{message.channel}/{message.practice}/{message.id}"
            try:
                key = await self._services.store.channels.receive(
                    message.practice, message.channel, pseudonym(name, self._secret), message.model_dump(mode="json")
                )
            except (SQLAlchemyError, OSError, NoKey) as error:
                logger.error("a message of %s could not be taken in: %s", message.channel, type(error).__name__)
                raise CannotReceive from error
            if key is not None:
                self._queue(key, message)

    async def recover(self, before: datetime) -> int:
        """Take up what a process that died left unfinished since before a moment; how many."""
        channels = self._services.store.channels
        taken = 0
        for delivery in await channels.waiting(before):
            if delivery.key in self._working:
                continue
            # Whoever writes this down first has it; the other replicas see that it is known.
            if await channels.receive(delivery.practice, delivery.kind, f"again/{delivery.key}") is None:
                await channels.finish(delivery.key)
                continue
            try:
                message = Incoming.model_validate(delivery.payload)
            except ValidationError:  # written by another version of the program
                logger.error("%s: a message that was left unfinished cannot be read", delivery.kind)
                await channels.finish(delivery.key)
                continue
            self._queue(delivery.key, message)
            taken += 1
        return taken

    async def watch(self) -> None:
        """Take up abandoned messages and forget old ones, for ever."""
        while True:
            try:
                now = datetime.now(UTC)
                if taken := await self.recover(now - ABANDONED):
                    logger.warning("%s messages that were left unfinished are being answered", taken)
                await self._services.store.channels.delete_before(now - REMEMBER)
            except (SQLAlchemyError, OSError, NoKey) as error:
                logger.error("unfinished messages could not be looked up: %s", type(error).__name__)
            await asyncio.sleep(LOOK_EVERY)

    async def close(self) -> None:
        """Finish what is being answered, within GOODBYE; what remains is taken up after the next start."""
        await self.settle(GOODBYE)
        for outlet in (*self._replaced, *(outlet for _, outlet in self._outlets.values())):
            await outlet.close()

    async def settle(self, seconds: float) -> None:
        """Wait until all that was received is answered, at most this long; then cut off what still runs."""
        await asyncio.gather(*(lanes.finish(seconds) for lanes in self._lanes.values()))

    def _queue(self, key: str, message: Incoming) -> None:
        self._working.add(key)
        lanes = self._lanes.setdefault((message.practice, message.channel), Lanes())
        lanes.put(self._dialogue.conversation(message), message.sent_at, partial(self._work, key, message))

    async def _work(self, key: str, message: Incoming) -> None:
        """Answer and finish. What is cut off, or fails for now only, stays unfinished, for `recover`."""
        try:
            await self._answer(message)
        except Later as error:
            logger.error("%s of %s: an answer waits (%s)", message.channel, message.practice, error)
        except Undelivered as error:
            logger.warning("%s of %s: an answer was not delivered (%s)", message.channel, message.practice, error)
            await self._finish(key)
        except Exception as error:  # a mistake of ours: the same message would meet it again
            logger.error("%s: a message was not worked off (%s)", message.channel, type(error).__name__)
            await self._finish(key)
        else:
            await self._finish(key)
        finally:
            self._working.discard(key)

    async def _answer(self, message: Incoming) -> None:
        installed = self._services.installed(message.practice)
        try:
            outlet = await self._outlet(message.practice, message.channel)
        except CannotReceive as error:
            raise Later("no credentials") from error
        if outlet is not None:
            await self._dialogue.answer(message, installed, outlet)

    async def _finish(self, key: str) -> None:
        with contextlib.suppress(SQLAlchemyError, OSError):
            await self._services.store.channels.finish(key)

    async def _outlet(self, practice: str, channel: ChannelName) -> Outlet | None:
        credentials = await self.credentials(practice, channel)
        if credentials is None:
            return None
        known = self._outlets.get((practice, channel))
        if known is not None:
            if known[0] == credentials:
                return known[1]
            self._replaced.append(known[1])  # perhaps in use; closed at the end
        outlet = self._make(credentials)
        self._outlets[practice, channel] = (credentials, outlet)
        return outlet

    def _make(self, credentials: Credentials) -> Outlet:
        settings = self._services.settings
        media = settings.content / "media"
        if isinstance(credentials, WhatsAppCredentials):
            return WhatsAppOutlet(credentials, settings.whatsapp_api, media, self._patience)
        return TelegramOutlet(credentials, settings.telegram_api, media, self._patience)


@contextlib.asynccontextmanager
async def hub_running(services: Services, patience: Patience | None = None) -> AsyncIterator[Hub]:
    """A hub that looks after abandoned messages until the server stops."""
    hub = Hub(services, patience)
    watching = asyncio.create_task(hub.watch())
    try:
        yield hub
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        await hub.close()
