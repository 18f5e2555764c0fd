"""/inhoud: all that patients may read, with sources and state, for a therapist to read, print and sign."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from alarm import AlarmContent, Sign, Urgency, load_alarm_content
from bot.alarm_reply import AFRAID, CALLED, NO, NOBODY, WRONG, YES
from bot.pages import WEB, version
from bot.services import Services
from content import Button, Image, Library, Practice, SourceLink, Topic
from content.model import Answer, Basis, Review
from content.talk import TALK_PLACEHOLDERS

router = APIRouter()
# Limits of the platforms, in characters and buttons; web has none.
WHATSAPP_WITH_BUTTONS = 1_024
WHATSAPP_BUTTONS = 3
WHATSAPP_ROWS = 10
TELEGRAM_TEXT = 4_096
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_MORE = ("Vertel meer", "Vertel meer")
_SIMPLER = ("Zeg het simpeler", "Simpeler")
_THUMBS = (
    Button(id="feedback.yes", title="Dit helpt mij", short="Helpt mij"),
    Button(id="feedback.no", title="Dit helpt mij niet", short="Helpt niet"),
)
GROUPS = {
    "Rugpijn begrijpen": (
        "lage_rugpijn_wat", "lage_rugpijn_klachten", "rugpijn_oorzaken", "rugpijn_duur", "specifiek_aspecifiek",
        "uitstraling_been", "nek_bovenrug", "beeldvorming", "stress_emoties", "houding", "rug_of_nieren", "kraken",
        "niet_serieus",
    ),
    "Aandoeningen": (
        "artrose_wat", "artrose_klachten", "artrose_oorzaken", "artrose_genezing", "spit_wat", "hernia_wat",
        "osteoporose_wat", "andere_aandoeningen", "stenose", "zwangerschap", "rugpijn_kind", "stuitje",
    ),
    "Bewegen en oefenen": (
        "bewegen_veilig", "rust_of_bewegen", "rug_is_sterk", "sport", "krachttraining", "opbouwen", "pijn_na_bewegen",
        "oefeningen_welke", "oefeningen_hoe_vaak", "oefeningen_pijn", "mobiliteit", "opvlamming", "zelf_doen",
        "preventie", "eerste_dagen",
    ),
    "Dagelijks leven": (
        "tillen_bukken", "zitten_werk", "werk_ziekmelden", "autorijden_huishouden", "slaap", "seks_intimiteit",
        "ademhaling_ontspanning", "leefstijl", "warmte", "hulpmiddelen", "steunzolen", "zorgen_voor_ander",
    ),
    "Behandeling": (
        "oefentherapie_wat", "andere_zorg", "eerste_afspraak", "behandeling_verloop", "behandelduur", "resultaat",
        "injectie", "pijnstillers", "pijnstillers_afbouwen", "operatie", "na_operatie", "niets_helpt",
        "klacht_behandeling",
    ),
    "Huisarts en praktijk": (
        "wanneer_huisarts", "verwijzing", "vergoeding", "afspraak_contact", "afspraak_wijzigen", "praktisch",
        "wachttijd",
    ),
}  # fmt: skip
_REST = "Andere onderwerpen"
_URGENCIES = {
    Urgency.BEL_112: "112 bellen",
    Urgency.SPOED_NU: "nu bellen",
    Urgency.VANDAAG: "vandaag bellen",
    Urgency.AFSPRAAK: "bespreken op een afspraak",
    Urgency.GEEN: "geen spoed",
}
_CRISIS = "crisis"
_UNREVIEWED = "nog niet nagekeken door een zorgverlener"
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One text of a topic and its buttons. `length` counts characters, the longest reassurance and sources with it."""

    name: str
    paragraphs: tuple[str, ...]
    buttons: tuple[Button, ...]
    length: int

    @property
    def too_long(self) -> tuple[str, ...]:
        """The channels that cannot take this in one message with buttons."""
        limits = {"WhatsApp": WHATSAPP_WITH_BUTTONS, "Telegram": TELEGRAM_TEXT}
        return tuple(channel for channel, limit in limits.items() if self.length > limit)

    @property
    def whatsapp_buttons(self) -> str:
        """The form that so many buttons take in WhatsApp."""
        count = len(self.buttons)
        if count <= WHATSAPP_BUTTONS:
            return f"{count} knoppen"
        return f"een lijst van {count} regels" if count <= WHATSAPP_ROWS else f"te veel: {count} regels"


@dataclass(frozen=True)
class ForWhom:
    """What is said in place of an answer to who has a fact: words, or the name of what is said instead."""

    fact: str
    paragraphs: tuple[str, ...] = ()
    step: str | None = None
    instead: str | None = None


@dataclass(frozen=True)
class AnswerSheet:
    """The answer to one question, with the wordings that it is found by and what it rests on."""

    ref: str
    asks: tuple[str, ...]
    paragraphs: tuple[str, ...]
    step: str | None
    for_whom: tuple[ForWhom, ...]
    not_for: tuple[str, ...]
    basis: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """One topic, filled with the words of a practice. `parts` are the answer, the longer and simpler text, variants.

    `told` is for who tells and asks nothing; `vangnet` is the key of the safety net under it.
    """

    topic: Topic
    parts: tuple[Part, ...]
    answers: tuple[AnswerSheet, ...]
    told: tuple[str, ...]
    vangnet: str | None
    reassurance: dict[str, tuple[str, ...]]
    follow_up: tuple[Topic, ...]
    sources: tuple[SourceLink, ...]
    image: Image | None


@dataclass(frozen=True)
class AlarmSheet:
    """One fixed text and the signs that it is said for, the most urgent first."""

    key: str
    paragraphs: tuple[str, ...]
    signs: tuple[Sign, ...]


@router.get("/inhoud", response_class=HTMLResponse)
async def inhoud(request: Request, praktijk: str = "") -> HTMLResponse:
    """Every text that a patient of a practice may read. Raises ApiError 404 for a practice that is not known."""
    services = Services.of(request)
    installed = services.installed(praktijk or services.settings.practice)
    others = [other.practice for other in services.book.all()]
    page = await asyncio.to_thread(
        render, installed.library, services.settings.content / "alarm", installed.practice, others
    )
    return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"})


def render(library: Library, alarm_folder: Path, practice: Practice, practices: Sequence[Practice] = ()) -> str:
    """The page; one can choose from `practices`. Raises AlarmContentError when content/alarm has a mistake."""
    groups = {name: [sheet(library, practice, topic) for topic in topics] for name, topics in grouped(library)}
    return _templates().get_template("inhoud.html").render(
        version=version(),
        practice=practice,
        practices=list(practices or library.practices.values()),
        groups=groups,
        count=len(library.topics),
        reviewed=sum(topic.review.state == "reviewed" for topic in library.topics.values()),
        vangnet={key: (practice.fill(net.text), net.signs) for key, net in library.vangnet.items()},
        nets_of=_nets_of(library),
        sign_names={key: sign.name for key, sign in _alarms(alarm_folder).signs.items()},
        said=_said(library, practice),
        reassurance=library.reassurance,
        smalltalk={key: [practice.fill(reply) for reply in replies] for key, replies in library.smalltalk.items()},
        languages={key: practice.fill(reply) for key, reply in library.languages.items()},
        channels={key: practice.fill(text) for key, text in library.channels.items()},
        alarms=alarm_sheets(_alarms(alarm_folder), practice),
        alarm_buttons=(CALLED, NOBODY, AFRAID, WRONG),
        question_buttons=(YES, NO),
        whatsapp_limit=WHATSAPP_WITH_BUTTONS,
        telegram_limit=TELEGRAM_TEXT,
    )  # fmt: skip


def grouped(library: Library) -> Iterator[tuple[str, list[Topic]]]:
    """Each group with its topics; a topic that no group names comes last, so that none is left out."""
    left = dict(library.topics)
    for name, topics in GROUPS.items():
        found = [left.pop(topic) for topic in topics if topic in left]
        if found:
            yield name, found
    if left:
        yield _REST, list(left.values())


def sheet(library: Library, practice: Practice, topic: Topic) -> Sheet:
    """A topic with the words of a practice, and with what stands under each of its texts."""
    reassurance = {key: library.reassurance[key] for key in topic.reassurance}
    follow_up = tuple(library.topics[name] for name in topic.follow_up)
    found = (library.sources[name] for name in topic.sources)
    sources = tuple(SourceLink(title=f"{source.titel} ({source.naam})", url=source.url) for source in found)
    on = tuple(Button(id=f"topic.{other.id}", title=other.title, short=other.button) for other in follow_up)
    more = Button(id=f"more.{topic.id}", title=_MORE[0], short=_MORE[1])
    simpler = Button(id=f"simple.{topic.id}", title=_SIMPLER[0], short=_SIMPLER[1])
    longest = max((line for lines in reassurance.values() for line in lines), key=len, default="")

    def part(name: str, paragraphs: tuple[str, ...], buttons: tuple[Button, ...], line: str = "") -> Part:
        words = practice.fill(paragraphs)
        whole = [*words, *([line] if line else []), *(f"Bron: {source.title}" for source in sources)]
        return Part(name, words, buttons, len("\n\n".join(whole)))

    under_answer = (more, *on[:2], *_THUMBS)
    return Sheet(
        topic=topic,
        parts=(
            part("Antwoord", topic.answer, under_answer, longest),
            part("Vertel meer", topic.more, (simpler, *on[:2])),
            part("Simpeler", topic.simple, on),
            *(part(f"Bij {v.entity} ‘{v.value}’", v.answer, under_answer, longest) for v in topic.variants),
        ),
        answers=tuple(answer_sheet(library, practice, topic, answer) for answer in topic.answers),
        told=practice.fill(topic.told or ()),
        vangnet=None if topic.vangnet == "geen" else topic.vangnet,
        reassurance=reassurance,
        follow_up=follow_up,
        sources=sources,
        image=Image(url=f"/media/{topic.image}.png", alt=library.drawings[topic.image].alt) if topic.image else None,
    )


def answer_sheet(library: Library, practice: Practice, topic: Topic, answer: Answer) -> AnswerSheet:
    """One answer of a topic with the words of a practice."""
    return AnswerSheet(
        ref=f"{topic.id}.{answer.id}",
        asks=answer.asks,
        paragraphs=practice.fill(answer.answer),
        step=practice.fill((answer.step,))[0] if answer.step else None,
        for_whom=tuple(
            ForWhom(
                fact=label(other.fact),
                paragraphs=practice.fill(other.answer or ()),
                step=practice.fill((other.step,))[0] if other.step else None,
                instead=_called(library, other.say_instead) if other.say_instead else None,
            )
            for other in answer.for_facts
        ),
        not_for=tuple(label(fact).lower() for fact in answer.not_for),
        basis=tuple(_rests_on(library, basis) for basis in answer.basis),
    )


def _called(library: Library, ref: str) -> str:
    """An answer as the page names it: the topic's title, and the question where it is one."""
    found = library.answer(ref)
    title = library.topics[ref.partition(".")[0]].title
    return f"{title} ‘{found.asks[0]}’" if found else title


def _rests_on(library: Library, basis: Basis) -> str:
    source = library.source(basis)
    if source is None:
        return f"algemene kennis: {basis.algemeen}"
    return f"{source.titel} ({source.naam}): {basis.deel}"


def _nets_of(library: Library) -> dict[str, list[Topic]]:
    """The topics under which each safety net stands."""
    return {key: [topic for topic in library.topics.values() if topic.vangnet == key] for key in library.vangnet}


def _said(library: Library, practice: Practice) -> dict[str, dict[str, list[tuple[str, ...]]]]:
    """What is said to what a patient does (content/acts.yml), by heading and key; what the talk fills in is marked."""
    said = library.talk.said
    found: dict[str, dict[str, list[tuple[str, ...]]]] = {
        "Wat is gehoord": {key: [(line,) for line in (*echo.lines, *echo.other)] for key, echo in said.heard.items()},
        "Wat helpt bij een gevoel": {
            key: [*help_.texts, *([(help_.question,)] if help_.question else [])] for key, help_ in said.helps.items()
        },
        "Wie voorzichtig moet zijn": {key: list(texts) for key, texts in said.care.items()},
        "In het gesprek": {key: list(texts) for key, texts in said.texts.items()},
    }
    spaces = SPACES | {name: f"[{name}]" for name in TALK_PLACEHOLDERS}
    return {
        heading: {key: [practice.fill(text, **spaces) for text in texts] for key, texts in kinds.items()}
        for heading, kinds in found.items()
        if kinds
    }


# What a text around an alarm leaves open, as a reader of the page sees it.
SPACES = {name: f"[{name}]" for name in ("teken", "gehoord", "zeg", "waarom", "vraag", "veilig", "wie")}


def alarm_sheets(content: AlarmContent, practice: Practice) -> list[AlarmSheet]:
    """Every fixed text: those of signs first, in order of urgency, then what is said around an alarm."""
    sheets = []
    for key, text in content.texts.items():
        signs = sorted((s for s in content.signs.values() if s.text == key), key=lambda s: (-s.urgency, s.name))
        sheets.append(AlarmSheet(key, practice.fill(text.paragraphs, **SPACES), tuple(signs)))
    return sorted(sheets, key=lambda one: -max((sign.urgency for sign in one.signs), default=-1))


@lru_cache(maxsize=1)
def _alarms(folder: Path) -> AlarmContent:
    """Read once, as the alarms that patients get are."""
    return load_alarm_content(folder)


def urgency(sign: Sign) -> str:
    """How fast, in Dutch, and whether it is a crisis."""
    words = _URGENCIES[sign.urgency]
    if not sign.crisis:
        return words
    return _CRISIS if sign.urgency is Urgency.GEEN else f"{_CRISIS}, {words}"


def state(review: Review) -> str:
    """Who has read a topic, in Dutch."""
    if review.state == "unreviewed":
        return _UNREVIEWED
    return f"nagekeken door {review.by}" if review.by else "nagekeken"


def sign_state(review: str) -> str:
    """The same for the free words under an alarm sign."""
    return _UNREVIEWED if review.lower().startswith("not yet reviewed") else review


def date(day: datetime.date) -> str:
    """22 november 2026"""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def label(key: str) -> str:
    """A name of content/ as words: feedback_goed becomes Feedback goed."""
    return key.replace("_", " ").capitalize()


def thousands(number: int) -> str:
    """1024 as Dutch readers write it: 1.024"""
    return f"{number:,}".replace(",", ".")


@lru_cache(maxsize=1)
def _templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(
        urgency=urgency, state=state, sign_state=sign_state, date=date, label=label, thousands=thousands
    )
    return found
