"""Signed conversation tokens: whoever holds one may read and write that conversation, nobody else."""

from __future__ import annotations

from itsdangerous import BadData, URLSafeTimedSerializer


class Tokens:
    """Makes and checks tokens. `seconds` is how long one is good."""

    def __init__(self, secret: str, seconds: float) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="conversation")
        self._seconds = int(seconds)

    def make(self, conversation: str) -> str:
        return str(self._serializer.dumps(conversation))

    def allows(self, token: str, conversation: str) -> bool:
        """Whether the token is ours, not too old, and for this conversation."""
        try:
            return bool(self._serializer.loads(token, max_age=self._seconds) == conversation)
        except BadData:
            return False
