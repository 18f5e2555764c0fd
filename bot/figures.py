"""All development sets against the running system: one page of figures, and the floors that a test holds them to.

tests/evaluation/floors.yml says for each set how few may be right and how many missed or false. The page
(docs/figures.md) is written by `ruggesteun evaluate --all` and by nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.evaluate import Result

FLOORS = Path("tests/evaluation/floors.yml")
PAGE = Path("docs/figures.md")
CONFIDENCE = 0.95
# name of a floor -> (what was counted, of how many, whether more is better)
RATES = {
    "right": ("right", "topics", True),
    "offered": ("offered", "topics", True),
    "wrong": ("wrong_but_answered", "topics", False),
    "answered": ("answered", "turns", False),
    "missed_spoed": ("missed_spoed", "gold_spoed", False),
    "missed_huisarts": ("missed_huisarts", "gold_huisarts", False),
    "missed_crisis": ("missed_crisis", "gold_crisis", False),
    "false_alarm": ("missed_geen", "gold_geen", False),
    "unseen": ("unseen_huisarts", "gold_huisarts", False),
    "answer": ("met_answer", "expected_answer", True),
    "kept": ("met_kept", "expected_kept", True),
    "says": ("met_says", "expected_says", True),
    "fresh": ("met_fresh", "expected_fresh", True),
    "kind": ("kinds_right", "kinds", True),
}
TITLES = {
    "right": "right",
    "offered": "right or offered",
    "wrong": "wrong but answered",
    "answered": "answered",
    "missed_spoed": "spoed missed",
    "missed_huisarts": "huisarts missed",
    "missed_crisis": "crisis missed",
    "false_alarm": "false alarm or question",
    "unseen": "huisarts missed, safety net too",
    "answer": "answer as expected",
    "kept": "alarm kept in sight",
    "says": "refers to what was told",
    "fresh": "not the same text again",
    "kind": "kind as expected",
}


@dataclass(frozen=True)
class Rate:
    """`hits` of `total`, with the bounds between which the true share lies with CONFIDENCE (Clopper and Pearson)."""

    name: str
    hits: int
    total: int

    @property
    def share(self) -> float:
        return self.hits / self.total

    @property
    def bounds(self) -> tuple[float, float]:
        return clopper_pearson(self.hits, self.total, CONFIDENCE)

    @property
    def more_is_better(self) -> bool:
        return RATES[self.name][2]

    def holds(self, floor: float) -> bool:
        """Whether the share is no worse than the floor."""
        return self.share >= floor if self.more_is_better else self.share <= floor


def rates(result: Result) -> Iterator[Rate]:
    """What a run counted, of all that RATES names."""
    for name, (hits, total, _) in RATES.items():
        if result.counts[total] and (name != "answered" or not result.counts["topics"] + result.counts["gold_spoed"]):
            yield Rate(name, result.counts[hits], result.counts[total])


def read_floors(path: Path = FLOORS) -> dict[str, dict[str, float]]:
    """The floors by file name. Raises ValueError for a figure that is not counted."""
    floors: dict[str, dict[str, float]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, figures in floors.items():
        unknown = sorted(set(figures) - set(RATES))
        if unknown:
            raise ValueError(f"{path}: {name}: {', '.join(unknown)} is not counted; one of {', '.join(RATES)}")
    return floors


def broken(name: str, found: Mapping[str, Rate], floor: Mapping[str, float]) -> list[str]:
    """The floors of one set that do not hold, each as a line."""
    lines = []
    for figure, limit in floor.items():
        rate = found.get(figure)
        if rate is None:
            lines.append(f"{name}: {figure} was not counted")
        elif not rate.holds(limit):
            sign = "<" if rate.more_is_better else ">"
            lines.append(f"{name}: {TITLES[figure]} {rate.share:.3f} {sign} {limit} ({rate.hits} of {rate.total})")
    return lines


def page(found: Mapping[str, list[Rate]], about: Mapping[str, Any]) -> str:
    """The page of figures, as Markdown. `about` are the lines under its title: date, model, machine."""
    lines = [
        "# Figures of the development sets",
        "",
        "Written by `ruggesteun evaluate --all`; do not edit. Who wrote the sets: `tests/evaluation/README.md`. Behind",
        f"each share stand bounds of {CONFIDENCE:.0%} (Clopper and Pearson). Lines by people are harder than these.",
        "",
        *(f"- {name}: {value}" for name, value in about.items()),
        "",
        "| set | figure | share | bounds | of |",
        "|---|---|---:|---:|---:|",
    ]
    for name, its in found.items():
        for rate in its:
            low, high = rate.bounds
            lines.append(f"| {name} | {TITLES[rate.name]} | {rate.share:.1%} | {low:.1%} - {high:.1%} | {rate.total} |")
    return "\n".join(lines) + "\n"


def clopper_pearson(hits: int, total: int, confidence: float) -> tuple[float, float]:
    """The exact bounds of a share. Source: Clopper and Pearson, Biometrika 26 (1934) 404-413."""
    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else _where(lambda p: 1 - _at_most(hits - 1, total, p), tail)
    high = 1.0 if hits == total else _where(lambda p: 1 - _at_most(hits, total, p), 1 - tail)
    return low, high


def _at_most(hits: int, total: int, p: float) -> float:
    """Probability of at most so many hits in `total` draws."""
    if p <= 0:
        return 1.0
    if p >= 1:
        return float(hits >= total)
    first = math.lgamma(total + 1)
    logs = (
        first - math.lgamma(k + 1) - math.lgamma(total - k + 1) + k * math.log(p) + (total - k) * math.log1p(-p)
        for k in range(hits + 1)
    )
    return min(1.0, math.fsum(math.exp(log) for log in logs))


def _where(rises: Any, value: float) -> float:
    """Where a function that rises from 0 to 1 on [0, 1] has this value."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rises(middle) < value else (low, middle)
    return (low + high) / 2
