"""Take what points to a person out of a message, and turn channel user ids into pseudonyms.

Where a harmless number and a personal one look alike, the number stays: "1000 mg", "in 2015 is" and "38,5" decide
about alarms. So a postcode such as 3512 MG or 3512 is stays as well, unless the word postcode stands before it.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable

import phonenumbers
from stdnum import iban
from stdnum.nl import bsn

COUNTRIES = ("NL", "BE")

_WORTH_A_LOOK = re.compile(r"[\d@]")

_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,5}[^\W\d_]{2,24}\b")

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

_UNIT = (
    r"(?:mg|mcg|µg|gram|gr|g|kg|kilo|ml|cl|dl|liter|mm|cm|km|meter|m|mmhg|graden|°|%|x|keer|jaar|jarige?|jr|maanden|"
    r"mnd|weken|wkn|dagen|uur|uren|min|minuten|tabletten|pillen|stuks)"
)
# Numbers that a phone number next to them could swallow: dates, times, amounts, and the help lines.
_NO_PHONE = re.compile(
    r"(?<![\d+])(?:"
    r"(?:0|(?:\+|00)31[ -]?)800[ -]?(?:0113|2000)(?!\d)"
    r"|\d{1,2}([-./])\d{1,2}\1(?:19|20)\d\d(?![-./]?\d)"
    r"|(?:[01]?\d|2[0-3])[.:][0-5]\d(?!\d|\.\d|[-/ ]\d{3})"
    r"|\d{1,4}(?:[.,]\d{1,2})?\s?" + _UNIT + r"(?![^\W\d_])"
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

_HELP_LINES = frozenset({"112", "113", "1733", "1813"})
_POSTCODE = re.compile(r"(?<![\w+])(?<!\d[.,/-])([1-9]\d{3})([ \u00a0]{0,2})([a-z]{2})(?!\w)", re.IGNORECASE | re.ASCII)
_HOUSE_NUMBER = re.compile(
    r"(?:[ ]?,?[ ]?(?:huisnummer|huisnr\.?|nummer|nr\.?|no\.?)[ ]?|[ ]?-[ ]?|[ ])"
    r"([1-9]\d{0,4})(?!\d|[.,:/]\d|\s?(?:" + _UNIT + r"|mag|op de|van de|en een half)(?!\w)|\s?[°%])"
    r"(?:-\d{1,3}(?!\d)|[ -]?[a-fhA-FH](?!\w)|[ -]?(?:bis|hs)(?!\w))?",
    re.IGNORECASE,
)
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


def redact(text: str) -> str:
    """The text with "[telefoon]", "[e-mail]", "[bsn]", "[rekening]" and "[postcode]" where those stood.

    Dutch and Belgian numbers, and any other written with its +code; a house number goes along with its postcode.
    Names, streets and dates of birth are out of scope: they stay. So do 112, 113, 1733, 1813, 0800-0113, 0800-2000,
    years, ages, doses and measurements. Never raises; well under 1 ms for 300 characters as people write them.
    """
    if not _WORTH_A_LOOK.search(text):
        return text
    if "@" in text:
        text = _EMAIL.sub("[e-mail]", text)
    text = _replace(_IBAN, text, _end_of_iban, "[rekening]")
    text = _replace(_BSN, text, _end_of_bsn, "[bsn]")
    text = _between(_NO_PHONE, text, _without_phones)
    shouting = text.isupper()
    return _replace(_POSTCODE, text, lambda found: _end_of_address(found, shouting), "[postcode]")


def pseudonym(value: str, secret: bytes) -> str:
    """32 hex characters for a channel's user id: HMAC-SHA256, so that nobody without the secret can find the number.

    Put channel and practice in `value`, or one patient is recognisable in two of them.
    Raises ValueError for an empty secret: then anybody could try all telephone numbers.
    """
    if not secret:
        raise ValueError("the secret for pseudonyms is empty; set one of at least 32 random bytes")
    return hmac.digest(secret, value.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]


def _replace(pattern: re.Pattern[str], text: str, end_of: Callable[[re.Match[str]], int | None], label: str) -> str:
    """Put `label` where `pattern` matches and `end_of` says where in the text the match really ends, or None for no."""
    pieces: list[str] = []
    done = begin = 0
    while found := pattern.search(text, begin):
        end = end_of(found)
        if end is None:
            begin = found.start() + 1  # what was meant may begin inside: "112 123 456 782"
            continue
        pieces += (text[done : found.start()], label)
        done = begin = end
    return "".join((*pieces, text[done:]))


def _between(fence: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    pieces: list[str] = []
    end = 0
    for found in fence.finditer(text):
        pieces += (change(text[end : found.start()]), found[0])
        end = found.end()
    pieces.append(change(text[end:]))
    return "".join(pieces)


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
    return found.end() if bsn.is_valid("".join(groups)) and not _HELP_LINES.issuperset(groups) else None


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
    return next((last for last in reversed(ends) if groups[last][0] not in _HELP_LINES), ends[-1] if ends else None)


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


def _end_of_address(found: re.Match[str], shouting: bool) -> int | None:
    if not _is_postcode(found, shouting):
        return None
    house = _HOUSE_NUMBER.match(found.string, found.end())
    if house is None or house[1] in _HELP_LINES or _is_year(house[1]):
        return found.end()
    return house.end()


def _is_postcode(found: re.Match[str], shouting: bool) -> bool:
    number, gap, letters = found.groups()
    before = found.string[max(0, found.start() - 20) : found.start()]
    if _POSTCODE_LABEL.search(before):
        return True
    if letters.lower() in _NEVER_LETTERS or number in _HELP_LINES:
        return False
    written_as_one = letters.isupper() and not shouting
    if _is_year(number):
        if _YEAR_CUE.search(before) or letters.lower() in _WORDS:
            return False
        return letters.isupper() or not gap
    return written_as_one or letters.lower() not in _WORDS


def _is_year(number: str) -> bool:
    return len(number) == 4 and number[:2] in {"19", "20"}
