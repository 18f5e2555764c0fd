"""The addresses that WhatsApp and Telegram deliver to.

200 for whatever is signed, 401 for whatever is not, 503 only while nothing durable can be written.
"""

from __future__ import annotations

import hmac
import json
import logging
import re
from typing import Any

from fastapi import APIRouter, Request
from pywa.utils import webhook_updates_validator
from starlette.responses import PlainTextResponse

from bot.channels.hub import CannotReceive, Credentials, Hub
from bot.channels.incoming import ChannelName
from bot.channels.telegram.outlet import TelegramCredentials
from bot.channels.telegram.read import read as read_telegram
from bot.channels.whatsapp.outlet import WhatsAppCredentials
from bot.channels.whatsapp.read import read as read_whatsapp

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/webhooks")
MAX_BODY = 4 * 2**20  # bytes; WhatsApp delivers at most 3 MB at once
_PRACTICE = re.compile(r"[a-z0-9-]{1,40}")
_SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}")


class _Answer(Exception):
    """What the platform is told, when that is not simply "ok"."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.response = PlainTextResponse(text, status_code=status)


@router.get("/whatsapp/{practice}")
async def verify_whatsapp(request: Request, practice: str) -> PlainTextResponse:
    """WhatsApp asks whether this address is ours: the token must be the one we made, the challenge goes back."""
    try:
        credentials = await _credentials(request, practice, "whatsapp")
    except _Answer as answer:
        return answer.response
    assert isinstance(credentials, WhatsAppCredentials)
    asked = request.query_params
    token = asked.get("hub.verify_token", "")
    if asked.get("hub.mode") != "subscribe" or not _same(token, credentials.verify_token):
        return PlainTextResponse("wrong verify token", status_code=403)
    return PlainTextResponse(asked.get("hub.challenge", ""))


@router.post("/whatsapp/{practice}")
async def from_whatsapp(request: Request, practice: str) -> PlainTextResponse:
    """A delivery of any number of messages, statuses and errors."""
    try:
        credentials = await _credentials(request, practice, "whatsapp")
        assert isinstance(credentials, WhatsAppCredentials)
        body = await _body(request)
        signature = request.headers.get("x-hub-signature-256", "")
        if not _SIGNATURE.fullmatch(signature) or not webhook_updates_validator(
            credentials.app_secret, body, signature
        ):
            raise _Answer(401, "wrong signature")
        messages = read_whatsapp(_json(body), practice, credentials.phone_number_id)
        await _hub(request).receive(messages)
    except CannotReceive:
        return PlainTextResponse("try again later", status_code=503)
    except _Answer as answer:
        return answer.response
    return PlainTextResponse("ok")


@router.post("/telegram/{practice}")
async def from_telegram(request: Request, practice: str) -> PlainTextResponse:
    """One update."""
    try:
        credentials = await _credentials(request, practice, "telegram")
        assert isinstance(credentials, TelegramCredentials)
        if not _same(request.headers.get("x-telegram-bot-api-secret-token", ""), credentials.secret):
            raise _Answer(401, "wrong secret")
        message = read_telegram(_json(await _body(request)), practice)
        await _hub(request).receive([message] if message else [])
    except CannotReceive:
        return PlainTextResponse("try again later", status_code=503)
    except _Answer as answer:
        return answer.response
    return PlainTextResponse("ok")


def _hub(request: Request) -> Hub:
    hub: Hub = request.app.state.hub
    return hub


async def _credentials(request: Request, practice: str, channel: ChannelName) -> Credentials:
    """What to check against. A practice without this channel is not told from a wrong signature."""
    if not _PRACTICE.fullmatch(practice):
        raise _Answer(401, "not known")
    try:
        credentials = await _hub(request).credentials(practice, channel)
    except CannotReceive as error:
        raise _Answer(503, "try again later") from error
    if credentials is None:
        raise _Answer(401, "not known")
    return credentials


async def _body(request: Request) -> bytes:
    """The bytes as they came. What is too large to be the platform's is not read to the end."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY:
            raise _Answer(401, "too large")
    return bytes(raw)


def _json(body: bytes) -> Any:
    """What was signed, or None when it is no JSON: the platform would only send it again."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        logger.warning("a signed delivery that is no JSON")
        return None


def _same(given: str, ours: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), ours.encode())
