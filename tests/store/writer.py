"""A process that writes turns until it is killed or the disk is full, and says after each that it is written.

`python writer.py URL [BYTES]`: with BYTES no file may grow beyond that. After a failure it prints `full` and what a
practice would be told, waits for a line on its standard input, lifts the limit, and writes one turn more.
"""

from __future__ import annotations

import asyncio
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy.exc import SQLAlchemyError  # noqa: E402

from bot.storage import advice  # noqa: E402
from store import Store  # noqa: E402


async def write(url: str, limit: int | None) -> None:
    async with Store.open(url) as store:
        conversation = (await store.start_conversation("demo", "web")).id
        print("talk", conversation, flush=True)
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        number = 0
        while True:
            try:
                await say(store, conversation, number)
            except (SQLAlchemyError, OSError) as error:
                print("full", advice(error), flush=True)
                break
            print("kept", number, flush=True)
            number += 1
        await asyncio.to_thread(sys.stdin.readline)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        await say(store, conversation, number)
        print("kept", number, flush=True)


async def say(store: Store, conversation: str, number: int) -> None:
    """One turn: question and answer, both or neither."""
    await store.add_messages(
        conversation, [("patient", {"n": number, "text": "rug " * 200}), ("assistant", {"n": number})]
    )


asyncio.run(write(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None))
