"""Training messages of two lines: an alarm sign among ordinary words, and a long message on one subject.

The classifier reads a message as a whole, so a sign in the middle of a story drowns: of 300 alarm lines between
ordinary sentences 141 fell below the threshold, against 26 alone; with these messages 58 do (docs/decisions/0007).
"""

from __future__ import annotations

from bisect import bisect_left
from hashlib import sha256
from random import Random
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

ALARMS = frozenset({"alarm_112", "alarm_spoed", "alarm_huisarts", "alarm_crisis", "alarm_nu_gevaar"})
QUESTION = "vraag_"
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
        lines = [(m.get(TEXT), m.get(INTENT)) for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]
        new = [Message({TEXT: text, INTENT: intent}) for text, intent in composed(lines, **self._config_of_composed())]
        return training_data.merge(TrainingData(new))

    def process(self, messages: list[Message]) -> list[Message]:
        return messages

    def _config_of_composed(self) -> dict[str, Any]:
        return {name: self._config[name] for name in self.get_default_config()}


def composed(lines: list[tuple[str, str]], *, alarm_share: float, questions: int, seed: int) -> list[tuple[str, str]]:
    """Messages made of `lines` (text, intent); the same ones for the same lines.

    A share of the alarm lines comes again behind, before or between lines about a topic, and stays an alarm. That many
    questions come again with another line on the same topic, so that length alone is no sign of alarm. What a line is
    put with hangs on its own text, so that a new line among thousands changes few messages and few are encoded anew.
    """
    asked = [line for line in lines if line[1].startswith(QUESTION)]
    if not asked:
        return []
    anything = _Ring([text for text, _ in asked])
    same: dict[str, list[str]] = {}
    for text, intent in asked:
        same.setdefault(intent, []).append(text)
    rings = {intent: _Ring(texts) for intent, texts in same.items()}
    found = []
    for text, intent in lines:
        random = Random(f"{seed} {text}")
        if intent in ALARMS and random.random() < alarm_share:
            before, after = anything.near(random.random()), anything.near(random.random())
            parts = random.choice([(before, text), (before, text), (text, after), (text, after), (before, text, after)])
            found.append((random.choice(_JOINTS).join(parts), intent))
    chosen = sorted(asked, key=lambda line: _place(f"{seed} {line[0]}"))[:questions]
    for text, intent in chosen:
        random = Random(f"{seed} {text}")
        found.append((text + random.choice(_JOINTS) + rings[intent].near(random.random()), intent))
    return found


class _Ring:
    """Texts at places that hang on nothing but themselves: a new one takes over only what lies just before it."""

    def __init__(self, texts: list[str]) -> None:
        ordered = sorted((_place(text), text) for text in texts)
        self._places = [place for place, _ in ordered]
        self._texts = [text for _, text in ordered]

    def near(self, place: float) -> str:
        """The first text at or behind a place between 0 and 1."""
        return self._texts[bisect_left(self._places, place) % len(self._texts)]


def _place(text: str) -> float:
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big") / 2**64
