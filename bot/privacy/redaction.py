"""Take what points to a person out of a message, before Rasa sees it and before it is stored."""

from __future__ import annotations

import re

from bot.privacy.addresses import without_addresses
from bot.privacy.births import without_births
from bot.privacy.names import without_names
from bot.privacy.numbers import without_accounts, without_bsns, without_phones
from bot.privacy.web import without_emails, without_links

_DIGIT = re.compile(r"\d")


def redact(text: str, names: bool = True) -> str:
    """The text with [telefoon], [e-mail], [bsn], [rekening], [postcode], [geboortedatum], [link] and [naam] in it.

    Dutch and Belgian numbers, and any other written with its +code; a house number goes along with its postcode. Names
    go where somebody says them: "ik ben", "ik heet", "mijn naam is", a signature; `names=False` leaves them. Streets,
    employers and names in the middle of a story are out of scope. 112, 113, 1733, 1813, 0800-0113, 0800-2000, years,
    ages, doses and measurements stay, as alarms hang on them. Never raises; about 1 ms for 300 characters.
    """
    text = without_links(without_emails(text))
    if _DIGIT.search(text):
        text = without_accounts(without_births(text))
        text = without_addresses(without_phones(without_bsns(text)))
    return without_names(text) if names else text


def warm_up() -> None:
    """Load the word lists, about two seconds, so that the first patient need not wait for them."""
    redact("ik ben benieuwd")
