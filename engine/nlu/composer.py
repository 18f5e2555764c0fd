"""Training messages of two lines: an alarm sign among ordinary words, and a long message on one subject.

The classifier reads a message as a whole, so a sign in the middle of a story drowns: of 300 alarm lines between
ordinary sentences 141 fell below the threshold, against 26 alone; with these messages 58 do (docs/decisions/0007).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from alarm import ALARM_INTENTS
from engine.nlu.labels import QUESTION
from engine.nlu.parts import parts
from engine.progress import say

_JOINTS = (". ", " ", "\n", ". ")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class MessageComposer(GraphComponent):
    """Adds training examples and touches no message of a patient. Stands before the tokenizer, which reads them too."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"alarm_share": 0.5, "questions": 2000, "seed": 0}

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageComposer:
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        lines = [
            Given(m.get(TEXT), m.get(INTENT), (m.get(METADATA) or {}).get("intent") or {})
            for m in training_data.intent_examples
            if m.get(TEXT) and m.get(INTENT)
        ]
        say(f"composing: messages of two of {len(lines):,} lines")
        made = composed(lines, **self._config_of_composed())
        say(f"composing: {len(made):,} made")
        new = [Message({TEXT: x.text, INTENT: x.intent, METADATA: {"intent": dict(x.marks)}}) for x in made]
        return training_data.merge(TrainingData(new))

    def process(self, messages: list[Message]) -> list[Message]:
        return messages

    def _config_of_composed(self) -> dict[str, Any]:
        return {name: self._config[name] for name in self.get_default_config()}


@dataclass(frozen=True)
class Given:
    """A training line; `marks` is the metadata of its intent (engine/nlu/labels.py)."""

    text: str
    intent: str
    marks: Mapping[str, Any] = field(default_factory=dict)


def composed(lines: list[Given], *, alarm_share: float, questions: int, seed: int) -> list[Given]:
    """Messages made of `lines`; the same ones for the same lines.

    A share of the short alarm lines comes again behind, before or between lines about a topic, and stays that alarm.
    That many questions come again with another line on the same topic, so that length alone is no sign of alarm. Lines
    of a batch were written as whole messages: they only stand around others, and the parts of calm ones come again.
    What a line is put with hangs on its own text, so that a new line among thousands changes few messages and few are
    encoded anew.
    """
    around = [line for line in lines if line.intent.startswith(QUESTION) and not line.marks.get("running")]
    asked = [line for line in around if not line.marks.get("batch")]
    if not asked:
        return []
    anything = _Ring(around)
    rings: dict[str, _Ring] = {}
    for intent in {line.intent for line in asked}:
        rings[intent] = _Ring([line for line in asked if line.intent == intent])
    found = []
    for line in lines:
        random = Random(f"{seed} {line.text}")
        if line.intent in ALARM_INTENTS and not line.marks.get("batch") and random.random() < alarm_share:
            before, after = anything.near(random.random()), anything.near(random.random())
            text = line.text
            pieces = random.choice(
                [
                    (before.text, text),
                    (before.text, text),
                    (text, after.text),
                    (text, after.text),
                    (before.text, text, after.text),
                ]
            )
            topic = (before if pieces[0] != text else after).intent.removeprefix(QUESTION)
            found.append(Given(random.choice(_JOINTS).join(pieces), line.intent, {**line.marks, "topic": topic}))
        elif line.marks.get("batch") and line.intent not in ALARM_INTENTS:
            # A sentence of a calm story is as calm as the whole: what is heard in a part is learned from parts.
            found += [Given(part.text, line.intent, {"part": True}) for part in parts(line.text)]
    chosen = sorted(asked, key=lambda line: _place(f"{seed} {line.text}"))[:questions]
    for line in chosen:
        random = Random(f"{seed} {line.text}")
        other = rings[line.intent].near(random.random())
        found.append(Given(line.text + random.choice(_JOINTS) + other.text, line.intent, line.marks))
    return found


class _Ring:
    """Lines at places that hang on nothing but their text: a new one takes over only what lies just before it."""

    def __init__(self, lines: list[Given]) -> None:
        self._lines = sorted(lines, key=lambda line: (_place(line.text), line.text))
        self._places = [_place(line.text) for line in self._lines]

    def near(self, place: float) -> Given:
        """The first line at or behind a place between 0 and 1."""
        return self._lines[bisect_left(self._places, place) % len(self._lines)]


def _place(text: str) -> float:
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big") / 2**64
