"""Practices, their own texts with history, and the signatures of clinicians."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import aliased

from store.audit import record
from store.models import AuditEntry, Channel, ContentVersion, PracticeRow, Signature, SubjectKind

Body = dict[str, list[str]]
_OWN_COLUMNS = frozenset({"created_at", "updated_at"})
_FIELDS = tuple(column.key for column in PracticeRow.__table__.columns if column.key not in _OWN_COLUMNS)


@dataclass(frozen=True)
class Subject:
    """A text that a clinician signs: `version` is a digest of what it says."""

    kind: SubjectKind
    subject: str
    version: str


class Practices:
    """Queries on practices. A practice goes in and comes out as a mapping with the names of its YAML file."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], clock: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._clock = clock

    async def save(self, data: Mapping[str, Any], actor: str) -> bool:
        """Add a practice or replace all its fields; True when it is new.

        Fields that are absent or None become empty. Raises KeyError for a field that the table does not have.
        """
        unknown = set(data) - set(_FIELDS)
        if unknown:
            raise KeyError(f"the table practices has no {', '.join(sorted(unknown))}")
        now = self._clock()
        async with self._sessions.begin() as session:
            row = await session.get(PracticeRow, data["id"], with_for_update=True)
            is_new = row is None
            if row is None:
                row = PracticeRow(id=data["id"], created_at=now)
                session.add(row)
            changed = [name for name in _FIELDS if getattr(row, name) != data.get(name)]
            for name in changed:
                setattr(row, name, data.get(name))
            row.updated_at = now
            record(session, now, actor, "praktijk nieuw" if is_new else "praktijk gewijzigd", row.id, fields=changed)
        return is_new

    async def get(self, practice: str) -> dict[str, Any] | None:
        """One practice, without its empty fields."""
        async with self._sessions() as session:
            row = await session.get(PracticeRow, practice)
        return None if row is None else _fields(row)

    async def all(self) -> list[dict[str, Any]]:
        """Every practice, by id, without empty fields."""
        async with self._sessions() as session:
            return [_fields(row) for row in await session.scalars(select(PracticeRow).order_by(PracticeRow.id))]

    async def stamp(self) -> tuple[object, ...]:
        """Another value whenever practices, own texts or signatures changed; one cheap query."""
        counts = select(
            select(func.count()).select_from(PracticeRow).scalar_subquery(),
            select(func.max(PracticeRow.updated_at)).scalar_subquery(),
            select(func.max(ContentVersion.id)).scalar_subquery(),
            select(func.max(Signature.id)).scalar_subquery(),
            # Every change is in the log; without it a change by a machine whose clock is behind would go unseen.
            select(func.max(AuditEntry.id)).scalar_subquery(),
        )
        async with self._sessions() as session:
            return tuple((await session.execute(counts)).one())

    async def remove(self, practice: str, actor: str) -> bool:
        """Delete a practice with its channels and own texts; signatures and the audit log stay. False: not there."""
        async with self._sessions.begin() as session:
            gone = delete(PracticeRow).where(PracticeRow.id == practice).returning(PracticeRow.id)
            if await session.scalar(gone) is None:
                return False
            await session.execute(delete(Channel).where(Channel.practice == practice))
            await session.execute(delete(ContentVersion).where(ContentVersion.practice == practice))
            record(session, self._clock(), actor, "praktijk verwijderd", practice)
        return True

    async def set_text(self, practice: str, topic: str, body: Body | None, actor: str) -> int | None:
        """A practice's own text on a topic from now on, or None to go back to the common one.

        The number of the new version, or None when nothing changed. Raises IntegrityError when two save at once.
        """
        now = self._clock()
        newest = (
            select(ContentVersion)
            .where(ContentVersion.practice == practice, ContentVersion.topic == topic)
            .order_by(ContentVersion.version.desc())
            .limit(1)
        )
        async with self._sessions.begin() as session:
            last = await session.scalar(newest)
            if (last.body if last else None) == body:
                return None
            version = last.version + 1 if last else 1
            session.add(
                ContentVersion(practice=practice, topic=topic, version=version, body=body, author=actor, created_at=now)
            )
            record(session, now, actor, "eigen tekst", practice, topic=topic, version=version)
        return version

    async def texts(self, practice: str) -> dict[str, Body]:
        """The own texts in use, by topic."""
        return (await self._texts(ContentVersion.practice == practice)).get(practice, {})

    async def all_texts(self) -> dict[str, dict[str, Body]]:
        """The own texts in use of every practice, by practice and topic."""
        return await self._texts(true())

    async def _texts(self, which: ColumnElement[bool]) -> dict[str, dict[str, Body]]:
        later = aliased(ContentVersion)
        newest = (
            select(func.max(later.version))
            .where(later.practice == ContentVersion.practice, later.topic == ContentVersion.topic)
            .scalar_subquery()
        )
        found = select(ContentVersion.practice, ContentVersion.topic, ContentVersion.body).where(
            which, ContentVersion.version == newest
        )
        texts: dict[str, dict[str, Body]] = {}
        async with self._sessions() as session:
            for practice, topic, body in await session.execute(found):
                if body is not None:
                    texts.setdefault(practice, {})[topic] = body
        return texts

    async def history(self, practice: str, topic: str) -> list[ContentVersion]:
        """All versions of an own text, the newest first."""
        found = (
            select(ContentVersion)
            .where(ContentVersion.practice == practice, ContentVersion.topic == topic)
            .order_by(ContentVersion.version.desc())
        )
        async with self._sessions() as session:
            return list(await session.scalars(found))

    async def sign(
        self,
        subjects: Iterable[Subject],
        name: str,
        registration: str,
        signed_on: date,
        practice: str | None,
        actor: str,
    ) -> int:
        """Write down that a clinician signs these texts, for one practice or (None) for all; how many."""
        now = self._clock()
        rows = [
            Signature(
                practice=practice,
                kind=subject.kind,
                subject=subject.subject,
                version=subject.version,
                name=name,
                registration=registration,
                signed_on=signed_on,
                created_at=now,
            )
            for subject in subjects
        ]
        async with self._sessions.begin() as session:
            session.add_all(rows)
            record(
                session, now, actor, "afgetekend", practice,
                name=name, registration=registration, subjects=[f"{row.kind}/{row.subject}" for row in rows],
            )  # fmt: skip
        return len(rows)

    async def signed(self, practice: str) -> set[Subject]:
        """All texts, in the version read, that somebody signed for this practice or for all."""
        found = (
            select(Signature.kind, Signature.subject, Signature.version)
            .where((Signature.practice == practice) | Signature.practice.is_(None))
            .distinct()
        )
        async with self._sessions() as session:
            return {Subject(kind, subject, version) for kind, subject, version in await session.execute(found)}

    async def all_signed(self) -> dict[str | None, set[Subject]]:
        """All texts that somebody signed, by the practice it was for; None: for all practices."""
        found = select(Signature.practice, Signature.kind, Signature.subject, Signature.version).distinct()
        signed: dict[str | None, set[Subject]] = {}
        async with self._sessions() as session:
            for practice, kind, subject, version in await session.execute(found):
                signed.setdefault(practice, set()).add(Subject(kind, subject, version))
        return signed

    async def signatures(self, kind: SubjectKind, subject: str) -> list[Signature]:
        """Every signature under one text, the newest first."""
        found = (
            select(Signature)
            .where(Signature.kind == kind, Signature.subject == subject)
            .order_by(Signature.created_at.desc(), Signature.id.desc())
        )
        async with self._sessions() as session:
            return list(await session.scalars(found))


def _fields(row: PracticeRow) -> dict[str, Any]:
    return {name: value for name in _FIELDS if (value := getattr(row, name)) is not None}
