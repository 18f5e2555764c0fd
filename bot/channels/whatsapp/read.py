"""Read what WhatsApp's webhook delivers. pywa parses only the first message of a delivery and fails on people
without a user id, so this walks over all of it and trusts no shape (docs/decisions/0010-channels.md)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bot.channels.incoming import Incoming, Said

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
        meant_for = _text(_mapping(value.get("metadata")).get("phone_number_id"))
        if meant_for != phone_number_id:
            logger.warning("whatsapp: a delivery for another number was put aside (practice %s)", practice)
            continue
        contacts = [_mapping(contact) for contact in _list(value.get("contacts"))]
        for message in map(_mapping, _list(value.get("messages"))):
            incoming = _message(message, contacts, practice)
            if incoming is not None:
                found.append(incoming)
    return sorted(found, key=lambda incoming: incoming.sent_at)


def _values(payload: Any) -> Iterator[dict[str, Any]]:
    for entry in _list(_mapping(payload).get("entry")):
        for change in _list(_mapping(entry).get("changes")):
            if _mapping(change).get("field") == "messages":
                yield _mapping(_mapping(change).get("value"))


def _message(message: dict[str, Any], contacts: list[dict[str, Any]], practice: str) -> Incoming | None:
    kind = _text(message.get("type"))
    phone = _text(message.get("from"))
    person = _user_id(message, phone, contacts) or phone
    name = _text(message.get("id"))
    if not name or not person or kind in _SILENT:
        return None
    said, text = _said(kind, message)
    group = _text(message.get("group_id"))
    return Incoming(
        channel="whatsapp",
        practice=practice,
        id=name,
        person=person,
        chat=group or phone or person,
        sent_at=_moment(message.get("timestamp")),
        said=Said.GROUP if group else said,
        text=text,
        reference=name,
    )


def _user_id(message: dict[str, Any], phone: str, contacts: list[dict[str, Any]]) -> str:
    """The business-scoped user id: it stays when somebody hides or changes the phone number."""
    own = _text(message.get("from_user_id")) or _text(message.get("user_id"))
    if own:
        return own
    same = [contact for contact in contacts if phone and _text(contact.get("wa_id")) == phone]
    if not same and not phone and len(contacts) == 1:
        same = contacts
    return _text(same[0].get("user_id")) if same else ""


def _said(kind: str, message: dict[str, Any]) -> tuple[Said, str]:
    content = _mapping(message.get(kind))
    if kind == "text":
        return Said.TEXT, _text(content.get("body"))
    if kind == "interactive":
        reply = _mapping(content.get("button_reply")) or _mapping(content.get("list_reply"))
        pressed = _text(reply.get("id"))
        return (Said.PRESS, pressed) if pressed else (Said.OTHER, "")
    if kind == "button":  # the quick reply of a template; we send none, somebody else may have
        return Said.TEXT, _text(content.get("text"))
    if kind == "edit":
        edited = _mapping(content.get("message"))
        inner = _text(edited.get("type"))
        return _said(inner, edited) if inner != "edit" else (Said.OTHER, "")
    if kind in _MEDIA:
        return Said.MEDIA, _text(content.get("caption"))
    if kind == "location":
        return Said.LOCATION, ""
    if kind == "contacts":
        return Said.CONTACT, ""
    if kind not in _OTHER:
        logger.info("whatsapp: a message of a kind that is not known")
    return Said.OTHER, ""


def _log_errors(value: dict[str, Any]) -> None:
    """Error codes of deliveries that failed, without whose they were."""
    holders = [value, *map(_mapping, _list(value.get("statuses")))]
    for error in (error for holder in holders for error in _list(holder.get("errors"))):
        code = _mapping(error).get("code")
        logger.warning("whatsapp: the platform reports error %s", code if isinstance(code, int) else "without a code")


def _moment(value: Any) -> datetime:
    """Seconds since 1970, as text. A time that makes no sense counts as now: better answered than dropped."""
    now = datetime.now(UTC)
    try:
        moment = datetime.fromtimestamp(int(_text(value) or value), UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return now
    return min(moment, now)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""
