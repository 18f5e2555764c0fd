"""What a training says while it runs."""

from __future__ import annotations

import io
import os
import sys

import pytest

from bot import training


def followed(code: str) -> tuple[int, list[str], str]:
    told: list[str] = []
    log = io.StringIO()
    exit_code = training.follow([sys.executable, "-u", "-c", code], dict(os.environ), log, told.append)
    return exit_code, told, log.getvalue()


def test_lines_of_progress_are_told_and_all_lines_are_kept() -> None:
    code, told, log = followed("print('progress: encoding: 3 lines'); print('van Rasa')")
    assert code == 0
    assert told == ["starting Rasa", "encoding: 3 lines"]
    assert log == "progress: encoding: 3 lines\nvan Rasa\n"


def test_a_silent_phase_is_said_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "_SILENCE", 0.3)
    _, told, _ = followed("import time; print('progress: fitting'); time.sleep(1.5)")
    assert told[1] == "fitting"
    assert told[-1].startswith("fitting (still busy, ")


def test_a_failure_gives_its_code_and_what_was_printed() -> None:
    code, _, log = followed("import sys; print('half'); sys.exit('kapot')")
    assert code == 1
    assert "kapot" in log
