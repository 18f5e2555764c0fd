"""How much one conversation or one address may ask: a sliding minute, in this process."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

MINUTE = 60.0
MAX_KEYS = 50_000


class Limiter:
    """At most `per_minute` calls a key in any minute; 0 means no limit."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._calls: dict[str, deque[float]] = {}

    def allows(self, key: str) -> bool:
        """Count one call, unless it is one too many."""
        if self._per_minute == 0:
            return True
        now = self._clock()
        calls = self._calls.setdefault(key, deque())
        while calls and calls[0] <= now - MINUTE:
            calls.popleft()
        if len(calls) >= self._per_minute:
            return False
        calls.append(now)
        if len(self._calls) > MAX_KEYS:
            self._forget(now)
        return True

    def _forget(self, now: float) -> None:
        for key in [key for key, calls in self._calls.items() if not calls or calls[-1] <= now - MINUTE]:
            del self._calls[key]
