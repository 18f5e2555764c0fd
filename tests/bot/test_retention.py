"""One round of cleaning up, and what it tells people, with Rasa there, silent or not running."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.rasa import RasaClient, RasaSilent
from bot.retention import ACTOR, clean
from settings import Settings
from store import Store, upgrade
from store.rasa_talks import delete_rasa_talks

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class FakeRasa(RasaClient):
    """Remembers what it was asked to forget, or says nothing."""

    def __init__(self, silent: bool = False) -> None:
        self.silent = silent
        self.forgotten: list[str] = []
        self.before: datetime | None = None

    async def forget(self, sender: str) -> None:
        if self.silent:
            raise RasaSilent("test")
        self.forgotten.append(sender)

    async def expire(self, before: datetime) -> int:
        if self.silent:
            raise RasaSilent("test")
        self.before = before
        return 3


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    url = f"sqlite:///{tmp_path / 'ruggesteun.db'}"
    upgrade(url)
    async with Store.open(url, lambda: NOW) as opened:
        yield opened


async def wiped(store: Store) -> str:
    conversation = await store.start_conversation("demo", "web")
    await store.forget_conversation(conversation.id)
    return conversation.id


async def test_a_round_deletes_here_and_in_rasa_and_is_noted(store: Store) -> None:
    conversation, rasa = await wiped(store), FakeRasa()
    await store.start_conversation("demo", "web")
    later = NOW + timedelta(hours=25)
    report = await clean(Settings(), store, rasa, later)
    assert (report.deleted.conversations, report.talks, report.waiting) == (1, 3, 0)
    assert rasa.forgotten == [conversation]
    assert rasa.before == later - timedelta(hours=24)
    assert report.complete
    (entry,) = await store.audit.entries()
    assert (entry.actor, entry.details["conversations"], entry.details["rasa"]) == (ACTOR, 1, 3)
    said = "\n".join(report.lines())
    assert "Gesprekken, ouder dan 24 uur: 1 verwijderd." in said
    assert "Gesprekken in het geheugen van Rasa: 3 verwijderd." in said
    assert "Onbeantwoorde vragen, ouder dan 30 dagen: 0 verwijderd." in said


async def test_while_rasa_is_silent_the_report_says_so_and_the_next_round_makes_up_for_it(store: Store) -> None:
    conversation, rasa = await wiped(store), FakeRasa(silent=True)
    report = await clean(Settings(), store, rasa, NOW)
    assert not report.complete
    said = "\n".join(report.lines())
    assert "NIET opgeruimd, want Rasa gaf geen antwoord" in said
    assert "Gewiste gesprekken die Rasa nog moet vergeten: 1." in said
    rasa.silent = False
    assert (await clean(Settings(), store, rasa, NOW)).complete
    assert rasa.forgotten == [conversation]


async def test_a_round_that_finds_nothing_leaves_no_note(store: Store) -> None:
    rasa = FakeRasa()
    await clean(Settings(), store, rasa, NOW, without_rasa=no_talks)
    assert await store.audit.entries() == []


async def no_talks(before: datetime) -> int:
    return 0


def test_rasas_memory_is_cleaned_while_rasa_does_not_run(tmp_path: Path) -> None:
    file = tmp_path / "rasa.db"
    url = f"sqlite:///{file}"
    assert delete_rasa_talks(url, 100.0) == 0, "no table yet"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE rasa_talks (sender_id TEXT, updated_at FLOAT, events TEXT)"))
        for sender, at in (("oud", 50.0), ("nieuw", 150.0)):
            connection.execute(
                text("INSERT INTO rasa_talks VALUES (:s, :a, :e)"), {"s": sender, "a": at, "e": f"{sender}es"}
            )
    assert delete_rasa_talks(url, 100.0) == 1
    with engine.connect() as connection:
        assert list(connection.execute(text("SELECT sender_id FROM rasa_talks"))) == [("nieuw",)]
    engine.dispose()
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"oudes" not in left
    assert b"nieuwes" in left
