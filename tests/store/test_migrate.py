"""The tables: made once, by whoever comes first, the same as the models say."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine, inspect, text

from store import Store, downgrade, upgrade
from store.migrate import ADVISORY_LOCK, MIGRATIONS
from store.models import Base
from store.url import sync_url

ROOT = Path(__file__).parents[2]
UPGRADE = "import sys; from store import upgrade; upgrade(sys.argv[1])"


def tables(url: str) -> set[str]:
    engine = create_engine(sync_url(url), poolclass=NullPool)
    return set(inspect(engine).get_table_names())


def test_migrations_make_what_the_models_say(url: str) -> None:
    upgrade(url)
    with create_engine(sync_url(url), poolclass=NullPool).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_there_is_one_newest_migration() -> None:
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def rows(url: str, sql: str) -> list[tuple[object, ...]]:
    with create_engine(sync_url(url), poolclass=NullPool).begin() as connection:
        result = connection.execute(text(sql))
        return [tuple(row) for row in result] if result.returns_rows else []


def test_down_to_nothing_and_up_again(url: str) -> None:
    upgrade(url)
    downgrade(url, "base")
    assert tables(url) == {"alembic_version"}
    upgrade(url)
    assert set(Base.metadata.tables) < tables(url)


@pytest.mark.parametrize("revision", [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()])
def test_each_step_goes_up_and_down(url: str, revision: str) -> None:
    upgrade(url, revision)
    downgrade(url, "-1")
    upgrade(url)
    with create_engine(sync_url(url), poolclass=NullPool).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_talks_of_the_first_version_survive_the_way_up_and_down(url: str) -> None:
    upgrade(url, "0001")
    rows(
        url,
        "INSERT INTO conversations (id, practice, channel, created_at, last_at) "
        "VALUES ('a', 'demo', 'web', '2026-01-01 00:00:00', '2026-01-01 00:00:00')",
    )
    rows(
        url,
        "INSERT INTO messages (conversation_id, created_at, author, body) "
        "VALUES ('a', '2026-01-01 00:00:00', 'patient', '{}')",
    )
    upgrade(url)
    assert rows(url, "SELECT id, consent_at FROM conversations") == [("a", None)]
    downgrade(url, "0001")
    assert rows(url, "SELECT conversation_id, author FROM messages") == [("a", "patient")]


def test_the_time_of_rasas_own_events_gets_an_index(url: str) -> None:
    rows(url, "CREATE TABLE events (id INTEGER, sender_id VARCHAR(255), timestamp FLOAT)")
    upgrade(url)
    upgrade(url)
    indexes = inspect(create_engine(sync_url(url), poolclass=NullPool)).get_indexes("events")
    assert [index["column_names"] for index in indexes] == [["timestamp"]]


async def test_upgrading_again_keeps_what_is_there(url: str) -> None:
    await asyncio.to_thread(upgrade, url)
    async with Store.open(url) as store:
        conversation = await store.start_conversation("demo", "web")
        await asyncio.to_thread(upgrade, url)
        assert await store.get_conversation(conversation.id) is not None


def test_processes_that_start_at_once_all_come_up(url: str) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", UPGRADE, url], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    ended = [(process.communicate(timeout=60)[1], process.returncode) for process in started]
    assert [error for error, code in ended if code] == []
    assert set(Base.metadata.tables) < tables(url)


def test_waits_for_another_process_on_postgres(postgres_url: str) -> None:
    engine = create_engine(sync_url(postgres_url), poolclass=NullPool)
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :key AND NOT granted")
    migrating = Thread(target=upgrade, args=(postgres_url,))
    with engine.begin() as other:
        other.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        migrating.start()
        while migrating.is_alive() and not other.scalar(waiting, {"key": ADVISORY_LOCK}):
            pass
        assert migrating.is_alive()
        assert tables(postgres_url) == set()
    migrating.join(timeout=60)
    assert set(Base.metadata.tables) < tables(postgres_url)


def test_a_migration_that_fails_leaves_nothing_half_done(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr("alembic.op.create_index", fail)
        with pytest.raises(RuntimeError, match="power cut"):
            upgrade(url)
    assert tables(url) == set()
    upgrade(url)
    assert set(Base.metadata.tables) < tables(url)


def test_leaves_tables_of_others_alone(url: str) -> None:
    engine = create_engine(sync_url(url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE events (id INTEGER)"))
    upgrade(url)
    assert "events" in tables(url)


def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    upgrade(f"sqlite:///{tmp_path / 'nieuw' / 'ruggesteun.db'}")
    made = sorted((tmp_path / "nieuw").iterdir())
    assert made
    assert {oct(file.stat().st_mode & 0o077) for file in made} == {"0o0"}


def test_a_postgres_url_of_a_hosting_platform_works() -> None:
    assert sync_url("postgres://u:p@db/rug").drivername == "postgresql+psycopg"
