"""Channels of practices, their credentials, and the messages that platforms delivered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from store.audit import record
from store.models import Channel, ChannelKind, PlatformMessage
from store.vault import Vault


@dataclass(frozen=True)
class OpenChannel:
    """A channel with its credentials readable. They are kept out of `repr`, so that no log shows them."""

    practice: str
    kind: ChannelKind
    enabled: bool
    credentials: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Delivery:
    """A message that was acknowledged to its platform and is not worked off yet."""

    key: str
    practice: str
    kind: ChannelKind
    received_at: datetime
    payload: dict[str, Any] = field(repr=False)


class Channels:
    """Queries on channels and platform messages. What raises NoKey needs a key in RUGGESTEUN_KEYS."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], clock: Callable[[], datetime], vault: Vault) -> None:
        self._sessions = sessions
        self._clock = clock
        self._vault = vault

    async def save(
        self, practice: str, kind: ChannelKind, credentials: dict[str, Any], enabled: bool, actor: str
    ) -> None:
        """Add a channel or replace its credentials. Raises NoKey."""
        now = self._clock()
        sealed = self._vault.seal(_place(practice, kind), credentials)
        async with self._sessions.begin() as session:
            known = await session.scalar(_channel(practice, kind).with_for_update())
            if known is None:
                session.add(
                    Channel(
                        practice=practice, kind=kind, enabled=enabled, sealed=sealed, created_at=now, updated_at=now
                    )
                )
            else:
                known.sealed, known.enabled, known.updated_at = sealed, enabled, now
            record(session, now, actor, "kanaal bewaard", practice, kind=kind, enabled=enabled)

    async def switch(self, practice: str, kind: ChannelKind, enabled: bool, actor: str) -> bool:
        """Switch a channel on or off; False when the practice has none of this kind."""
        now = self._clock()
        changed = update(Channel).where(Channel.practice == practice, Channel.kind == kind)
        async with self._sessions.begin() as session:
            found = await session.scalar(changed.values(enabled=enabled, updated_at=now).returning(Channel.id))
            if found is not None:
                record(session, now, actor, "kanaal aan" if enabled else "kanaal uit", practice, kind=kind)
        return found is not None

    async def remove(self, practice: str, kind: ChannelKind, actor: str) -> bool:
        """Delete a channel with its credentials; False when there is none."""
        gone = delete(Channel).where(Channel.practice == practice, Channel.kind == kind).returning(Channel.id)
        async with self._sessions.begin() as session:
            found = await session.scalar(gone)
            if found is not None:
                record(session, self._clock(), actor, "kanaal verwijderd", practice, kind=kind)
        return found is not None

    async def get(self, practice: str, kind: ChannelKind) -> OpenChannel | None:
        """A channel with its credentials. Raises NoKey."""
        async with self._sessions() as session:
            row = await session.scalar(_channel(practice, kind))
        return None if row is None else self._opened(row)

    async def of_practice(self, practice: str) -> dict[ChannelKind, bool]:
        """The kinds of channels of a practice, and whether each is on. Needs no key."""
        found = select(Channel.kind, Channel.enabled).where(Channel.practice == practice)
        async with self._sessions() as session:
            return {row.kind: row.enabled for row in await session.execute(found)}

    async def enabled(self) -> list[tuple[str, ChannelKind]]:
        """Practice and kind of every channel that is on. Needs no key, so that one lost key stops one channel only."""
        found = select(Channel.practice, Channel.kind).where(Channel.enabled).order_by(Channel.practice, Channel.kind)
        async with self._sessions() as session:
            return [(practice, kind) for practice, kind in await session.execute(found)]

    async def reseal(self, actor: str) -> int:
        """Encrypt all credentials with the first key; how many. After it older keys may go. Raises NoKey."""
        async with self._sessions.begin() as session:
            rows = list(await session.scalars(select(Channel).with_for_update()))
            for row in rows:
                place = _place(row.practice, row.kind)
                row.sealed = self._vault.seal(place, self._vault.open(place, row.sealed))
            record(session, self._clock(), actor, "sleutel vernieuwd", None, channels=len(rows))
        return len(rows)

    async def receive(
        self, practice: str, kind: ChannelKind, message_id: str, payload: dict[str, Any] | None = None
    ) -> str | None:
        """Write down that a platform delivered a message; its key, or None when it was delivered before.

        Once this returns, the message may be acknowledged: with `payload` it survives a restart (`waiting`) until
        `finish`. Two processes that receive the same at once: one gets the key. Raises NoKey when there is a payload.
        """
        key = hashlib.sha256(f"{kind}\0{practice}\0{message_id}".encode()).hexdigest()
        sealed = None if payload is None else self._vault.seal(f"message/{key}", payload)
        now = self._clock()
        row = PlatformMessage(
            key=key,
            practice=practice,
            kind=kind,
            received_at=now,
            done_at=now if payload is None else None,
            sealed=sealed,
        )
        try:
            async with self._sessions.begin() as session:
                session.add(row)
        except IntegrityError:
            return None
        return key

    async def finish(self, key: str) -> None:
        """The message has been worked off: forget what stood in it, remember that it was there."""
        done = update(PlatformMessage).where(PlatformMessage.key == key)
        async with self._sessions.begin() as session:
            await session.execute(done.values(done_at=self._clock(), sealed=None))

    async def waiting(self, before: datetime, limit: int = 500) -> list[Delivery]:
        """Messages received before a moment and not finished, the oldest first: what a crash left. Raises NoKey."""
        found = (
            select(PlatformMessage)
            .where(PlatformMessage.done_at.is_(None), PlatformMessage.received_at < before)
            .order_by(PlatformMessage.received_at, PlatformMessage.key)
            .limit(limit)
        )
        async with self._sessions() as session:
            rows = list(await session.scalars(found))
        return [
            Delivery(
                row.key, row.practice, row.kind, row.received_at, self._vault.open(f"message/{row.key}", row.sealed)
            )
            for row in rows
            if row.sealed is not None
        ]

    async def delete_before(self, moment: datetime) -> int:
        """Forget platform messages received before a moment, finished or not; how many."""
        old = delete(PlatformMessage).where(PlatformMessage.received_at < moment).returning(PlatformMessage.key)
        async with self._sessions.begin() as session:
            return len(list(await session.scalars(old)))

    def _opened(self, row: Channel) -> OpenChannel:
        credentials = self._vault.open(_place(row.practice, row.kind), row.sealed)
        return OpenChannel(row.practice, row.kind, row.enabled, credentials)


def _channel(practice: str, kind: ChannelKind) -> Any:
    return select(Channel).where(Channel.practice == practice, Channel.kind == kind)


def _place(practice: str, kind: ChannelKind) -> str:
    return f"channel/{practice}/{kind}"
