"""The NLU components of the alarm: the rules before the classifier, the decision (alarm/decide.py) behind it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from alarm import (
    ALARM_INTENTS,
    AlarmContent,
    Detector,
    Limits,
    Names,
    NetReading,
    OpenAlarm,
    Sign,
    decide,
    load_alarm_content,
)

ALARM_INTENT, QUESTION_INTENT = "alarm", "alarm_vraag"
SIGNS_ENTITY, ADVICE_ENTITY = "alarm_signs", "advies"
SCAN, NET = "alarm_scan", "alarm_net"  # on the message, between the components
OPEN = "open_alarm"  # slot of the talk, which the connector lays in the message's metadata
FALLBACK = "nlu_fallback"
ENOUGH = 0.5  # share of the ordinary intents' probability that the best needs to be answered


@lru_cache(maxsize=1)
def content() -> AlarmContent:
    """content/alarm, read once a process."""
    return load_alarm_content(Path("content/alarm"))


@lru_cache(maxsize=1)
def rules() -> Detector:
    """The rule layer on it, compiled once a process."""
    return Detector(content())


class _Component(GraphComponent):
    """One that learns nothing."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._limits = Limits.of(config)
        self._names = Names(content().signs.values())
        self._detector = rules()  # compiled at start, not at the first message

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> _Component:
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT):
                self.look_at(message)
        return messages

    def look_at(self, message: Message) -> None:
        raise NotImplementedError


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class AlarmRules(_Component):
    """Lays what the rules found beside the message, before the classifier: it looks twice where they found anything."""

    def look_at(self, message: Message) -> None:
        message.set(SCAN, self._detector.scan(message.get(TEXT)))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class AlarmDetector(_Component):
    """Puts the verdict in the place of the intent, and on the message as `alarm`. Any of Limits may stand in config."""

    def look_at(self, message: Message) -> None:
        scan = message.get(SCAN) or self._detector.scan(message.get(TEXT))
        open_alarm = OpenAlarm.of((message.get(METADATA) or {}).get(OPEN))
        verdict = decide(scan, NetReading.of(message.get(NET)), self._names, self._limits, open_alarm)
        ranking = [r for r in message.get(INTENT_RANKING_KEY) or [] if r["name"] not in ALARM_INTENTS]
        intent = _ordinary(message.get(INTENT) or {}, ranking)
        entities = message.get(ENTITIES) or []
        if verdict.signs:
            intent = {"name": ALARM_INTENT if verdict.sure else QUESTION_INTENT, "confidence": 1.0}
            entities = [*entities, _entity(SIGNS_ENTITY, _worth_naming(verdict.signs))]
        elif verdict.advice:
            entities = [*entities, _entity(ADVICE_ENTITY, [verdict.advice])]
        topic = next((r["name"].removeprefix("vraag_") for r in ranking if r["name"].startswith("vraag_")), None)
        message.set(INTENT, intent, add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(ENTITIES, entities, add_to_output=True)
        message.set("alarm", {**verdict.to_json(), "topic": topic}, add_to_output=True)


def _worth_naming(signs: tuple[Sign, ...]) -> list[Sign]:
    """The three most urgent signs and, whatever their number, the first one of a crisis."""
    return [*signs[:3], *[sign for sign in signs[3:] if sign.crisis][:1]]


def _ordinary(intent: dict[str, Any], ranking: list[dict[str, Any]]) -> dict[str, Any]:
    """The intent apart from alarms: where alarm intents took the lead, the best of the others if it is clear enough."""
    if intent.get("name") not in ALARM_INTENTS | {FALLBACK} or not ranking:
        return intent
    calm = sum(found["confidence"] for found in ranking)
    share = ranking[0]["confidence"] / max(calm, 1e-9)
    if intent["name"] in ALARM_INTENTS and share >= ENOUGH:
        return {"name": ranking[0]["name"], "confidence": share}
    return {"name": FALLBACK, "confidence": 1.0 - share}


def _entity(name: str, signs: list[Sign]) -> dict[str, Any]:
    value = ",".join(sign.id for sign in signs)
    place = {"start": 0, "end": 0, "confidence_entity": 1.0, "extractor": "AlarmDetector"}
    return {"entity": name, "value": value, **place}
