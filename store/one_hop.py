"""A transaction as one step: all its statements together, not a hop to another thread for each.

Work is a function of a plain connection, the same one for both databases. aiosqlite hops for every cursor, statement,
fetch and close, some twenty times a message, which took more than half of the public server's processor time.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Concatenate, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

THREADS = 15  # as many as the async engine opens connections


class Transactions(Protocol):
    """Runs work in a transaction of its own. An exception or a cancelled task rolls it back."""

    async def read[**P, T](self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs) -> T:
        """What `work` gives; it changes nothing."""

    async def write[**P, T](self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs) -> T:
        """What `work` gives, once its changes are committed."""

    async def close(self) -> None:
        """Wait for what still runs and close all connections."""


@dataclass(slots=True)
class _Call:
    given_up: bool = False


class InThread:
    """For SQLite: in a worker thread, on a connection that is kept. The engine must keep THREADS of them.

    `patience` is how many seconds a writer waits for those before it. They line up here, because SQLite lets them try
    again after ever longer pauses, and some then never have their turn: of 40 clients at once some lost messages.
    """

    def __init__(self, engine: Engine, patience: float) -> None:
        self._engine = engine
        self._patience = patience
        self._readers = ThreadPoolExecutor(THREADS // 3, "store-read")
        # Apart, so that writers who wait for one another or for a lock hold up no reader.
        self._writers = ThreadPoolExecutor(THREADS - THREADS // 3, "store-write")
        self._writing = Lock()

    async def read[**P, T](self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs) -> T:
        def transaction() -> T:
            with self._engine.connect() as connection:
                return work(connection, *args, **named)

        return await asyncio.get_running_loop().run_in_executor(self._readers, transaction)

    async def write[**P, T](self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs) -> T:
        call = _Call()

        def transaction() -> T:
            with self._turn(), self._engine.connect() as connection:  # rolls back what is not committed
                found = work(connection, *args, **named)
                if not call.given_up:
                    connection.commit()
                return found

        try:
            return await asyncio.get_running_loop().run_in_executor(self._writers, transaction)
        except asyncio.CancelledError:
            call.given_up = True  # the thread cannot be stopped, but it looks here just before it commits
            raise

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """The only one in here that writes. Raises what SQLite does when another writes for too long."""
        if not self._writing.acquire(timeout=self._patience):
            raise OperationalError(None, None, sqlite3.OperationalError("database is locked"))
        try:
            yield
        finally:
            self._writing.release()

    async def close(self) -> None:
        for threads in (self._writers, self._readers):
            await asyncio.to_thread(threads.shutdown)
        self._engine.dispose()


class OnLoop:
    """For PostgreSQL, whose driver waits on the event loop itself."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def read[**P, T](self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs) -> T:
        async with self._engine.connect() as connection:
            return await connection.run_sync(work, *args, **named)

    async def write[**P, T](self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs) -> T:
        async with self._engine.begin() as connection:
            return await connection.run_sync(work, *args, **named)

    async def close(self) -> None:
        """Nothing: the engine is the store's, which closes it."""
