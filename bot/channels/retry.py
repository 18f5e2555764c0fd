"""Sending again after a while, where the platform says or implies that this helps."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.channels.outlet import Later, Undelivered

ATTEMPTS = 6
LONGEST = 60.0  # seconds; a platform that wants more gets nothing more of us for this message


@dataclass(frozen=True)
class Again:
    """Try again, after at least `seconds`. `code` is for the log when all attempts fail."""

    code: str
    seconds: float = 0.0


Verdict = Callable[[Exception], Again | Undelivered]


@dataclass(frozen=True)
class Patience:
    """Waits 1, 2, 4, ... seconds between attempts, with up to a quarter more so that replicas do not march in step."""

    attempts: int = ATTEMPTS
    sleep: Callable[[float], Awaitable[None]] = field(default=asyncio.sleep)
    clock: Callable[[], float] = field(default=time.monotonic)

    async def send[Result](self, attempt: Callable[[], Awaitable[Result]], judge: Verdict) -> Result:
        """The result of the first attempt that succeeds. `judge` says of an error whether trying again helps.

        Raises Undelivered, and Later when no attempt helped.
        """
        for number in range(self.attempts):
            try:
                return await attempt()
            except Exception as error:
                verdict = judge(error)
                if isinstance(verdict, Undelivered):
                    raise verdict from error
                last = number == self.attempts - 1
                if last or verdict.seconds > LONGEST:
                    raise Later(verdict.code) from error
                wait = max(verdict.seconds, 2.0**number)
            await self.sleep(wait * (1 + random.random() / 4))
        raise AssertionError("unreachable")
