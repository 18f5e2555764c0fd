"""Every Reply the assistant can give, from all content and all alarms, for every practice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from actions import compose
from actions.suggest import suggestion
from actions.turn import Turn
from alarm import Act, Ear, OpenAlarm, State, load_alarm_content
from bot.alarm_reply import AlarmVoice
from content import Kind, Library, Practice, Reply

ROOT = Path(__file__).parents[3] / "content"
LIBRARY = Library.load(ROOT)
ALARMS = load_alarm_content(ROOT / "alarm")
VOICE = AlarmVoice(ALARMS, Ear(ROOT / "alarm" / "talk.yml", ALARMS))
AFTER = tuple(act.value for act in Act if act not in {Act.ALARM, Act.QUESTION})


def turn(practice: Practice, intent: str = "", *ranked: str) -> Turn:
    ranking = tuple((f"vraag_{name}", 0.3) for name in ranked)
    entities = {"advies": "ja"}
    return Turn(LIBRARY, practice, intent, 0.9, entities, ranking, "", None, {}, 0, False, "0" * 32)


def answers(practice: Practice) -> Iterator[Reply]:
    for topic in LIBRARY.topics.values():
        asked = turn(practice, f"vraag_{topic.id}")
        yield compose.answer(asked, topic)[0]
        yield compose.longer(asked, topic)
        yield compose.simpler(asked, topic)
        for variant in topic.variants:
            yield compose.answer(asked, topic, variant)[0]
    names = list(LIBRARY.topics)
    for index in range(len(names)):
        yield suggestion(turn(practice, "", *(names * 2)[index : index + 3]))


def talk(practice: Practice) -> Iterator[Reply]:
    for wordings in LIBRARY.smalltalk.values():
        for wording in wordings:
            yield Reply(kind=Kind.SMALLTALK, paragraphs=practice.fill(wording))
    for language, wording in LIBRARY.languages.items():
        yield Reply(kind=Kind.DECLINED, paragraphs=practice.fill(wording), lang=language)
    for text in LIBRARY.channels.values():
        yield Reply(kind=Kind.SMALLTALK, paragraphs=practice.fill(text))


def alarms(practice: Practice) -> Iterator[Reply]:
    signs = list(ALARMS.signs.values())
    for sign in signs:
        if sign.calls_for_action:
            yield VOICE.alarm([sign], practice)
        yield VOICE.question([sign], practice)
        for text in AFTER:
            yield VOICE.of_custom({"signs": sign.id, "text": text}, practice)
        for state in (State.SAID, State.ASKED):
            kept = OpenAlarm((sign.id,), state, sign.urgency.code, sign.crisis, remind=True)
            yield VOICE.keep(Reply(kind=Kind.ANSWER, topic="sport", paragraphs=("Ja, dat mag.",)), practice, kept)
    if practice.id == "demo":  # the pairs are many, and the other practices only have other numbers in them
        for pair in combinations(signs, 2):
            yield VOICE.alarm(pair, practice)


def every_reply() -> list[Reply]:
    """Some thousands."""
    return [
        reply
        for practice in LIBRARY.practices.values()
        for replies in (answers(practice), talk(practice), alarms(practice))
        for reply in replies
    ]
