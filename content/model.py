"""The shape of the content files. Keys are as practice staff see them; messages about mistakes are in Dutch."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from content.reply import MAX_BUTTON_SHORT, MAX_BUTTON_TITLE

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Paragraphs = Annotated[tuple[Text, ...], Field(min_length=1)]
TopicId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$", max_length=30)]
Word = Annotated[str, StringConstraints(pattern=r"^[a-zà-ÿ]+(?:['’-][a-zà-ÿ]+)*$")]
EntityName = Literal["aandoening", "activiteit", "lichaamsdeel", "duur", "behandeling", "hulpmiddel"]


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


class ChannelTexts(_Content):
    """What is said in WhatsApp and Telegram only: content/channels.yml."""

    eerste_whatsapp: Annotated[tuple[Text, ...], Field(min_length=3, max_length=3)]
    eerste_telegram: Annotated[tuple[Text, ...], Field(min_length=3, max_length=3)]
    hulp: Paragraphs
    privacy: Paragraphs
    stop: Paragraphs
    niet_horen_of_zien: Paragraphs
    alleen_tekst: Paragraphs
    locatie: Paragraphs
    contact: Paragraphs
    onbekend: Paragraphs
    groep: Paragraphs
    oude_knop: Paragraphs
    te_lang: Paragraphs
    te_snel: Paragraphs
    te_laat: Paragraphs


class OutOfHours(_Content):
    """The practice's huisartsenpost (or, in Belgium, wachtpost)."""

    naam: Text
    telefoon: Text


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

    def fields(self) -> dict[str, str]:
        """The words that answers may hold as {naam}, {telefoon}, ..."""
        plain = self.model_dump(exclude={"id", "beroep", "land", "huisartsenpost", "vergoeding_geldig_tot"})
        return {
            **plain,
            "huisartsenpost_naam": self.huisartsenpost.naam,
            "huisartsenpost_telefoon": self.huisartsenpost.telefoon,
        }

    def fill(self, paragraphs: tuple[str, ...]) -> tuple[str, ...]:
        """Put this practice's words into an answer. Raises KeyError for a placeholder that is not known."""
        words = self.fields()
        return tuple(paragraph.format_map(words) for paragraph in paragraphs)


PLACEHOLDERS = frozenset(Practice.model_fields) - {
    "id",
    "beroep",
    "land",
    "huisartsenpost",
    "vergoeding_geldig_tot",
} | {
    "huisartsenpost_naam",
    "huisartsenpost_telefoon",
}
