"""What is past its term goes, what is not stays, and what is being written in is left for the next time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from store import Deleted, Store, Terms, UnknownConversation
from store import retention as retention_module
from store.models import Conversation

TERMS = Terms(conversations=timedelta(hours=24), unanswered=timedelta(days=30), deliveries=timedelta(days=7))


async def said(store: Store, text: str = "hoi") -> str:
    conversation = await store.start_conversation("demo", "web")
    await store.add_messages(conversation.id, [("patient", {"text": text})])
    return conversation.id


async def test_a_talk_goes_24_hours_after_its_last_message(store: Store, clock: Any) -> None:
    silent, active = await said(store), await said(store)
    clock.forward(hours=20)
    await store.add_messages(active, [("patient", {"text": "ben er nog"})])
    assert await store.delete_expired(TERMS) == Deleted()
    clock.forward(hours=5)
    assert await store.delete_expired(TERMS) == Deleted(conversations=1)
    assert await store.get_conversation(silent) is None
    assert await store.messages(silent) == []
    assert len(await store.messages(active)) == 2


async def test_a_talk_whose_patient_asked_for_it_stays_longer(store: Store, clock: Any) -> None:
    kept, changed = await said(store), await said(store)
    for conversation in (kept, changed):
        await store.keep_until(conversation, clock.now + timedelta(days=30))
    await store.keep_until(changed, None)
    clock.forward(days=29)
    assert await store.delete_expired(TERMS) == Deleted(conversations=1)
    assert len(await store.messages(kept)) == 1
    clock.forward(days=2)
    assert await store.delete_expired(TERMS) == Deleted(conversations=1)
    with pytest.raises(UnknownConversation):
        await store.keep_until(kept, None)


async def test_a_question_outlives_its_talk_and_then_goes_too(store: Store, clock: Any) -> None:
    begin = clock.now
    await store.add_unanswered("demo", "iets met liggen", ["slaap"], await said(store))
    clock.forward(days=2)
    await store.delete_expired(TERMS)
    (row,) = await store.unanswered("demo", begin)
    assert (row.text, row.conversation_id) == ("iets met liggen", None)
    clock.forward(days=29)
    assert await store.delete_expired(TERMS) == Deleted(unanswered=1)
    assert await store.unanswered("demo", begin) == []


async def test_a_delivered_message_is_known_for_seven_days(store: Store, clock: Any) -> None:
    assert await store.channels.receive("demo", "telegram", "1") is not None
    clock.forward(days=6)
    await store.delete_expired(TERMS)
    assert await store.channels.receive("demo", "telegram", "1") is None
    clock.forward(days=2)
    assert await store.delete_expired(TERMS) == Deleted(deliveries=1)


async def test_more_than_one_batch_goes(store: Store, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention_module, "BATCH", 2)
    for _ in range(5):
        await said(store)
    clock.forward(days=2)
    assert await store.delete_expired(TERMS) == Deleted(conversations=5)


async def test_a_talk_that_is_being_written_in_is_left_alone(postgres_url: str, clock: Any) -> None:
    """PostgreSQL: the row is locked by whoever adds a turn. SQLite has one writer, who is waited for."""
    from store import upgrade

    upgrade(postgres_url)
    async with Store.open(postgres_url, clock) as store:
        busy, other = await said(store), await said(store)
        clock.forward(days=2)
        async with store._sessions.begin() as writing:
            await writing.execute(update(Conversation).where(Conversation.id == busy).values(last_at=clock.now))
            assert await asyncio.wait_for(store.delete_expired(TERMS), 5) == Deleted(conversations=1)
        assert await store.get_conversation(other) is None
        assert await store.delete_expired(TERMS) == Deleted()
        assert await store.get_conversation(busy) is not None


async def test_a_wiped_talk_is_remembered_by_its_id_until_rasa_forgot_it(store: Store) -> None:
    first, second = await said(store), await said(store)
    await store.forget_conversation(first)
    await store.forget_conversation(second)
    await store.forget_conversation("0" * 32)
    assert set(await store.wipes()) == {first, second}
    await store.wiped([first])
    assert await store.wipes() == [second]


async def test_a_turn_that_comes_during_the_deletion_is_kept_whole_or_refused(store: Store, clock: Any) -> None:
    """Never a message without its conversation, and never a conversation that lost half its messages."""
    ids = [await said(store) for _ in range(20)]
    clock.forward(days=2)

    async def write(conversation: str) -> str | None:
        try:
            await store.add_messages(conversation, [("patient", {"text": "nog iets"})])
        except UnknownConversation:
            return None
        return conversation

    *written, _ = await asyncio.gather(*(write(id) for id in ids), store.delete_expired(TERMS))
    alive = {id for id in written if id}
    for conversation in ids:
        assert len(await store.messages(conversation)) == (2 if conversation in alive else 0)
    async with store._sessions() as session:
        assert set(await session.scalars(select(Conversation.id))) == alive
