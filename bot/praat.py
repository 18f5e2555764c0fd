"""`ruggesteun praat`: a talk in the terminal, as plain text; with the memory and the pieces of each reply on demand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import httpx

from bot.channels.choice import chosen
from bot.channels.layout import Choice, blocks, offered
from content import Reply

PROMPT = "> "
ENDS = frozenset({"", "/einde", "/stop"})


class Terminal:
    """One conversation with a running system. `memory` looks up what is remembered of a talk, by its id."""

    def __init__(
        self,
        client: httpx.Client,
        practice: str,
        write: Callable[[str], None],
        memory: Callable[[str], dict[str, Any]] | None = None,
    ) -> None:
        """Raises httpx.HTTPError when the system does not answer."""
        started = client.post("/api/conversations", json={"practice": practice, "consent": True})
        started.raise_for_status()
        conversation = started.json()
        self._id = str(conversation["id"])
        self._client = client
        self._headers = {"Authorization": f"Bearer {conversation['token']}"}
        self._write = write
        self._memory = memory
        self._choices: tuple[Choice, ...] = ()
        self._show(conversation["messages"])

    def says(self, text: str) -> None:
        """Send a message, or the button that a number or a label stands for. Raises httpx.HTTPError."""
        button = chosen(text, self._choices, lambda _: False) if self._choices else None
        body = {"button": button.id} if button else {"text": text}
        sent = self._client.post(f"/api/conversations/{self._id}/messages", json=body, headers=self._headers)
        if sent.is_client_error:
            self._write(str(sent.json()["error"]["message"]))
            return
        sent.raise_for_status()
        self._show(sent.json()["messages"])
        if self._memory is not None:
            self._write(json.dumps(self._memory(self._id), ensure_ascii=False))

    def _show(self, messages: Iterable[dict[str, Any]]) -> None:
        replies = [Reply.model_validate(message["reply"]) for message in messages if "reply" in message]
        self._choices = offered(replies)
        for reply in replies:
            if self._memory is not None:
                self._write(pieces(reply))
            for block in blocks(reply):
                self._write(block.text)
        for choice in self._choices:
            self._write(f"  {choice.number}. {choice.button.title}")


def pieces(reply: Reply) -> str:
    """What a reply is made of, in one line."""
    named = {
        "topic": reply.topic,
        "urgency": reply.urgency if reply.urgency != "geen" else None,
        "answers": " ".join(reply.answers),
        "signs": " ".join(reply.signs),
        "kept": " ".join(reply.kept),
        "vangnet": " ".join(reply.vangnet_signs),
        "confidence": f"{reply.confidence:.2f}" if reply.confidence is not None else None,
    }
    return f"[{reply.kind}{''.join(f' · {name} {value}' for name, value in named.items() if value)}]"


def talk(terminal: Terminal, read: Callable[[str], str]) -> None:
    """Until an empty line, or the end of the input. Raises httpx.HTTPError when the system fails."""
    while True:
        try:
            said = read(PROMPT).strip()
        except EOFError:
            return
        if said in ENDS:
            return
        terminal.says(said)
