"""The report for a therapist: what is dead, needless, never touched or silences is named, with a line that shows it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from alarm import AlarmContent, Detector
from alarm.check import Line, Remark, Report, check, training_lines, wrong_examples
from alarm.load import Sign
from alarm.patterns import Pattern, parse

NLU = Path(__file__).parents[2] / "data" / "nlu"


def test_every_example_of_the_content_is_right(content: AlarmContent, detector: Detector) -> None:
    assert [str(report) for report in wrong_examples(content, detector)] == []


def test_no_pattern_of_the_content_is_needless_or_always_taken_away(content: AlarmContent, detector: Detector) -> None:
    found = [report for report in check(content, detector, []) if report.remark in (Remark.KILLED, Remark.IMPLIED)]
    assert [str(report) for report in found] == []


def test_training_lines_are_read_without_their_marks() -> None:
    lines = list(training_lines(NLU))
    assert len(lines) > 10_000
    assert any(line.is_alarm for line in lines)
    assert not [line for line in lines if "](" in line.text or "]{" in line.text]


@pytest.fixture
def remarks(content: AlarmContent):  # type: ignore[no-untyped-def]
    """What is said of a sign with these patterns and exceptions, on these lines."""

    def reports(patterns: list[str], unless: list[str], *lines: Line, yes: str = "", no: str = "") -> list[Report]:
        sign = one_sign(content, patterns, unless, yes, no)
        alone = replace(content, signs={sign.id: sign})
        return check(alone, Detector(alone), lines)

    return reports


def one_sign(content: AlarmContent, patterns: list[str], unless: list[str], yes: str, no: str) -> Sign:
    def parsed(sources: list[str]) -> tuple[Pattern, ...]:
        return tuple(replace(parse(source, set(content.concepts)), line=7) for source in sources)

    return replace(
        content.signs["CES01_niet_plassen"],
        patterns=parsed(patterns),
        ask=(),
        unless=parsed(unless),
        yes=(yes,) if yes else (),
        no=(no,) if no else (),
    )


def said(reports: list[Report]) -> set[tuple[Remark, str]]:
    return {(report.remark, report.source) for report in reports}


def test_a_pattern_that_no_line_touches_is_named(remarks) -> None:  # type: ignore[no-untyped-def]
    found = remarks(["blauwe plas", "rode plas"], ["bietjes"], Line("ik zag een rode plas", True))
    assert said(found) == {(Remark.NEVER, "blauwe plas"), (Remark.NEVER, "bietjes")}


def test_a_pattern_beside_a_wider_one_is_needless(remarks) -> None:  # type: ignore[no-untyped-def]
    found = remarks(["kan echt niet plassen", "kan .. niet .. plassen"], [], Line("ik kan echt niet plassen", True))
    assert said(found) == {(Remark.IMPLIED, "kan echt niet plassen")}


def test_a_gap_does_not_reach_over_a_comma(remarks) -> None:  # type: ignore[no-untyped-def]
    found = remarks(["klaar , met alles", "klaar .. met alles"], [])
    assert Remark.IMPLIED not in {report.remark for report in found}


def test_a_pattern_that_its_exception_always_takes_away_is_named(remarks) -> None:  # type: ignore[no-untyped-def]
    found = remarks(["afgevallen zonder dieet"], ["dieet + afgevallen"], Line("afgevallen zonder dieet", True))
    assert (Remark.KILLED, "afgevallen zonder dieet") in said(found)


def test_an_exception_that_silences_an_alarm_is_counted_with_a_line(remarks) -> None:  # type: ignore[no-untyped-def]
    lines = [Line("rode plas van de bietjes", False), Line("rode plas, geen bietjes gegeten", True)]
    found = remarks(["rode plas"], ["rode plas .. bietjes", "plas + gegeten"], *lines)
    [report] = [report for report in found if report.remark is Remark.SILENCES]
    assert (report.source, report.count, report.example) == ("plas + gegeten", 1, lines[1].text)
    assert str(report).startswith("cauda.yml:7 CES01_niet_plassen: 'plas + gegeten': neemt een alarm weg (1 regels")


def test_an_example_that_does_not_hold_is_named_first(remarks) -> None:  # type: ignore[no-untyped-def]
    found = remarks(["rode plas"], [], yes="alles gaat goed", no="een rode plas")
    assert [report.remark for report in found[:2]] == [Remark.WRONG, Remark.WRONG]
    assert {report.source for report in found[:2]} == {"alles gaat goed", "een rode plas"}
