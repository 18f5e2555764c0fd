"""The lines that training prints."""

from __future__ import annotations

import pytest

from engine import progress
from engine.progress import MARK, counted


@pytest.fixture
def aloud(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_speaking", True)


def test_nothing_is_printed_but_in_a_training(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(counted("ab", 2, "encoding")) == ["a", "b"]
    assert capsys.readouterr().out == ""


def test_a_phase_says_how_much_there_is_and_when_it_is_done(aloud: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(zip(counted("ab", 2, "encoding"), "xy")) == [("a", "x"), ("b", "y")]
    assert capsys.readouterr().out.splitlines() == [f"{MARK}encoding: 2 lines", f"{MARK}encoding: done in 0 s"]


def test_a_long_phase_says_how_far_it_is_and_how_long_still(
    aloud: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter(range(0, 1_000, 6))
    monkeypatch.setattr("engine.progress.time.monotonic", lambda: next(clock))
    assert len(list(counted(range(5), 5, "fitting", "heads"))) == 5
    assert capsys.readouterr().out.splitlines() == [
        f"{MARK}fitting: 5 heads",
        f"{MARK}fitting: 2 of 5 heads, about 18 s to go",
        f"{MARK}fitting: 4 of 5 heads, about 6 s to go",
        f"{MARK}fitting: done in 30 s",
    ]
