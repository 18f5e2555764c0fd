"""Bring the database to the newest schema. Every process may do this at its start, also several at once."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, inspect, text

from store.url import sync_url

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_MILLISECONDS = 30_000
ADVISORY_LOCK = 0x7275_6767  # "rugg": any number will do as long as all our processes take the same


def upgrade(url: str, revision: str = "head") -> None:
    """Create or migrate the tables; does nothing when they are there. A failed migration leaves the old schema whole.

    Blocks until another process that migrates is done; in async code call it with `asyncio.to_thread`.
    For SQLite it makes the folder and a file that only its owner may read.
    Raises ValueError for a URL that is neither SQLite in a file nor PostgreSQL, and SQLAlchemy's errors otherwise.
    """
    with _exclusive_connection(sync_url(url)) as connection:
        command.upgrade(_config(connection), revision)
        _index_rasa_events(connection)


def downgrade(url: str, revision: str) -> None:
    """Take the tables back to an older revision; "base" drops them all. What newer columns held is lost.

    Stop the other processes first. Raises as `upgrade` does.
    """
    with _exclusive_connection(sync_url(url)) as connection:
        command.downgrade(_config(connection), revision)


def _index_rasa_events(connection: Connection) -> None:
    """Index the time of Rasa's own events table, where endpoints.yml names Rasa's SQLTrackerStore in this database.

    Rasa deletes and reads by time and makes no index for it. Our tracker store has its own table, with an index.
    """
    tables = inspect(connection)
    if not tables.has_table("events"):
        return
    columns = {column["name"] for column in tables.get_columns("events")}
    if {"sender_id", "timestamp"} <= columns:
        connection.execute(text("CREATE INDEX IF NOT EXISTS ix_events_timestamp ON events (timestamp)"))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _exclusive_connection(url: URL) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool)
    try:
        if url.get_backend_name() == "sqlite":
            with _file_lock(Path(str(url.database))), _sqlite_transaction(engine) as connection:
                yield connection
        else:
            with engine.begin() as connection:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
                yield connection
    finally:
        engine.dispose()


@contextmanager
def _file_lock(database: Path) -> Iterator[None]:
    # A file of its own: closing any handle on the database file would drop the locks that SQLite itself holds on it.
    database.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(f"{database}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not database.exists():
            database.touch(mode=0o600)
        yield
    finally:
        os.close(handle)


@contextmanager
def _sqlite_transaction(engine: Engine) -> Iterator[Connection]:
    # The driver would run DDL outside the transaction; isolation_level None leaves BEGIN to us.
    @event.listens_for(engine, "connect")
    def _pragmas(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")  # type: ignore[attr-defined]
        # Stays in the file, and is changed here under the lock because SQLite does not wait for it elsewhere.
        connection.execute("PRAGMA journal_mode = WAL")  # type: ignore[attr-defined]
        connection.execute("PRAGMA secure_delete = ON")  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.begin() as connection:
        yield connection
