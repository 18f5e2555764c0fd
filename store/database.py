"""The queries. One short transaction a method; what comes back is detached and safe to keep."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import structlog
from sqlalchemy import case, create_engine, delete, event, func, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from store import talking
from store.audit import AuditLog
from store.channels import Channels
from store.models import Author, Conversation, Feedback, Message, Unanswered, Wipe
from store.one_hop import THREADS, InThread, OnLoop, Transactions
from store.practices import Practices
from store.retention import Deleted, Terms, delete_expired
from store.url import async_url, sync_url
from store.vault import Vault

BUSY_MILLISECONDS = 5_000

_log = structlog.get_logger(__name__)


class UnknownConversation(LookupError):
    """There is no conversation with this id: it never was, or it has been forgotten."""


@dataclass(frozen=True)
class TopicFeedback:
    """How often the answer to one topic was called helpful, and how often not."""

    topic: str
    helpful: int
    unhelpful: int


@dataclass(frozen=True)
class Turn:
    """A patient's message and the replies to it so far. `fresh`: written down just now, without an answer yet."""

    question: Message
    replies: tuple[Message, ...] = ()
    fresh: bool = False


def _now() -> datetime:
    return datetime.now(UTC)


class Store:
    """Everything that is kept, behind one connection pool. The tables must be there: `store.migrate.upgrade(url)`.

    Deleted text is gone from the files of SQLite at once. PostgreSQL overwrites it after its next vacuum, and its own
    log and backups keep it for as long as their settings say (docs/privacy.md).

    The queries on talks are methods here; those on what practices entrust are in `practices`, `channels` and `audit`.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        transactions: Transactions,
        clock: Callable[[], datetime] = _now,
        vault: Vault | None = None,
    ) -> None:
        """`transactions` run what every message asks for, `engine` all else."""
        self._engine = engine
        self._transactions = transactions
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock = clock
        self.practices = Practices(self._sessions, clock)
        self.channels = Channels(self._sessions, clock, vault or Vault())
        self.audit = AuditLog(self._sessions, clock)
        self._wiping = asyncio.Lock()
        self._remains = False

    @classmethod
    def open(cls, url: str, clock: Callable[[], datetime] = _now, vault: Vault | None = None) -> Self:
        """A store on `sqlite:///file` or `postgresql://...`; connects at first use. Use `async with` or `close()`.

        Without a vault, what needs one raises NoKey. Raises ValueError for any other URL.
        """
        target = async_url(url)
        if target.get_backend_name() != "sqlite":
            # A connection that the database dropped in the night must not cost the first patient an answer.
            engine = create_async_engine(target, pool_pre_ping=True)
            return cls(engine, OnLoop(engine), clock, vault)
        engine = create_async_engine(target)
        threaded = create_engine(sync_url(url), pool_size=THREADS, max_overflow=0)
        for each in (engine.sync_engine, threaded):
            event.listen(each, "connect", _sqlite_pragmas)
        return cls(engine, InThread(threaded, BUSY_MILLISECONDS / 1000), clock, vault)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections. The store cannot be used after."""
        await self._transactions.close()
        await self._engine.dispose()

    async def start_conversation(
        self, practice: str, channel: str, conversation_id: str | None = None, *, consent: bool = False
    ) -> Conversation:
        """A new conversation; `consent`: the patient has agreed to the notice.

        With `conversation_id` (32 hex characters, for a channel that has one person behind one pseudonym) the
        conversation that is there already is given back unchanged, also when two ask at once.
        """
        id, now = conversation_id or uuid4().hex, self._clock()
        try:
            return await self._transactions.write(talking.start, id, practice, channel, now, now if consent else None)
        except IntegrityError:
            known = await self.get_conversation(conversation_id) if conversation_id else None
            if known is None:
                raise
            return known

    async def get_conversation(self, conversation_id: str) -> Conversation | None:
        return await self._transactions.read(talking.find, conversation_id)

    async def give_consent(self, conversation_id: str) -> datetime:
        """The patient agreed to the notice; when that was first. Raises UnknownConversation."""
        async with self._sessions.begin() as session:
            found = await session.get(Conversation, conversation_id, with_for_update=True)
            if found is None:
                raise UnknownConversation("no conversation with this id; start a new one")
            if found.consent_at is None:
                found.consent_at = self._clock()
            return found.consent_at

    async def add_messages(
        self, conversation_id: str, messages: Sequence[tuple[Author, dict[str, Any]]], client_id: str | None = None
    ) -> list[Message]:
        """Append turns, in order, and move `last_at`. Raises UnknownConversation; then nothing was written."""
        rows = await self._transactions.write(talking.add, conversation_id, messages, client_id, self._clock())
        if rows is None:
            raise UnknownConversation("no conversation with this id; start a new one")
        return rows

    async def open_turn(self, conversation_id: str, client_id: str, body: dict[str, Any]) -> Turn:
        """Write a patient's message down, once: a second call with this id gives the turn as it stands by then.

        Raises UnknownConversation.
        """
        try:
            [question] = await self.add_messages(conversation_id, [("patient", body)], client_id)
        except IntegrityError:
            known = await self.turn(conversation_id, client_id)
            if known is None:
                raise UnknownConversation("the conversation was forgotten at this moment") from None
            return known
        return Turn(question, fresh=True)

    async def turn(self, conversation_id: str, client_id: str) -> Turn | None:
        """The message with this id of the patient's browser and its replies, or None."""
        rows = await self._transactions.read(talking.of_client, conversation_id, client_id)
        question = next((row for row in rows if row.author == "patient"), None)
        if question is None:
            return None
        return Turn(question, tuple(row for row in rows if row.author == "assistant"))

    async def take_over(self, question: Message) -> bool:
        """Claim a message that was left without an answer. Of several who try at once, one gets True."""
        return await self._transactions.write(talking.claim, question.id, question.created_at, self._clock())

    async def messages(self, conversation_id: str) -> list[Message]:
        """The turns in the order they were added; empty for an unknown conversation."""
        async with self._sessions() as session:
            found = select(Message).where(Message.conversation_id == conversation_id).order_by(Message.id)
            return list(await session.scalars(found))

    async def keep_until(self, conversation_id: str, moment: datetime | None) -> None:
        """The patient asked to keep a talk until `moment`, or no longer than others. Raises UnknownConversation."""
        kept = update(Conversation).where(Conversation.id == conversation_id).values(kept_until=moment)
        async with self._sessions.begin() as session:
            if await session.scalar(kept.returning(Conversation.id)) is None:
                raise UnknownConversation("no conversation with this id; start a new one")

    async def forget_conversation(self, conversation_id: str) -> None:
        """Delete a conversation and all that was written in it. An unknown id is no error: it is gone already.

        Its id stays among `wipes` until `wiped` says that Rasa has forgotten it too.
        """
        if await self.get_conversation(conversation_id) is None:
            return
        async with self._deletion() as session:
            await session.execute(delete(Unanswered).where(Unanswered.conversation_id == conversation_id))
            gone = delete(Conversation).where(Conversation.id == conversation_id).returning(Conversation.id)
            if await session.scalar(gone) is not None:
                session.add(Wipe(id=conversation_id, created_at=self._clock()))

    async def wipes(self, limit: int = 500) -> list[str]:
        """Ids of wiped conversations that Rasa may still know, the oldest first."""
        async with self._sessions() as session:
            return list(await session.scalars(select(Wipe.id).order_by(Wipe.created_at, Wipe.id).limit(limit)))

    async def wiped(self, conversation_ids: Sequence[str]) -> None:
        """Rasa has forgotten these."""
        async with self._sessions.begin() as session:
            await session.execute(delete(Wipe).where(Wipe.id.in_(conversation_ids)))

    async def delete_expired(self, terms: Terms, now: datetime | None = None) -> Deleted:
        """Delete what is older than its term, and wipe it from the files when there was any."""
        try:
            deleted = await delete_expired(self._sessions, now or self._clock(), terms)
        except BaseException:
            self._remains = True  # some of it may have gone: the next deletion wipes
            raise
        if deleted.any or self._remains:
            self._remains = True
            await self._wipe()
        return deleted

    async def add_feedback(self, practice: str, topic: str, helpful: bool, reason: str | None = None) -> None:
        """A thumb. `reason` is one of the words that the chat offers, never what a patient typed."""
        row = Feedback(created_at=self._clock(), practice=practice, topic=topic, helpful=helpful, reason=reason)
        async with self._sessions.begin() as session:
            session.add(row)

    async def feedback_by_topic(self, practice: str, since: datetime) -> list[TopicFeedback]:
        """The thumbs since `since`, counted per topic, the least helpful topics first."""
        helpful = func.sum(case((Feedback.helpful, 1), else_=0))
        unhelpful = func.sum(case((Feedback.helpful, 0), else_=1))
        counted = (
            select(Feedback.topic, helpful, unhelpful)
            .where(Feedback.practice == practice, Feedback.created_at >= since)
            .group_by(Feedback.topic)
            .order_by(unhelpful.desc(), Feedback.topic)
        )
        async with self._sessions() as session:
            return [TopicFeedback(topic, up, down) for topic, up, down in await session.execute(counted)]

    async def add_unanswered(
        self, practice: str, text: str, suggested: Sequence[str], conversation_id: str | None = None
    ) -> None:
        """Keep a question for the practice to look at. `text` must have been through `bot.privacy.redact`.

        With its conversation it is deleted when the patient wipes that (IntegrityError when there is none such).
        """
        row = Unanswered(
            created_at=self._clock(),
            practice=practice,
            text=_storable(text),
            suggested=list(suggested),
            conversation_id=conversation_id,
        )
        async with self._sessions.begin() as session:
            session.add(row)

    async def unanswered(self, practice: str, since: datetime, limit: int = 500) -> list[Unanswered]:
        """The questions since `since`, the newest first, at most `limit`."""
        found = (
            select(Unanswered)
            .where(Unanswered.practice == practice, Unanswered.created_at >= since)
            .order_by(Unanswered.created_at.desc(), Unanswered.id.desc())
            .limit(limit)
        )
        async with self._sessions() as session:
            return list(await session.scalars(found))

    @asynccontextmanager
    async def _deletion(self) -> AsyncIterator[AsyncSession]:
        """A transaction that deletes text, and then wipes it."""
        try:
            async with self._sessions.begin() as session:
                yield session
        finally:
            self._remains = True  # also when cancelled here: the next deletion then wipes for this one
        await self._wipe()

    async def _wipe(self, thorough: bool = False) -> bool:
        """Take what was deleted out of the bytes of the files; whether that went well.

        SQLite: secure_delete zeroes a deleted row where it stands, but not the copies that page merges left behind
        earlier (tests/store/test_deletion.py finds them), so the file is rewritten, then the write-ahead log emptied.
        About 6 ms for each MB; others can read meanwhile, and deletions at the same time share a rewrite.
        PostgreSQL: VACUUM gives the room free for other rows. Only VACUUM FULL (`thorough`) rewrites the files; nobody
        can read or write while it does.
        """
        async with self._wiping:
            if not self._remains and not thorough:
                return True
            self._remains = False
            wiped = False
            try:
                async with self._engine.connect() as connection:
                    await connection.execution_options(isolation_level="AUTOCOMMIT")
                    wiped = await _rewrite(connection, thorough)
            except DBAPIError:
                pass
            finally:
                self._remains = self._remains or not wiped
        if not wiped:
            _log.warning("deleted_text_remains", reason="database busy or disk full", until="the next deletion")
        return wiped

    async def rewrite(self) -> bool:
        """Rewrite the files so that deleted text is in none of them, also on PostgreSQL; whether that went well."""
        return await self._wipe(thorough=True)


WITH_TEXT = ("messages", "unanswered", "platform_messages", "conversations", "wipes")


async def _rewrite(connection: AsyncConnection, thorough: bool) -> bool:
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql("VACUUM")
        emptied = await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return bool(emptied.scalar_one() == 0)
    await connection.exec_driver_sql(f"VACUUM {'(FULL) ' if thorough else ''}{', '.join(WITH_TEXT)}")
    return True


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "foreign_keys = ON",
        "secure_delete = ON",
        "synchronous = FULL",  # a power cut after an acknowledgement loses nothing: 1 to 2 ms a turn
        "temp_store = MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _storable(text: str) -> str:
    # PostgreSQL refuses NUL, and neither database can encode half a surrogate pair; both can be typed into JSON.
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
