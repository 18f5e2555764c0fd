"""What goes into the store comes out again, or is gone, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from store import Store, TopicFeedback, UnknownConversation


async def test_a_conversation_reads_back_in_order(store: Store, clock: Any) -> None:
    begun = clock.now
    conversation = await store.start_conversation("demo", "web")
    later = clock.forward(minutes=3)
    added = await store.add_messages(
        conversation.id,
        [("patient", {"text": "mag ik hardlopen?"}), ("assistant", {"kind": "answer", "topic": "sport"})],
    )
    await store.add_messages(conversation.id, [("patient", {"text": "dank je"})])

    read = await store.messages(conversation.id)
    assert [(message.author, message.body) for message in read] == [
        ("patient", {"text": "mag ik hardlopen?"}),
        ("assistant", {"kind": "answer", "topic": "sport"}),
        ("patient", {"text": "dank je"}),
    ]
    assert [message.id for message in added] == [message.id for message in read[:2]]
    known = await store.get_conversation(conversation.id)
    assert known is not None
    assert (known.practice, known.channel, known.created_at, known.last_at) == ("demo", "web", begun, later)


async def test_conversations_cannot_be_guessed(store: Store) -> None:
    ids = {(await store.start_conversation("demo", "web")).id for _ in range(3)}
    assert len(ids) == 3
    assert all(len(id) == 32 and int(id, 16) for id in ids)


async def test_conversations_do_not_mix(store: Store) -> None:
    one, other = [await store.start_conversation("demo", "web") for _ in range(2)]
    await store.add_messages(one.id, [("patient", {"text": "een"})])
    assert await store.messages(other.id) == []


async def test_times_come_back_in_utc(store: Store, clock: Any) -> None:
    clock.now = datetime(2026, 7, 1, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    conversation = await store.start_conversation("demo", "web")
    known = await store.get_conversation(conversation.id)
    assert known is not None
    assert known.created_at.isoformat() == "2026-07-01T12:00:00+00:00"


async def test_a_time_without_zone_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="time zone"):
        await store.unanswered("demo", datetime(2026, 1, 1))


async def test_two_requests_that_start_the_same_conversation_share_it(store: Store) -> None:
    pseudonym = "ab" * 16
    started = await asyncio.gather(*(store.start_conversation("demo", "whatsapp", pseudonym) for _ in range(4)))
    assert {conversation.id for conversation in started} == {pseudonym}
    await store.add_messages(pseudonym, [("patient", {"text": "hoi"})])
    assert (await store.start_conversation("demo", "whatsapp", pseudonym)).id == pseudonym
    assert len(await store.messages(pseudonym)) == 1


async def test_many_may_write_at_once(store: Store) -> None:
    conversations = [await store.start_conversation("demo", "web") for _ in range(5)]
    await asyncio.gather(
        *(
            store.add_messages(c.id, [("patient", {"n": n}), ("assistant", {"n": n})])
            for c in conversations
            for n in range(6)
        )
    )
    for conversation in conversations:
        assert len(await store.messages(conversation.id)) == 12


async def test_any_text_survives(store: Store) -> None:
    text = "é 😀 \0 \ud83d 'rug'; DROP TABLE messages; --"
    conversation = await store.start_conversation("demo", "web")
    await store.add_messages(conversation.id, [("patient", {"text": text})])
    assert (await store.messages(conversation.id))[0].body == {"text": text}
    await store.add_unanswered("demo", text, [])
    (question,) = await store.unanswered("demo", datetime(2000, 1, 1, tzinfo=UTC))
    assert question.text == "é 😀  ? 'rug'; DROP TABLE messages; --"


async def test_an_unknown_conversation_takes_no_messages(store: Store) -> None:
    assert await store.get_conversation("0" * 32) is None
    assert await store.messages("0" * 32) == []
    with pytest.raises(UnknownConversation):
        await store.add_messages("0" * 32, [("patient", {"text": "hoi"})])
    await store.forget_conversation("0" * 32)


async def test_a_forgotten_conversation_is_gone_and_stays_gone(store: Store) -> None:
    gone, kept = [await store.start_conversation("demo", "web") for _ in range(2)]
    for conversation in (gone, kept):
        await store.add_messages(conversation.id, [("patient", {"text": "hoi"})])
    await store.forget_conversation(gone.id)
    assert await store.get_conversation(gone.id) is None
    assert await store.messages(gone.id) == []
    assert len(await store.messages(kept.id)) == 1
    with pytest.raises(UnknownConversation):
        await store.add_messages(gone.id, [("patient", {"text": "te laat"})])


async def test_what_was_not_understood_goes_with_a_forgotten_conversation(store: Store) -> None:
    gone, kept = [await store.start_conversation("demo", "web") for _ in range(2)]
    await store.add_unanswered("demo", "weg", ["sport"], gone.id)
    await store.add_unanswered("demo", "blijft", ["sport"], kept.id)
    await store.add_unanswered("demo", "van niemand", [])
    await store.forget_conversation(gone.id)
    left = await store.unanswered("demo", datetime(2000, 1, 1, tzinfo=UTC))
    assert [(row.text, row.conversation_id) for row in left] == [("van niemand", None), ("blijft", kept.id)]


async def test_what_was_not_understood_outlives_an_old_conversation(store: Store) -> None:
    conversation = await store.start_conversation("demo", "web")
    await store.add_unanswered("demo", "iets met liggen", ["slaap"], conversation.id)
    assert await store.delete_conversations_before(datetime(2100, 1, 1, tzinfo=UTC)) == [conversation.id]
    (row,) = await store.unanswered("demo", datetime(2000, 1, 1, tzinfo=UTC))
    assert (row.text, row.conversation_id) == ("iets met liggen", None)


async def test_what_was_not_understood_needs_a_conversation_that_is_there(store: Store) -> None:
    with pytest.raises(IntegrityError):
        await store.add_unanswered("demo", "te laat", [], "0" * 32)
    assert await store.unanswered("demo", datetime(2000, 1, 1, tzinfo=UTC)) == []


async def test_old_conversations_go_by_their_last_message(store: Store, clock: Any) -> None:
    silent = await store.start_conversation("demo", "web")
    active = await store.start_conversation("demo", "web")
    clock.forward(days=20)
    await store.add_messages(active.id, [("patient", {"text": "hoi"})])
    clock.forward(days=15)
    assert await store.delete_conversations_before(clock.now - timedelta(days=30)) == [silent.id]
    assert await store.get_conversation(active.id) is not None
    assert await store.delete_conversations_before(clock.now - timedelta(days=30)) == []


async def test_feedback_is_counted_per_topic_and_practice(store: Store, clock: Any) -> None:
    await store.add_feedback("demo", "sport", False)
    since = clock.forward(days=1)
    for topic, helpful in [("sport", True), ("sport", False), ("slaap", True)]:
        await store.add_feedback("demo", topic, helpful)
    await store.add_feedback("andere", "sport", True)
    assert await store.feedback_by_topic("demo", since) == [TopicFeedback("sport", 1, 1), TopicFeedback("slaap", 1, 0)]


async def test_unanswered_questions_come_newest_first_for_one_practice(store: Store, clock: Any) -> None:
    await store.add_unanswered("demo", "te oud", [])
    since = clock.forward(days=1)
    await store.add_unanswered("demo", "helpt een pleister?", ["warmte", "hulpmiddelen"])
    clock.forward(hours=1)
    await store.add_unanswered("demo", "en een kruik?", ["warmte"])
    await store.add_unanswered("andere", "niet van ons", [])
    found = await store.unanswered("demo", since)
    assert [(question.text, question.suggested) for question in found] == [
        ("en een kruik?", ["warmte"]),
        ("helpt een pleister?", ["warmte", "hulpmiddelen"]),
    ]
    assert len(await store.unanswered("demo", since, limit=1)) == 1


async def test_old_unanswered_questions_go(store: Store, clock: Any) -> None:
    begin = clock.now
    await store.add_unanswered("demo", "oud", [])
    later = clock.forward(days=90)
    await store.add_unanswered("demo", "nieuw", [])
    assert await store.delete_unanswered_before(later) == 1
    assert [question.text for question in await store.unanswered("demo", begin)] == ["nieuw"]


@pytest.mark.parametrize("wrong", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/rug"])
def test_refuses_a_database_it_cannot_keep_its_promises_on(wrong: str) -> None:
    with pytest.raises(ValueError, match="sqlite"):
        Store.open(wrong)


async def test_a_message_with_an_id_is_taken_in_once(store: Store) -> None:
    conversation = await store.start_conversation("demo", "web")
    turns = await asyncio.gather(*[store.open_turn(conversation.id, "een-id-01", {"text": "hoi"}) for _ in range(4)])
    assert sorted(turn.fresh for turn in turns) == [False, False, False, True]
    assert len({turn.question.id for turn in turns}) == 1

    await store.add_messages(conversation.id, [("assistant", {"kind": "smalltalk"})], "een-id-01")
    again = await store.open_turn(conversation.id, "een-id-01", {"text": "hoi"})
    assert [reply.body for reply in again.replies] == [{"kind": "smalltalk"}]
    assert len(await store.messages(conversation.id)) == 2


async def test_the_same_id_in_another_conversation_is_another_message(store: Store) -> None:
    one, other = [await store.start_conversation("demo", "web") for _ in range(2)]
    assert (await store.open_turn(one.id, "een-id-01", {"text": "een"})).fresh
    assert (await store.open_turn(other.id, "een-id-01", {"text": "twee"})).fresh
    assert await store.turn(one.id, "geen-id-01") is None


async def test_messages_without_an_id_are_all_kept(store: Store) -> None:
    conversation = await store.start_conversation("demo", "web")
    for _ in range(2):
        await store.add_messages(conversation.id, [("patient", {"text": "hoi"})])
    assert len(await store.messages(conversation.id)) == 2


async def test_one_takes_over_what_was_left_without_an_answer(store: Store, clock: Any) -> None:
    conversation = await store.start_conversation("demo", "web")
    question = (await store.open_turn(conversation.id, "een-id-01", {"text": "hoi"})).question
    clock.forward(seconds=5)
    assert [await store.take_over(question) for _ in range(2)] == [True, False]


async def test_a_message_for_a_conversation_that_is_gone_is_refused(store: Store) -> None:
    with pytest.raises(UnknownConversation):
        await store.open_turn("0" * 32, "een-id-01", {"text": "hoi"})


async def test_consent_is_kept_with_its_time(store: Store, clock: Any) -> None:
    agreed = await store.start_conversation("demo", "web", consent=True)
    assert (await store.start_conversation("demo", "web")).consent_at is None
    known = await store.get_conversation(agreed.id)
    assert known is not None
    assert known.consent_at == clock.now
