"""The words for a talk: what is heard in a message (facts.yml), what is said to it (acts.yml), names (phrases.yml)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from content.model import Fact, Paragraphs, Text

Phrases = tuple[Text, ...]
Mood = Literal["bang", "boos", "verdriet", "moe", "niet_geloofd", "blij", "grapje"]
TALK_PLACEHOLDERS = frozenset({"wie", "Wie", "onderwerp", "a", "b"})  # "je moeder", "Je moeder"; phrases of topics
Person = Literal["moeder", "vader", "kind", "partner", "ander"]


class _Content(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FactWords(_Content):
    """How a fact is said. The keys stand explained at the head of facts.yml."""

    words: Phrases
    care: bool = False
    in_doubt: bool = False
    ends: tuple[Fact, ...] = ()
    condition: str | None = None
    own_topic: str | None = None
    also_moving: tuple[str, ...] = ()


class Wipe(_Content):
    """Words in a wish to wipe that make it another wish: to keep the talk, or a word and the topic it leads to."""

    keep: Phrases = ()
    other: dict[str, str] = Field(default_factory=dict)


class Heard(_Content):
    """facts.yml: from what is typed to facts, who is ill, and how they feel."""

    facts: dict[Fact, FactWords] = Field(default_factory=dict)
    careful: Phrases = ()
    people: dict[Person, Phrases] = Field(default_factory=dict)
    mine: Phrases = ()
    before: Phrases = ()
    behind: Phrases = ()
    helpers: Phrases = ()
    speakers: Phrases = ()
    himself: Phrases = ()
    denials: Phrases = ()
    asks_first: Phrases = ()
    doubts: Phrases = ()
    moods: dict[Mood, Phrases] = Field(default_factory=dict)
    asks: Phrases = ()
    goodbye: Phrases = ()
    wipe: Wipe = Wipe()
    moving: tuple[str, ...] = ()
    sound_backs: Phrases = ()
    reassurance_with_care: tuple[str, ...] = ()
    reassurance_for: dict[Fact, tuple[str, ...]] = Field(default_factory=dict)


class Echo(_Content):
    """Lines that say what was heard, and when: a mood, words, a fact or a topic. `other`: the same about {wie}."""

    mood: Mood | None = None
    words: Phrases = ()
    facts: tuple[Fact, ...] = ()
    topics: tuple[str, ...] = ()
    lines: Annotated[Phrases, Field(min_length=1)]
    other: Phrases = ()


class Help(_Content):
    """What helps somebody who feels so. `topic`: what to read further on. `question`: asked once.

    `with_care`: in place of `texts` where somebody in the talk has a fact with `care`.
    """

    texts: Annotated[tuple[Paragraphs, ...], Field(min_length=1)]
    with_care: tuple[Paragraphs, ...] = ()
    topic: str | None = None
    question: Text | None = None


class Said(_Content):
    """acts.yml: what is said by act. Each entry is a list of wordings."""

    heard: dict[str, Echo] = Field(default_factory=dict)
    helps: dict[Mood | Literal["algemeen"], Help] = Field(default_factory=dict)
    care: dict[Fact, tuple[Paragraphs, ...]] = Field(default_factory=dict)
    texts: dict[str, tuple[Paragraphs, ...]] = Field(default_factory=dict)
    people: dict[Person, Text] = Field(default_factory=dict)


class Talk(_Content):
    """All of it. `phrases`: topic id -> what it is about in a few words, behind "Gaat het om ..."."""

    heard: Heard = Heard()
    said: Said = Said()
    phrases: dict[str, Text] = Field(default_factory=dict)
