"""What is kept of talks for the practice. A database that is down never costs a patient the answer."""

from __future__ import annotations

import logging
from functools import lru_cache

from sqlalchemy.exc import SQLAlchemyError

from actions.installation import store
from store.database import Store

logger = logging.getLogger(__name__)


class Record:
    """Feedback and unanswered questions, written to the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    @lru_cache(maxsize=1)
    def current(cls) -> Record:
        """The record of this process."""
        return cls(store())

    async def feedback(self, practice: str, topic: str, helpful: bool) -> None:
        try:
            await self._store.add_feedback(practice, topic, helpful)
        except (SQLAlchemyError, OSError) as error:
            logger.error("feedback was not kept: %s", type(error).__name__)

    async def unanswered(self, practice: str, text: str, suggested: list[str], conversation: str) -> None:
        """`text` has been redacted by bot/ before Rasa saw it."""
        try:
            await self._store.add_unanswered(practice, text, suggested, conversation)
        except (SQLAlchemyError, OSError) as error:
            logger.error("an unanswered question was not kept: %s", type(error).__name__)
