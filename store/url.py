"""Database URLs: people write `sqlite:///x.db` or `postgresql://...`; which driver serves them is ours to choose."""

from __future__ import annotations

from sqlalchemy import URL, make_url


def sync_url(url: str) -> URL:
    """The URL for migrations. Raises ValueError for another database than PostgreSQL or SQLite in a file."""
    return _with_driver(url, sqlite="sqlite+pysqlite")


def async_url(url: str) -> URL:
    """The URL for the running server. Raises ValueError as `sync_url` does."""
    return _with_driver(url, sqlite="sqlite+aiosqlite")


def _with_driver(url: str, sqlite: str) -> URL:
    # Hosting platforms hand out postgres://, which SQLAlchemy no longer reads.
    parsed = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:" and not parsed.database.startswith("file:"):
            return parsed.set(drivername=sqlite)
        case "sqlite":
            raise ValueError("SQLite needs a file that outlives one connection, such as sqlite:///ruggesteun.db")
        case "postgresql":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise ValueError(f"the store knows sqlite and postgresql, not {other}")
