"""A transaction in one step is whole or not there, gives its connection back, and is the same on both databases."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from store import Store, talking, upgrade
from store.models import Author, Base, Message
from store.one_hop import THREADS

SAID: list[tuple[Author, dict[str, Any]]] = [("patient", {"text": "mag ik hardlopen?"})]
ID = "een-id-01"


async def test_what_fails_halfway_leaves_nothing(store: Store, clock: Any) -> None:
    talk = (await store.start_conversation("demo", "web")).id

    def half(connection: Connection) -> None:
        talking.add(connection, talk, SAID, None, clock.now)
        raise LookupError

    for _ in range(THREADS + 1):  # one that kept its connection would leave none
        with pytest.raises(LookupError):
            await store._transactions.write(half)
    assert await store.messages(talk) == []
    assert len(await store.add_messages(talk, SAID)) == 1


async def test_a_cancelled_write_leaves_nothing_and_gives_its_connection_back(store: Store, clock: Any) -> None:
    talk = (await store.start_conversation("demo", "web")).id
    inside, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        talking.add(connection, talk, SAID, ID, clock.now)
        inside.set()
        if connection.dialect.name == "sqlite":
            go_on.wait(10)
        else:
            connection.execute(text("SELECT pg_sleep(1)"))

    for _ in range(THREADS + 1):
        inside.clear()
        go_on.clear()
        writing = asyncio.create_task(store._transactions.write(slow))
        assert await asyncio.to_thread(inside.wait, 10)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        go_on.set()
    assert (await store.open_turn(talk, ID, {"text": "hoi"})).fresh
    assert [message.body for message in await store.messages(talk)] == [{"text": "hoi"}]


async def test_a_write_that_is_cancelled_in_the_queue_is_not_done(sqlite_url: str, clock: Any) -> None:
    upgrade(sqlite_url)
    inside, go_on = threading.Event(), threading.Event()

    def hold(connection: Connection) -> None:
        inside.set()
        go_on.wait(10)

    async with Store.open(sqlite_url, clock) as store:
        talk = (await store.start_conversation("demo", "web")).id
        first = asyncio.create_task(store._transactions.write(hold))
        assert await asyncio.to_thread(inside.wait, 10)
        waiting = [asyncio.create_task(store.add_messages(talk, SAID)) for _ in range(2 * THREADS)]
        await asyncio.sleep(0.05)
        for each in waiting:
            each.cancel()
        cancelled = await asyncio.gather(*waiting, return_exceptions=True)
        assert {type(error) for error in cancelled} == {asyncio.CancelledError}
        go_on.set()
        await first
        await store.add_messages(talk, [("patient", {"text": "hoi"})])
        assert [message.body for message in await store.messages(talk)] == [{"text": "hoi"}]


async def test_who_writes_from_outside_holds_up_writers_for_a_while_and_readers_never(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.database.BUSY_MILLISECONDS", 200)
    upgrade(sqlite_url)
    async with Store.open(sqlite_url) as store:
        talk = (await store.start_conversation("demo", "web")).id
        outside = sqlite3.connect(tmp_path / "ruggesteun.db", isolation_level=None)
        outside.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        writing = [asyncio.create_task(store.add_messages(talk, SAID)) for _ in range(2 * THREADS)]
        await asyncio.sleep(0.05)
        assert await store.get_conversation(talk) is not None
        assert not any(each.done() for each in writing)
        refused = await asyncio.gather(*writing, return_exceptions=True)
        assert time.monotonic() - started < 1.5, "they do not wait one after the other"
        assert {type(error) for error in refused} == {OperationalError}
        assert all("database is locked" in str(error) for error in refused)
        outside.execute("ROLLBACK")
        outside.close()
        assert len(await store.add_messages(talk, SAID)) == 1


async def test_a_database_that_is_not_there_fails_as_one(tmp_path: Path) -> None:
    async with Store.open(f"sqlite:///{tmp_path / 'weg' / 'ruggesteun.db'}") as store:
        for call in (store.get_conversation("0" * 32), store.start_conversation("demo", "web"), store.messages("0")):
            with pytest.raises(OperationalError, match="unable to open database file"):
                await call


async def test_both_databases_give_the_same(sqlite_url: str, postgres_url: str, clock: Any) -> None:
    begun = clock.now
    assert await whole_talk(sqlite_url, clock) == await whole_talk(postgres_url, type(clock)(begun))


async def whole_talk(url: str, clock: Any) -> list[Any]:
    """All that a talk asks of the store, and what came of it; messages are numbered."""
    upgrade(url)
    talk = "ab" * 16
    async with Store.open(url, clock) as store:
        seen: list[Any] = [
            await store.start_conversation("demo", "web", talk, consent=True),
            await store.get_conversation(talk),
        ]
        clock.forward(seconds=1)
        opened = await store.open_turn(talk, ID, {"text": "é 😀 \0 \ud83d"})
        left = await store.open_turn(talk, ID, {"text": "nog eens"})
        clock.forward(seconds=5)
        seen += [await store.take_over(left.question), await store.take_over(left.question)]
        seen += await store.add_messages(talk, [("assistant", {"n": 1}), ("assistant", {"n": 2})], ID)
        answered = await store.turn(talk, ID)
        assert answered is not None
        seen += [opened.fresh, left.fresh, opened.question, answered.question, *answered.replies]
        seen += [await store.turn(talk, "geen-id-01"), await store.get_conversation(talk), *await store.messages(talk)]
    ids = sorted({row.id for row in seen if isinstance(row, Message)})  # PostgreSQL skips the number of a refused one
    return [plain(each, ids) if isinstance(each, Base) else each for each in seen]


def plain(row: Base, ids: list[int]) -> tuple[str, dict[str, Any]]:
    values = {column.name: getattr(row, column.name) for column in row.__table__.columns}
    if isinstance(row, Message):
        values["id"] = ids.index(row.id)
    return type(row).__name__, values
