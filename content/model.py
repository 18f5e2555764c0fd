"""The shape of the content files. Keys are as practice staff see them; messages about mistakes are in Dutch."""

from __future__ import annotations

import datetime
from collections.abc import Container
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from content.colours import TEXT_CONTRAST, WHITE, contrast
from content.hours import Hours
from content.reply import MAX_BUTTON_SHORT, MAX_BUTTON_TITLE

MIN_ASKS = 6
MAX_ASKS = 20
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Paragraphs = Annotated[tuple[Text, ...], Field(min_length=1)]
TopicId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$", max_length=30)]
PracticeId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
Word = Annotated[str, StringConstraints(pattern=r"^[a-zà-ÿ]+(?:['’-][a-zà-ÿ]+)*$")]
AnswerId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$", max_length=40)]
# "sport.hoe_vaak" is one answer, "sport" the general text of the topic.
AnswerRef = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(?:\.[a-z0-9_]+)?$")]
EntityName = Literal["aandoening", "activiteit", "lichaamsdeel", "duur", "behandeling", "hulpmiddel"]

# What may be known of the person; an answer may differ by it.
Fact = Literal[
    "zwanger", "pas_geopereerd", "geopereerd", "kanker_gehad", "prednison", "bloedverdunner", "osteoporose",
    "gevallen", "hernia", "artrose", "stenose", "spit", "chronisch", "kort", "kind", "oudere", "mantelzorger",
    "werk_zwaar", "werk_zittend", "been", "nek",
]  # fmt: skip
VangnetKey = Literal["rug", "been", "nek", "pijnstillers", "na_operatie", "zwanger", "kind"]


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


class Basis(_Content):
    """What an answer rests on: a source text, a guideline, or general knowledge that a clinician has yet to confirm.

    `bron` is a key of sources.yml; `richtlijn` is a guideline as sources.yml calls it; `deel` the heading or chapter.
    """

    bron: Text | None = None
    richtlijn: Text | None = None
    algemeen: Text | None = None
    deel: Text | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Basis:
        if sum(value is not None for value in (self.bron, self.richtlijn, self.algemeen)) != 1:
            raise ValueError("noem precies een van bron, richtlijn en algemeen")
        if self.algemeen is None and self.deel is None:
            raise ValueError("deel ontbreekt: het kopje van de bron, of het hoofdstuk van de richtlijn")
        return self


class ForFact(_Content):
    """What is said in place of an answer to who has `fact`: words of its own, or another answer of the content."""

    fact: Fact
    answer: Paragraphs | None = None
    step: Text | None = None
    say_instead: AnswerRef | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> ForFact:
        if (self.answer is None) == (self.say_instead is None):
            raise ValueError("schrijf answer of say_instead, niet allebei")
        if self.step and self.say_instead:
            raise ValueError("step hoort bij answer; say_instead heeft zijn eigen step")
        return self


class Answer(_Content):
    """The answer to one question. `asks` are the wordings that it is found by; for_facts stands as `for` in the file.

    `not_for`: who has one of these facts never gets it, nor by a button.
    """

    id: AnswerId
    asks: Annotated[tuple[Text, ...], Field(min_length=MIN_ASKS, max_length=MAX_ASKS)]
    answer: Paragraphs
    step: Text | None = None
    for_facts: tuple[ForFact, ...] = Field(default=(), alias="for")
    not_for: tuple[Fact, ...] = ()
    basis: Annotated[tuple[Basis, ...], Field(min_length=1)]

    @property
    def as_button(self) -> str:
        """The question as a button says it: its first wording."""
        return self.asks[0][:1].upper() + self.asks[0][1:]

    def for_fact(self, facts: Container[str]) -> ForFact | None:
        """What is said in its place to who has these facts: the first that applies, in the order of the file."""
        return next((other for other in self.for_facts if other.fact in facts), None)

    def fits(self, facts: Container[str]) -> bool:
        """Whether this answer may be given to who has these facts, as it stands or in the words for one of them."""
        return not any(fact in facts for fact in self.not_for) or self.for_fact(facts) is not None


class Vangnet(_Content):
    """When to phone a doctor after all. `signs` are ids of content/alarm/signs that the text names."""

    text: Paragraphs
    signs: Annotated[tuple[Text, ...], Field(min_length=1)]


class Topic(_Content):
    """One topic: content/topics/<id>.yml, the intent vraag_<id>.

    `answer` is the general text; `answers` each answer one question; `told` is for who tells and asks nothing;
    `vangnet` names the safety net of content/vangnet.yml that belongs under it.
    """

    id: TopicId
    title: Annotated[str, StringConstraints(min_length=1, max_length=MAX_BUTTON_TITLE)]
    button: Annotated[str, StringConstraints(min_length=1, max_length=MAX_BUTTON_SHORT)]
    answer: Paragraphs
    more: Paragraphs
    simple: Paragraphs
    variants: tuple[Variant, ...] = ()
    answers: tuple[Answer, ...] = ()
    told: Paragraphs | None = None
    vangnet: VangnetKey | Literal["geen"] = "geen"
    reassurance: tuple[str, ...] = ()
    follow_up: Annotated[tuple[TopicId, ...], Field(min_length=2, max_length=3)]
    sources: tuple[str, ...] = ()
    image: str | None = None
    review: Review

    def variant(self, entities: dict[str, str]) -> Variant | None:
        """The variant for the first entity that has one; aandoening goes first, as it limits what is wise."""
        ordered = sorted(self.variants, key=lambda variant: variant.entity != "aandoening")
        return next((v for v in ordered if entities.get(v.entity) == v.value), None)

    def find(self, answer: str) -> Answer | None:
        """The answer with this id."""
        return next((one for one in self.answers if one.id == answer), None)


class Source(_Content):
    """A source text or a guideline. `url` is null where its public address is not known.

    `richtlijn` is what `basis` calls a guideline; a source text has none.
    """

    naam: Text
    titel: Text
    url: str | None = None
    richtlijn: Text | None = None


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
    """One practice, in content/practices/<id>.yml or in the store. Every text may end up in an answer.

    A practice may start with its first five fields; until it has all that `missing` names it is being tried out.
    """

    id: PracticeId
    naam: Annotated[Text, StringConstraints(max_length=200)]
    beroep: Literal["fysiotherapie", "oefentherapie"]
    land: Literal["NL", "BE"]
    telefoon: Annotated[Text, StringConstraints(max_length=40)]
    email: Annotated[Text, StringConstraints(max_length=254)] | None = None
    adres: Annotated[Text, StringConstraints(max_length=300)] | None = None
    website: Annotated[Text, StringConstraints(max_length=500)] | None = None
    afspraak_url: Annotated[Text, StringConstraints(max_length=500)] | None = None
    openingstijden: Text | None = None
    uren: Hours | None = None
    huisartsenpost: OutOfHours | None = None
    vergoeding: Text | None = None
    kosten: Text | None = None
    verwijzing: Text | None = None
    parkeren: Text | None = None
    afzeggen: Text | None = None
    huisbezoek: Text | None = None
    meenemen: Text | None = None
    vergoeding_geldig_tot: datetime.date | None = None
    begroeting: Annotated[Text, StringConstraints(max_length=200)] | None = None
    toon: Literal["hartelijk", "zakelijk"] = "hartelijk"
    # The chat on the practice's own site; see docs/praktijk/website.md. Empty: as the house has it.
    kleuren: dict[Literal["hoofd"], Colour] = {}
    websites: tuple[SiteOrigin, ...] = ()
    chat_naam: Annotated[Text, StringConstraints(max_length=60)] | None = None
    chat_knop: Annotated[Text, StringConstraints(max_length=40)] | None = None
    chat_plaats: Literal["rechts", "links"] = "rechts"
    onderwerpen_uit: tuple[TopicId, ...] = ()

    @field_validator("onderwerpen_uit")
    @classmethod
    def _may_be_off(cls, topics: tuple[str, ...]) -> tuple[str, ...]:
        fixed = sorted(ALWAYS_ON.intersection(topics))
        if fixed:
            raise ValueError(f"{', '.join(fixed)} kan niet uit: dat moet een patiënt altijd kunnen vragen")
        return topics

    def missing(self) -> tuple[str, ...]:
        """The fields that must be filled in before patients use it."""
        empty = [name for name in MANDATORY if getattr(self, name) is None]
        return tuple(name for name in empty if name != "openingstijden" or self.uren is None)

    def fields(self) -> dict[str, str]:
        """The words that answers may hold as {naam}, {telefoon}, ...; what is missing says so."""
        words = {name: getattr(self, name) or MISSING for name in PLACEHOLDERS if name in Practice.model_fields}
        if self.openingstijden is None and self.uren is not None:
            words["openingstijden"] = self.uren.week()
        post = self.huisartsenpost or _SOME_POST[self.land]
        return {
            **words,
            "huisartsenpost_naam": post.naam,
            "huisartsenpost_telefoon": post.telefoon,
            **HELP_BY_COUNTRY[self.land],
            **WORDS_BY_COUNTRY[self.land],
        }

    def fill(self, paragraphs: tuple[str, ...], **more: str) -> tuple[str, ...]:
        """Put this practice's words, and `more`, into a text. Raises KeyError for a placeholder that is not known."""
        words = self.fields() | more
        return tuple(paragraph.format_map(words) for paragraph in paragraphs)


# Without a number of its own an alarm still says how to reach a doctor: 1733 is Belgium's number for the doctor on
# duty, and a Dutch GP's answering machine names the huisartsenpost.
_SOME_POST = {
    "NL": OutOfHours(naam="de huisartsenpost", telefoon="bel je huisarts, het bandje noemt het nummer"),
    "BE": OutOfHours(naam="de huisartsenwachtpost", telefoon="1733"),
}
# Who helps in a crisis and at violence, by country. Sources: 113.nl and veiligthuis.nl; for Belgium general knowledge
# (zelfmoord1813.be: the phone day and night, the chat in the evening; 1712.be: on working days; 106 is Tele-Onthaal,
# day and night; antigifcentrum.be). In the Netherlands the poison line is for doctors only.
HELP_BY_COUNTRY = {
    "NL": {
        "crisislijn": "113",
        "crisislijn_site": "113.nl",
        "crisislijn_chat": "Chatten kan ook, dag en nacht: 113.nl.",
        "hulp_bij_geweld": "Bel Veilig Thuis: 0800-2000. Dat is gratis, dag en nacht.",
        "vergiftiging": "",
    },
    "BE": {
        "crisislijn": "1813",
        "crisislijn_site": "zelfmoord1813.be",
        "crisislijn_chat": "Chatten kan ook, van 17 tot 24 uur: zelfmoord1813.be.",
        "hulp_bij_geweld": "Bel 1712. Dat is gratis. Is die dicht? Bel Tele-Onthaal: 106.",
        "vergiftiging": " Of bel het Antigifcentrum: 070 245 245.",
    },
}
# What differs between the Netherlands and Flanders: names, and rules of insurance (from rijksoverheid.nl; for Belgium
# general knowledge, to be confirmed).
WORDS_BY_COUNTRY = {
    "NL": {
        "fysiotherapeut": "fysiotherapeut",
        "verloskundige": "verloskundige",
        "bedrijfsarts": "bedrijfsarts",
        "verwijsbrief": "verwijsbrief",
        "verzekeraar": "zorgverzekeraar",
        "verwijzing_regels": "Je mag meestal zonder verwijsbrief komen. Sommige verzekeraars vragen er toch om.",
        "vergoeding_regels": "Ben je 18 of ouder? Dan betaalt bij gewone rugpijn alleen je aanvullende verzekering.",
        "vergoeding_meer": (
            "Hoeveel behandelingen je krijgt, staat in je polis. Dat zijn de papieren van je verzekering. Heb je geen "
            "aanvullende verzekering? Dan betaal je meestal zelf. Staat je ziekte op een vaste lijst? Dan betaalt je "
            "gewone verzekering vanaf de 21e keer. Ben je nog geen 18? Dan betaalt die 9 keer, soms 18 keer. "
            "Op rijksoverheid.nl staan de regels."
        ),
    },
    "BE": {
        "fysiotherapeut": "kinesist",
        "verloskundige": "vroedvrouw of gynaecoloog",
        "bedrijfsarts": "arbeidsarts",
        "verwijsbrief": "voorschrift",
        "verzekeraar": "ziekenfonds",
        "verwijzing_regels": "Met een voorschrift van je arts betaalt je ziekenfonds een deel terug.",
        "vergoeding_regels": "Met een voorschrift van je arts betaalt je ziekenfonds een deel terug.",
        "vergoeding_meer": (
            "Het voorschrift krijg je van je huisarts of een andere arts. Neem het mee naar de eerste afspraak. Hoe "
            "vaak je per jaar iets terugkrijgt, weet je ziekenfonds."
        ),
    },
}
MISSING = "[nog niet ingevuld]"
# Patients must always be able to ask these; alarms are no topics and cannot be switched off at all.
ALWAYS_ON = frozenset({"wanneer_huisarts", "afspraak_contact"})
MANDATORY = (
    "email", "adres", "website", "afspraak_url", "openingstijden", "huisartsenpost", "vergoeding", "kosten",
    "verwijzing", "parkeren", "afzeggen", "huisbezoek", "meenemen", "vergoeding_geldig_tot",
)  # fmt: skip
PLACEHOLDERS = frozenset({
    "naam", "telefoon", *MANDATORY, "huisartsenpost_naam", "huisartsenpost_telefoon", *HELP_BY_COUNTRY["NL"],
    *WORDS_BY_COUNTRY["NL"],
} - {"huisartsenpost", "vergoeding_geldig_tot"})  # fmt: skip


class PrivacySection(_Content):
    """A heading of the privacy page with what stands below it.

    `land`: only for practices of that country. `kort`: also in the chat's own window about privacy. `langer`: only
    where a patient may have the talk kept longer.
    """

    kop: Text
    tekst: Paragraphs
    kort: bool = False
    langer: bool = False
    land: Literal["NL", "BE"] | None = None


class Privacy(_Content):
    """content/privacy.yml: the notice before the first question, and the privacy page."""

    melding: Paragraphs
    knop: Annotated[str, StringConstraints(min_length=1, max_length=MAX_BUTTON_SHORT)]
    eerst_akkoord: Paragraphs
    proef: Paragraphs
    pagina: Annotated[tuple[PrivacySection, ...], Field(min_length=1)]


PRIVACY_PLACEHOLDERS = frozenset({"bewaartijd", "langer", "vragentijd"})


class OwnText(_Content):
    """A practice's own words on a topic, in place of the common ones; what it leaves out stays common."""

    answer: Paragraphs | None = None
    more: Paragraphs | None = None
    simple: Paragraphs | None = None

    @model_validator(mode="after")
    def _something(self) -> OwnText:
        if not (self.answer or self.more or self.simple):
            raise ValueError("hier staat geen answer, more of simple")
        return self

    def on(self, topic: Topic) -> Topic:
        """The topic with these words. An own answer also stands in for the variants of the common one."""
        own = {name: words for name in ("answer", "more", "simple") if (words := getattr(self, name)) is not None}
        return topic.model_copy(update=own | ({"variants": ()} if self.answer else {}))


class PracticeFile(Practice):
    """What `ruggesteun praktijk` imports and exports: a practice with its own texts."""

    eigen_teksten: dict[TopicId, OwnText] = Field(default_factory=dict)

    def practice(self) -> Practice:
        """The practice without the texts."""
        return Practice.model_validate(self.model_dump(exclude={"eigen_teksten"}, exclude_unset=True))
