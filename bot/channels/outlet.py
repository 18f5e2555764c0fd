"""What a platform can do for us, and how it says that it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.channels.incoming import Incoming
from content import Reply


class Undelivered(Exception):
    """A message was not delivered and will not be by trying again now. The argument is a code, fit for a log."""


class Later(Undelivered):
    """All attempts failed in a way that passes: the platform is down, or wants us to wait long."""


class Blocked(Undelivered):
    """The person does not want messages from us any more."""


class Outlet(Protocol):
    """One practice's connection to one platform."""

    async def show(self, chat: str, replies: Sequence[Reply]) -> None:
        """Send the replies to one message, in order, trying again where that helps. Raises Undelivered."""

    async def receive(self, incoming: Incoming) -> None:
        """Show that the message has arrived and that an answer is coming. Never raises: nothing depends on it."""

    async def close(self) -> None:
        """Close the connections."""
