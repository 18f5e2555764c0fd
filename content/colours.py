"""Colours of a practice: what WCAG 2.2 asks of them, and shades that keep to it."""

from __future__ import annotations

TEXT_CONTRAST = 4.5  # WCAG 2.2, 1.4.3 (AA): text against what is behind it
WHITE = "#ffffff"
BLACK = "#000000"
_STEP = 0.04


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours `#rrggbb`: 1 (the same) to 21 (black and white)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(colour: str, towards: str, share: float) -> str:
    """`colour` with a share (0 to 1) of another."""
    pairs = zip(_channels(colour), _channels(towards), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def readable(colour: str, backgrounds: tuple[str, ...], towards: str) -> str:
    """The shade nearest to `colour` that can be read on all backgrounds, moving to black or white."""
    share = 0.0
    while share < 1:
        shade = mix(colour, towards, share)
        if all(contrast(shade, background) >= TEXT_CONTRAST for background in backgrounds):
            return shade
        share += _STEP
    return towards


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    # WCAG's own constant: the sRGB standard has 0.04045, which no 8-bit colour can tell apart.
    return float(value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4)
