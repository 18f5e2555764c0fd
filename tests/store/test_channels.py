"""Channels: credentials that the database alone does not give away, and messages that are answered once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from store import BadKey, NoKey, Store, Vault, new_key, upgrade
from store.url import sync_url
from tests.store.conftest import Clock

SECRET = "EAAG-planted-token"
CREDENTIALS = {"token": SECRET, "phone_number_id": "1055"}
KEY = new_key()


@pytest.fixture
async def store(url: str, clock: Clock) -> AsyncIterator[Store]:
    upgrade(url)
    async with Store.open(url, clock, Vault([KEY])) as opened:
        yield opened


def everything(url: str) -> str:
    """All values of the tables, as text."""
    with create_engine(sync_url(url)).connect() as connection:
        tables = ("channels", "platform_messages", "audit_log")
        return "\n".join(str(row) for table in tables for row in connection.execute(text(f"SELECT * FROM {table}")))


async def test_credentials_come_back_and_stand_nowhere(store: Store, url: str) -> None:
    await store.channels.save("demo", "whatsapp", CREDENTIALS, enabled=True, actor="test")
    found = await store.channels.get("demo", "whatsapp")
    assert found is not None
    assert (found.credentials, found.enabled) == (CREDENTIALS, True)
    assert SECRET not in everything(url)
    assert SECRET not in repr(found)


async def test_the_files_of_sqlite_hold_no_credentials(sqlite_url: str, tmp_path: Path) -> None:
    upgrade(sqlite_url)
    async with Store.open(sqlite_url, vault=Vault([KEY])) as store:
        await store.channels.save("demo", "telegram", CREDENTIALS, enabled=False, actor="test")
        files = await asyncio.to_thread(lambda: [file.read_bytes() for file in tmp_path.iterdir()])
    assert not [content for content in files if SECRET.encode() in content]


async def test_saving_again_replaces(store: Store) -> None:
    await store.channels.save("demo", "whatsapp", CREDENTIALS, enabled=True, actor="test")
    await store.channels.save("demo", "whatsapp", {"token": "new"}, enabled=False, actor="test")
    found = await store.channels.get("demo", "whatsapp")
    assert found is not None
    assert (found.credentials, found.enabled) == ({"token": "new"}, False)
    assert await store.channels.of_practice("demo") == {"whatsapp": False}


async def test_only_channels_that_are_on_are_listed(store: Store) -> None:
    await store.channels.save("demo", "whatsapp", CREDENTIALS, enabled=False, actor="test")
    await store.channels.save("linde", "telegram", CREDENTIALS, enabled=True, actor="test")
    assert await store.channels.enabled() == [("linde", "telegram")]
    assert await store.channels.switch("demo", "whatsapp", True, actor="test")
    assert await store.channels.enabled() == [("demo", "whatsapp"), ("linde", "telegram")]
    assert not await store.channels.switch("demo", "telegram", True, actor="test")


async def test_a_removed_channel_is_gone(store: Store) -> None:
    await store.channels.save("demo", "whatsapp", CREDENTIALS, enabled=True, actor="test")
    assert await store.channels.remove("demo", "whatsapp", actor="test")
    assert await store.channels.get("demo", "whatsapp") is None
    assert not await store.channels.remove("demo", "whatsapp", actor="test")


async def test_without_the_key_nothing_opens(url: str, store: Store) -> None:
    await store.channels.save("demo", "whatsapp", CREDENTIALS, enabled=True, actor="test")
    for vault in (Vault(), Vault([new_key()])):
        async with Store.open(url, vault=vault) as other:
            with pytest.raises(NoKey, match="RUGGESTEUN_KEYS"):
                await other.channels.get("demo", "whatsapp")
            assert await other.channels.enabled() == [("demo", "whatsapp")]


async def test_credentials_copied_to_another_practice_do_not_open(url: str, store: Store) -> None:
    await store.channels.save("demo", "whatsapp", CREDENTIALS, enabled=True, actor="test")
    with create_engine(sync_url(url)).begin() as connection:
        connection.execute(text("UPDATE channels SET practice = 'linde'"))
    with pytest.raises(NoKey, match="another place"):
        await store.channels.get("linde", "whatsapp")


async def test_a_key_can_be_changed_for_a_new_one(url: str, store: Store) -> None:
    await store.channels.save("demo", "whatsapp", CREDENTIALS, enabled=True, actor="test")
    new = new_key()
    async with Store.open(url, vault=Vault.of(f"{new}, {KEY}")) as both:
        assert await both.channels.reseal(actor="test") == 1
    async with Store.open(url, vault=Vault([new])) as only_new:
        found = await only_new.channels.get("demo", "whatsapp")
    assert found is not None
    assert found.credentials == CREDENTIALS


def test_a_key_that_is_none_is_named() -> None:
    with pytest.raises(BadKey, match="RUGGESTEUN_KEYS"):
        Vault.of("geheim")


# ---------------------------------------------------------------- messages of platforms


async def test_a_message_is_new_once(store: Store) -> None:
    assert await store.channels.receive("demo", "whatsapp", "wamid.1")
    assert await store.channels.receive("demo", "whatsapp", "wamid.1") is None
    assert await store.channels.receive("linde", "whatsapp", "wamid.1")
    assert await store.channels.receive("demo", "telegram", "wamid.1")


async def test_of_many_that_receive_at_once_one_gets_it(store: Store) -> None:
    got = await asyncio.gather(*(store.channels.receive("demo", "telegram", "77") for _ in range(8)))
    assert len([key for key in got if key]) == 1


async def test_what_was_not_finished_waits_in_order(store: Store, clock: Clock, url: str) -> None:
    first = await store.channels.receive("demo", "whatsapp", "wamid.31612345678", {"text": "ik heb pijn"})
    clock.forward(seconds=1)
    await store.channels.receive("demo", "whatsapp", "b", {"text": "en nu?"})
    clock.forward(seconds=30)
    assert "pijn" not in everything(url)
    assert "31612345678" not in everything(url)
    waiting = await store.channels.waiting(clock.now)
    assert [delivery.payload["text"] for delivery in waiting] == ["ik heb pijn", "en nu?"]
    assert "pijn" not in repr(waiting)
    assert first
    await store.channels.finish(first)
    assert [delivery.payload["text"] for delivery in await store.channels.waiting(clock.now)] == ["en nu?"]
    assert await store.channels.receive("demo", "whatsapp", "wamid.31612345678") is None, "it was there before"


async def test_one_that_just_came_does_not_wait_yet(store: Store, clock: Clock) -> None:
    await store.channels.receive("demo", "whatsapp", "a", {"text": "hoi"})
    assert await store.channels.waiting(clock.now - timedelta(seconds=10)) == []


async def test_keys_go_after_their_time(store: Store, clock: Clock) -> None:
    await store.channels.receive("demo", "whatsapp", "old")
    clock.forward(days=7)
    await store.channels.receive("demo", "whatsapp", "new")
    assert await store.channels.delete_before(clock.now) == 1
    assert await store.channels.receive("demo", "whatsapp", "new") is None
    assert await store.channels.receive("demo", "whatsapp", "old")
