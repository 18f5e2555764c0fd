"""E-mail addresses and links."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,5}[^\W\d_]{2,24}\b")
# Without http or www only these: "pijn.net" and "pijn.nu" are two words with the space forgotten.
_ENDINGS = "com|org|eu|nl|be|info|example"
_URL = re.compile(
    r"(?<![\w@.-])(?:"
    r"(?:https?://|www\.)[^\s<>\"'\]]+"
    rf"|(?:[a-z0-9-]{{2,63}}\.){{1,4}}(?:{_ENDINGS})(?![\w-]|\.\w)(?:[/?#][^\s<>\"'\]]*)?"
    r"|(?:[a-z0-9-]{2,63}\.){1,4}[a-z]{2,12}/[^\s<>\"'\]]+"
    r")(?<![.,;:!?)])",
    re.IGNORECASE,
)
# Public sites point to nobody, and who says to have been on 113.nl says something that matters.
_PUBLIC = re.compile(
    r"(?:https?://)?(?:www\.)?(?:113|thuisarts|apotheek|moetiknaardedokter|rijksoverheid|defysiotherapeut|zelfmoord1813|"
    r"gezondheidenwetenschap|nhg|kngf|vvocm)\.(?:nl|be|org|com)/?",
    re.IGNORECASE,
)


def without_emails(text: str) -> str:
    """E-mail addresses become "[e-mail]"."""
    return _EMAIL.sub("[e-mail]", text) if "@" in text else text


def without_links(text: str) -> str:
    """Links and bare addresses of sites become "[link]", but not the front page of a public health site."""
    if "." not in text:
        return text
    return _URL.sub(lambda found: found[0] if _PUBLIC.fullmatch(found[0]) else "[link]", text)
