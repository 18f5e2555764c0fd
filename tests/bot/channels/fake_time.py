"""A clock that the code under test moves itself, by sleeping."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.channels.retry import Patience


@dataclass
class FakeTime:
    """Seconds since the start of the test, and every sleep that was asked for."""

    now: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    def clock(self) -> float:
        return self.now

    def patience(self, attempts: int = 6) -> Patience:
        return Patience(attempts, self.sleep, self.clock)
