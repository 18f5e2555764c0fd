"""A reply being put together: blocks one by one, and the memory that goes with them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from actions.acts import ASKING
from actions.blocks import (
    MORE,
    Act,
    Advice,
    Block,
    Buttons,
    Care,
    Heard,
    Passage,
    Plan,
    Reassurance,
    Text,
    Vangnet,
)
from actions.hearing import has
from actions.memory import Memory
from actions.texts import answer_of, can_say, nearest_topic, next_text, open_answers, words_of
from actions.turn import PREFIX, Turn
from alarm import may_answer
from content import Button, Kind, Topic
from content.model import Answer, VangnetKey
from content.reply import MAX_BUTTON_ID, MAX_BUTTON_SHORT, MAX_BUTTON_TITLE
from content.talk import Echo

NEAR = 0.04  # a topic less likely than this is no suggestion
ASKED = 0.6  # a part of a message that is this likely about a topic is a question of its own
MAY_BE = 0.15  # a topic this likely is answered where it has an answer to just this question and the likeliest has none
OTHERS = 0.2  # a further reading less likely than this is not kept for a correction
SURE = 0.75  # a reading less likely than this is answered with the next ones under it
RUNNERS_UP = 2
LEADS = 3  # buttons under an answer: the longer text and other topics
_CALLS = re.compile(r"\bbel\b", re.IGNORECASE)
ALWAYS = ("wanneer_huisarts", "afspraak_contact")  # where to go on when a topic leads nowhere new
THUMBS = (
    Button(id="feedback.yes", title="Dit helpt mij", short="Helpt mij"),
    Button(id="feedback.no", title="Dit helpt mij niet", short="Helpt niet"),
)


@dataclass
class Draft:
    """A reply being put together. Each case adds blocks; what they use up is remembered at once."""

    turn: Turn
    memory: Memory
    act: Act
    kind: Kind = Kind.SMALLTALK
    topic: str | None = None
    forget: bool = False
    unanswered: tuple[str, ...] | None = None
    thumb: bool | None = None
    blocks: list[Block] = field(default_factory=list)

    def done(self) -> Plan:
        understood = self.unanswered is None and self.act is not Act.OUTSIDE
        memory = replace(self.memory, misses=0 if understood else self.memory.misses)
        if self.act not in {Act.WIPE, Act.YES}:
            memory = replace(memory, asked=None)
        return Plan(
            act=self.act,
            kind=self.kind,
            blocks=tuple(self.blocks),
            memory=memory,
            topic=self.topic,
            forget=self.forget,
            unanswered=self.unanswered,
            thumb=self.thumb,
        )

    # ---- blocks ----

    def add(self, block: Block) -> None:
        self.blocks.append(block)
        name = block.ref if isinstance(block, Passage) else getattr(block, "name", None)
        if name is not None:
            self.memory = self.memory.gave(name)

    def say(
        self,
        key: str,
        own: bool = True,
        heard: bool = False,
        asks: bool = False,
        words: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """A wording of a fixed text: one that was not used in this talk while there is one."""
        talk = self.turn.library.talk.said.texts if own else self.turn.library.smalltalk
        count = len(talk[key])
        fresh = self.fresh(f"text:{key}.", count)
        wording = self.start(key, count, turning=True) if fresh is None else fresh
        self.add(Text(key, wording, own, heard, asks, words))

    def hear(self, only_told: bool = False) -> None:
        """The line that says what was heard; none where nothing was told or all lines for it are used."""
        if any(isinstance(block, Heard) or (isinstance(block, Text) and block.heard) for block in self.blocks):
            return
        said = self.turn.library.talk.said.heard
        other = self.memory.who is not None
        now = self.turn.told
        for key, echo in said.items():
            general = only_told and key == ("algemeen" if self.topic else "gevoel")
            lines = echo.other if other else echo.lines
            if not lines or not (general or _echoes(echo, self.turn, now.moods, now.facts, self.topic)):
                continue
            line = self.fresh(f"heard:{key}.{'o' if other else ''}", len(lines))
            if line is not None:
                self.blocks.insert(0, Heard(key, line, other))
                self.memory = self.memory.gave(Heard(key, line, other).name)
                return

    def fresh(self, prefix: str, count: int) -> int | None:
        """The number of a line that was not used in this talk, another one to begin with in each talk."""
        start = self.start(prefix, count)
        return next(
            (n % count for n in range(start, start + count) if not self.memory.has(f"{prefix}{n % count}")), None
        )

    def start(self, salt: str, count: int, turning: bool = False) -> int:
        seed = hashlib.sha256(f"{self.turn.sender}{salt}".encode()).digest()[0]
        return (seed + (self.memory.turns if turning else 0)) % count

    def give(self, text: Passage | Care | None, topic: Topic, lead: int | None = None) -> None:
        """A text on a topic; where all are given: that, and the practice."""
        first = not any(isinstance(block, (Passage, Care)) for block in self.blocks)
        if first:
            self.topic = topic.id
            self.memory = replace(self.memory, topic=topic.id)
        self.kind = Kind.ANSWER
        if self.waits(topic.id):
            if first:
                self.say("bel_eerst")
            return
        if text is None:
            self.say("meer_weet_ik_niet")
            return
        self.add(replace(text, lead=lead) if isinstance(text, Passage) else text)
        if first:
            self.memory = replace(self.memory, answer=text.ref if isinstance(text, Passage) else text.name)

    def close(
        self, topic: Topic, others: Sequence[tuple[Topic, str]] = (), asked: str = "", net_again: bool = False
    ) -> None:
        """What stands under answers: reassurance, safety net, and where to go on."""
        if self.waits(topic.id):
            return
        passages = [block for block in self.blocks if isinstance(block, Passage)]
        if "advies" in self.turn.entities:
            self.advise()
        elif passages:
            self.reassure(topic)
        again = net_again or bool(self.turn.watch)
        if (net := self.net(topic)) and (again or not self.memory.has(Vangnet(net).name)):
            self.add(Vangnet(net))
        self.add(Buttons((*self.leads(topic, others, asked), *(THUMBS if passages else ()))))

    def advise(self) -> None:
        """The line for a sign that is worth a talk with somebody, once a talk."""
        if "advies" in self.turn.entities and not self.memory.has(Advice.name):
            self.add(Advice())

    def leads(self, topic: Topic, others: Sequence[tuple[Topic, str]] = (), asked: str = "") -> tuple[Button, ...]:
        """Two or three buttons: questions that are left, questions near this one, the longer text, topics near it.

        Under an answer on a reading that is not sure the next readings come first: they are the way out.
        """
        found = [topic_button(other, text) for other, text in others]
        if not self.turn.pressed and self.turn.confidence < SURE:
            found += [topic_button(one) for one in self.near(NEAR)[:LEADS] if one.id != topic.id][:RUNNERS_UP]
        answered = any(isinstance(block, Passage) and answer_of(self.turn, block) for block in self.blocks)
        near = [button for one in open_answers(self.turn, self.memory, topic, asked) if (button := ask(topic, one))]
        found += near[: 1 if answered else 2]
        more = next_text(self.turn, self.memory, topic, only=MORE)
        if not others and isinstance(more, Passage) and more.topic == topic.id:
            found.append(Button(id=f"more.{topic.id}", title="Vertel meer", short="Vertel meer"))
        names = dict.fromkeys([*topic.follow_up, *self.own_topics(), *ALWAYS])
        topics = (self.turn.library.topics[name] for name in names if name in self.turn.library.topics)
        others_near = [one for one in topics if one.id != topic.id and not self.waits(one.id)]
        found += [topic_button(one) for one in others_near if can_say(self.turn, self.memory, one)]
        return tuple(found[: max(LEADS, len(others))])

    def waits(self, topic: str) -> bool:
        """Whether an open alarm goes before this topic: somebody is to be phoned first."""
        return not may_answer(self.turn.open_alarm, topic)

    def own_topics(self) -> list[str]:
        """The topics that are about what is the matter with this person."""
        facts = self.turn.library.talk.heard.facts
        return [name for fact in self.memory.facts if fact in facts and (name := facts[fact].own_topic)]

    def reassure(self, topic: Topic) -> None:
        """One line that fits the topic and the person, never twice, not in two replies on end.

        None behind a text that ends in whom to phone.
        """
        turn, memory, heard = self.turn, self.memory, self.turn.library.talk.heard
        last = next(block for block in reversed(self.blocks) if isinstance(block, Passage))
        if turn.practice.toon == "zakelijk" or memory.calmed or _CALLS.search(words_of(turn, last)[-1]):
            self.memory = replace(memory, calmed=False)
            return
        own = [key for fact in memory.facts for key in heard.reassurance_for.get(fact, ())] if topic.reassurance else []
        keys = [key for key in own or topic.reassurance if not memory.careful or key in heard.reassurance_with_care]
        for key in keys[memory.turns % max(len(keys), 1) :] + keys[: memory.turns % max(len(keys), 1)]:
            line = self.fresh(f"calm:{key}.", len(turn.library.reassurance[key]))
            if line is not None:
                self.add(Reassurance(key, line))
                self.memory = replace(self.memory, calmed=True)
                return

    def net(self, topic: Topic) -> str | None:
        """The safety net of a topic, or the one that goes before it for this person, or for a sign faintly seen."""
        nets, watch = self.turn.library.vangnet, set(self.turn.watch)
        own = self._own_net(topic)
        naming = [key for key in (own, "rug", *nets) if key in nets and watch & set(nets[key].signs)]
        return naming[0] if naming else own

    def _own_net(self, topic: Topic) -> str | None:
        careful = any(isinstance(block, Care) for block in self.blocks)
        own: VangnetKey | Literal["geen"] = "rug" if careful and topic.vangnet == "geen" else topic.vangnet
        if own == "geen":
            return None
        facts = self.memory.facts
        for fact, net in (("kind", "kind"), ("zwanger", "zwanger"), ("pas_geopereerd", "na_operatie")):
            if fact in facts and own != "pijnstillers":
                return net
        return "been" if own == "rug" and "been" in facts else own

    # ---- readings ----

    def near(self, floor: float = NEAR) -> list[Topic]:
        """The topics that may be meant, without those that the patient refused."""
        found = (name for name, chance in self.turn.topics if chance >= floor and name not in self.memory.refused)
        return [self.turn.library.topics[name] for name in found]

    def fitting(self, main: Topic, asked: str) -> Topic:
        """The topic that has an answer to just this question: the likeliest one, else another that may be meant."""
        if self.turn.pressed or nearest_topic(self.turn, [main.id], asked):
            return main
        may_be = [topic.id for topic in self.near(MAY_BE) if topic.id != main.id]
        return self.turn.library.topics[nearest_topic(self.turn, may_be, asked) or main.id]

    def questions(self) -> list[tuple[Topic, str]]:
        """What is asked: topic and words, in the order asked; empty where no topic is known."""
        turn, topics = self.turn, self.turn.library.topics
        main = turn.topic
        if main is not None and main.id in self.memory.refused and not turn.pressed:
            main = next(iter(self.near(OTHERS)), None)
        if main is None and not turn.pressed and not turn.intent.startswith(PREFIX):
            main = next(iter(self.near(OTHERS)), None)
        asking = [part for part in turn.parts if part.act in ASKING]
        found: dict[tuple[str, str], tuple[Topic, str]] = {}
        for part in asking:
            named = next((name for name, chance in part.topics if chance >= ASKED and name in topics), None)
            if named and named not in self.memory.refused:
                found[named, part.text] = (topics[named], part.text)
        if len(found) > 1 or (found and main is None):
            return list(found.values())
        if main is None:
            return []
        said = asking[0].text if len(asking) == 1 and not turn.pressed else turn.text
        main = self.fitting(main, said)
        asked = list(found.values()) if found and not turn.pressed else [(main, said)]
        second = topics.get(turn.second or "")
        if second is not None and second.id not in {topic.id for topic, _ in asked}:
            asked.append((second, turn.text))
        return asked


def topic_button(topic: Topic, asked: str = "") -> Button:
    """A button that asks this topic's question; named as it was asked where it was."""
    title = asked if asked and len(asked) <= MAX_BUTTON_TITLE else topic.title
    return Button(id=f"topic.{topic.id}", title=title, short=topic.button)


def ask(topic: Topic, answer: Answer) -> Button | None:
    """A button that asks one question of a topic; None where its words do not fit on one."""
    title = answer.as_button
    name = f"antw.{topic.id}.{answer.id}"
    if len(title) > MAX_BUTTON_TITLE or len(name) > MAX_BUTTON_ID:
        return None
    short = title if len(title) <= MAX_BUTTON_SHORT else f"{title[: MAX_BUTTON_SHORT - 1].rstrip()}…"
    return Button(id=name, title=title, short=short)


def _echoes(echo: Echo, turn: Turn, moods: Iterable[str], facts: Iterable[str], topic: str | None) -> bool:
    """Whether a line about what was heard fits this message."""
    return (
        (echo.mood is not None and echo.mood in moods)
        or bool(set(echo.facts) & set(facts))
        or topic in echo.topics
        or has(turn.folded, echo.words)
    )
