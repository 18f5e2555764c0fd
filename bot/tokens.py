"""Signed conversation tokens: whoever holds one may read and write that conversation, nobody else."""

from __future__ import annotations

from itsdangerous import BadData, URLSafeTimedSerializer


class Tokens:
    """Makes and checks tokens. `seconds` is how long one is good."""

    def __init__(self, secret: str, seconds: float) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="conversation")
        self._seconds = int(seconds)

    def make(self, conversation: str, practice: str) -> str:
        """The practice is in it too, so that a talk keeps its practice's phone when the database is dead."""
        return str(self._serializer.dumps([conversation, practice]))

    def practice_of(self, token: str, conversation: str) -> str | None:
        """The practice of the conversation, or None when the token is not ours, too old or for another one."""
        try:
            found, practice = self._serializer.loads(token, max_age=self._seconds)
        except (BadData, ValueError, TypeError):
            return None
        return str(practice) if found == conversation else None
