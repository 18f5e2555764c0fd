"""Rasa's memory of talks, from outside: for cleaning up while Rasa does not run (engine/tracker_store.py writes it)."""

from __future__ import annotations

from sqlalchemy import NullPool, column, create_engine, delete, inspect, table, text

from store.url import sync_url

_talks = table("rasa_talks", column("sender_id"), column("updated_at"))


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
