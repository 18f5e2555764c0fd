"""Which day a patient asks about, and that other questions are left alone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from actions.opening import about_opening
from content import Library, Practice

LIBRARY = Library.load()
WEEK = dict.fromkeys(("ma", "di", "wo", "do", "vr"), "8.00-18.00")
DEMO = Practice.model_validate(LIBRARY.practices["demo"].model_dump() | {"uren": WEEK})
BELGIAN = Practice.model_validate(LIBRARY.practices["vlaanderen"].model_dump() | {"uren": WEEK})
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("zijn jullie nu open?", "Ja, we zijn nu open"),
        ("Zijn jullie NU nog open", "Ja, we zijn nu open"),
        ("is de praktijk nu dicht", "Ja, we zijn nu open"),
        ("zijn jullie vandaag open", "Vandaag zijn we open. Dat is van 8.00 tot 18.00 uur."),
        ("tot hoe laat zijn jullie morgen open", "Morgen zijn we open"),
        ("zijn jullie zaterdag open", "Op zaterdag 28 november zijn we dicht"),
        ("is het maandag open", "Vandaag zijn we open"),
        ("zijn jullie open op overmorgen", "Op woensdag 25 november zijn we open"),
        ("zijn jullie met kerst open", "Op vrijdag 25 december zijn we dicht. Reden: Eerste kerstdag."),
        ("open op tweede kerstdag?", "Op zaterdag 26 december zijn we dicht. Reden: Tweede kerstdag."),
        ("zijn jullie met hemelvaart gesloten", "Op donderdag 6 mei zijn we dicht. Reden: Hemelvaartsdag."),
        ("zijn jullie met pasen open", "Op maandag 29 maart zijn we dicht. Reden: Tweede paasdag."),
    ],
)
def test_the_day_that_is_asked_about(text: str, begins: str) -> None:
    said = about_opening(DEMO, text, MONDAY)
    assert said is not None
    assert said.startswith(begins)


@pytest.mark.parametrize("text", ["hoe maak ik een afspraak", "wat is jullie adres", "wat zijn de openingstijden", ""])
def test_other_questions_get_the_ordinary_answer_alone(text: str) -> None:
    assert about_opening(DEMO, text, MONDAY) is None


def test_a_belgian_practice_has_belgian_holidays() -> None:
    said = about_opening(BELGIAN, "zijn jullie open met allerheiligen", MONDAY)
    assert said == "Op maandag 1 november zijn we dicht. Reden: Allerheiligen."


def test_without_hours_to_read_nothing_is_claimed() -> None:
    assert about_opening(DEMO.model_copy(update={"uren": None}), "zijn jullie nu open?", MONDAY) is None
