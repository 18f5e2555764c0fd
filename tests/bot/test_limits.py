"""How many messages fit in a minute."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import limits
from bot.limits import Limiter


@dataclass
class Clock:
    """The time as the limiter sees it, in seconds."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_so_many_a_minute_and_no_more(clock: Clock) -> None:
    limiter = Limiter(3, clock)
    assert [limiter.allows("a") for _ in range(5)] == [True, True, True, False, False]


def test_one_talk_does_not_stop_another(clock: Clock) -> None:
    limiter = Limiter(1, clock)
    assert limiter.allows("a")
    assert limiter.allows("b")
    assert not limiter.allows("a")


def test_a_minute_later_there_is_room_again(clock: Clock) -> None:
    limiter = Limiter(1, clock)
    limiter.allows("a")
    clock.now += 59.9
    assert not limiter.allows("a")
    clock.now += 0.1
    assert limiter.allows("a")


def test_the_minute_slides(clock: Clock) -> None:
    limiter = Limiter(2, clock)
    limiter.allows("a")
    clock.now += 40
    limiter.allows("a")
    clock.now += 20
    assert limiter.allows("a")
    assert not limiter.allows("a")


def test_a_refused_call_does_not_count(clock: Clock) -> None:
    limiter = Limiter(1, clock)
    limiter.allows("a")
    clock.now += 59
    assert not limiter.allows("a")
    clock.now += 1
    assert limiter.allows("a")


def test_zero_means_no_limit(clock: Clock) -> None:
    limiter = Limiter(0, clock)
    assert all(limiter.allows("a") for _ in range(1_000))


def test_old_keys_are_forgotten(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_KEYS", 10)
    limiter = Limiter(1, clock)
    for number in range(10):
        limiter.allows(f"old {number}")
    clock.now += 61
    limiter.allows("new")
    assert set(limiter._calls) == {"new"}


def test_forgetting_keeps_who_is_still_counted(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_KEYS", 2)
    limiter = Limiter(1, clock)
    assert all(limiter.allows(key) for key in "abcd")
    assert not any(limiter.allows(key) for key in "abcd")


@given(st.integers(1, 5), st.lists(st.floats(0, 30), max_size=40))
def test_never_more_than_allowed_in_any_minute(most: int, pauses: list[float]) -> None:
    clock = Clock()
    limiter = Limiter(most, clock)
    allowed = []
    for pause in pauses:
        clock.now += pause
        if limiter.allows("a"):
            allowed.append(clock.now)
    assert all(sum(start <= other < start + 60 for other in allowed) <= most for start in allowed)
