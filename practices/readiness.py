"""What stands between a practice and its patients: fields that are empty, and texts that nobody signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from content import Practice
from store import Subject


@dataclass(frozen=True)
class OpenPoint:
    """One thing to do before going live. `place` is a field of the practice, or "aftekenen"."""

    place: str
    problem: str
    mend: str

    def __str__(self) -> str:
        return f"{self.problem}. {self.mend}"


_MENDS = {
    "huisartsenpost": "Vul naam en telefoon in, en bel het nummer een keer: het staat in de alarmteksten",
    "openingstijden": "Vul uren in (ma: 8.00-17.00) of een zin bij openingstijden",
    "vergoeding_geldig_tot": "Vul de dag in waarop je de tekst over vergoeding weer nakijkt, als jjjj-mm-dd",
}


def open_points(practice: Practice, needed: Iterable[Subject], signed: set[Subject]) -> tuple[OpenPoint, ...]:
    """What is still to be done; empty: the practice may go live. `needed` are the texts that it shows."""
    points = [
        OpenPoint(name, f"{name} ontbreekt", _MENDS.get(name, "Vul deze regel in")) for name in practice.missing()
    ]
    unsigned = [subject for subject in needed if subject not in signed]
    topics = sum(subject.kind == "onderwerp" for subject in unsigned)
    alarms = len(unsigned) - topics
    for count, what in ((topics, "onderwerpen"), (alarms, "alarmteksten en alarmtekens")):
        if count:
            points.append(
                OpenPoint(
                    "aftekenen",
                    f"{count} {what} zijn niet afgetekend door een zorgverlener",
                    f"Laat ze lezen op /inhoud?praktijk={practice.id} en gebruik dan: ruggesteun aftekenen",
                )
            )
    return tuple(points)
