"""Read what Telegram's webhook delivers.

python-telegram-bot refuses a whole update when one of its objects lacks a field that is new, so this takes what it
needs and trusts no shape (docs/decisions/0010-channels.md).
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from telegram import Chat, ChatMember
from telegram.constants import MessageAttachmentType, MessageType

from bot.channels.incoming import Incoming, Said
from bot.channels.shapes import mapping, moment, text_of

logger = logging.getLogger(__name__)
_MEDIA = frozenset(map(str, MessageAttachmentType)) - {"location", "venue", "contact"}
_SERVICE = frozenset(map(str, MessageType)) - _MEDIA - {"text", "location", "venue", "contact"}


def read(payload: Any, practice: str) -> Incoming | None:
    """The message in an update, or None for what asks for no answer. Never raises."""
    update = mapping(payload)
    number = update.get("update_id")
    if not isinstance(number, int):
        logger.warning("telegram: a delivery that is no update")
        return None
    if "callback_query" in update:
        return _pressed(number, mapping(update["callback_query"]), practice)
    if "my_chat_member" in update:
        return _member(number, mapping(update["my_chat_member"]), practice)
    message = mapping(update.get("message")) or mapping(update.get("edited_message"))
    user, chat = mapping(message.get("from")), mapping(message.get("chat"))
    if not message or user.get("is_bot"):
        return None
    said = Said.GROUP if chat.get("type") != Chat.PRIVATE else _said(message)
    if said is None:
        return None
    text = text_of(message.get("text")) or text_of(message.get("caption"))
    sent_at = moment(message.get("edit_date") or message.get("date"))
    return _of(number, practice, user, chat, said, text=text, sent_at=sent_at)


def _pressed(number: int, query: dict[str, Any], practice: str) -> Incoming | None:
    # A button of an inline message has no chat; we send none.
    chat = mapping(mapping(query.get("message")).get("chat"))
    said = Said.PRESS if chat.get("type") == Chat.PRIVATE else Said.GROUP
    text, reference = text_of(query.get("data")), text_of(query.get("id"))
    return _of(number, practice, mapping(query.get("from")), chat, said, text=text, reference=reference)


def _member(number: int, change: dict[str, Any], practice: str) -> Incoming | None:
    """Somebody blocked the bot, or put it in a group."""
    chat = mapping(change.get("chat"))
    gone = mapping(change.get("new_chat_member")).get("status") in {ChatMember.BANNED, ChatMember.LEFT}
    private = chat.get("type") == Chat.PRIVATE
    if private is not gone or chat.get("type") == Chat.CHANNEL:
        return None
    return _of(number, practice, mapping(change.get("from")), chat, Said.LEFT if private else Said.GROUP)


def _said(message: dict[str, Any]) -> Said | None:
    held = {name for name, value in message.items() if value}
    if "text" in held:
        return Said.TEXT
    if held & {"location", "venue"}:
        return Said.LOCATION
    if "contact" in held:
        return Said.CONTACT
    if held & _MEDIA:
        return Said.MEDIA
    # "Pinned a message", "changed the theme": asks for nothing. What nobody knows yet may be a question.
    return None if held & _SERVICE else Said.OTHER


def _of(
    number: int,
    practice: str,
    user: dict[str, Any],
    chat: dict[str, Any],
    said: Said,
    *,
    text: str = "",
    sent_at: datetime | None = None,
    reference: str = "",
) -> Incoming | None:
    person, where = user.get("id"), chat.get("id")
    if not isinstance(person, int) or not isinstance(where, int):
        return None
    return Incoming(
        channel="telegram",
        practice=practice,
        id=str(number),
        person=str(person),
        chat=str(where),
        sent_at=sent_at or datetime.now(UTC),
        said=said,
        text=text,
        reference=reference,
    )
