"""Opening hours that a program can read: is the practice open now, tomorrow, on Whit Monday?"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import holidays
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

Country = Literal["NL", "BE"]
Span = tuple[datetime.time, datetime.time]

DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
DAY_NAMES = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
LOOK_AHEAD = 60  # days: who is closed longer than that has no next opening to name
_ZONES: dict[Country, ZoneInfo] = {"NL": ZoneInfo("Europe/Amsterdam"), "BE": ZoneInfo("Europe/Brussels")}
_SPAN = re.compile(r"(\d{1,2})[.:](\d\d)\s*-\s*(\d{1,2})[.:](\d\d)")
# In the library's list of public holidays, but a working day for most: a practice that closes names it itself.
_WORKED = frozenset({"Goede vrijdag"})


def _spans(value: object) -> object:
    """ "8.00-12.30, 13.00-18.00" or "dicht" as a tuple of times. Raises ValueError in Dutch."""
    if not isinstance(value, str):
        return value
    if value.strip().lower() == "dicht":
        return ()
    found: list[Span] = []
    for part in value.split(","):
        match = _SPAN.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"{part.strip()!r} is geen tijd; schrijf 8.00-12.30, 13.00-18.00 of dicht")
        try:
            start, end = (datetime.time(int(match[i]), int(match[i + 1])) for i in (1, 3))
        except ValueError as error:
            raise ValueError(f"{part.strip()!r} is geen tijd op de klok") from error
        if end <= start or (found and start <= found[-1][1]):
            raise ValueError(f"{part.strip()!r} eindigt te vroeg of begint voor het vorige einde")
        found.append((start, end))
    return tuple(found)


def _written(spans: tuple[Span, ...]) -> str:
    return ", ".join(f"{clock(start)}-{clock(end)}" for start, end in spans) or "dicht"


OpenTimes = Annotated[tuple[Span, ...], BeforeValidator(_spans), PlainSerializer(_written)]


class Different(BaseModel):
    """Days on which it is otherwise: a holiday, a course. `tot` is the last of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    van: datetime.date
    tot: datetime.date | None = None
    uren: OpenTimes = ()
    reden: str | None = Field(None, max_length=60)

    @model_validator(mode="after")
    def _in_order(self) -> Different:
        if self.tot is not None and self.tot < self.van:
            raise ValueError("'tot' ligt voor 'van'")
        return self

    def covers(self, day: datetime.date) -> bool:
        return self.van <= day <= (self.tot or self.van)


class Hours(BaseModel):
    """The week, public holidays, and days that differ. A day that is not named is closed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ma: OpenTimes = ()
    di: OpenTimes = ()
    wo: OpenTimes = ()
    do: OpenTimes = ()
    vr: OpenTimes = ()
    za: OpenTimes = ()
    zo: OpenTimes = ()
    feestdagen: Literal["dicht", "open"] = "dicht"
    uitzonderingen: tuple[Different, ...] = ()

    @model_validator(mode="after")
    def _some_day(self) -> Hours:
        if not any(self._week()):
            raise ValueError("geen enkele dag heeft een tijd")
        return self

    def on(self, day: datetime.date, country: Country) -> tuple[tuple[Span, ...], str | None]:
        """When it is open on a day, and why that differs from the week: a reason or the holiday's name."""
        different = next((entry for entry in self.uitzonderingen if entry.covers(day)), None)
        if different is not None:
            return different.uren, different.reden
        holiday = holiday_on(day, country)
        if holiday and self.feestdagen == "dicht":
            return (), holiday
        return self._week()[day.weekday()], None

    def now(self, moment: datetime.datetime, country: Country) -> str:
        """Whether it is open at a moment (with a time zone), until when, or when it opens again."""
        local = moment.astimezone(_ZONES[country])
        today, time = local.date(), local.time()
        spans, reason = self.on(today, country)
        for start, end in spans:
            if start <= time < end:
                return f"Ja, we zijn nu open. Vandaag tot {clock(end)} uur."
        why = f" Het is {reason}." if reason and not spans else ""
        return f"Nee, we zijn nu dicht.{why}{self._next_opening(today, time, country)}"

    def day(self, day: datetime.date, today: datetime.date, country: Country) -> str:
        """Whether it is open on a day, and when."""
        spans, reason = self.on(day, country)
        name = _named(day, today)
        if not spans:
            return f"{name} zijn we dicht." + (f" Reden: {reason}." if reason else "")
        return f"{name} zijn we open. Dat is {_between(spans)}."

    def week(self) -> str:
        """The week in sentences, days with the same times together."""
        groups: list[tuple[list[int], tuple[Span, ...]]] = []
        for number, spans in enumerate(self._week()):
            if groups and groups[-1][1] == spans:
                groups[-1][0].append(number)
            else:
                groups.append(([number], spans))
        lines = [f"Open op {_range(numbers)}: {_between(spans)}." for numbers, spans in groups if spans]
        closed = [DAY_NAMES[number] for numbers, spans in groups if not spans for number in numbers]
        return " ".join([*lines, f"Dicht op {_list(closed)}."] if closed else lines)

    def _week(self) -> tuple[tuple[Span, ...], ...]:
        return (self.ma, self.di, self.wo, self.do, self.vr, self.za, self.zo)

    def _next_opening(self, today: datetime.date, time: datetime.time, country: Country) -> str:
        for ahead in range(LOOK_AHEAD):
            day = today + datetime.timedelta(days=ahead)
            for start, _ in self.on(day, country)[0]:
                if ahead or start > time:
                    return f" {_named(day, today)} gaan we om {clock(start)} uur open."
        return ""


def doctor_open(moment: datetime.datetime, country: Country) -> bool:
    """Whether a huisarts answers the phone at a moment (with a time zone); else the doctor on duty does.

    The usual hours: working days from 8 to 17, in Belgium to 18.
    """
    local = moment.astimezone(_ZONES[country])
    if local.weekday() >= 5 or holiday_on(local.date(), country):
        return False
    return datetime.time(8) <= local.time() < datetime.time(17 if country == "NL" else 18)


def local_day(moment: datetime.datetime, country: Country) -> datetime.date:
    """The day it is in the practice's country."""
    return moment.astimezone(_ZONES[country]).date()


def holiday_on(day: datetime.date, country: Country) -> str | None:
    """The Dutch name of the public holiday on a day, such as "Tweede paasdag"."""
    return holidays_of(country, day.year).get(day)


@lru_cache(maxsize=16)
def holidays_of(country: Country, year: int) -> dict[datetime.date, str]:
    """The public holidays of a year on which people are free."""
    found = holidays.country_holidays(country, years=year, language="nl")
    return {day: name for day, name in sorted(found.items()) if name not in _WORKED}


def warm_up() -> None:
    """Load both countries' holidays: the first look takes half a second, which no patient should wait for."""
    year = datetime.datetime.now(datetime.UTC).year
    for country in _ZONES:
        holidays_of(country, year)


def clock(time: datetime.time) -> str:
    """ "8.00", as Dutch people write it."""
    return f"{time.hour}.{time.minute:02}"


def _named(day: datetime.date, today: datetime.date) -> str:
    near = {0: "Vandaag", 1: "Morgen"}.get((day - today).days)
    return near or f"Op {DAY_NAMES[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def _between(spans: tuple[Span, ...]) -> str:
    parts = [f"van {clock(start)} tot {clock(end)}" for start, end in spans]
    return f"{_list(parts)} uur"


def _list(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} en {parts[-1]}"


def _range(numbers: list[int]) -> str:
    if len(numbers) > 2:
        return f"{DAY_NAMES[numbers[0]]} tot en met {DAY_NAMES[numbers[-1]]}"
    return _list([DAY_NAMES[number] for number in numbers])
