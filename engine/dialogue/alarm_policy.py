"""Says what alarm/talk.py decides about alarm signs, from any state of the talk, above every rule."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from alarm import Act, AlarmTalk, Ear, OpenAlarm, Said, Step, over_turns
from alarm.talk import BACK, FILE
from engine.nlu.alarm_detector import OPEN, SIGNS_ENTITY, content, rules

TEXT = "alarm_text"  # slot
ALARM, QUESTION, AFTER = "utter_alarm", "utter_alarm_question", "utter_alarm_after"
_RESPONSES = {Act.ALARM: ALARM, Act.QUESTION: QUESTION}


@lru_cache(maxsize=1)
def talk() -> AlarmTalk:
    """The turns of talks about alarms, on content/alarm/talk.yml, read once a process."""
    return AlarmTalk(content(), Ear(FILE, content()))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class AlarmPolicy(Policy):
    """Predicts with confidence 1 and a priority above RulePolicy's 7, or not at all. Keeps the slot `open_alarm`."""

    @staticmethod
    def supported_data() -> SupportedData:
        return SupportedData.ML_AND_RULE_DATA

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"priority": 8}

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        probabilities = self._default_predictions(domain)
        last = tracker.latest_action_name or ""
        if last != ACTION_LISTEN_NAME:
            if last.startswith(ALARM):
                probabilities[domain.index_for_action(ACTION_LISTEN_NAME)] = 1.0
            return self._prediction(probabilities)
        step = next_step(tracker)
        # How the alarm stands is kept whichever policy wins; what is said of it only where this one does.
        kept: list[Event] = [SlotSet(OPEN, step.open.to_json())] if step.open else []
        said: list[Event] = []
        if step.act:
            probabilities[domain.index_for_action(_RESPONSES.get(step.act, AFTER))] = 1.0
            said = [SlotSet(SIGNS_ENTITY, ",".join(step.signs)), SlotSet(TEXT, step.act.value)]
        return self._prediction(probabilities, events=kept, optional_events=said)


def next_step(tracker: DialogueStateTracker) -> Step:
    """What the last message of a talk does to its alarm."""
    return talk().step(OpenAlarm.of(tracker.get_slot(OPEN)), said_of(tracker))


def said_of(tracker: DialogueStateTracker) -> Said:
    """The last turn of the patient, as alarm/ reads it."""
    users = [event for event in tracker.events if isinstance(event, UserUttered)][-BACK - 1 :]
    if not users:
        return Said("")
    message = users[-1]
    found = message.parse_data.get("alarm") or {}
    pressed = not _typed(message)
    before = [event.text for event in reversed(users[:-1]) if _typed(event)]
    together = () if pressed else over_turns(rules(), before, message.text or "")
    return Said(
        text=message.text or "",
        intent=(message.intent or {}).get("name") or "",
        confidence=float((message.intent or {}).get("confidence") or 0.0),
        pressed=pressed,
        together=tuple(sign.id for sign in together),
        acts=(message.parse_data.get("reading") or {}).get("acts") or {},
        alarms=tuple(found.get("signs") or ()),
        questions=tuple(found.get("questions") or ()),
        waiting=tuple(found.get("waiting") or ()),
        denied=tuple(found.get("denied") or ()),
    )


def _typed(message: UserUttered) -> bool:
    return bool(message.text and not (message.metadata or {}).get("button"))
