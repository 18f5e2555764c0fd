"""The shape of the content files. Keys are as practice staff see them; messages about mistakes are in Dutch."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from content.colours import TEXT_CONTRAST, WHITE, contrast
from content.reply import MAX_BUTTON_SHORT, MAX_BUTTON_TITLE

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Paragraphs = Annotated[tuple[Text, ...], Field(min_length=1)]
TopicId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$", max_length=30)]
Word = Annotated[str, StringConstraints(pattern=r"^[a-zà-ÿ]+(?:['’-][a-zà-ÿ]+)*$")]
EntityName = Literal["aandoening", "activiteit", "lichaamsdeel", "duur", "behandeling", "hulpmiddel"]


def _carries_white_text(colour: str) -> str:
    if contrast(colour, WHITE) < TEXT_CONTRAST:
        raise ValueError(f"wit is op de kleur {colour} niet goed te lezen; kies een donkerder kleur")
    return colour


Colour = Annotated[
    str, StringConstraints(to_lower=True, pattern=r"^#[0-9a-fA-F]{6}$"), AfterValidator(_carries_white_text)
]
# As in Content-Security-Policy's frame-ancestors; the pattern keeps a practice from adding rules of its own to it.
SiteOrigin = Annotated[
    str, StringConstraints(to_lower=True, pattern=r"^https?://(?:\*\.)?[A-Za-z0-9.-]+(?::\d{1,5})?$")
]


class _Content(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Review(_Content):
    """Who has read it. `state` stays "unreviewed" until a clinician signs with name and date."""

    date: datetime.date
    state: Literal["unreviewed", "reviewed"]
    by: str | None


class Variant(_Content):
    """The answer when the patient names this value of this entity."""

    entity: EntityName
    value: Text
    answer: Paragraphs


class Topic(_Content):
    """One topic: content/topics/<id>.yml, the intent vraag_<id>."""

    id: TopicId
    title: Annotated[str, StringConstraints(min_length=1, max_length=MAX_BUTTON_TITLE)]
    button: Annotated[str, StringConstraints(min_length=1, max_length=MAX_BUTTON_SHORT)]
    answer: Paragraphs
    more: Paragraphs
    simple: Paragraphs
    variants: tuple[Variant, ...] = ()
    reassurance: tuple[str, ...] = ()
    follow_up: Annotated[tuple[TopicId, ...], Field(min_length=2, max_length=3)]
    sources: tuple[str, ...] = ()
    image: str | None = None
    review: Review

    def variant(self, entities: dict[str, str]) -> Variant | None:
        """The variant for the first entity that has one; aandoening goes first, as it limits what is wise."""
        ordered = sorted(self.variants, key=lambda variant: variant.entity != "aandoening")
        return next((v for v in ordered if entities.get(v.entity) == v.value), None)


class Source(_Content):
    """A source text. `url` is null where its public address is not known."""

    naam: Text
    titel: Text
    url: str | None = None


class Drawing(_Content):
    """A drawing content/media/<name>.png. `alt` describes it for who cannot see it."""

    alt: Text


class OutOfHours(_Content):
    """The practice's huisartsenpost (or, in Belgium, wachtpost)."""

    naam: Text
    telefoon: Text


# Fields of a practice that are no words for an answer.
NOT_FOR_ANSWERS = {
    *("id", "beroep", "land", "huisartsenpost", "vergoeding_geldig_tot"),
    *("begroeting", "kleuren", "websites", "chat_naam", "chat_knop", "chat_plaats"),
}


class Practice(_Content):
    """One practice: content/practices/<id>.yml. Every text may end up in an answer."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
    naam: Text
    beroep: Literal["fysiotherapie", "oefentherapie"]
    land: Literal["NL", "BE"]
    telefoon: Text
    email: Text
    adres: Text
    website: Text
    afspraak_url: Text
    openingstijden: Text
    huisartsenpost: OutOfHours
    vergoeding: Text
    kosten: Text
    verwijzing: Text
    parkeren: Text
    afzeggen: Text
    huisbezoek: Text
    meenemen: Text
    vergoeding_geldig_tot: datetime.date
    # The chat on the practice's own site; see docs/praktijk/website.md. Empty: as the house has it.
    begroeting: Text | None = None
    kleuren: dict[Literal["hoofd"], Colour] = {}
    websites: tuple[SiteOrigin, ...] = ()
    chat_naam: Annotated[Text, StringConstraints(max_length=60)] | None = None
    chat_knop: Annotated[Text, StringConstraints(max_length=40)] | None = None
    chat_plaats: Literal["rechts", "links"] = "rechts"

    def fields(self) -> dict[str, str]:
        """The words that answers may hold as {naam}, {telefoon}, ..."""
        plain = self.model_dump(exclude=NOT_FOR_ANSWERS)
        return {
            **plain,
            "huisartsenpost_naam": self.huisartsenpost.naam,
            "huisartsenpost_telefoon": self.huisartsenpost.telefoon,
        }

    def fill(self, paragraphs: tuple[str, ...]) -> tuple[str, ...]:
        """Put this practice's words into an answer. Raises KeyError for a placeholder that is not known."""
        words = self.fields()
        return tuple(paragraph.format_map(words) for paragraph in paragraphs)


PLACEHOLDERS = (frozenset(Practice.model_fields) - NOT_FOR_ANSWERS) | {"huisartsenpost_naam", "huisartsenpost_telefoon"}
