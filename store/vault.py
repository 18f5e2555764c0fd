"""Encryption at rest: the tokens that a practice entrusts to us are never readable values in the database.

The keys come from the environment, so that a copy of the database alone opens nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class NoKey(RuntimeError):
    """Something must be encrypted or read, and there is no key for it."""


class BadKey(ValueError):
    """A configured key is no Fernet key."""


class Vault:
    """Seals values with the first key and opens them with any, so that keys can be changed while running.

    A sealed value is bound to its place: the same token in another row does not open.
    """

    def __init__(self, keys: Sequence[str] = ()) -> None:
        """`keys` are Fernet keys (32 bytes in URL-safe base64), the newest first. Raises BadKey."""
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys]) if keys else None
        except ValueError as error:
            raise BadKey("a key in RUGGESTEUN_KEYS is not valid; `ruggesteun sleutel` makes one") from error

    @classmethod
    def of(cls, setting: str) -> Self:
        """The vault for a setting of keys with commas between; empty: a vault that refuses to seal. Raises BadKey."""
        return cls([key.strip() for key in setting.split(",") if key.strip()])

    @property
    def usable(self) -> bool:
        """Whether there is a key at all."""
        return self._fernet is not None

    def seal(self, place: str, value: dict[str, Any]) -> str:
        """Encrypt a JSON object for one place, such as "channel/demo/whatsapp". Raises NoKey."""
        return self._known().encrypt(json.dumps([place, value]).encode()).decode("ascii")

    def open(self, place: str, sealed: str) -> dict[str, Any]:
        """What was sealed for this place. Raises NoKey, also when none of the keys fits or the place is another."""
        try:
            found, value = json.loads(self._known().decrypt(sealed.encode()))
        except InvalidToken as error:
            raise NoKey(f"{place} was sealed with a key that RUGGESTEUN_KEYS no longer holds") from error
        if found != place:
            raise NoKey(f"what stands at {place} was sealed for another place")
        return dict(value)

    def _known(self) -> MultiFernet:
        if self._fernet is None:
            raise NoKey("RUGGESTEUN_KEYS is empty; `ruggesteun sleutel` makes a key to put there")
        return self._fernet


def new_key() -> str:
    """A fresh key for RUGGESTEUN_KEYS."""
    return Fernet.generate_key().decode("ascii")
