"""Work in order within each conversation, and side by side over conversations."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

logger = logging.getLogger(__name__)

AT_ONCE = 16  # conversations of one practice in one channel that are answered at the same moment
Work = Callable[[], Awaitable[None]]


class Lanes:
    """A lane for each conversation. What waits in it is done in the order it was sent, not in which it came in."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._waiting: dict[str, list[tuple[datetime, int, Work]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._arrivals = itertools.count()
        self._room = asyncio.Semaphore(at_once)

    def put(self, lane: str, sent_at: datetime, work: Work) -> None:
        """Queue work. Call it from the event loop; returns at once."""
        entry = (sent_at, next(self._arrivals), work)
        if lane in self._waiting:
            heapq.heappush(self._waiting[lane], entry)
            return
        self._waiting[lane] = [entry]
        task = asyncio.create_task(self._run(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, seconds: float) -> None:
        """Wait until all is done, at most this long; then stop what still runs."""
        tasks = set(self._tasks)
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, lane: str) -> None:
        waiting = self._waiting[lane]
        try:
            while waiting:
                _, _, work = heapq.heappop(waiting)
                try:
                    async with self._room:
                        await work()
                except Exception as error:  # one piece of work must not stop the next ones
                    logger.error("work in a lane failed: %s", type(error).__name__)
        finally:
            del self._waiting[lane]
