"""Rasa's memory of a talk: a bounded tail, gone after its time, and gone from the bytes when it is deleted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, FollowupAction, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from engine import tracker_store
from engine.tracker_store import KEPT_EVENTS, RecentTrackerStore, tail

DOMAIN = Domain.load("domain.yml")
Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rasa.db"


@pytest.fixture
def store(file: Path) -> RecentTrackerStore:
    return RecentTrackerStore(DOMAIN, db_url=f"sqlite:///{file}", ttl_hours="2")


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def talk(turns: int, sender: str = "a" * 32, said: str = "vraag") -> DialogueStateTracker:
    """A talk of so many turns; the slot `topic` is set in the first turn only, `misses` in each."""
    tracker = DialogueStateTracker(sender, DOMAIN.slots)
    for number in range(turns):
        tracker.update(ActionExecuted("action_listen"))
        tracker.update(UserUttered(f"{said} {number}", {"name": "vraag_sport", "confidence": 1.0}))
        tracker.update(ActionExecuted("action_answer"))
        tracker.update(BotUttered(f"antwoord {number}"))
        if number == 0:
            tracker.update(SlotSet("topic", "sport"))
        tracker.update(SlotSet("memory", {"misses": number}))
    return tracker


def texts(tracker: DialogueStateTracker) -> list[str]:
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


def test_a_short_talk_comes_back_whole(store: RecentTrackerStore) -> None:
    run(store.save(talk(3)))
    back = run(store.retrieve("a" * 32))
    assert texts(back) == ["vraag 0", "vraag 1", "vraag 2"]
    assert back.get_slot("topic") == "sport"
    assert back.latest_message.text == "vraag 2"


def test_an_unknown_talk_is_none(store: RecentTrackerStore) -> None:
    assert run(store.retrieve("b" * 32)) is None


def test_the_tail_is_bounded_and_starts_with_the_patient() -> None:
    kept = tail(talk(200))
    events = [event for event in kept if event["event"] != "slot"]
    assert len(kept) <= KEPT_EVENTS + len(DOMAIN.slots)
    assert events[0]["event"] == "user"
    assert events[-1]["text"] == "antwoord 199"


def test_the_tail_keeps_slots_that_were_set_long_ago(store: RecentTrackerStore) -> None:
    run(store.save(talk(100)))
    back = run(store.retrieve("a" * 32))
    assert back.get_slot("topic") == "sport"
    assert back.get_slot("memory") == {"misses": 99}
    assert "vraag 0" not in texts(back)


def test_slots_survive_being_saved_again_and_again(store: RecentTrackerStore) -> None:
    tracker = talk(30)
    for number in range(40):
        run(store.save(tracker))
        tracker = run(store.retrieve("a" * 32))
        tracker.update(ActionExecuted("action_listen"))
        tracker.update(UserUttered(f"later {number}", {"name": "groet", "confidence": 1.0}))
    assert tracker.get_slot("topic") == "sport"
    assert len(tracker.events) <= KEPT_EVENTS + len(DOMAIN.slots) + 2


def test_a_slot_that_was_emptied_stays_empty(store: RecentTrackerStore) -> None:
    tracker = talk(100)
    tracker.update(SlotSet("topic", None))
    run(store.save(tracker))
    assert run(store.retrieve("a" * 32)).get_slot("topic") is None


def test_a_talk_is_gone_after_its_time(store: RecentTrackerStore, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    run(store.save(talk(1)))
    monkeypatch.setattr("engine.tracker_store.time.time", lambda: now + 2 * 3600 - 60)
    assert run(store.retrieve("a" * 32)) is not None
    monkeypatch.setattr("engine.tracker_store.time.time", lambda: now + 2 * 3600 + 60)
    assert run(store.retrieve("a" * 32)) is None


def test_a_message_keeps_the_talk_longer(store: RecentTrackerStore, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    run(store.save(talk(1)))
    monkeypatch.setattr("engine.tracker_store.time.time", lambda: now + 3600)
    run(store.save(talk(2)))
    monkeypatch.setattr("engine.tracker_store.time.time", lambda: now + 2.5 * 3600)
    assert run(store.retrieve("a" * 32)) is not None


def test_old_talks_are_deleted_and_new_ones_stay(store: RecentTrackerStore, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    run(store.save(talk(1, "a" * 32)))
    run(store.save(talk(1, "b" * 32)))
    monkeypatch.setattr("engine.tracker_store.time.time", lambda: now + 3 * 3600)
    run(store.save(talk(1, "c" * 32)))
    assert run(store.delete_old()) == 2
    assert run(store.keys()) == ["c" * 32]


def test_a_deleted_talk_is_gone(store: RecentTrackerStore) -> None:
    run(store.save(talk(1, "a" * 32)))
    run(store.save(talk(1, "b" * 32)))
    run(store.delete("a" * 32))
    assert run(store.keys()) == ["b" * 32]


def test_deleting_an_unknown_talk_is_no_error(store: RecentTrackerStore) -> None:
    run(store.delete("z" * 32))


def test_a_deleted_talk_is_gone_from_the_bytes(store: RecentTrackerStore, file: Path) -> None:
    # Long and growing, so that pages are split, merged and freed on the way.
    for turns in range(1, 30):
        run(store.save(talk(turns, said="geheimste zin " * 20)))
        run(store.save(talk(turns, "b" * 32, said="andermans zin")))
    assert any(b"geheimste zin" in path.read_bytes() for path in file.parent.iterdir())
    run(store.delete("a" * 32))
    assert not [path.name for path in file.parent.iterdir() if b"geheimste zin" in path.read_bytes()]
    assert any(b"andermans zin" in path.read_bytes() for path in file.parent.iterdir())


def test_expired_talks_are_gone_from_the_bytes(
    store: RecentTrackerStore, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(store.save(talk(5, said="geheimste zin")))
    now = time.time()
    monkeypatch.setattr("engine.tracker_store.time.time", lambda: now + 3 * 3600)
    run(store.delete_old())
    assert not [path.name for path in file.parent.iterdir() if b"geheimste zin" in path.read_bytes()]


def test_talks_survive_a_restart(store: RecentTrackerStore, file: Path) -> None:
    run(store.save(talk(2)))
    again = RecentTrackerStore(DOMAIN, db_url=f"sqlite:///{file}", ttl_hours=2)
    assert texts(run(again.retrieve("a" * 32))) == ["vraag 0", "vraag 1"]


def test_two_talks_do_not_mix(store: RecentTrackerStore) -> None:
    async def both() -> None:
        await asyncio.gather(*(store.save(talk(2, letter * 32, letter)) for letter in "abcdef"))

    run(both())
    for letter in "abcdef":
        assert texts(run(store.retrieve(letter * 32))) == [f"{letter} 0", f"{letter} 1"]


def test_a_database_that_hangs_does_not_hang_the_talk(
    store: RecentTrackerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    released = threading.Event()
    monkeypatch.setattr(tracker_store, "TIMEOUT", 0.05)
    monkeypatch.setattr(store, "_read", lambda _: released.wait(5))

    async def ask() -> None:
        try:
            with pytest.raises(asyncio.TimeoutError):
                await store.retrieve("a" * 32)
        finally:
            released.set()

    run(ask())


def test_what_counts_only_for_the_moment_is_not_kept() -> None:
    ranking = [{"name": "vraag_sport", "confidence": 0.9}, {"name": "vraag_slaap", "confidence": 0.1}]
    said = UserUttered("mag ik fietsen", ranking[0], parse_data={"intent": ranking[0], "intent_ranking": ranking})
    tracker = DialogueStateTracker.from_events("a", [said, FollowupAction("action_listen")])
    [kept] = tail(tracker)
    assert kept["parse_data"]["intent"]["name"] == "vraag_sport"
    assert kept["parse_data"]["intent_ranking"] == []
    assert said.parse_data["intent_ranking"] == ranking, "the message itself is still being answered"
