"""The out-of-hours post of a practice that has one."""

from __future__ import annotations

from content import Practice
from content.model import OutOfHours


def post(practice: Practice) -> OutOfHours:
    assert practice.huisartsenpost is not None
    return practice.huisartsenpost
