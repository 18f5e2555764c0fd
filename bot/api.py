"""The JSON API of the chat page: conversations and messages."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse

from bot import consent, errors, turns
from bot.assistant import MAX_CHARACTERS, Outcome, harmless
from bot.buttons import Press, resolve
from bot.rasa import RasaSilent
from bot.services import Services
from bot.storage import advice
from content import Library, Reply
from practices.book import Installed
from store.database import Turn, UnknownConversation
from store.models import Author, Conversation, Message

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/api")
MAX_BODY = 131_072  # bytes; far above the 1,000 characters allowed, so that a long text is still scanned for alarms


class NewConversation(BaseModel):
    """Body of POST /api/conversations."""

    model_config = ConfigDict(extra="forbid", strict=True)
    practice: str
    consent: bool = False  # the patient has read the notice and agreed; else `POST .../consent` comes before a message


class NewMessage(BaseModel):
    """Body of POST /api/conversations/{id}/messages: a text or a button.

    `client_id` is the message's own id, made by the browser (a UUID): the same message may then be sent again after a
    bad connection, and is answered once.
    """

    model_config = ConfigDict(extra="forbid", strict=True)
    text: str | None = None
    button: str | None = None
    client_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,36}$")] | None = None


class NewFeedback(BaseModel):
    """Body of POST /api/conversations/{id}/feedback: a thumb for one answer, and perhaps why."""

    model_config = ConfigDict(extra="forbid", strict=True)
    message: int
    helpful: bool
    reason: Literal["moeilijk", "andere_vraag", "te_algemeen", "klopt_niet"] | None = None


class KeepLonger(BaseModel):
    """Body of PUT /api/conversations/{id}/keep."""

    model_config = ConfigDict(extra="forbid", strict=True)
    longer: bool


@router.post("/conversations")
async def start(request: Request) -> JSONResponse:
    """Start a conversation with a practice; answers with its id, token and greeting."""
    services = Services.of(request)
    body = await _body(request, NewConversation)
    installed = services.installed(body.practice)
    practice = installed.practice
    if not services.starts.allows(request.client.host if request.client else "?"):
        raise errors.too_fast()
    conversation = await services.store.start_conversation(practice.id, "web", consent=body.consent)
    greeting = services.assistant.welcome(practice)
    if installed.tried_out:
        greeting = consent.as_trial(installed, greeting)
    rows = await services.store.add_messages(conversation.id, [("assistant", greeting.to_json())])
    return JSONResponse(
        {
            "id": conversation.id,
            "token": services.tokens.make(conversation.id, practice.id),
            "messages": [_shown(row) for row in rows],
            **consent.state(installed, services.settings, body.consent),
        },
        status_code=201,
    )


@router.get("/conversations/{conversation_id}/messages")
async def messages(request: Request, conversation_id: str) -> JSONResponse:
    """The talk so far."""
    services = Services.of(request)
    conversation = await _conversation(request, conversation_id)
    rows = await services.store.messages(conversation.id)
    given = conversation.consent_at is not None
    about = consent.state(services.installed(conversation.practice), services.settings, given)
    until = _moment(conversation.kept_until)
    return JSONResponse({"messages": [_shown(row) for row in rows], **about, "kept_until": until})


@router.post("/conversations/{conversation_id}/consent", status_code=204)
async def agree(request: Request, conversation_id: str) -> Response:
    """The patient has read the notice and agrees. Saying it again changes nothing."""
    conversation = await _conversation(request, conversation_id)
    try:
        await Services.of(request).store.give_consent(conversation.id)
    except UnknownConversation as error:
        raise errors.unknown_conversation() from error
    return Response(status_code=204)


@router.post("/conversations/{conversation_id}/messages")
async def send(request: Request, conversation_id: str) -> JSONResponse:
    """Send a text or press a button; answers with the patient's message as it is kept and the replies."""
    services = Services.of(request)
    conversation = await _conversation(request, conversation_id)
    body = await _body(request, NewMessage)
    installed = services.installed(conversation.practice)
    practice = installed.practice
    text, press = _said(installed.library, body)
    if conversation.consent_at is None:
        return JSONResponse({"messages": await _without_consent(services, installed, conversation.id, text, press)})
    if body.client_id is not None and (known := await turns.answered(services, conversation.id, body.client_id)):
        return JSONResponse({"messages": [_shown(row) for row in known]})
    alarm = None
    if press is None and (len(text) > MAX_CHARACTERS or not services.messages.allows(conversation.id)):
        # A message that goes no further is still looked through for alarm signs.
        alarm = services.assistant.alarm_of(text, practice)
        if alarm is None:
            raise errors.too_long(MAX_CHARACTERS) if len(text) > MAX_CHARACTERS else errors.too_fast()
    kept = services.assistant.kept(text[:MAX_CHARACTERS], press)
    turn = await turns.take(services, conversation.id, body.client_id, kept)
    if turn is not None and turn.replies:
        return JSONResponse({"messages": [_shown(row) for row in (turn.question, *turn.replies)]})
    if alarm is not None:
        outcome = Outcome(kept, (alarm,), {})
    else:
        outcome = await services.assistant.answer(conversation.id, practice, text, press)
    shown = await _keep(services, conversation, outcome, turn)
    return JSONResponse({"messages": shown})


@router.put("/conversations/{conversation_id}/keep")
async def keep(request: Request, conversation_id: str) -> JSONResponse:
    """The patient asks to keep the talk longer, or no longer after all; answers with the moment it will be deleted."""
    services = Services.of(request)
    conversation = await _conversation(request, conversation_id)
    body = await _body(request, KeepLonger)
    days = services.settings.keep_longer_days
    if body.longer and days == 0:
        raise errors.not_kept_longer()
    until = datetime.now(UTC) + timedelta(days=days) if body.longer else None
    try:
        await services.store.keep_until(conversation.id, until)
    except UnknownConversation as error:
        raise errors.unknown_conversation() from error
    return JSONResponse({"kept_until": _moment(until)})


def _moment(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


async def _without_consent(
    services: Services, installed: Installed, conversation: str, text: str, press: Press | None
) -> list[dict[str, Any]]:
    """An alarm is answered, and so are the buttons below one; nothing is kept. Raises ApiError 409 for all else."""
    practice = installed.practice
    kept = services.assistant.kept(text[:MAX_CHARACTERS], press)
    replies: tuple[Reply, ...] = ()
    if press is None:
        alarm = services.assistant.alarm_of(text, practice)
        replies = (alarm,) if alarm else ()
    elif press.intent.startswith("alarm_") and services.messages.allows(conversation):
        replies = (await services.assistant.answer(conversation, practice, text, press)).replies
    if not replies:
        raise errors.consent_needed(consent.first_say_yes(installed.library))
    return _all_unsaved([("patient", {"text": kept}), *(("assistant", reply.to_json()) for reply in replies)])


@router.post("/conversations/{conversation_id}/feedback", status_code=204)
async def rate(request: Request, conversation_id: str) -> Response:
    """Count a thumb for an answer: practice, topic, yes or no and the reason, never text or conversation."""
    services = Services.of(request)
    conversation = await _conversation(request, conversation_id)
    body = await _body(request, NewFeedback)
    if not services.messages.allows(conversation.id):
        raise errors.too_fast()
    rows = await services.store.messages(conversation.id)
    topic = next((row.body.get("topic") for row in rows if row.id == body.message and row.author == "assistant"), None)
    if topic is None:
        raise errors.unknown_message()
    await services.store.add_feedback(conversation.practice, topic, body.helpful, body.reason)
    return Response(status_code=204)


@router.delete("/conversations/{conversation_id}", status_code=204)
async def forget(request: Request, conversation_id: str) -> Response:
    """Delete a conversation at once: our copy and Rasa's."""
    conversation = await _conversation(request, conversation_id)
    await Services.of(request).forget(conversation.id)
    return Response(status_code=204)


async def _keep(
    services: Services, conversation: Conversation, outcome: Outcome, turn: Turn | None
) -> list[dict[str, Any]]:
    """Write the turn down, or forget all when the patient asked for that. A dead database costs no answer.

    In a `turn` the patient's message has been written down already.
    """
    question: tuple[Author, dict[str, Any]] = ("patient", {"text": outcome.text})
    replies: list[tuple[Author, dict[str, Any]]] = [("assistant", reply.to_json()) for reply in outcome.replies]
    if any(reply.effect == "forget" for reply in outcome.replies):
        await services.forget(conversation.id)
        return _all_unsaved([question, *replies])
    try:
        if turn is None:
            rows = await services.store.add_messages(conversation.id, [question, *replies])
        else:
            rows = await services.store.add_messages(conversation.id, replies, turn.question.client_id)
            rows.insert(0, turn.question)
    except UnknownConversation as error:
        # Wiped while Rasa was answering: it may have written this message down after it forgot the others.
        with contextlib.suppress(RasaSilent):
            await services.rasa.forget(conversation.id)
        raise errors.unknown_conversation() from error
    except (SQLAlchemyError, OSError) as error:
        logger.error("a turn was not kept: %s. %s", type(error).__name__, advice(error))
        return _all_unsaved([question, *replies])
    return [_as_written(row) for row in rows]


def _said(library: Library, body: NewMessage) -> tuple[str, Press | None]:
    if (body.text is None) == (body.button is None):
        raise errors.invalid()
    if body.button is not None:
        press = resolve(body.button, library)
        if press is None:
            raise errors.unknown_button()
        return press.title, press
    text = (body.text or "").replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    if not harmless(text):
        raise errors.empty()
    return text, None


def _shown(row: Message) -> dict[str, Any]:
    """A turn as it is kept; a reply may be of an earlier version of this program."""
    shown = _as_written(row)
    return shown if row.author == "patient" else shown | {"reply": Reply.model_validate(row.body).to_json()}


def _as_written(row: Message) -> dict[str, Any]:
    return _message(row.id, row.author, row.body) | ({"client_id": row.client_id} if row.author == "patient" else {})


_UNSAVED = 2**40  # ids of turns that were not written down: above every real one, so that the order holds


def _all_unsaved(turns: Sequence[tuple[Author, dict[str, Any]]]) -> list[dict[str, Any]]:
    return [_message(_UNSAVED + index, author, body) for index, (author, body) in enumerate(turns)]


def _message(number: int, author: Author, body: dict[str, Any]) -> dict[str, Any]:
    """`body` is what `Reply.to_json` gave, or holds the patient's text."""
    if author == "patient":
        return {"id": number, "author": "patient", "text": body["text"]}
    return {"id": number, "author": "assistant", "reply": body}


async def _conversation(request: Request, conversation_id: str) -> Conversation:
    services = Services.of(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    practice = services.tokens.practice_of(token.strip(), conversation_id)
    if scheme.lower() != "bearer" or practice is None:
        raise errors.not_allowed()
    try:
        conversation = await services.store.get_conversation(conversation_id)
    except (SQLAlchemyError, OSError) as error:
        # The token is ours and says which conversation; without the database the alarm rules still work.
        logger.error("a conversation could not be read: %s", type(error).__name__)
        # Whether they agreed is not known, but nothing can be kept either.
        return Conversation(id=conversation_id, practice=practice, channel="web", consent_at=datetime.now(UTC))
    if conversation is None:
        raise errors.unknown_conversation()
    if conversation.practice != practice:
        raise errors.not_allowed()  # a conversation never changes its practice
    return conversation


async def _body[Model: BaseModel](request: Request, model: type[Model]) -> Model:
    """The JSON body. Raises ApiError for the wrong type, size, syntax or shape."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise errors.wrong_type()
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY:
            raise errors.too_large()
    try:
        data = json.loads(bytes(raw))
    except (ValueError, RecursionError) as error:
        raise errors.not_json() from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise errors.invalid() from error
