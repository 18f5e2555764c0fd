"""What every message asks of the store: the statements, made once, and the work of a transaction (store/one_hop.py).

Core and not the ORM, which costs a multiple of the statement itself. The objects that come back belong to no session.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from store.models import Author, Conversation, Message

_conversations = cast(Table, Conversation.__table__)
_messages = cast(Table, Message.__table__)

_START = insert(_conversations)
_FIND = select(_conversations).where(_conversations.c.id == bindparam("talk"))
_TOUCH = update(_conversations).where(_conversations.c.id == bindparam("talk")).values(last_at=bindparam("now"))
_ADD = insert(_messages)
_OF_CLIENT = (
    select(_messages)
    .where(_messages.c.conversation_id == bindparam("talk"), _messages.c.client_id == bindparam("client"))
    .order_by(_messages.c.id)
)
_CLAIM = (
    update(_messages)
    .where(_messages.c.id == bindparam("message"), _messages.c.created_at == bindparam("before"))
    .values(created_at=bindparam("now"))
)


def find(connection: Connection, conversation_id: str) -> Conversation | None:
    """The conversation with this id."""
    row = connection.execute(_FIND, {"talk": conversation_id}).one_or_none()
    return None if row is None else Conversation(**row._mapping)


def start(
    connection: Connection, id: str, practice: str, channel: str, now: datetime, consent_at: datetime | None
) -> Conversation:
    """A new conversation. Raises IntegrityError when there is one with this id."""
    row = {
        "id": id,
        "practice": practice,
        "channel": channel,
        "created_at": now,
        "last_at": now,
        "consent_at": consent_at,
        "kept_until": None,
    }
    connection.execute(_START, row)
    return Conversation(**row)


def add(
    connection: Connection,
    conversation_id: str,
    messages: Sequence[tuple[Author, dict[str, Any]]],
    client_id: str | None,
    now: datetime,
) -> list[Message] | None:
    """Append turns, in order, and move `last_at`; None when there is no such conversation.

    Raises IntegrityError when the conversation has a patient's message with this `client_id`.
    """
    # First the write to the parent: it locks the row against a `forget_conversation` at the same moment.
    if connection.execute(_TOUCH, {"talk": conversation_id, "now": now}).rowcount == 0:
        return None
    added = []
    for author, body in messages:
        row = {
            "conversation_id": conversation_id,
            "created_at": now,
            "author": author,
            "body": body,
            "client_id": client_id,
        }
        key = connection.execute(_ADD, row).inserted_primary_key
        added.append(Message(id=key[0] if key else None, **row))
    return added


def of_client(connection: Connection, conversation_id: str, client_id: str) -> list[Message]:
    """What stands under this id of the patient's browser, in order."""
    rows = connection.execute(_OF_CLIENT, {"talk": conversation_id, "client": client_id})
    return [Message(**row._mapping) for row in rows]


def claim(connection: Connection, message_id: int, before: datetime, now: datetime) -> bool:
    """Move a message's time from `before` to `now`, unless another did so first."""
    return connection.execute(_CLAIM, {"message": message_id, "before": before, "now": now}).rowcount == 1
