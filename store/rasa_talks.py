"""Rasa's memory of talks, from outside: to clean up while Rasa does not run, and to look (engine/tracker_store.py)."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import NullPool, column, create_engine, delete, inspect, select, table, text

from store.url import sync_url

_talks = table("rasa_talks", column("sender_id"), column("updated_at"), column("events"))


def delete_rasa_talks(url: str, before: float, thorough: bool = False) -> int:
    """Delete the talks whose last message was before a moment (seconds since 1970); how many.

    Only while Rasa is stopped: it holds the locks of the talks. `thorough` rewrites the file on PostgreSQL too.
    Raises SQLAlchemy's errors.
    """
    engine = create_engine(sync_url(url), poolclass=NullPool, hide_parameters=True)
    try:
        if not inspect(engine).has_table(_talks.name):
            return 0
        with engine.begin() as connection:
            count = int(connection.execute(delete(_talks).where(_talks.c.updated_at < before)).rowcount)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if engine.dialect.name == "sqlite":
                connection.execute(text("PRAGMA temp_store = MEMORY"))
                connection.execute(text("VACUUM"))
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            else:
                connection.execute(text(f"VACUUM {'(FULL) ' if thorough else ''}rasa_talks"))
        return count
    finally:
        engine.dispose()


def slots_of(url: str, talk: str) -> dict[str, Any]:
    """The slots of one talk as they stand; none when it is not there. Raises SQLAlchemy's errors."""
    engine = create_engine(sync_url(url), poolclass=NullPool, hide_parameters=True)
    try:
        if not inspect(engine).has_table(_talks.name):
            return {}
        with engine.connect() as connection:
            events = connection.execute(select(_talks.c.events).where(_talks.c.sender_id == talk)).scalar()
    finally:
        engine.dispose()
    found = json.loads(events) if events else []
    return {event["name"]: event["value"] for event in found if event["event"] == "slot"}
