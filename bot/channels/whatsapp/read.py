"""Read what WhatsApp's webhook delivers. pywa parses only the first message of a delivery and fails on people
without a user id, so this walks over all of it and trusts no shape (docs/decisions/0010-channels.md)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from bot.channels.incoming import Incoming, Said
from bot.channels.shapes import items, mapping, moment, text_of

logger = logging.getLogger(__name__)

_MEDIA = frozenset({"image", "video", "audio", "voice", "document", "sticker"})
_OTHER = frozenset({"order", "unsupported", "unknown", "poll", "event", "request_welcome", "button_url"})
# They ask for no answer: a thumb on a message, a message taken back, a new number.
_SILENT = frozenset({"reaction", "revoke", "system"})


def read(payload: Any, practice: str, phone_number_id: str) -> list[Incoming]:
    """Every message in a delivery that is for this number, in the order they were sent. Never raises."""
    found = []
    for value in _values(payload):
        _log_errors(value)
        meant_for = text_of(mapping(value.get("metadata")).get("phone_number_id"))
        if meant_for != phone_number_id:
            logger.warning("whatsapp: a delivery for another number was put aside (practice %s)", practice)
            continue
        contacts = [mapping(contact) for contact in items(value.get("contacts"))]
        for message in map(mapping, items(value.get("messages"))):
            incoming = _message(message, contacts, practice)
            if incoming is not None:
                found.append(incoming)
    return sorted(found, key=lambda incoming: incoming.sent_at)


def _values(payload: Any) -> Iterator[dict[str, Any]]:
    for entry in items(mapping(payload).get("entry")):
        for change in items(mapping(entry).get("changes")):
            if mapping(change).get("field") == "messages":
                yield mapping(mapping(change).get("value"))


def _message(message: dict[str, Any], contacts: list[dict[str, Any]], practice: str) -> Incoming | None:
    kind = text_of(message.get("type"))
    phone = text_of(message.get("from"))
    person = _user_id(message, phone, contacts) or phone
    name = text_of(message.get("id"))
    if not name or not person or kind in _SILENT:
        return None
    said, text = _said(kind, message)
    group = text_of(message.get("group_id"))
    return Incoming(
        channel="whatsapp",
        practice=practice,
        id=name,
        person=person,
        chat=group or phone or person,
        sent_at=moment(message.get("timestamp")),
        said=Said.GROUP if group else said,
        text=text,
        reference=name,
    )


def _user_id(message: dict[str, Any], phone: str, contacts: list[dict[str, Any]]) -> str:
    """The business-scoped user id: it stays when somebody hides or changes the phone number."""
    own = text_of(message.get("from_user_id")) or text_of(message.get("user_id"))
    if own:
        return own
    same = [contact for contact in contacts if phone and text_of(contact.get("wa_id")) == phone]
    if not same and not phone and len(contacts) == 1:
        same = contacts
    return text_of(same[0].get("user_id")) if same else ""


def _said(kind: str, message: dict[str, Any]) -> tuple[Said, str]:
    content = mapping(message.get(kind))
    if kind == "text":
        return Said.TEXT, text_of(content.get("body"))
    if kind == "interactive":
        reply = mapping(content.get("button_reply")) or mapping(content.get("list_reply"))
        pressed = text_of(reply.get("id"))
        return (Said.PRESS, pressed) if pressed else (Said.OTHER, "")
    if kind == "button":  # the quick reply of a template; we send none, somebody else may have
        return Said.TEXT, text_of(content.get("text"))
    if kind == "edit":
        edited = mapping(content.get("message"))
        inner = text_of(edited.get("type"))
        return _said(inner, edited) if inner != "edit" else (Said.OTHER, "")
    if kind in _MEDIA:
        return Said.MEDIA, text_of(content.get("caption"))
    if kind == "location":
        return Said.LOCATION, ""
    if kind == "contacts":
        return Said.CONTACT, ""
    if kind not in _OTHER:
        logger.info("whatsapp: a message of a kind that is not known")
    return Said.OTHER, ""


def _log_errors(value: dict[str, Any]) -> None:
    """Error codes of deliveries that failed, without whose they were."""
    holders = [value, *map(mapping, items(value.get("statuses")))]
    for error in (error for holder in holders for error in items(holder.get("errors"))):
        code = mapping(error).get("code")
        logger.warning("whatsapp: the platform reports error %s", code if isinstance(code, int) else "without a code")
