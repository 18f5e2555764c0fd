"""Colours that a practice may choose, and the shades made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.colours import BLACK, TEXT_CONTRAST, WHITE, contrast, mix, readable

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    # From the WebAIM contrast checker, rounded as it does.
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_what_wcag_says(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


@given(COLOURS)
def test_any_colour_gets_a_shade_that_can_be_read(colour: str) -> None:
    on_light = readable(colour, ("#e3efed", WHITE), BLACK)
    assert min(contrast(on_light, "#e3efed"), contrast(on_light, WHITE)) >= TEXT_CONTRAST
    assert contrast(readable(colour, ("#20383b",), WHITE), "#20383b") >= TEXT_CONTRAST


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert readable("#0b5658", (WHITE,), BLACK) == "#0b5658"


def test_half_of_black_and_white_is_grey() -> None:
    assert mix(BLACK, WHITE, 0.5) == "#808080"
