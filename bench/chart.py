"""The ratios as bars in an SVG, for the README. By hand: this environment holds no plotting library."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bench.report import Row

_WIDTH, _LEFT, _RIGHT, _BAR, _STEP, _TOP = 760, 290, 130, 16, 30, 44
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1f2933}.h{font-weight:600}.o{fill:#0b6e69}.x{fill:#b4541a}"
    ".l{stroke:#1f2933;stroke-width:2}.s{fill:#d5dde3}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.o{fill:#3fb6ae}.x{fill:#e08a4f}.l{stroke:#e6edf3}.s{fill:#3a444d}}"
)


def svg(rows: Sequence[Row], title: str) -> str:
    """One bar a row: the grey is stock, the coloured part ours, the upright line the limit."""
    room = _WIDTH - _LEFT - _RIGHT
    height = _TOP + _STEP * len(rows) + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{escape(title)}">',
        f"<style>{_STYLE}</style>",
        f'<text class="h" x="8" y="22">{escape(title)}</text>',
    ]
    for index, row in enumerate(rows):
        y = _TOP + index * _STEP
        text = y + _BAR - 3
        ours = min(row.ratio, 1.0) * room
        kind = "o" if row.reached else "x"
        parts += [
            f'<text x="8" y="{text}">{escape(row.name)}</text>',
            f'<rect class="s" x="{_LEFT}" y="{y}" width="{room}" height="{_BAR}" rx="3"/>',
            f'<rect class="{kind}" x="{_LEFT}" y="{y}" width="{ours:.1f}" height="{_BAR}" rx="3"/>',
            f'<text x="{_WIDTH - _RIGHT + 8}" y="{text}">{row.ours:.4g} / {row.stock:.4g} {escape(row.unit)}</text>',
        ]
        if row.limit is not None:
            x = _LEFT + row.limit * room
            parts.append(f'<line class="l" x1="{x:.1f}" x2="{x:.1f}" y1="{y - 3}" y2="{y + _BAR + 3}"/>')
    return "\n".join([*parts, "</svg>", ""])
