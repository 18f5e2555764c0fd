"""Values out of JSON of any shape: what is not as expected counts as not there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def mapping(value: Any) -> dict[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """The list, or an empty one."""
    return value if isinstance(value, list) else []


def text_of(value: Any) -> str:
    """The text without what no database takes (NUL, half a surrogate pair), or an empty one."""
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def moment(value: Any) -> datetime:
    """Seconds since 1970, as number or text; never in the future. Now where it makes no sense: rather answered
    late than not."""
    now = datetime.now(UTC)
    try:
        return min(datetime.fromtimestamp(int(value), UTC), now)
    except (ValueError, TypeError, OverflowError, OSError):
        return now
