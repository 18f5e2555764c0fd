"""Put a reply together from content: answer, reassurance, sources, buttons."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from actions.opening import about_opening
from actions.turn import Turn
from content import Button, Image, Kind, Reply, SourceLink, Topic
from content.model import Variant

ADVICE = "Bespreek dit met je therapeut of huisarts."
SOMETHING_ELSE = Button(id="talk.anders", title="Iets anders", short="Iets anders")
THUMBS = (
    Button(id="feedback.yes", title="Dit helpt mij", short="Helpt mij"),
    Button(id="feedback.no", title="Dit helpt mij niet", short="Helpt niet"),
)
# After these "je rug is sterk" stays away for the rest of the talk (medical corrections: it can be untrue there).
CAREFUL_TOPICS = frozenset({"osteoporose_wat", "na_operatie", "zwangerschap", "rugpijn_kind"})
CAREFUL_CONDITIONS = frozenset({"osteoporose", "wervelbreuk"})
CAREFUL_WORDS = (
    "kanker", "tumor", "uitzaai", "chemo", "osteopor", "botontkalk", "broze bot", "prednis", "gevallen", "breuk",
    "gebroken", "geopereerd", "operatie", "zwanger", "bevall", "mijn kind", "mijn zoon", "mijn dochter",
)  # fmt: skip
STRENGTH = "rug_is_sterk"
REACHING = "afspraak_contact"


def topic_button(topic: Topic) -> Button:
    """A button that asks this topic's question."""
    return Button(id=f"topic.{topic.id}", title=topic.title, short=topic.button)


def answer(turn: Turn, topic: Topic, variant: Variant | None = None) -> tuple[Reply, dict[str, Any]]:
    """The answer to a topic, and what the slot `shown` becomes."""
    shown = _remember_care(turn, topic, variant)
    reassurance, shown = _reassurance(turn, topic, variant, shown)
    paragraphs = turn.practice.fill(variant.answer if variant else topic.answer)
    if topic.id == REACHING and (opening := about_opening(turn.practice, turn.text, datetime.now(UTC))):
        paragraphs = (opening, *paragraphs)
    advice = "advies" in turn.entities and not shown.get("advised")
    if advice:
        paragraphs = (*paragraphs, ADVICE)
        shown["advised"] = True
    reply = Reply(
        kind=Kind.ANSWER,
        topic=topic.id,
        urgency="afspraak" if "advies" in turn.entities else "geen",
        paragraphs=paragraphs,
        reassurance=reassurance,
        image=_image(turn, topic) if variant is None else None,
        sources=_sources(turn, topic),
        buttons=(
            Button(id=f"more.{topic.id}", title="Vertel meer", short="Vertel meer"),
            *(topic_button(turn.library.topics[name]) for name in topic.follow_up),
            *THUMBS,
        ),
        confidence=turn.confidence,
    )
    return reply, shown


def longer(turn: Turn, topic: Topic) -> Reply:
    """ "Vertel meer" on a topic."""
    return Reply(
        kind=Kind.ANSWER,
        topic=topic.id,
        paragraphs=turn.practice.fill(topic.more),
        sources=_sources(turn, topic),
        buttons=(
            Button(id=f"simple.{topic.id}", title="Zeg het simpeler", short="Simpeler"),
            *(topic_button(turn.library.topics[name]) for name in topic.follow_up),
        ),
        confidence=turn.confidence,
    )


def simpler(turn: Turn, topic: Topic) -> Reply:
    """The same in simpler words."""
    return Reply(
        kind=Kind.ANSWER,
        topic=topic.id,
        paragraphs=turn.practice.fill(topic.simple),
        sources=_sources(turn, topic),
        buttons=tuple(topic_button(turn.library.topics[name]) for name in topic.follow_up),
        confidence=turn.confidence,
    )


def talk(turn: Turn, intent: str, kind: Kind = Kind.SMALLTALK, **more: Any) -> Reply:
    """One of the fixed replies of content/smalltalk.yml."""
    wordings = turn.library.smalltalk[intent]
    wording = wordings[pick(turn, intent, len(wordings))]
    return Reply(kind=kind, paragraphs=turn.practice.fill(wording), confidence=turn.confidence, **more)


def pick(turn: Turn, salt: str, count: int) -> int:
    """An index below `count` that differs from turn to turn and is the same when a turn is replayed."""
    users = sum(1 for event in turn.past if event.get("event") == "user")
    start = hashlib.sha256(f"{turn.sender}{salt}".encode()).digest()[0]
    return (start + users) % count


def _remember_care(turn: Turn, topic: Topic, variant: Variant | None) -> dict[str, Any]:
    shown = dict(turn.shown)
    # Said in an alarm or in a message that was not understood, it counts as well: all that was typed is looked at.
    typed = [
        str(event.get("text") or "").lower()
        for event in turn.past
        if event.get("event") == "user" and not (event.get("metadata") or {}).get("button")
    ]
    said = any(word in text for text in typed for word in CAREFUL_WORDS)
    if said or topic.id in CAREFUL_TOPICS or turn.entities.get("aandoening") in CAREFUL_CONDITIONS:
        shown["careful"] = True
    return shown


def _reassurance(
    turn: Turn, topic: Topic, variant: Variant | None, shown: dict[str, Any]
) -> tuple[str | None, dict[str, Any]]:
    """One line that fits the topic, another key than the last time, or none where it would be wrong.

    A practice whose tone is businesslike has none either.
    """
    if turn.practice.toon == "zakelijk":
        return None, shown
    if variant is not None and variant.value in CAREFUL_CONDITIONS:
        return None, shown
    keys = [key for key in topic.reassurance if not (shown.get("careful") and key == STRENGTH)]
    if shown.get("careful") and turn.entities.get("aandoening") in CAREFUL_CONDITIONS:
        return None, shown
    fresh = [key for key in keys if key != shown.get("last")] or keys
    if not fresh:
        return None, shown
    key = fresh[pick(turn, topic.id, len(fresh))]
    wordings = turn.library.reassurance[key]
    used = int(dict(shown.get("used") or {}).get(key, pick(turn, key, len(wordings))))
    shown["used"] = {**dict(shown.get("used") or {}), key: (used + 1) % len(wordings)}
    shown["last"] = key
    return wordings[used % len(wordings)], shown


def _image(turn: Turn, topic: Topic) -> Image | None:
    if topic.image is None:
        return None
    return Image(url=f"/media/{topic.image}.png", alt=turn.library.drawings[topic.image].alt)


def _sources(turn: Turn, topic: Topic) -> tuple[SourceLink, ...]:
    found = (turn.library.sources[name] for name in topic.sources)
    return tuple(SourceLink(title=f"{source.titel} ({source.naam})", url=source.url) for source in found)
