"""The audit log: who changed what, written in the same transaction as the change itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from store.models import AuditEntry


def record(session: AsyncSession, now: datetime, actor: str, action: str, practice: str | None, **details: Any) -> None:
    """Add an entry to a running transaction. `details` never hold a patient's text or a credential."""
    session.add(AuditEntry(at=now, actor=actor, practice=practice, action=action, details=details))


class AuditLog:
    """Reading the log, and adding what no other query writes."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], clock: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._clock = clock

    async def add(self, actor: str, action: str, practice: str | None = None, **details: Any) -> None:
        """Note something that changed no table, such as an export."""
        async with self._sessions.begin() as session:
            record(session, self._clock(), actor, action, practice, **details)

    async def entries(self, practice: str | None = None, limit: int = 100) -> list[AuditEntry]:
        """The newest entries, of one practice or of all."""
        found = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit)
        if practice is not None:
            found = found.where(AuditEntry.practice == practice)
        async with self._sessions() as session:
            return list(await session.scalars(found))
