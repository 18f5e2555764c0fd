"""Every Reply the assistant can give, from all content and all alarms, for every practice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from actions import compose
from actions.blocks import Act, Block, Buttons, Heard, Passage, Plan, Vangnet
from actions.draft import THUMBS, topic_button
from actions.memory import Memory
from actions.turn import Turn
from alarm import Act as AlarmAct
from alarm import Ear, OpenAlarm, State, load_alarm_content
from bot.alarm_reply import AlarmVoice
from content import Button, Kind, Library, Practice, Reply, Topic
from tests.actions.talk import Talk

ROOT = Path(__file__).parents[3] / "content"
LIBRARY = Library.load(ROOT)
ALARMS = load_alarm_content(ROOT / "alarm")
VOICE = AlarmVoice(ALARMS, Ear(ROOT / "alarm" / "talk.yml", ALARMS))
AFTER = tuple(act.value for act in AlarmAct if act not in {AlarmAct.ALARM, AlarmAct.QUESTION})


def answers(practice: Practice) -> Iterator[Reply]:
    """Every text on every topic, alone and with a second one, and every question of which two topics are meant."""
    names = list(LIBRARY.topics)
    for index, topic in enumerate(LIBRARY.topics.values()):
        for passage in passages(topic):
            yield shown(practice, passage, topic)
        said = Talk(LIBRARY, practice)
        near = dict.fromkeys((names * 2)[index : index + 3], 0.3)
        said.says("mag dat", topic.id, second=names[index - 1], entities={"advies": "ja"})
        yield said.reply
        for _ in range(3):
            said.says("hm", near=near, entities={"advies": "ja"})
            yield said.reply


def passages(topic: Topic) -> Iterator[Passage]:
    yield from (Passage(topic.id, part) for part in ("", "more", "simple", "told"))
    yield from (Passage(topic.id, f"={variant.value}") for variant in topic.variants)
    for answer in topic.answers:
        yield Passage(topic.id, answer.id)
        yield from (Passage(topic.id, answer.id, own.fact) for own in answer.for_facts if own.answer)


def shown(practice: Practice, passage: Passage, topic: Topic) -> Reply:
    """One text with the longest line that may stand before it, a safety net and the most buttons."""
    near = [topic_button(LIBRARY.topics[name]) for name in topic.follow_up]
    more = Button(id=f"more.{topic.id}", title="Vertel meer", short="Vertel meer")
    blocks: list[Block] = [Heard("algemeen", 0), passage, Buttons((more, *near, *THUMBS))]
    if topic.vangnet != "geen":
        blocks.append(Vangnet(topic.vangnet))
    plan = Plan(Act.ASK, Kind.ANSWER, tuple(blocks), Memory(), topic.id)
    return compose.reply(plan, Turn(LIBRARY, practice, f"vraag_{topic.id}", confidence=0.9))


def talk(practice: Practice) -> Iterator[Reply]:
    for mood in LIBRARY.talk.said.helps:
        said = Talk(LIBRARY, practice, memory=Memory(mood=mood if mood != "algemeen" else None))
        for _ in range(3):
            said.says("ja", "emotie")
            yield said.reply
    for intent in ("correctie", "frustratie", "wil_mens", "wis_gesprek"):
        said = Talk(LIBRARY, practice)
        said.says("ja", intent)
        yield said.reply
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
