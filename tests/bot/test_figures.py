"""Shares with their bounds, and floors that hold or do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluate import Result
from bot.figures import Rate, broken, clopper_pearson, page, rates, read_floors


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    # Published bounds: R's binom.test.
    [(0, 10, 0.0, 0.3085), (10, 10, 0.6915, 1.0), (5, 10, 0.1871, 0.8129), (2, 113, 0.0022, 0.0625)],
)
def test_the_bounds_are_exact(hits: int, total: int, low: float, high: float) -> None:
    assert clopper_pearson(hits, total, 0.95) == pytest.approx((low, high), abs=5e-5)


def result(**counts: int) -> Result:
    found = Result()
    found.counts.update(counts)
    return found


def test_only_what_was_counted_has_a_rate() -> None:
    found = {rate.name: rate.share for rate in rates(result(topics=4, right=3, offered=4, wrong_but_answered=1))}
    assert found == {"right": 0.75, "offered": 1.0, "wrong": 0.25}


def test_a_share_below_its_floor_is_named_and_one_on_it_is_not() -> None:
    found = {"right": Rate("right", 3, 4), "false_alarm": Rate("false_alarm", 1, 10)}
    assert broken("a.tsv", found, {"right": 0.75, "false_alarm": 0.1}) == []
    assert broken("a.tsv", found, {"right": 0.8}) == ["a.tsv: right 0.750 < 0.8 (3 of 4)"]
    assert broken("a.tsv", found, {"false_alarm": 0.05}) == ["a.tsv: false alarm or question 0.100 > 0.05 (1 of 10)"]


def test_a_floor_that_nothing_counts_is_named() -> None:
    assert broken("a.tsv", {}, {"right": 0.8}) == ["a.tsv: right was not counted"]


def test_a_floor_with_a_name_that_is_not_counted_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "floors.yml"
    path.write_text("a.tsv: {beauty: 1}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="beauty"):
        read_floors(path)


def test_the_page_shows_share_bounds_and_number() -> None:
    assert "| a.tsv | right | 50.0% | 18.7% - 81.3% | 10 |" in page({"a.tsv": [Rate("right", 5, 10)]}, {})
