"""Dates of birth: a date after a word that says so, or a whole date too long ago to be about a complaint or a visit."""

from __future__ import annotations

import re

_MONTH = (
    r"(?:jan(?:uari)?|feb(?:ruari)?|maart|mrt|apr(?:il)?|mei|juni?|juli?|aug(?:ustus)?|sept?(?:ember)?|okt(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:(?:19|20)\d\d|['’]?\d\d)"
_DATE = (
    rf"(?:{_DAY} ?(?P<between>[-./ ]) ?(?:0?[1-9]|1[0-2]) ?(?P=between) ?{_YEAR}"
    rf"|{_DAY}(?:ste|de|e)?[ -]{_MONTH}(?:[ -]{_YEAR})?"
    r"|(?:19|20)\d\d(?P<dash>[-./])(?:0[1-9]|1[0-2])(?P=dash)(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d)"
    r"(?![\d%]|[.,:]\d)"
)
_AFTER_BIRTH = re.compile(
    r"(?<!\w)((?:geb(?:oren|\.|oorte)?[ -]?(?:datum|dat\.?|dag)?|verjaar(?:dag)?|verjaardag|jarig|dob|d\.o\.b\.)"
    r"(?:[ :=]*(?:is|was|op|de|den|in|ben ik|ik ben)){0,3}[ :=]*)" + _DATE,
    re.IGNORECASE,
)
_I_AM_OF = re.compile(
    r"(?<!\w)((?:ik ben|'?k ben|kben|ben ik|bouwjaar|"
    r"(?:hij|zij|ze|die|man|vrouw|moeder|vader|zoon|dochter|kind) is)(?: er)?(?: een)? van(?: de)? )" + _DATE,
    re.IGNORECASE,
)
# Nobody writes the day of an operation of before 1990; who writes such a date is born on it.
_LONG_AGO = re.compile(
    rf"(?<![\w/.-]){_DAY}([-./])(?:0?[1-9]|1[0-2])\1(?:19[0-8]\d)(?![\w%]|[-/.,:]\d)"
    rf"|(?<![\w/.-]){_DAY}(?:ste|de|e)?[ -]{_MONTH}[ -](?:19[0-8]\d)(?!\w)",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"(?:sinds|sedert|vanaf|operatie|geopereerd|ongeluk|ongeval|val|gevallen|getrouwd|begonnen|sinds dien|rond|tot)"
    r"(?: \w{1,8}){0,2} $",
    re.IGNORECASE,
)


def without_births(text: str) -> str:
    """Dates of birth become "[geboortedatum]". A year alone stays: "ik ben van 1949" is an age, and ages matter."""
    text = _AFTER_BIRTH.sub(r"\1[geboortedatum]", text)
    text = _I_AM_OF.sub(r"\1[geboortedatum]", text)
    return _LONG_AGO.sub(
        lambda found: (
            found[0] if _EVENT.search(found.string[max(0, found.start() - 40) : found.start()]) else "[geboortedatum]"
        ),
        text,
    )
