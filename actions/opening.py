""" "Zijn jullie nu open?", and the same about another day: read from the practice's hours."""

from __future__ import annotations

import datetime
import re

from content import Practice
from content.hours import DAY_NAMES, holidays_of, local_day

# "Mijn ogen zijn open" is not about the practice, so these count only where the topic is how to reach it.
_ABOUT_HOURS = re.compile(r"\b(open|geopend|dicht|gesloten|openings?tijd\w*|bereikbaar|hoe laat|tot hoe ?laat)\b")
_NEAR_DAYS = {"vandaag": 0, "vanavond": 0, "vanmiddag": 0, "morgen": 1, "overmorgen": 2}
# As people call them: pattern in the message, pattern in the list of public holidays (Dutch or Belgian names).
_HOLIDAYS = (
    (r"(tweede|2e) kerst", r"tweede kerstdag"),
    (r"kerst", r"eerste kerstdag|kerstmis"),
    (r"nieuwjaar", r"nieuwjaar"),
    (r"koningsdag", r"koningsdag"),
    (r"bevrijdingsdag|5 mei", r"bevrijdingsdag"),
    (r"hemelvaart", r"hemelvaart"),
    (r"pasen|paas", r"tweede paasdag|paasmaandag"),
    (r"pinkster", r"tweede pinksterdag|pinkstermaandag"),
    (r"nationale feestdag|21 juli", r"nationale feestdag"),
    (r"dag van de arbeid|1 mei", r"dag van de arbeid"),
    (r"allerheiligen", r"allerheiligen"),
    (r"wapenstilstand", r"wapenstilstand"),
)


def asks_about_hours(text: str) -> bool:
    """Whether the practice being open is what is asked."""
    return _ABOUT_HOURS.search(text.lower()) is not None


def open_now(practice: Practice, text: str, now: datetime.datetime) -> str | None:
    """Whether somebody can be phoned now, and else when; the hours in words where a program cannot read them."""
    if practice.uren is None:
        return practice.openingstijden
    said = practice.uren.now(now, practice.land).removeprefix("Ja, ").removeprefix("Nee, ")
    return said[:1].upper() + said[1:]


def about_opening(practice: Practice, text: str, now: datetime.datetime) -> str | None:
    """One or two sentences on whether the practice is open, or None when the message does not ask that.

    None too where the practice gave no hours that a program can read. `now` has a time zone.
    """
    said = text.lower()
    if practice.uren is None or not asks_about_hours(said):
        return None
    today = local_day(now, practice.land)
    day = _day(said, today, practice)
    if day is not None:
        return practice.uren.day(day, today, practice.land)
    if re.search(r"\b(nu|nou|op dit moment|momenteel|nog|al)\b", said):
        return practice.uren.now(now, practice.land)
    return None


def _day(said: str, today: datetime.date, practice: Practice) -> datetime.date | None:
    """The day that is asked about: the next one of that name."""
    for asked, name in _HOLIDAYS:
        if re.search(asked, said) and (found := _next_holiday(name, today, practice)):
            return found
    for word, ahead in _NEAR_DAYS.items():
        if re.search(rf"\b{word}\b", said):
            return today + datetime.timedelta(days=ahead)
    for number, name in enumerate(DAY_NAMES):
        if re.search(rf"\b{name}\b", said):
            return today + datetime.timedelta(days=(number - today.weekday()) % 7)
    return None


def _next_holiday(pattern: str, today: datetime.date, practice: Practice) -> datetime.date | None:
    for year in (today.year, today.year + 1):
        for day, name in holidays_of(practice.land, year).items():
            if day >= today and re.search(pattern, name.lower()):
                return day
    return None
