"""What is too old is deleted, in short transactions, and never while somebody is writing in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import InstrumentedAttribute

from store.models import Conversation, PlatformMessage, Unanswered

BATCH = 2_000  # rows a transaction: some 100 ms, so that no answer waits long for a lock


@dataclass(frozen=True)
class Terms:
    """How long each kind of thing is kept; a talk counts from its last message."""

    conversations: timedelta
    unanswered: timedelta
    deliveries: timedelta


@dataclass(frozen=True)
class Deleted:
    """How many of each went."""

    conversations: int = 0
    unanswered: int = 0
    deliveries: int = 0

    @property
    def any(self) -> bool:
        return bool(self.conversations or self.unanswered or self.deliveries)


async def delete_expired(sessions: async_sessionmaker[AsyncSession], now: datetime, terms: Terms) -> Deleted:
    """Delete what is older than its term. What is locked at this moment is left for the next time."""
    return Deleted(
        conversations=await _in_batches(
            sessions,
            Conversation.id,
            (Conversation.last_at < now - terms.conversations)
            & or_(Conversation.kept_until.is_(None), Conversation.kept_until < now),
        ),
        unanswered=await _in_batches(sessions, Unanswered.id, Unanswered.created_at < now - terms.unanswered),
        deliveries=await _in_batches(
            sessions, PlatformMessage.key, PlatformMessage.received_at < now - terms.deliveries
        ),
    )


async def _in_batches(
    sessions: async_sessionmaker[AsyncSession],
    key: InstrumentedAttribute[Any],
    expired: ColumnElement[bool],
) -> int:
    total = 0
    while True:
        async with sessions.begin() as session:
            # Whoever adds a turn holds the row of its conversation: such a row is skipped. SQLite has one writer.
            batch = select(key).where(expired).limit(BATCH).with_for_update(skip_locked=True).cte("batch")
            gone = delete(key.class_).where(key.in_(select(batch))).returning(key)
            # SQLite counts no rows behind a WITH; the objects are in no session.
            deleted = await session.scalars(gone, execution_options={"synchronize_session": False})
            count = len(deleted.all())
        total += count
        if count < BATCH:
            return total
