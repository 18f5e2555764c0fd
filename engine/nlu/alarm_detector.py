"""The last NLU component: rules and trained alarm intents together decide whether a message is an alarm.

How the two are combined, and with which measured trade-off: docs/decisions/alarm-detector.md.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from alarm import Detector, Scan, Sign, Urgency, load_alarm_content

ALARM_INTENT, QUESTION_INTENT = "alarm", "alarm_vraag"
SIGNS_ENTITY, ADVICE_ENTITY = "alarm_signs", "advies"
# Signs for what only the trained net saw: no rule says which sign, so the text is the general one of that level.
GENERAL = {"alarm_spoed": "ALG_spoed", "alarm_huisarts": "ALG_huisarts", "alarm_crisis": "ALG_crisis"}


@lru_cache(maxsize=1)
def rules() -> Detector:
    """The rule layer on content/alarm, compiled once a process."""
    return Detector(load_alarm_content(Path("content/alarm")))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class AlarmDetector(GraphComponent):
    """Rewrites intent and ranking. `alarm` in the output: signs, urgency, crisis, and the topic the classifier saw."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"alarm_above": 0.75, "ask_above": 0.35, "crisis_above": 0.6, "crisis_ask_above": 0.3}

    def __init__(self, config: dict[str, Any], detector: Detector) -> None:
        self._config = config
        self._detector = detector
        self._general = {intent: sign for intent, name in GENERAL.items() if (sign := detector.sign(name))}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AlarmDetector:
        return cls(config, rules())

    def process_training_data(self, training_data: Any) -> Any:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT):
                self._decide(message)
        return messages

    def _decide(self, message: Message) -> None:
        scan = self._detector.scan(message.get(TEXT))
        chances: dict[str, float] = message.get("alarm_chances") or {}
        alarms, questions = self.combine(scan, chances)
        ranking = [r for r in message.get(INTENT_RANKING_KEY) or [] if not r["name"].startswith("alarm_")]
        intent = message.get(INTENT)
        if intent and (intent.get("name") or "").startswith("alarm_"):
            # The net's guess counts only through `combine`; what is left is the best ordinary intent, as a doubt.
            intent = {"name": "nlu_fallback", "confidence": 1.0 - sum(chances.values())}
        urgent = [sign for sign in alarms if sign.urgency >= Urgency.VANDAAG or sign.crisis]
        advice = bool(alarms) and not urgent
        entities = message.get(ENTITIES) or []
        if urgent or questions:
            name = ALARM_INTENT if urgent else QUESTION_INTENT
            signs = urgent or questions
            intent = {"name": name, "confidence": 1.0}
            entities = [*entities, _entity(SIGNS_ENTITY, ",".join(sign.id for sign in signs[:3]))]
        elif advice:
            entities = [*entities, _entity(ADVICE_ENTITY, alarms[0].id)]
        message.set(INTENT, intent, add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(ENTITIES, entities, add_to_output=True)
        message.set("alarm", _report(urgent, questions, alarms, ranking), add_to_output=True)

    def combine(self, scan: Scan, chances: dict[str, float]) -> tuple[list[Sign], list[Sign]]:
        """Signs that are present and signs to ask about, the most urgent first."""
        alarms, questions = list(scan.alarms), list(scan.questions)
        if any(sign.urgency >= Urgency.VANDAAG or sign.crisis for sign in alarms):
            crisis = self._general.get("alarm_crisis")
            if crisis and not scan.crisis and chances.get("alarm_crisis", 0) >= self._config["crisis_above"]:
                alarms.append(crisis)
            return alarms, questions
        urgent = chances.get("alarm_spoed", 0.0)
        soon = chances.get("alarm_huisarts", 0.0)
        despair = chances.get("alarm_crisis", 0.0)
        # Rules that saw the sign and judged it denied, known or past outrank the net, which cannot read a "niet".
        calm = scan.dismissed and not questions
        if despair >= self._config["crisis_above"] and not calm:
            alarms.insert(0, self._general["alarm_crisis"])
        elif despair >= self._config["crisis_ask_above"] and not calm:
            questions.insert(0, self._general["alarm_crisis"])
        if not calm:
            level = "alarm_spoed" if urgent >= soon else "alarm_huisarts"
            if urgent + soon >= self._config["alarm_above"]:
                alarms.insert(0, self._general[level])
            elif urgent + soon >= self._config["ask_above"]:
                questions.append(self._general[level])
        return alarms, questions


def _entity(name: str, value: str) -> dict[str, Any]:
    return {
        "entity": name,
        "value": value,
        "start": 0,
        "end": 0,
        "confidence_entity": 1.0,
        "extractor": "AlarmDetector",
    }


def _report(
    urgent: list[Sign], questions: list[Sign], alarms: list[Sign], ranking: list[dict[str, Any]]
) -> dict[str, Any]:
    raised = urgent or questions or alarms
    topic = next((r["name"].removeprefix("vraag_") for r in ranking if r["name"].startswith("vraag_")), None)
    return {
        "signs": [sign.id for sign in urgent],
        "questions": [sign.id for sign in questions],
        "urgency": max((sign.urgency for sign in raised), default=Urgency.GEEN).code,
        "crisis": any(sign.crisis for sign in raised),
        "topic": topic,
    }
