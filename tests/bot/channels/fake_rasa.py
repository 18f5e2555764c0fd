"""Rasa's private channel, with what the real one would answer from the content."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse

from tests.actions.talk import Talk
from tests.bot.channels.every_reply import LIBRARY, VOICE


@dataclass
class FakeRasa:
    """Answers `vraag_` intents with their topic, alarms with their sign, and any other text with `topic`."""

    topic: str = "sport"
    dead: bool = False
    hold: asyncio.Event | None = None  # answers nobody before it is set
    heard: list[dict[str, Any]] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/webhooks/ruggesteun/message")
        async def message(request: Request) -> JSONResponse:
            body = await request.json()
            self.heard.append(body)
            if self.hold is not None:
                await self.hold.wait()
            if self.dead:
                return JSONResponse({}, status_code=500)
            return JSONResponse({"replies": [self._reply(body)], "understood": {}})

        @app.delete("/webhooks/ruggesteun/talks/{sender}")
        async def forget(sender: str) -> JSONResponse:
            self.forgotten.append(sender)
            return JSONResponse({})

        return app

    def _reply(self, body: dict[str, Any]) -> dict[str, Any]:
        scan = VOICE.scan(body["text"])
        if not body.get("intent") and (scan.alarms or scan.questions):
            kind = "alarm" if scan.alarms else "alarm_question"
            return {"kind": kind, "signs": ",".join(sign.id for sign in scan.alarms or scan.questions)}
        intent = body.get("intent") or f"vraag_{self.topic}"
        name = body.get("entities", {}).get("onderwerp") or intent.removeprefix("vraag_")
        practice = LIBRARY.practices[body["metadata"]["practice"]]
        talk = Talk(practice=practice, sender=body["sender"])  # BARE: what is said hangs on no new wording
        pressed = {"pressed": True, "entities": body.get("entities", {})} if body.get("intent") else {}
        talk.says(body["text"], name if name in LIBRARY.topics and intent.startswith("vraag_") else intent, **pressed)
        return talk.reply.to_json()
