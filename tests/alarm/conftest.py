"""The rules as patients meet them, compiled once."""

from __future__ import annotations

from pathlib import Path

import pytest

from alarm import AlarmContent, Detector, load_alarm_content

FOLDER = Path(__file__).parents[2] / "content" / "alarm"


@pytest.fixture(scope="session")
def folder() -> Path:
    """content/alarm/ of this checkout."""
    return FOLDER


@pytest.fixture(scope="session")
def content(folder: Path) -> AlarmContent:
    return load_alarm_content(folder)


@pytest.fixture(scope="session")
def detector(content: AlarmContent) -> Detector:
    return Detector(content)
