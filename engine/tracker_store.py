"""Rasa's memory of a talk: one row a conversation, only its last events, gone after a set time.

Rasa's own SQLTrackerStore loads every event of a conversation at each message (71 -> 208 ms at the 200th) on the event
loop, and keeps them for ever. This one keeps a bounded tail and works in a thread of its own.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
import sqlalchemy.pool
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import FollowupAction, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

KEPT_EVENTS = 60  # about the last eight turns
TIMEOUT = 2.0  # seconds for one call to the database
_metadata = sa.MetaData()
_talks = sa.Table(
    "rasa_talks",
    _metadata,
    sa.Column("sender_id", sa.String(64), primary_key=True),
    sa.Column("updated_at", sa.Float, nullable=False, index=True),
    sa.Column("events", sa.Text, nullable=False),
)

# As text, for both databases alike: SQLAlchemy 1.4 would compile an upsert of its own anew at each message.
_UPSERT = sa.text(
    "INSERT INTO rasa_talks (sender_id, updated_at, events) VALUES (:sender_id, :updated_at, :events) "
    "ON CONFLICT (sender_id) DO UPDATE SET updated_at = excluded.updated_at, events = excluded.events"
)


class RecentTrackerStore(TrackerStore, SerializedTrackerAsText):
    """Tracker store on SQLite or PostgreSQL. `url` is an SQLAlchemy address, `ttl_hours` how long a talk is kept."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: Any = None,
        db_url: str = "sqlite:///var/rasa.db",
        ttl_hours: float | str = 24,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._ttl = float(ttl_hours) * 3600
        self._thread = ThreadPoolExecutor(1, "tracker-store")
        self._sweeper = ThreadPoolExecutor(1, "tracker-sweeper")
        self._remains = False  # whether deleted text may still stand in the files
        # hide_parameters: an error of the database would otherwise put the talk into the log.
        options: dict[str, Any] = {"hide_parameters": True}
        if db_url.startswith("sqlite"):
            # SQLAlchemy 1.4 opens a file anew for each transaction; the last to close it would also empty its log.
            options |= {"poolclass": sa.pool.QueuePool, "connect_args": {"check_same_thread": False}}
        self._engine = sa.create_engine(db_url, **options)
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _prepare_sqlite)
        _metadata.create_all(self._engine)

    async def _run(self, work: Any, *arguments: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await asyncio.wait_for(loop.run_in_executor(self._thread, work, *arguments), TIMEOUT)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        events = await self._run(self._read, sender_id)
        if events is None or self.domain is None:
            return None
        return DialogueStateTracker.from_dict(sender_id, json.loads(events), self.domain.slots)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        return await self.retrieve(conversation_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        await self._run(self._write, tracker.sender_id, json.dumps(tail(tracker)))

    async def delete(self, sender_id: str) -> None:
        """Forget one talk at once."""
        await self._sweep(self._remove, _talks.c.sender_id == sender_id)

    async def old(self, before: float | None = None) -> list[str]:
        """The talks whose last message was before a moment: seconds since 1970, by default the end of the kept time."""
        found = sa.select(_talks.c.sender_id).where(self._is_old(before))
        rows = await self._sweep(lambda: self._engine.execute(found).scalars().all())
        return list(rows)

    async def delete_old(self, before: float | None = None, senders: Sequence[str] | None = None) -> int:
        """Forget these talks (all by default) as far as they are that old; how many they were.

        Hold the locks of the talks, or one that is being written comes back.
        """
        which = self._is_old(before)
        if senders is not None:
            which &= _talks.c.sender_id.in_(senders)
        count: int = await self._sweep(self._remove, which)
        return count

    def _is_old(self, before: float | None) -> Any:
        return _talks.c.updated_at < (time.time() - self._ttl if before is None else before)

    async def _sweep(self, work: Any, *arguments: Any) -> Any:
        # A thread of its own: rewriting a large file must not keep the talks that go on from their memory.
        return await asyncio.get_running_loop().run_in_executor(self._sweeper, work, *arguments)

    async def keys(self) -> Iterable[str]:
        rows = await self._run(lambda: self._engine.execute(sa.select(_talks.c.sender_id)).scalars().all())
        return list(rows)

    def _read(self, sender_id: str) -> str | None:
        fresh = _talks.c.updated_at >= time.time() - self._ttl
        with self._engine.connect() as connection:
            found = connection.execute(sa.select(_talks.c.events).where(_talks.c.sender_id == sender_id, fresh))
            events: str | None = found.scalar()
        return events

    def _write(self, sender_id: str, events: str) -> None:
        row = {"updated_at": time.time(), "events": events}
        with self._engine.begin() as connection:
            connection.execute(_UPSERT, {"sender_id": sender_id, **row})

    def _remove(self, which: Any) -> int:
        with self._engine.begin() as connection:
            count = int(connection.execute(_talks.delete().where(which)).rowcount)
        self._remains = self._remains or count > 0  # until the rewrite has gone well
        if self._remains:
            with self._engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                if self._engine.dialect.name == "sqlite":
                    # secure_delete leaves copies that page merges made earlier: the file is rewritten, the log emptied.
                    connection.execute(sa.text("VACUUM"))
                    busy = connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)")).first()[0]
                    self._remains = bool(busy)
                else:
                    connection.execute(sa.text("VACUUM rasa_talks"))
                    self._remains = False
        return count


def tail(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The last events as JSON values, after the slots as they stood, so that nothing set earlier is lost."""
    events = [_lasting(event.as_dict()) for event in tracker.events if not isinstance(event, FollowupAction)]
    if len(events) <= KEPT_EVENTS:
        return events
    kept = events[-KEPT_EVENTS:]
    while kept and kept[0]["event"] != "user":
        kept.pop(0)
    set_later = {event["name"] for event in kept if event["event"] == "slot"}
    slots = [
        SlotSet(name, slot.value).as_dict()
        for name, slot in tracker.slots.items()
        if slot.value is not None and name not in set_later
    ]
    return [*slots, *kept]


def _lasting(event: dict[str, Any]) -> dict[str, Any]:
    """An event without what counts only while its message is answered: the intents that it was not."""
    if event["event"] == "user" and "intent_ranking" in event["parse_data"]:
        event["parse_data"] = {**event["parse_data"], "intent_ranking": []}
    return event


def _prepare_sqlite(connection: Any, _: Any) -> None:
    pragmas = ("journal_mode=WAL", "secure_delete=ON", "busy_timeout=2000", "synchronous=NORMAL", "temp_store=MEMORY")
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")
