"""Postcodes with their house number, and streets with theirs.

A postcode that looks like a year or a dose (3512 MG, "3512 is") stays, unless the word postcode stands before it.
"""

from __future__ import annotations

import re

from bot.privacy.numbers import HELP_LINES, UNIT
from bot.privacy.spans import replace

_POSTCODE = re.compile(r"(?<![\w+])(?<!\d[.,/-])([1-9]\d{3})([ \u00a0]{0,2})([a-z]{2})(?!\w)", re.IGNORECASE | re.ASCII)
_HOUSE_NUMBER = re.compile(
    r"(?:[ ]?,?[ ]?(?:huisnummer|huisnr\.?|nummer|nr\.?|no\.?)[ ]?|[ ]?-[ ]?|[ ])"
    r"([1-9]\d{0,4})(?!\d|[.,:/]\d|\s?(?:" + UNIT + r"|mag|op de|van de|en een half)(?!\w)|\s?[°%])"
    r"(?:-\d{1,3}(?!\d)|[ -]?[a-fhA-FH](?!\w)|[ -]?(?:bis|hs)(?!\w))?",
    re.IGNORECASE,
)
_BELGIAN = re.compile(r"(?<!\w)(postcode(?: is)?[ :=]+)[1-9]\d{3}(?![\w.,]*\d|[ \u00a0]{0,2}[a-z]{2}\b)", re.IGNORECASE)
_POSTCODE_LABEL = re.compile(r"postcode(?: is)?[ :=]*$", re.IGNORECASE)
_YEAR_CUE = re.compile(
    r"\b(?:in|sinds|sedert|vanaf|tot|van|uit|jaar|anno|eind|begin|half|medio|rond|voor|na|winter|lente|zomer|herfst|"
    r"januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|\d\d?)[ ./-]*$",
    re.IGNORECASE,
)
_UNIT_LETTERS = "mg ml cl dl mm cm dm km kg gr cc ie iu kj pk hz wh mc"
_UNUSED_LETTERS = "sa sd ss"  # the Dutch post gives out none with these
_NEVER_LETTERS = frozenset(f"{_UNIT_LETTERS} {_UNUSED_LETTERS}".split())
# Two-letter Dutch words, also as typed in chat, and what doctors abbreviate after a year (MS, CT, MR, RA).
_TWO_LETTERS = """
    ad af ah ai al am as au be bh bn bv by ca ct da de di do dr du ed ee eh ei el en ep er et ex ff fd ga ge gn go gp
    ha he hb hi ho hr hu ie if ij ik il im in is it ja je jl jo jr ka kn ko ku la le lg li lo ls ma me mi mn mo mr ms
    mw na nb ne ni nk nl no nr nt nu nv of oh ok om on op or os ov pa pc pi pm po pp ps pt ra re rt rx se si so st su
    te th ti to tt tv uh ui um un up us ut uu uw va vd vh vn vr vs vv wa wc we wi wk wo ww xl xx yo za ze zn zo zs zw
"""
_WORDS = frozenset(_TWO_LETTERS.split())
# Those that people run on to a number when they are in a hurry: "2000en nog wat".
_RUN_ON = frozenset({"de", "en", "er", "ik", "in", "is", "je", "na", "of", "om", "op", "te", "we"})


def without_addresses(text: str) -> str:
    """Dutch postcodes become "[postcode]", Belgian ones too after that word."""
    shouting = text.isupper()
    text = _BELGIAN.sub(r"\1[postcode]", text)
    return replace(_POSTCODE, text, lambda found: _end_of_address(found, shouting), "[postcode]")


def _end_of_address(found: re.Match[str], shouting: bool) -> int | None:
    if not _is_postcode(found, shouting):
        return None
    house = _HOUSE_NUMBER.match(found.string, found.end())
    if house is None or house[1] in HELP_LINES or _is_year(house[1]):
        return found.end()
    return house.end()


def _is_postcode(found: re.Match[str], shouting: bool) -> bool:
    number, gap, letters = found.groups()
    before = found.string[max(0, found.start() - 20) : found.start()]
    if _POSTCODE_LABEL.search(before):
        return True
    if letters.lower() in _NEVER_LETTERS or number in HELP_LINES:
        return False
    written_as_one = letters.isupper() and not shouting
    if _is_year(number):
        if _YEAR_CUE.search(before) or letters.lower() in _WORDS:
            return False
        return letters.isupper() or not gap
    return written_as_one or letters.lower() not in (_WORDS if gap else _RUN_ON)


def _is_year(number: str) -> bool:
    return len(number) == 4 and number[:2] in {"19", "20"}
