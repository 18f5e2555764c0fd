"""No development set does worse than its floor, on the running system."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.evaluate import count, read, run
from bot.figures import FLOORS, broken, rates, read_floors
from bot.system import System
from settings import settings

ROOT = Path(__file__).parents[2]
FOUND = read_floors(ROOT / FLOORS)


@pytest.mark.parametrize("name", FOUND)
def test_a_set_holds_its_floors(system: System, name: str) -> None:
    conversations = read(ROOT / FLOORS.parent / name)
    answers = asyncio.run(run(system.url, settings().practice, conversations, lambda: None))
    found = {rate.name: rate for rate in rates(count(conversations, answers))}
    assert broken(name, found, FOUND[name]) == []


def test_every_set_has_a_floor() -> None:
    sets = {path.name for path in (ROOT / FLOORS.parent).iterdir() if path.suffix in {".tsv", ".jsonl"}}
    assert sets <= {*FOUND, "talk.tsv"}  # its column `intent` is for the figures of a classifier alone
