"""What the training is doing and how far it is, in lines for who waits for it.

Silent until `speak` is called: nothing but the training prints.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

MARK = "progress: "  # before each line, among all else that Rasa prints (bot/training.py reads it)
EVERY = 10.0  # seconds between lines about one phase
_speaking = False


def speak() -> None:
    """From now on print."""
    global _speaking
    _speaking = True


def say(line: str) -> None:
    """Print one line."""
    if _speaking:
        print(MARK + line, flush=True)


def counted(things: Iterable[Any], total: int, phase: str, unit: str = "lines") -> Iterator[Any]:
    """The things as they come. Says how many there are, and every ten seconds how many are done and how long still."""
    say(f"{phase}: {total:,} {unit}")
    started = said = time.monotonic()
    for done, thing in enumerate(things, 1):
        now = time.monotonic()
        if done == total:
            say(f"{phase}: done in {now - started:.0f} s")
        elif now - said >= EVERY:
            said = now
            left = (now - started) / done * (total - done)
            say(f"{phase}: {done:,} of {total:,} {unit}, about {left:.0f} s to go")
        yield thing
