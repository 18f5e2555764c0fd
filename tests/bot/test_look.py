"""What a practice sets about its chat, and what it cannot set."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from bot.look import HOUSE_COLOUR, look_of
from content import LiveLibrary, Practice

DEMO = LiveLibrary().current().practices["demo"].model_dump()


def practice(**changes: Any) -> Practice:
    return Practice.model_validate(DEMO | changes)


def test_without_settings_it_is_the_look_of_the_house_on_the_practices_own_site() -> None:
    plain: dict[str, Any] = {
        "kleuren": {},
        "websites": (),
        "chat_naam": None,
        "chat_knop": None,
        "chat_plaats": "rechts",
    }
    look = look_of(practice(**plain, website="https://www.voorbeeld.nl/over-ons"))
    assert (look.name, look.side, look.colour) == (DEMO["naam"], "rechts", HOUSE_COLOUR)
    assert look.sites == ("https://voorbeeld.nl", "https://www.voorbeeld.nl")
    assert not look.has_own_colour


def test_a_practice_chooses_colour_name_place_and_sites() -> None:
    look = look_of(
        practice(
            kleuren={"hoofd": "#7A1F5C"},
            websites=["https://de-linde.nl"],
            chat_naam="De Linde",
            chat_knop="Stel je vraag",
            chat_plaats="links",
        )
    )
    assert (look.name, look.launcher, look.side, look.colour) == ("De Linde", "Stel je vraag", "links", "#7a1f5c")
    assert look.sites == ("https://de-linde.nl",)
    assert "--brand: #7a1f5c" in look.stylesheet()


@pytest.mark.parametrize("colour", ["#ffcc00", "rood", "#fff", "#000000; } body { display: none"])
def test_a_colour_that_cannot_carry_white_text_is_refused(colour: str) -> None:
    with pytest.raises(ValidationError, match="kleuren"):
        practice(kleuren={"hoofd": colour})


@pytest.mark.parametrize(
    "site", ["*", "de-linde.nl", "https://a.nl; script-src *", "https://a.nl https://b.nl", "https://a.nl/pad"]
)
def test_a_site_cannot_add_rules_to_the_policy(site: str) -> None:
    with pytest.raises(ValidationError, match="websites"):
        practice(websites=[site])


@pytest.mark.parametrize("website", ["de-linde.nl", "https://a b.nl", "javascript:alert(1)", "https://a.nl:poort"])
def test_a_website_that_is_no_address_allows_nobody(website: str) -> None:
    assert look_of(practice(websites=(), website=website)).sites == ()
