"""What is in use follows the store and the files, and outlives a dead database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from alarm import load_alarm_content
from content import LiveLibrary
from content.model import MISSING, Practice
from practices import files
from practices.book import Book
from practices.signing import subjects, topic_subject
from store import Store, upgrade

CONTENT = Path(__file__).parents[2] / "content"
LIVE = LiveLibrary(CONTENT)
ALARMS = load_alarm_content(CONTENT / "alarm")
LINDE: dict[str, Any] = {"id": "linde", "naam": "De Linde", "beroep": "fysiotherapie", "land": "NL", "telefoon": "1"}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    upgrade(url)
    async with Store.open(url) as opened:
        yield opened


@pytest.fixture
def book(store: Store) -> Book:
    return Book(LIVE, store, ALARMS)


async def test_before_it_is_read_the_store_the_files_are_known(book: Book) -> None:
    assert [found.practice.id for found in book.all()] == ["demo", "vlaanderen"]
    assert book.get("linde") is None


async def test_what_is_saved_is_in_use_after_a_refresh(book: Book, store: Store) -> None:
    await store.practices.save(LINDE, "anna")
    assert await book.refresh()
    assert not await book.refresh(), "nothing changed"
    found = book.get("linde")
    assert found is not None
    assert (found.practice.naam, found.stored, found.tried_out) == ("De Linde", True, True)
    await store.practices.save(LINDE | {"naam": "De Nieuwe Linde"}, "anna")
    assert await book.refresh()
    again = book.get("linde")
    assert again is not None
    assert again.practice.naam == "De Nieuwe Linde"
    await store.practices.remove("linde", "anna")
    assert await book.refresh()
    assert book.get("linde") is None


async def test_the_store_wins_from_a_file(book: Book, store: Store) -> None:
    await store.practices.save(LINDE | {"id": "demo"}, "anna")
    await book.refresh()
    found = book.get("demo")
    assert found is not None
    assert (found.practice.naam, found.stored) == ("De Linde", True)


async def test_topics_that_are_off_are_nowhere_offered(book: Book, store: Store) -> None:
    await store.practices.save(LINDE | {"onderwerpen_uit": ["injectie"]}, "anna")
    await book.refresh()
    found = book.get("linde")
    assert found is not None
    assert "injectie" not in found.library.topics
    assert not [topic.id for topic in found.library.topics.values() if "injectie" in topic.follow_up]
    assert not [key for key, targets in found.library.follow_ups.items() if "injectie" in targets.values()]
    assert "injectie" in LIVE.current().topics


async def test_an_own_text_counts_for_its_practice_only(book: Book, store: Store) -> None:
    await store.practices.save(LINDE, "anna")
    await store.practices.set_text("linde", "sport", {"answer": ["Sport bij ons."]}, "anna")
    await book.refresh()
    linde, demo = book.get("linde"), book.get("demo")
    assert linde is not None
    assert demo is not None
    assert linde.library.topics["sport"].answer == ("Sport bij ons.",)
    assert linde.library.topics["sport"].variants == ()
    assert linde.library.topics["sport"].more == demo.library.topics["sport"].more
    assert demo.library.topics["sport"] == LIVE.current().topics["sport"]


async def test_live_only_when_whole_and_signed_in_these_words(book: Book, store: Store) -> None:
    demo = LIVE.current().practices["demo"]
    await store.practices.save(files.row_of(demo) | {"id": "eik"}, "anna")
    await store.practices.sign(
        subjects(LIVE.current(), ALARMS), "A. Arts", "12345678901", date(2026, 3, 1), "eik", "anna"
    )
    await book.refresh()
    eik, other = book.get("eik"), book.get("demo")
    assert eik is not None
    assert other is not None
    assert (eik.tried_out, other.tried_out) == (False, True)
    await store.practices.set_text("eik", "sport", {"answer": ["Sport bij ons."]}, "anna")
    await book.refresh()
    changed = book.get("eik")
    assert changed is not None
    assert [point.place for point in changed.open_points] == ["aftekenen"]


async def test_a_dead_database_leaves_what_was_known(book: Book, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await store.practices.save(LINDE, "anna")
    await book.refresh()

    async def dead() -> None:
        raise OperationalError("x", {}, Exception("gone"))

    monkeypatch.setattr(store.practices, "stamp", dead)
    with pytest.raises(OperationalError):
        await book.refresh()
    assert book.get("linde") is not None


def test_a_version_follows_the_words_and_not_the_buttons() -> None:
    sport = LIVE.current().topics["sport"]
    version = topic_subject(sport).version
    assert topic_subject(sport.model_copy(update={"button": "Anders", "follow_up": ()})).version == version
    assert topic_subject(sport.model_copy(update={"more": ("Anders.",)})).version != version


@pytest.mark.parametrize(("land", "number"), [("NL", "bandje"), ("BE", "1733")])
def test_without_a_huisartsenpost_an_alarm_still_says_how_to_reach_one(land: str, number: str) -> None:
    practice = Practice.model_validate(LINDE | {"land": land})
    (said,) = practice.fill(("Bel {huisartsenpost_naam}: {huisartsenpost_telefoon}.",))
    assert number in said
    assert MISSING not in said
    assert practice.fields()["adres"] == MISSING
