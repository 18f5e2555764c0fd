"""Practices, their own texts with history, signatures and the log of who did what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from store import Store, Subject
from tests.store.conftest import Clock

LINDE: dict[str, Any] = {
    "id": "linde",
    "naam": "De Linde",
    "beroep": "fysiotherapie",
    "land": "NL",
    "huisartsenpost": {"naam": "huisartsenpost Zuid", "telefoon": "030 - 000 00 98"},
    "vergoeding_geldig_tot": date(2026, 12, 31),
    "onderwerpen_uit": ["injectie"],
}
MINE = {"answer": ["Zo doen wij dat."]}


async def test_a_practice_comes_back_as_it_went_in(store: Store) -> None:
    assert await store.practices.save(LINDE, "anna")
    assert await store.practices.get("linde") == LINDE
    assert await store.practices.get("eik") is None


async def test_saving_replaces_every_field(store: Store) -> None:
    await store.practices.save(LINDE, "anna")
    smaller = {key: value for key, value in LINDE.items() if key != "huisartsenpost"} | {"telefoon": "030"}
    assert not await store.practices.save(smaller, "bert")
    assert await store.practices.get("linde") == smaller
    newest = (await store.audit.entries("linde"))[0]
    assert (newest.actor, newest.action, newest.details) == (
        "bert",
        "praktijk gewijzigd",
        {"fields": ["telefoon", "huisartsenpost"]},
    )


async def test_a_field_that_does_not_exist_is_named(store: Store) -> None:
    with pytest.raises(KeyError, match="kleur"):
        await store.practices.save(LINDE | {"kleur": "rood"}, "anna")
    assert await store.practices.all() == []


async def test_a_removed_practice_takes_its_texts_along_and_leaves_a_trace(store: Store) -> None:
    await store.practices.save(LINDE, "anna")
    await store.practices.set_text("linde", "sport", MINE, "anna")
    assert await store.practices.remove("linde", "anna")
    assert not await store.practices.remove("linde", "anna")
    assert await store.practices.texts("linde") == {}
    assert [entry.action for entry in await store.audit.entries("linde")] == [
        "praktijk verwijderd",
        "eigen tekst",
        "praktijk nieuw",
    ]


async def test_the_newest_own_text_counts_and_the_old_ones_stay(store: Store) -> None:
    newer = {"answer": ["En nu anders."]}
    assert await store.practices.set_text("linde", "sport", MINE, "anna") == 1
    assert await store.practices.set_text("linde", "sport", MINE, "anna") is None
    assert await store.practices.set_text("linde", "sport", newer, "bert") == 2
    assert await store.practices.texts("linde") == {"sport": newer}
    assert await store.practices.set_text("linde", "sport", None, "bert") == 3
    assert await store.practices.texts("linde") == {}
    history = await store.practices.history("linde", "sport")
    assert [(row.version, row.body, row.author) for row in history] == [
        (3, None, "bert"),
        (2, newer, "bert"),
        (1, MINE, "anna"),
    ]


async def test_own_texts_stay_with_their_practice(store: Store) -> None:
    await store.practices.set_text("linde", "sport", MINE, "anna")
    assert await store.practices.texts("eik") == {}


async def test_a_signature_counts_for_its_practice_and_its_version(store: Store, clock: Clock) -> None:
    own, common = Subject("onderwerp", "sport", "v1"), Subject("alarmtekst", "spoed_112", "v1")
    await store.practices.sign([own], "A. Arts", "12345678901", clock.now.date(), "linde", "anna")
    await store.practices.sign([common], "A. Arts", "12345678901", clock.now.date(), None, "anna")
    assert await store.practices.signed("linde") == {own, common}
    assert await store.practices.signed("eik") == {common}
    (signature,) = await store.practices.signatures("onderwerp", "sport")
    assert (signature.name, signature.registration, signature.version) == ("A. Arts", "12345678901", "v1")
    assert signature.signed_on == clock.now.date()


async def test_consent_is_written_down_once(store: Store, clock: Clock) -> None:
    conversation = await store.start_conversation("demo", "web")
    assert conversation.consent_at is None
    first = await store.give_consent(conversation.id)
    clock.forward(minutes=5)
    assert await store.give_consent(conversation.id) == first
    found = await store.get_conversation(conversation.id)
    assert found is not None
    assert found.consent_at == first
