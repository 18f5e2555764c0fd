"""Deleted text is gone from the bytes of SQLite's files: the promise of docs/privacy.md, read from the disk."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from store import Store, Terms, upgrade
from store.database import WITH_TEXT

FOREVER = datetime(2100, 1, 1, tzinfo=UTC)
TERMS = Terms(timedelta(hours=24), timedelta(days=30), timedelta(days=7))


def on_disk(folder: Path) -> bytes:
    """Every byte of every file: database, write-ahead log, shared memory, lock."""
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()))


def secret(length: int) -> str:
    return f"geheim{uuid4().hex} " + "rug " * length


async def test_forgetting_leaves_no_byte(sqlite_url: str, tmp_path: Path) -> None:
    upgrade(sqlite_url)
    text = secret(2000)
    async with Store.open(sqlite_url) as store:
        conversation = await store.start_conversation("demo", "web")
        await store.add_messages(conversation.id, [("patient", {"text": text})])
        assert text[:38].encode() in on_disk(tmp_path)
        await store.forget_conversation(conversation.id)
        assert text[:38].encode() not in on_disk(tmp_path)
        assert (tmp_path / "ruggesteun.db-wal").stat().st_size == 0


async def test_the_retention_sweep_leaves_no_byte(sqlite_url: str, tmp_path: Path) -> None:
    upgrade(sqlite_url)
    said, asked = secret(1), secret(1)
    async with Store.open(sqlite_url) as store:
        conversation = await store.start_conversation("demo", "web")
        await store.add_messages(conversation.id, [("patient", {"text": said})])
        await store.add_unanswered("demo", asked, ["sport"])
        await store.delete_expired(replace(TERMS, unanswered=timedelta(days=99_999)), FOREVER)
        assert said.encode() not in on_disk(tmp_path)
        assert asked.encode() in on_disk(tmp_path)
        await store.delete_expired(TERMS, FOREVER)
        assert asked.encode() not in on_disk(tmp_path)


async def test_copies_that_sqlite_made_while_moving_rows_go_too(sqlite_url: str, tmp_path: Path) -> None:
    """With secure_delete alone these steps leave text behind, in the gaps of pages that were merged."""
    upgrade(sqlite_url)
    dice = random.Random(0)
    alive: dict[str, list[str]] = {}
    async with Store.open(sqlite_url) as store:
        for _ in range(90):
            if alive and dice.random() < 0.45:
                forgotten = dice.choice(list(alive))
                await store.forget_conversation(forgotten)
                left = on_disk(tmp_path)
                assert not [text for text in alive.pop(forgotten) if text[:38].encode() in left]
                continue
            begun = (await store.start_conversation("demo", "web")).id
            for conversation in [begun, *dice.sample(list(alive), min(3, len(alive)))]:
                texts = [secret(dice.choice([1, 10, 50, 400, 3000])) for _ in range(dice.randint(1, 4))]
                await store.add_messages(conversation, [("patient", {"text": text}) for text in texts])
                alive.setdefault(conversation, []).extend(texts)


async def test_deletions_at_the_same_time_all_leave_no_byte(sqlite_url: str, tmp_path: Path) -> None:
    upgrade(sqlite_url)
    texts: dict[str, str] = {}
    async with Store.open(sqlite_url) as store:
        for _ in range(8):
            conversation = await store.start_conversation("demo", "web")
            texts[conversation.id] = secret(5)
            await store.add_messages(conversation.id, [("patient", {"text": texts[conversation.id]})])
        await asyncio.gather(*(store.forget_conversation(id) for id in texts))
        left = on_disk(tmp_path)
        assert not [text for text in texts.values() if text[:38].encode() in left]


async def test_connections_that_are_kept_for_reading_hold_nothing_back(sqlite_url: str, tmp_path: Path) -> None:
    upgrade(sqlite_url)
    text = secret(5)
    async with Store.open(sqlite_url) as store:
        conversation = (await store.start_conversation("demo", "web")).id
        question = (await store.open_turn(conversation, "een-id-01", {"text": text})).question
        reading: list[Awaitable[Any]] = [store.turn(conversation, "een-id-01") for _ in range(20)]
        reading += [store.get_conversation(conversation) for _ in range(20)]
        await asyncio.gather(*reading, store.take_over(question))
        await store.forget_conversation(conversation)
        assert text[:38].encode() not in on_disk(tmp_path)
        assert (tmp_path / "ruggesteun.db-wal").stat().st_size == 0


async def test_what_a_reader_held_back_goes_with_the_next_deletion(
    sqlite_url: str, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr("store.database.BUSY_MILLISECONDS", 50)
    upgrade(sqlite_url)
    text = secret(5)
    async with Store.open(sqlite_url) as store:
        conversation = await store.start_conversation("demo", "web")
        await store.add_messages(conversation.id, [("patient", {"text": text})])
        reader = sqlite3.connect(tmp_path / "ruggesteun.db")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM messages").fetchone()
        await store.forget_conversation(conversation.id)
        assert await store.messages(conversation.id) == []
        reader.close()
        await store.delete_expired(TERMS, datetime(2000, 1, 1, tzinfo=UTC))
        assert text[:38].encode() not in on_disk(tmp_path)


async def test_postgres_rewrites_its_files_when_asked(postgres_url: str) -> None:
    """VACUUM alone leaves bytes behind in the pages; the thorough cleaning leaves none (write-ahead log aside)."""
    upgrade(postgres_url)
    text, kept = secret(5), secret(5)
    async with Store.open(postgres_url) as store:
        for said in (text, kept):
            conversation = await store.start_conversation("demo", "web")
            await store.add_messages(conversation.id, [("patient", {"text": said})])
            await store.add_unanswered("demo", said, [], conversation.id)
            if said is text:
                wiped = conversation.id
        assert text[:38].encode() in await postgres_bytes(store)
        await store.forget_conversation(wiped)
        assert await store.rewrite()
        left = await postgres_bytes(store)
        assert text[:38].encode() not in left
        assert kept[:38].encode() in left


async def postgres_bytes(store: Store) -> bytes:
    """The files of our tables, as they are on the disk after a checkpoint. Skips without the right to read them."""
    async with store._engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        try:
            await connection.exec_driver_sql("CHECKPOINT")
            found = b""
            for table in WITH_TEXT:
                read = f"SELECT pg_read_binary_file(pg_relation_filepath('{table}'))"
                found += bytes((await connection.exec_driver_sql(read)).scalar_one())
        except DBAPIError:
            pytest.skip("reading PostgreSQL's files needs a superuser")
        return found
