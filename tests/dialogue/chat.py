"""A patient in a test: says things, presses buttons, looks at what comes back.

chat.says("ik durf niet te bukken").sees(topic="rug_is_sterk", kind="answer")
"""

from __future__ import annotations

from typing import Any, Self

import httpx

from content import Reply


class Chat:
    """One conversation with a running system."""

    def __init__(self, url: str, practice: str = "demo", consent: bool = True) -> None:
        # Plain HTTP on this machine: without verify=False each new chat would read all root certificates first.
        self._client = httpx.Client(base_url=url, timeout=20, verify=False)
        started = self._client.post("/api/conversations", json={"practice": practice, "consent": consent})
        started.raise_for_status()
        conversation = started.json()
        self.id: str = conversation["id"]
        self.token: str = conversation["token"]
        self._messages: list[dict[str, Any]] = conversation["messages"]
        self.started: dict[str, Any] = conversation

    def says(self, text: str) -> Self:
        """Type a message."""
        return self._send({"text": text})

    def presses(self, title: str) -> Self:
        """Press a button of the last reply by what stands on it."""
        buttons = {b["title"]: b["id"] for reply in self.replies for b in reply["buttons"]}
        assert title in buttons, f"no button {title!r}; there are {list(buttons)}"
        return self._send({"button": buttons[title]})

    def _send(self, body: dict[str, str]) -> Self:
        sent = self.post(body)
        assert sent.status_code == 200, sent.text
        self._messages = sent.json()["messages"]
        return self

    def post(self, body: Any) -> httpx.Response:
        """Send anything, and get the bare response."""
        return self._client.post(f"/api/conversations/{self.id}/messages", json=body, headers=self.headers)

    def history(self) -> list[dict[str, Any]]:
        """All messages as a reloaded page gets them."""
        got = self._client.get(f"/api/conversations/{self.id}/messages", headers=self.headers)
        assert got.status_code == 200, got.text
        messages: list[dict[str, Any]] = got.json()["messages"]
        return messages

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def replies(self) -> list[dict[str, Any]]:
        """The replies of the last turn."""
        return [message["reply"] for message in self._messages if "reply" in message]

    @property
    def text(self) -> str:
        """Everything the last replies say."""
        return "\n".join(words for reply in self.replies for words in Reply.model_validate(reply).words)

    def sees(self, *words: str, **expected: Any) -> Self:
        """The last reply has these fields, and these words stand in it (case does not matter)."""
        first = self.replies[0]
        for name, value in expected.items():
            assert first[name] == value, f"{name} is {first[name]!r}, not {value!r}: {first}"
        for word in words:
            assert word.lower() in self.text.lower(), f"{word!r} is not in: {self.text}"
        return self

    def sees_no(self, *words: str) -> Self:
        """None of these words stands in the last reply."""
        for word in words:
            assert word.lower() not in self.text.lower(), f"{word!r} is in: {self.text}"
        return self
