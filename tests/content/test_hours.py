"""Open or not: ordinary days, breaks, public holidays, own days off, and both countries' clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from content.hours import Country, Hours
from content.readability import measure

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WEEK: dict[str, Any] = {
    "ma": "8.00-12.30, 13.00-18.00",
    **dict.fromkeys(("di", "wo", "do", "vr"), "8.00-18.00"),
    "za": "dicht",
    "uitzonderingen": [
        {"van": "2026-12-24", "uren": "8.00-12.00", "reden": "kerstavond"},
        {"van": "2026-12-28", "tot": "2027-01-03", "uren": "dicht", "reden": "vakantie"},
        {"van": "2026-04-27", "uren": "10.00-12.00"},
    ],
}
HOURS = Hours.model_validate(WEEK)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-23 10:00", "Ja, we zijn nu open. Vandaag tot 12.30 uur."),
        ("2026-11-23 12:45", "Nee, we zijn nu dicht. Vandaag gaan we om 13.00 uur open."),
        ("2026-11-23 18:00", "Nee, we zijn nu dicht. Morgen gaan we om 8.00 uur open."),
        ("2026-11-23 07:59", "Nee, we zijn nu dicht. Vandaag gaan we om 8.00 uur open."),
        ("2026-11-27 18:30", "Nee, we zijn nu dicht. Op maandag 30 november gaan we om 8.00 uur open."),
        ("2026-12-24 11:59", "Ja, we zijn nu open. Vandaag tot 12.00 uur."),
        # First and Second Christmas Day, a weekend, then a holiday until 3 January.
        ("2026-12-24 12:00", "Nee, we zijn nu dicht. Op maandag 4 januari gaan we om 8.00 uur open."),
        ("2026-12-25 10:00", "Nee, we zijn nu dicht. Het is Eerste kerstdag. "
                             "Op maandag 4 januari gaan we om 8.00 uur open."),
        ("2026-05-14 10:00", "Nee, we zijn nu dicht. Het is Hemelvaartsdag. Morgen gaan we om 8.00 uur open."),
        ("2026-04-27 11:00", "Ja, we zijn nu open. Vandaag tot 12.00 uur."),  # King's Day, with hours of its own
        ("2026-04-03 11:00", "Ja, we zijn nu open. Vandaag tot 18.00 uur."),  # Good Friday is an ordinary day
    ],
)  # fmt: skip
def test_open_now(moment: str, said: str) -> None:
    assert HOURS.now(at(moment), "NL") == said


def test_the_clock_is_that_of_the_practice_also_in_summer() -> None:
    assert HOURS.now(datetime(2026, 7, 6, 6, 30, tzinfo=UTC), "NL").startswith("Ja"), "8.30 in Amsterdam"
    assert HOURS.now(datetime(2026, 11, 23, 6, 30, tzinfo=UTC), "NL").startswith("Nee"), "7.30 in Amsterdam"


@pytest.mark.parametrize(
    ("day", "country", "said"),
    [
        ("2026-11-23", "NL", "Vandaag zijn we open. Dat is van 8.00 tot 12.30 en van 13.00 tot 18.00 uur."),
        ("2026-11-24", "NL", "Morgen zijn we open. Dat is van 8.00 tot 18.00 uur."),
        ("2026-11-28", "NL", "Op zaterdag 28 november zijn we dicht."),
        ("2026-12-29", "NL", "Op dinsdag 29 december zijn we dicht. Reden: vakantie."),
        ("2026-12-25", "NL", "Op vrijdag 25 december zijn we dicht. Reden: Eerste kerstdag."),
        ("2026-07-21", "BE", "Op dinsdag 21 juli zijn we dicht. Reden: Nationale feestdag."),
        ("2026-07-21", "NL", "Op dinsdag 21 juli zijn we open. Dat is van 8.00 tot 18.00 uur."),
    ],
)
def test_a_day(day: str, country: Country, said: str) -> None:
    assert HOURS.day(date.fromisoformat(day), date(2026, 11, 23), country) == said
    assert measure(said).max_words <= 15


def test_who_works_on_holidays_says_so() -> None:
    hours = Hours.model_validate(WEEK | {"feestdagen": "open"})
    assert hours.now(at("2026-12-25 10:00"), "NL").startswith("Ja")


def test_the_week_in_words() -> None:
    assert HOURS.week() == (
        "Open op maandag: van 8.00 tot 12.30 en van 13.00 tot 18.00 uur. "
        "Open op dinsdag tot en met vrijdag: van 8.00 tot 18.00 uur. Dicht op zaterdag en zondag."
    )


def test_closed_for_long_names_no_day() -> None:
    hours = Hours.model_validate({"ma": "8.00-9.00", "uitzonderingen": [{"van": "2026-01-01", "tot": "2026-12-31"}]})
    assert hours.now(at("2026-03-02 08:30"), "NL") == "Nee, we zijn nu dicht."


@pytest.mark.parametrize(
    "wrong",
    [
        {"ma": "8-9"},
        {"ma": "25.00-26.00"},
        {"ma": "9.00-8.00"},
        {"ma": "8.00-12.00, 11.00-13.00"},
        {"maandag": "8.00-9.00"},
        {"ma": "8.00-9.00", "uitzonderingen": [{"van": "2026-12-24", "tot": "2026-12-23"}]},
        {},
    ],
)
def test_hours_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Hours.model_validate(wrong)


def test_hours_survive_json() -> None:
    assert Hours.model_validate(HOURS.model_dump(mode="json")) == HOURS
