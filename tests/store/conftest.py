"""A store on each database, with a clock that the test moves."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from store import Store, upgrade
from store.url import sync_url

POSTGRES = os.environ.get("RUGGESTEUN_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")


@dataclass
class Clock:
    """The time as the store sees it."""

    now: datetime = field(default_factory=lambda: datetime(2026, 3, 1, 12, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ruggesteun.db'}"


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A schema of its own in the test database, dropped afterwards."""
    schema = f"test_{uuid4().hex}"
    engine = create_engine(sync_url(POSTGRES), poolclass=NullPool, connect_args={"connect_timeout": 3})
    try:
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    except OperationalError:
        pytest.skip("no PostgreSQL: start one on 127.0.0.1:5432 with a database test, or set RUGGESTEUN_TEST_POSTGRES")
    own = make_url(POSTGRES).update_query_dict({"options": f"-csearch_path={schema}"})
    try:
        yield own.render_as_string(hide_password=False)
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
async def store(url: str, clock: Clock) -> AsyncIterator[Store]:
    upgrade(url)
    async with Store.open(url, clock) as opened:
        yield opened
