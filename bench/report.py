"""The figures as a table, with what was to be reached beside each ratio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One figure of both set-ups. `limit` is what ours divided by stock's may be at most, or None."""

    name: str
    unit: str
    stock: float
    ours: float
    limit: float | None = None
    more_is_better: bool = False

    @property
    def ratio(self) -> float:
        """How many times stock's cost ours is; for a rate stock's over ours, so that small is good everywhere."""
        return self.stock / self.ours if self.more_is_better else self.ours / self.stock

    @property
    def reached(self) -> bool:
        """Whether the ratio is within its limit."""
        return self.limit is None or self.ratio <= self.limit


def rows(found: dict[str, Any]) -> list[Row]:
    """The rows of a result of `bench.__main__`."""
    both = {name: (found["stock"].get(name), found["ours"].get(name)) for name in found["ours"]}

    def row(name: str, key: str, unit: str, limit: float | None = None, more: bool = False) -> list[Row]:
        stock, ours = both.get(key, (None, None))
        return [] if stock is None or ours is None else [Row(name, unit, stock, ours, limit, more)]

    return [
        *row("a short message, p50", "short_p50", "ms", 1 / 3),
        *row("a short message, p95", "short_p95", "ms", 1 / 2),
        *row("a short message, processor", "short_cpu", "ms"),
        *row("30 words, p50", "long_p50", "ms", 1 / 3),
        *row("30 words, p95", "long_p95", "ms", 1 / 2),
        *row("30 words, processor", "long_cpu", "ms"),
        *row("messages with 16 clients", "throughput", "/s", 1 / 4, True),
        *row("memory, all processes (PSS)", "memory", "MB", 0.9),
        *row("model on disk", "model", "MB"),
        *row("training from nothing", "training_cold", "s", 1 / 2),
        *row("training from nothing, processor", "training_cold_cpu", "s", 1 / 2),
        *row("training after one new line", "training_warm", "s", 1 / 2),
        *row("training after one new line, processor", "training_warm_cpu", "s", 1 / 2),
        *row("no process to first answer", "cold_start", "s"),
        *row("no process to first answer, processor", "cold_start_cpu", "s"),
    ]


def table(found: dict[str, Any]) -> str:
    """The rows as lines of text, and the two figures that have no counterpart."""
    lines = [f"{'':42s}{'stock':>10s}{'ours':>10s}   ratio"]
    for row in rows(found):
        mark = (
            "" if row.limit is None else f"  (at most {row.limit:.2f}: {'reached' if row.reached else 'NOT reached'})"
        )
        lines.append(f"{row.name + ', ' + row.unit:42s}{row.stock:10.1f}{row.ours:10.1f}  {row.ratio:6.2f}{mark}")
    for side in ("stock", "ours"):
        if "message_5" in found[side]:
            early, late = found[side]["message_5"], found[side]["message_200"]
            lines.append(f"{side}: 5th message {early:.1f} ms, 200th {late:.1f} ms: {late / early:.2f} x")
    if "diet_epochs" in found["stock"]:
        lines.append(f"stock was trained for {found['stock']['diet_epochs']} of DIET's 100 epochs")
    if each := found["stock"].get("diet_epoch_seconds"):
        lines.append(f"one epoch of DIET took {each:.0f} s, so 100 would take about {each * 100 / 3600:.1f} hours")
    lines += [f"growth, {name}: {figures}" for name, figures in found.get("growth", {}).items()]
    return "\n".join(lines)
