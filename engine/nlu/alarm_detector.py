"""The last NLU component: rules and trained alarm intents together decide whether a message is an alarm.

How the two are combined, and with which measured trade-off: docs/decisions/0007-alarm-detector.md.
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
from rasa.shared.nlu.training_data.training_data import TrainingData

from alarm import Detector, Scan, Sign, Status, Urgency, load_alarm_content

ALARM_INTENT, QUESTION_INTENT = "alarm", "alarm_vraag"
SIGNS_ENTITY, ADVICE_ENTITY = "alarm_signs", "advies"
# Signs for what only the trained net saw: no rule says which sign, so the text is the general one of that level.
GENERAL = {
    "alarm_112": "ALG_112",
    "alarm_spoed": "ALG_spoed",
    "alarm_huisarts": "ALG_huisarts",
    "alarm_crisis": "ALG_crisis",
    "alarm_nu_gevaar": "PSY03_nu_gevaar",
    "alarm_afspraak": "ALG_afspraak",
}
NET = frozenset(GENERAL)
FALLBACK = "nlu_fallback"
SCAN = "alarm_scan"  # on the message, between the components: what the rules found
SCRAP = 5  # words: of a message this short the net knows too little to take a doubt of the rules away
ENOUGH = 0.5  # share of the ordinary intents' probability that the best needs to be answered


@lru_cache(maxsize=1)
def rules() -> Detector:
    """The rule layer on content/alarm, compiled once a process."""
    return Detector(load_alarm_content(Path("content/alarm")))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class AlarmRules(GraphComponent):
    """Lays what the rules found beside the message, before the classifier: it looks twice where they found anything."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AlarmRules:
        rules()  # compile at start, not at the first message
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT):
                message.set(SCAN, rules().scan(message.get(TEXT)))
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class AlarmDetector(GraphComponent):
    """Rewrites intent and ranking. `alarm` in the output: signs, urgency, crisis, and the topic the classifier saw."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # Together with spoed counts 112, together with crisis nu_gevaar.
            "alarm_above": 0.65,  # spoed and huisarts together: an alarm
            "ask_above": 0.4,  # the same: a question
            "urgent_above": 0.02,  # spoed alone: of the two levels the higher is taken
            "crisis_above": 0.6,
            "crisis_ask_above": 0.25,
            "worst_share": 0.4,  # 112 of spoed and huisarts together: the level of what the net sees is 112
            "worst_above": 0.3,  # 112, where the rules found a sign of a lower level
            "danger_share": 0.5,  # nu_gevaar of the crisis intents together: the crisis is one of now
            "worse_above": 0.08,  # spoed, where the rules found a sign of a lower level
            "overrule_above": 0.9,  # spoed and huisarts, or crisis, where the rules judged all signs as not meant
            "doubt_above": 0.08,  # all alarm intents together: below it a question of the rules alone is not put
            "crisis_doubt_above": 0.03,  # the same for a question about a crisis
            "advice_above": 0.2,  # afspraak and the others together: one line under the answer
        }

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
        scan = message.get(SCAN) or self._detector.scan(message.get(TEXT))
        seen = message.get("alarm_chances") or {}
        chances = {name: float(seen.get(name, 0.0)) for name in NET}
        alarms, questions = self.combine(scan, chances)
        ranking = [r for r in message.get(INTENT_RANKING_KEY) or [] if r["name"] not in NET]
        intent = _ordinary(message.get(INTENT) or {}, ranking, sum(chances.values()))
        urgent = [sign for sign in alarms if sign.urgency >= Urgency.VANDAAG or sign.crisis]
        advice = bool(alarms) and not urgent
        entities = message.get(ENTITIES) or []
        if urgent or questions:
            name = ALARM_INTENT if urgent else QUESTION_INTENT
            signs = urgent or questions
            intent = {"name": name, "confidence": 1.0}
            entities = [*entities, _entity(SIGNS_ENTITY, ",".join(sign.id for sign in _worth_naming(signs)))]
        elif advice:
            entities = [*entities, _entity(ADVICE_ENTITY, alarms[0].id)]
        message.set(INTENT, intent, add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(ENTITIES, entities, add_to_output=True)
        message.set("alarm", _report(urgent, questions, alarms, ranking), add_to_output=True)

    def combine(self, scan: Scan, chances: dict[str, float]) -> tuple[list[Sign], list[Sign]]:
        """Signs that are present and signs to ask about, the most urgent first."""
        alarms, questions = self._weigh(scan, chances)
        return _most_urgent_first(alarms), _most_urgent_first(questions)

    def _weigh(self, scan: Scan, chances: dict[str, float]) -> tuple[list[Sign], list[Sign]]:
        alarms, questions = list(scan.alarms), list(scan.questions)
        limits = self._config
        worst, urgent = chances["alarm_112"], chances["alarm_112"] + chances["alarm_spoed"]
        soon = chances["alarm_huisarts"]
        danger, despair = chances["alarm_nu_gevaar"], chances["alarm_nu_gevaar"] + chances["alarm_crisis"]
        crisis = self._general["alarm_nu_gevaar" if danger >= limits["danger_share"] * despair else "alarm_crisis"]
        sure = [sign for sign in alarms if sign.urgency >= Urgency.VANDAAG or sign.crisis]
        if sure:
            # The rules have found one sign; the net may know that it is worse than that, or that there is another.
            worse = None
            if scan.urgency < Urgency.BEL_112 and worst >= limits["worst_above"]:
                worse = self._general["alarm_112"]
            elif scan.urgency < Urgency.SPOED_NU and urgent >= limits["worse_above"]:
                worse = self._general["alarm_spoed"]
            if worse:
                alarms += _named(questions, worse) or [worse]
            known = max((sign.urgency for sign in alarms if sign.crisis), default=None)
            # Beside another alarm a doubtful crisis is not asked about: its text names 113, and does not say it is so.
            enough = limits["crisis_ask_above"] if known is None else limits["crisis_above"]
            if despair >= enough and (known is None or crisis.urgency > known):
                alarms.append(crisis if despair >= limits["crisis_above"] else self._general["alarm_crisis"])
            return alarms, questions
        name = "alarm_spoed" if urgent >= limits["urgent_above"] else "alarm_huisarts"
        level = self._general["alarm_112" if worst >= limits["worst_share"] * (urgent + soon) else name]
        if scan.dismissed or (scan.about_subject and not questions and not alarms):
            # Denied or known for the rules, or a question about the subject: only a very sure net asks. It cannot read
            # "vorig jaar": what is past stays past.
            if any(finding.status is Status.PAST for finding in scan.findings):
                return alarms, questions
            if urgent + soon >= limits["overrule_above"]:
                questions.append(level)
            if despair >= limits["overrule_above"]:
                questions.append(crisis)
            sure_of_something = urgent + soon + chances["alarm_afspraak"] >= limits["alarm_above"]
            if scan.dismissed and sure_of_something and not alarms and not questions:
                alarms.append(self._general["alarm_afspraak"])
            return alarms, questions
        seen = urgent + soon + despair + chances["alarm_afspraak"]
        if seen < limits["doubt_above"] and scan.words > SCRAP:
            # Of a life the rules' doubt counts for more: there the net has to be surer that it is nothing.
            questions = [sign for sign in questions if sign.crisis and seen >= limits["crisis_doubt_above"]]
        # Despair in words that may mean another thing ("ik kan niet meer") is asked about, gently.
        doubtful = any(sign.crisis for sign in questions)
        if danger >= limits["crisis_above"] or despair >= limits["overrule_above" if doubtful else "crisis_above"]:
            alarms.append(crisis)
        elif despair >= limits["crisis_ask_above"] and not doubtful:
            questions.append(crisis)
        if urgent + soon >= limits["alarm_above"]:
            # The net confirms what the rules doubted: then it has a name, and the words that belong to it.
            named = _named(questions, level)
            alarms += named or [level]
            questions = [sign for sign in questions if sign not in named]
            enough = limits["doubt_above" if doubtful else "crisis_ask_above"]
            if not any(sign.crisis for sign in alarms) and despair >= enough:
                alarms.append(self._general["alarm_crisis"])
        elif urgent + soon >= limits["ask_above"]:
            questions.append(level)
        elif not alarms and not questions and urgent + soon + chances["alarm_afspraak"] >= limits["advice_above"]:
            alarms.append(self._general["alarm_afspraak"])
        return alarms, questions


def _named(questions: list[Sign], level: Sign) -> list[Sign]:
    """What the rules doubted of at least this level: the net confirms it, so it is known by name."""
    return [sign for sign in questions if sign.urgency >= level.urgency]


def _worth_naming(signs: list[Sign]) -> list[Sign]:
    """The three most urgent signs and, whatever their number, the first one of a crisis."""
    crisis = [sign for sign in signs[3:] if sign.crisis][:1]
    return signs[:3] + crisis


def _most_urgent_first(signs: list[Sign]) -> list[Sign]:
    return sorted(signs, key=lambda sign: -sign.urgency)


def _ordinary(intent: dict[str, Any], ranking: list[dict[str, Any]], alarm_chance: float) -> dict[str, Any]:
    """The intent apart from alarms: where the net's alarm intents took the lead, the best of the others."""
    if intent.get("name") not in NET | {FALLBACK} or not ranking:
        return intent
    share = ranking[0]["confidence"] / max(1.0 - alarm_chance, 1e-9)
    if alarm_chance > 0.1 and share >= ENOUGH:
        return {"name": ranking[0]["name"], "confidence": share}
    return {"name": FALLBACK, "confidence": 1.0 - share}


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
