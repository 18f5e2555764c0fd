"""How the chat looks on one practice's site, and which sites may show it: the one place that reads these fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from content import Practice
from content.colours import BLACK, WHITE, mix, readable

HOUSE_COLOUR = "#0e5a5c"  # as in static/chat/chat.css
LAUNCHER = "Vraag over je rug?"
# What the brand's text colour stands on in chat.css: --page, --surface and --tint, light and dark.
_LIGHT = ("#f1f6f5", "#ffffff", "#e3efed")
_DARK = ("#101a1c", "#1b2a2d", "#20383b")


@dataclass(frozen=True)
class Look:
    """`colour` carries white text. `sites` are origins as in Content-Security-Policy, our own not among them."""

    name: str
    launcher: str
    side: Literal["rechts", "links"]
    colour: str
    sites: tuple[str, ...]

    @property
    def has_own_colour(self) -> bool:
        return self.colour != HOUSE_COLOUR

    def stylesheet(self) -> str:
        """CSS that puts the practice's colour, in shades that can be read, over those of chat.css."""
        hover = mix(self.colour, BLACK, 0.2)
        light, dark = readable(self.colour, _LIGHT, BLACK), readable(self.colour, _DARK, WHITE)
        return (
            f":root {{ --brand: {self.colour}; --brand-hover: {hover}; --brand-text: {light}; }}\n"
            f"@media (prefers-color-scheme: dark) {{ :root {{ --brand-text: {dark}; }} }}\n"
        )


def look_of(practice: Practice) -> Look:
    """The look of a practice's chat; where it names no sites, the one of its own website may show it."""
    return Look(
        name=practice.chat_naam or practice.naam,
        launcher=practice.chat_knop or LAUNCHER,
        side=practice.chat_plaats,
        colour=practice.kleuren.get("hoofd", HOUSE_COLOUR),
        sites=practice.websites or _own_site(practice.website),
    )


def _own_site(website: str | None) -> tuple[str, ...]:
    parts = urlsplit(website or "")
    try:
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return ()
    if parts.scheme not in ("http", "https") or not host.replace("-", "").replace(".", "").isalnum():
        return ()
    suffix = f":{port}" if port else ""
    return tuple(f"{parts.scheme}://{name}{suffix}" for name in (host, f"www.{host}"))
