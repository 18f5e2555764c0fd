"""What a clinician signs: every topic and every alarm, each in the very words that patients read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from alarm import AlarmContent
from content import Library, Topic
from store import Subject


def subjects(library: Library, alarms: AlarmContent) -> Iterator[Subject]:
    """The texts that a practice with this library shows, topics first."""
    for topic in library.topics.values():
        yield topic_subject(topic)
    yield from alarm_subjects(alarms)


def topic_subject(topic: Topic) -> Subject:
    """A topic in the version of all its words; buttons, sources and drawings may change without a new signature."""
    variants = [[v.entity, v.value, v.answer] for v in topic.variants]
    return Subject("onderwerp", topic.id, _digest([topic.title, topic.answer, topic.more, topic.simple, variants]))


def alarm_subjects(alarms: AlarmContent) -> Iterator[Subject]:
    """The fixed texts, and each sign with its question, its level and the text it leads to."""
    for name, text in alarms.texts.items():
        yield Subject("alarmtekst", name, _digest(text.paragraphs))
    for name, sign in alarms.signs.items():
        version = _digest(
            [sign.name, sign.question, sign.say, sign.heard, sign.why, sign.urgency.code, sign.crisis, sign.text]
        )
        yield Subject("alarmteken", name, version)


def _digest(words: Any) -> str:
    return hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()[:16]
