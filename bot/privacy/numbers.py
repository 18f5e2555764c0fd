"""Telephone numbers, citizen service numbers and bank accounts.

Where a harmless number and a personal one look alike, the number stays: "1000 mg", "in 2015" and "38,5" decide about
alarms.
"""

from __future__ import annotations

import re

import phonenumbers
from stdnum import iban
from stdnum.nl import bsn

from bot.privacy.spans import between, replace

COUNTRIES = ("NL", "BE")
HELP_LINES = frozenset({"112", "113", "1733", "1813"})

_IBAN = re.compile(
    r"(?<![a-z0-9])(?:(?:nl|be) ?\d\d|[a-z]{2}\d\d)(?:[ .-]?[a-z0-9]){11,30}",
    re.IGNORECASE | re.ASCII,
)
# Countries whose accounts patients here may have; characters in an IBAN, from the SWIFT IBAN registry.
_IBAN_LENGTHS = {
    **{"NO": 15, "BE": 16, "DK": 18, "FI": 18, "NL": 18, "AT": 20, "LT": 20, "LU": 20, "CH": 21, "HR": 21, "LV": 21},
    **{"BG": 22, "DE": 22, "GB": 22, "IE": 22, "CZ": 24, "ES": 24, "RO": 24, "SE": 24, "SK": 24, "PT": 25, "TR": 26},
    **{"FR": 27, "GR": 27, "IT": 27, "CY": 28, "HU": 28, "PL": 28, "MT": 31, "SI": 19, "EE": 20},
}

# As people write it: 123456782, 12345672, 123.456.782, 1234.56.782, 12 345 672.
_BSN = re.compile(
    r"(?<![\d+])(?<!\d[.,/-])(?:\d{8,9}|(?:\d{3}([. ])\d{3}|\d{4}([. ])\d\d|\d\d([. ])\d{3})[. ]\d{3})(?![\d/-]|[.,]\d)"
)

UNIT = (
    r"(?:mg|mcg|µg|gram|gr|g|kg|kilo|ml|cl|dl|liter|mm|cm|km|meter|m|mmhg|graden|°|%|x|keer|jaar|jarige?|jr|maanden|"
    r"mnd|weken|wkn|dagen|uur|uren|min|minuten|tabletten|pillen|stuks)"
)
# Numbers that a phone number next to them could swallow: dates, times, amounts, and the help lines.
_NO_PHONE = re.compile(
    r"(?<![\d+])(?:"
    r"(?:0|(?:\+|00)31[ -]?)800[ -]?(?:0113|2000)(?!\d)"
    r"|\d{1,2}([-./])\d{1,2}\1(?:19|20)\d\d(?![-./]?\d)"
    r"|(?<!\d\.)(?:[01]?\d|2[0-3])[.:][0-5]\d(?!\d|\.\d|[-/ ]\d{3})"
    r"|\d{1,4}(?:[.,]\d{1,2})?\s?" + UNIT + r"(?![^\W\d_])"
    r")",
    re.IGNORECASE,
)
_PHONE_LIKE = re.compile(r"(?<![\w+])(?:\+ ?|\(\+?)?\d(?:[ .()/-]{0,3}\d){7,}")
_DIGIT_GROUP = re.compile(r"[+(]{0,2}\d+\)?")
_MOST_GROUPS = 8  # +31 (0)6 12 34 56 78 has seven
_NOT_IN_PHONE = re.compile(r"[^\d+]")
_PHONE_DIGITS = re.compile(r"0[1-9]\d{6,9}|(?:00|\+)[1-9]\d{7,13}")
# Without the library, which gets lost in digits written one by one and in a WhatsApp number without its plus.
_MOBILE = re.compile(
    r"(?<![\d+])(?:0[ ]?6(?:[ ./-]{0,3}\d){8}|04\d\d(?:[ ./-]?\d){6}|316\d{8}|324\d{8})(?!\d)", re.ASCII
)


def without_accounts(text: str) -> str:
    """IBANs that pass their check become "[rekening]"."""
    return replace(_IBAN, text, _end_of_iban, "[rekening]")


def without_bsns(text: str) -> str:
    """Eight or nine digits that pass the 11-test become "[bsn]"."""
    return replace(_BSN, text, _end_of_bsn, "[bsn]")


def without_phones(text: str) -> str:
    """Dutch and Belgian numbers, and any other written with its +code, become "[telefoon]"; help lines stay."""
    return between(_NO_PHONE, text, _without_phones)


def _end_of_iban(found: re.Match[str]) -> int | None:
    # The pattern also takes in the words that follow, as "is" looks like two more characters of the number.
    last = _IBAN_LENGTHS.get(found[0][:2].upper(), 0)
    places = [place for place, character in enumerate(found[0]) if character.isalnum()][:last]
    if not last or len(places) < last:
        return None
    written = "".join(found[0][place] for place in places)
    # Structure and check digits only: whether the bank exists makes it no less a number to keep out.
    return found.start() + places[-1] + 1 if iban.is_valid(written, check_country=False) else None


def _end_of_bsn(found: re.Match[str]) -> int | None:
    groups = re.split("[. ]", found[0])
    return found.end() if bsn.is_valid("".join(groups)) and not HELP_LINES.issuperset(groups) else None


def _without_phones(text: str) -> str:
    text = _MOBILE.sub("[telefoon]", text)
    return _PHONE_LIKE.sub(lambda found: _without_phones_in_run(found[0]), text)


def _without_phones_in_run(run: str) -> str:
    """Replace the phone numbers in a run of digit groups, where other numbers may stand right beside them."""
    groups = list(_DIGIT_GROUP.finditer(run))
    pieces: list[str] = []
    end = first = 0
    while first < len(groups):
        last = _last_of_phone(run, groups, first) if groups[first][0].startswith(("0", "+", "(")) else None
        if last is None:
            first += 1
            continue
        pieces += (run[end : groups[first].start()], "[telefoon]")
        end = groups[last].end()
        first = last + 1
    return "".join((*pieces, run[end:]))


def _last_of_phone(run: str, groups: list[re.Match[str]], first: int) -> int | None:
    """Which group ends the phone number that begins with group `first`: the longest, but not "0800 1234 112"."""
    ends = [
        last
        for last in range(first, min(first + _MOST_GROUPS, len(groups)))
        if _is_phone(run[groups[first].start() : groups[last].end()])
    ]
    return next((last for last in reversed(ends) if groups[last][0] not in HELP_LINES), ends[-1] if ends else None)


def _is_phone(written: str) -> bool:
    if not _PHONE_DIGITS.fullmatch(_NOT_IN_PHONE.sub("", written)):
        return False
    for country in COUNTRIES:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(written, country)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False
