"""Who may read and write a conversation."""

from __future__ import annotations

import itsdangerous.timed
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tokens import Tokens

ID, OTHER = "a" * 32, "b" * 32
TOKENS = Tokens("geheim", 60)


def test_a_token_opens_its_own_conversation_only() -> None:
    token = TOKENS.make(ID, "demo")
    assert TOKENS.practice_of(token, ID) == "demo"
    assert TOKENS.practice_of(token, OTHER) is None


def test_a_token_knows_its_practice() -> None:
    assert TOKENS.practice_of(TOKENS.make(ID, "vlaanderen"), ID) == "vlaanderen"


def test_a_token_of_another_installation_opens_nothing() -> None:
    assert TOKENS.practice_of(Tokens("ander geheim", 60).make(ID, "demo"), ID) is None


def test_a_token_survives_a_restart() -> None:
    assert Tokens("geheim", 60).practice_of(TOKENS.make(ID, "demo"), ID) == "demo"


def test_a_token_fits_in_a_header() -> None:
    token = TOKENS.make(ID, "demo")
    assert token.isascii()
    assert not set(token) & set(' \r\n;,"')


@pytest.mark.parametrize("content", [ID, [ID], [ID, "demo", "x"], None, 7, {}, [None, None], {"a": 1, "b": 2}])
def test_a_token_of_another_shape_opens_nothing(content: object) -> None:
    token = str(TOKENS._serializer.dumps(content))
    assert TOKENS.practice_of(token, ID) is None


@pytest.mark.parametrize(("later", "practice"), [(0, "demo"), (60, "demo"), (62, None), (-5, None)])
def test_a_token_is_good_for_its_time(monkeypatch: pytest.MonkeyPatch, later: int, practice: str | None) -> None:
    now = 1_800_000_000

    class Time:
        time = staticmethod(lambda: now)

    monkeypatch.setattr(itsdangerous.timed, "time", Time)
    token = TOKENS.make(ID, "demo")
    now += later
    assert TOKENS.practice_of(token, ID) == practice


@given(st.text(max_size=200))
def test_anything_made_up_opens_nothing(token: str) -> None:
    assert TOKENS.practice_of(token, ID) is None


@given(st.integers(0, 500), st.characters(codec="ascii"))
def test_a_token_with_another_character_opens_nothing(place: int, other: str) -> None:
    token = TOKENS.make(ID, "demo")
    place %= len(token) - 1  # the last character of base64 has bits that count for nothing
    if token[place] != other:
        assert TOKENS.practice_of(token[:place] + other + token[place + 1 :], ID) is None
