"""A transaction as one step: all its statements together, not a hop to another thread for each.

Work is a function of a plain connection, the same one for both databases. aiosqlite hops for every cursor, statement,
fetch and close, some twenty times a message, which took more than half of the public server's processor time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Concatenate, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.ext.asyncio import AsyncEngine

THREADS = 15  # as many as the async engine opens connections: who waits for a lock holds up nobody else


class Transactions(Protocol):
    """Runs work in a transaction of its own."""

    async def run[**P, T](self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs) -> T:
        """What `work` gives, once that is committed. An exception or a cancelled task rolls it back."""

    async def close(self) -> None:
        """Wait for what still runs and close all connections."""


@dataclass(slots=True)
class _Call:
    given_up: bool = False


class InThread:
    """For SQLite: in a worker thread, on a connection that is kept. The engine needs THREADS connections."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(THREADS, "store")

    async def run[**P, T](self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs) -> T:
        call = _Call()

        def transaction() -> T:
            with self._engine.connect() as connection:  # rolls back what is not committed
                found = work(connection, *args, **named)
                if not call.given_up:
                    connection.commit()
                return found

        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, transaction)
        except asyncio.CancelledError:
            # The thread cannot be stopped, but it looks here before it commits.
            call.given_up = True
            raise

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()


class OnLoop:
    """For PostgreSQL, whose driver waits on the event loop itself."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def run[**P, T](self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs) -> T:
        async with self._engine.begin() as connection:
            return await connection.run_sync(work, *args, **named)

    async def close(self) -> None:
        await self._engine.dispose()
