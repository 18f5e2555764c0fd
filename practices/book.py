"""The practices of an installation as they are in use now: in memory, so that a message waits for no query.

A practice lives in the store, or in a file of content/practices; the store wins. What staff change is seen by every
process within SECONDS. While the database does not answer, the last known stays.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from alarm import AlarmContent
from content import Library, LiveLibrary, OwnText, Practice
from practices.readiness import OpenPoint, open_points
from practices.signing import alarm_subjects, topic_subject
from store import Store, Subject

logger = logging.getLogger(__name__)
SECONDS = 2.0


@dataclass(frozen=True)
class Installed:
    """A practice with what it says. `open_points` empty: live; else patients see that it is being tried out."""

    practice: Practice
    library: Library = field(repr=False)
    open_points: tuple[OpenPoint, ...]
    stored: bool

    @property
    def tried_out(self) -> bool:
        return bool(self.open_points)


@dataclass(frozen=True)
class _Known:
    """What the store holds."""

    practices: dict[str, Practice] = field(default_factory=dict)
    texts: dict[str, dict[str, OwnText]] = field(default_factory=dict)
    signatures: dict[str | None, set[Subject]] = field(default_factory=dict)


class Book:
    """Looks practices up. `refresh` or `keep_fresh` fill it; before that it knows the files only."""

    def __init__(self, library: LiveLibrary, store: Store, alarms: AlarmContent | None = None) -> None:
        """Without `alarms` (the action server has no use for them) every practice counts as tried out."""
        self._live = library
        self._store = store
        self._alarm_subjects = None if alarms is None else frozenset(alarm_subjects(alarms))
        self._stamp: object = None
        self._known = _Known()
        self._made: dict[str, Installed] = {}
        self._made_from: tuple[Library, _Known] | None = None

    def get(self, practice_id: str) -> Installed | None:
        """A practice by its id."""
        library = self._live.current()
        if self._made_from is None or self._made_from[0] is not library or self._made_from[1] is not self._known:
            self._made, self._made_from = {}, (library, self._known)
        if practice_id not in self._made:
            practice = self._known.practices.get(practice_id) or library.practices.get(practice_id)
            if practice is None:
                return None
            self._made[practice_id] = self._make(library, practice)
        return self._made[practice_id]

    def all(self) -> list[Installed]:
        """Every practice, by id."""
        names = sorted({*self._known.practices, *self._live.current().practices})
        return [found for name in names if (found := self.get(name)) is not None]

    async def refresh(self) -> bool:
        """Look whether the store changed, and if so read it anew; whether it did. Raises SQLAlchemyError or OSError."""
        stamp = await self._store.practices.stamp()
        if stamp == self._stamp:
            return False
        self._known = _Known(
            practices=_practices(await self._store.practices.all()),
            texts=_texts(await self._store.practices.all_texts()),
            signatures=await self._store.practices.all_signed(),
        )
        self._stamp = stamp
        return True

    async def keep_fresh(self) -> None:
        """Refresh for ever; the database may come and go."""
        failed = False
        while True:
            try:
                await self.refresh()
                failed = False
            except (SQLAlchemyError, OSError) as error:
                if not failed:
                    logger.error("practices could not be read, the last known stay: %s", type(error).__name__)
                failed = True
            await asyncio.sleep(SECONDS)

    def _make(self, library: Library, practice: Practice) -> Installed:
        known = self._known
        own = library.for_practice(practice, known.texts.get(practice.id, {}))
        points: Iterable[OpenPoint] = (_UNKNOWN,)
        if self._alarm_subjects is not None:
            signed = known.signatures.get(None, set()) | known.signatures.get(practice.id, set())
            needed = [*map(topic_subject, own.topics.values()), *self._alarm_subjects]
            points = open_points(practice, needed, signed)
        return Installed(practice, own, tuple(points), practice.id in known.practices)


_UNKNOWN = OpenPoint("aftekenen", "niet nagegaan", "Gebruik: ruggesteun praktijk check")


def _practices(rows: Iterable[Mapping[str, Any]]) -> dict[str, Practice]:
    found = {}
    for row in rows:
        try:
            found[row["id"]] = Practice.model_validate(row)
        except ValidationError as error:  # written by another version of the program
            logger.error("practice %s in the store is not usable: %s", row["id"], error.errors(include_input=False))
    return found


def _texts(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, OwnText]]:
    return {
        practice: {topic: OwnText.model_validate(body) for topic, body in bodies.items()}
        for practice, bodies in rows.items()
    }
