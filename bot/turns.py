"""A patient's message is answered once, however often a bad connection sends it.

The browser gives each message an id. Who writes it down first answers it; who brings it again waits for that answer. If
none comes, because the process that worked on it has died, the next one takes the work over.
"""

from __future__ import annotations

import asyncio
import logging
import time

from sqlalchemy.exc import SQLAlchemyError

from bot import errors
from bot.services import Services
from store.database import Turn, UnknownConversation
from store.models import Message

logger = logging.getLogger(__name__)
LOOK_EVERY = 0.1  # seconds
GRACE = 1.0  # seconds beyond the longest time that an answer may take


async def answered(services: Services, conversation: str, client_id: str) -> list[Message]:
    """The message and its replies when it was answered before; else nothing."""
    try:
        turn = await services.store.turn(conversation, client_id)
    except (SQLAlchemyError, OSError):
        return []
    return [turn.question, *turn.replies] if turn is not None and turn.replies else []


async def take(services: Services, conversation: str, client_id: str | None, text: str) -> Turn | None:
    """Write the message down. A turn without replies is the caller's to answer; None when it cannot be or need not be
    written yet (no id, no database).

    Raises ApiError 404 when the conversation has gone.
    """
    if client_id is None:
        return None
    try:
        turn = await services.store.open_turn(conversation, client_id, {"text": text})
        while not turn.fresh and not turn.replies:
            turn = await _wait(services, conversation, turn)
            if not turn.replies and await services.store.take_over(turn.question):
                break
    except UnknownConversation as error:
        raise errors.unknown_conversation() from error
    except (SQLAlchemyError, OSError) as error:
        logger.error("a message was not written down: %s", type(error).__name__)
        return None
    return turn


async def _wait(services: Services, conversation: str, turn: Turn) -> Turn:
    """The turn once it has replies, or as it is when it should have had them."""
    until = time.monotonic() + services.settings.rasa_seconds + GRACE
    while not turn.replies and time.monotonic() < until:
        await asyncio.sleep(LOOK_EVERY)
        found = await services.store.turn(conversation, str(turn.question.client_id))
        if found is None:
            raise UnknownConversation("forgotten while its answer was made")
        turn = found
    return turn
