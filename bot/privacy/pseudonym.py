"""Channel user ids as pseudonyms."""

from __future__ import annotations

import hmac


def pseudonym(value: str, secret: bytes) -> str:
    """32 hex characters for a channel's user id: HMAC-SHA256, so that nobody without the secret can find the number.

    Put channel and practice in `value`, or one patient is recognisable in two of them.
    Raises ValueError for an empty secret: then anybody could try all telephone numbers.
    """
    if not secret:
        raise ValueError("the secret for pseudonyms is empty; set one of at least 32 random bytes")
    return hmac.digest(secret, value.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]
