"""Read what Telegram's webhook delivers, with python-telegram-bot's own types."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, Update, User
from telegram.ext import filters

from bot.channels.incoming import Incoming, Said

logger = logging.getLogger(__name__)


def read(payload: Any, practice: str) -> Incoming | None:
    """The message in an update, or None for what asks for no answer. Never raises."""
    if not isinstance(payload, dict) or not isinstance(payload.get("update_id"), int):
        logger.warning("telegram: a delivery that is no update")
        return None
    try:
        update = Update.de_json(payload, None)
        return _incoming(update, practice)
    except Exception as error:  # the library raises what the shape of the update happens to lead to
        logger.warning("telegram: an update that could not be read (%s)", type(error).__name__)
        return None


def _incoming(update: Update, practice: str) -> Incoming | None:
    if update.callback_query is not None:
        return _pressed(update.update_id, update.callback_query, practice)
    if update.my_chat_member is not None:
        return _member(update.update_id, update.my_chat_member, practice)
    message = update.message or update.edited_message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    if message.chat.type != Chat.PRIVATE:
        return _of(update.update_id, practice, message.from_user, message.chat, Said.GROUP, sent_at=message.date)
    if filters.StatusUpdate.ALL.check_update(update):  # "pinned a message", "changed the theme": asks for nothing
        return None
    said = _said(message)
    sent_at = message.edit_date or message.date
    text = message.text or message.caption or ""
    return _of(update.update_id, practice, message.from_user, message.chat, said, text=text, sent_at=sent_at)


def _pressed(number: int, query: CallbackQuery, practice: str) -> Incoming | None:
    if query.message is None:  # a button of an inline message; we send none
        return None
    chat = query.message.chat
    said = Said.PRESS if chat.type == Chat.PRIVATE else Said.GROUP
    return _of(number, practice, query.from_user, chat, said, text=query.data or "", reference=query.id)


def _member(number: int, change: ChatMemberUpdated, practice: str) -> Incoming | None:
    gone = change.new_chat_member.status in {ChatMember.BANNED, ChatMember.LEFT}
    if change.chat.type == Chat.PRIVATE:
        return _of(number, practice, change.from_user, change.chat, Said.LEFT) if gone else None
    if gone or change.chat.type == Chat.CHANNEL:
        return None
    return _of(number, practice, change.from_user, change.chat, Said.GROUP)


def _said(message: Message) -> Said:
    if message.text:
        return Said.TEXT
    if message.location or message.venue:
        return Said.LOCATION
    if message.contact:
        return Said.CONTACT
    if message.effective_attachment is not None:
        return Said.MEDIA
    return Said.OTHER


def _of(
    number: int,
    practice: str,
    user: User,
    chat: Chat,
    said: Said,
    *,
    text: str = "",
    sent_at: datetime | None = None,
    reference: str = "",
) -> Incoming:
    now = datetime.now(UTC)
    return Incoming(
        channel="telegram",
        practice=practice,
        id=str(number),
        person=str(user.id),
        chat=str(chat.id),
        sent_at=min(sent_at or now, now),
        said=said,
        text=text.replace("\0", "").encode("utf-8", "replace").decode("utf-8"),
        reference=reference,
    )
