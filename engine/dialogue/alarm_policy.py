"""Decides what is said about alarm signs, from any state of the talk, above every rule."""

from __future__ import annotations

import re
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from engine.nlu.alarm_detector import ALARM_INTENT, QUESTION_INTENT, SIGNS_ENTITY, rules

ALARM, QUESTION, CLEARED = "utter_alarm", "utter_alarm_question", "utter_alarm_cleared"
CHECK, AGAIN = "utter_alarm_check", "utter_alarm_again"
# What the buttons under an alarm stand for. Each has fixed words in content/alarm/texts.yml.
AFTER_ALARM = {
    "alarm_gebeld": "utter_alarm_called",
    "alarm_niemand": "utter_alarm_nobody",
    "alarm_durf_niet": "utter_alarm_afraid",
    "alarm_klopt_niet": CLEARED,
}
SAYS_NO = frozenset({"ontken", "alarm_nee", "alarm_klopt_niet"})
# A message of such words alone is a no, however the classifier hears it.
NO = frozenset({"nee", "neen", "neeh", "neuh", "nope", "nah", "no", "nein"})
NO_MORE = frozenset({"hoor", "dank", "je", "u", "gelukkig", "niet", "zeker", "helemaal"})
DOUBT = frozenset({"weet", "misschien", "beetje", "soms", "denk", "twijfel", "echt", "bijna", "nauwelijks", "meer"})
# Who plays an alarm down gets the instruction again, also when the words look like a question.
PLAYS_DOWN = re.compile(
    r"\b(zal (wel|het niet|vast)|overgaan|gaat (vanzelf|wel) over|gaat (al |wel |weer |best )+(beter|weer|over)?"
    r"|valt (wel |best )?mee|meevallen|vast (wel|niet|gewoon)|waarschijnlijk|niet zo erg|niks ernstigs|aanstell\w*"
    r"|stel me aan|zeur\w*|geen kwaad|(wacht|kijk) (nog|het|eerst)|laat maar|afwachten|wat minder|spiertje"
    r"|bedoelt het niet|vergeet (het|maar)|wacht .{0,25}\baf)\b",
    re.IGNORECASE,
)
INSISTED = frozenset({ALARM, CHECK, AGAIN})
TOGETHER = 80  # characters: a longer message tells its own story
# After an alarm these end the matter by themselves: a thank-you is no reason to ask again whether they have called.
NO_CHECK = frozenset(
    {"bedankt", "afscheid", "wis_gesprek", "alarm_gebeld", "alarm_niemand", "alarm_durf_niet", "alarm_klopt_niet"}
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class AlarmPolicy(Policy):
    """Predicts with confidence 1 and a priority above RulePolicy's 7, or not at all."""

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
        action = next_action(tracker)
        probabilities = self._default_predictions(domain)
        # What is said of an alarm that was shown, or cleared, stands: only other turns are read with the one before.
        heard = signs_over_two(tracker) if action in {None, CHECK, QUESTION} else []
        if heard:
            action = ALARM
        if action is not None:
            probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(
            probabilities, optional_events=[SlotSet(SIGNS_ENTITY, ",".join(heard))] if heard else None
        )


def next_action(tracker: DialogueStateTracker) -> str | None:
    """The alarm action that this state of the talk calls for, or None when it is not about an alarm."""
    last = tracker.latest_action_name
    if last != ACTION_LISTEN_NAME:
        return ACTION_LISTEN_NAME if last and last.startswith("utter_alarm") else None
    intent = (tracker.latest_message.intent or {}).get("name") if tracker.latest_message else None
    if intent == ALARM_INTENT:
        return ALARM
    before = _last_alarm_action(tracker)
    if before == QUESTION:
        # Silence or an unclear reply to an alarm question is treated as present.
        text = tracker.latest_message.text
        return CLEARED if (intent in SAYS_NO or _bare_no(text)) and not _doubts(text) else ALARM
    if intent == QUESTION_INTENT:
        return QUESTION
    played_down = bool(PLAYS_DOWN.search(tracker.latest_message.text or "")) if tracker.latest_message else False
    if before in INSISTED and played_down and intent != "alarm_gebeld" and _typed(tracker.latest_message):
        return AGAIN  # whatever it sounds like: "laat maar, vergeet het" is no wish to have the talk wiped
    if intent == "alarm_gebeld" and _not_yet(tracker.latest_message.text):
        return AGAIN if before else None
    if intent in AFTER_ALARM and (before or (tracker.latest_message.metadata or {}).get("button")):
        return AFTER_ALARM[intent]
    if before == CHECK and intent in {"bevestig", *SAYS_NO}:
        # "Heb je al gebeld?" - a no is answered with the instruction, never with small talk.
        return AFTER_ALARM["alarm_gebeld"] if intent == "bevestig" else AGAIN
    if before == ALARM and intent not in NO_CHECK:
        # A new question gets one short check; playing down or an unclear word gets the instruction again.
        return CHECK if intent and intent.startswith("vraag_") and not played_down else AGAIN
    return None


def signs_over_two(tracker: DialogueStateTracker) -> list[str]:
    """Ids of the signs that this message and the last one typed before it hold together and neither holds alone.

    "mijn rug doet pijn" and then "ik heb 38,9" is back pain with fever. Only what was typed counts, no button.
    """
    if tracker.latest_action_name != ACTION_LISTEN_NAME:
        return []
    texts = [event.text for event in tracker.events if isinstance(event, UserUttered) and _typed(event)][-2:]
    if len(texts) < 2 or not _typed(tracker.latest_message) or max(len(text) for text in texts) > TOGETHER:
        return []
    together = rules().scan(" . ".join(texts)).alarms
    found = [sign.id for sign in together if sign.calls_for_action]
    if not found:
        return []
    alone = {finding.sign.id for text in texts for finding in rules().scan(text).findings}
    return [name for name in found if name not in alone][:3]


def _typed(message: UserUttered | None) -> bool:
    return bool(message and message.text and not (message.metadata or {}).get("button"))


def _not_yet(text: str | None) -> bool:
    """Whether "gebeld" is said of what has not been done: "nog niet gebeld", "ik bel straks"."""
    return bool({"niet", "nog", "nee", "straks", "later", "morgen", "geen"} & set((text or "").lower().split()))


def _bare_no(text: str | None) -> bool:
    """Whether this is a no and nothing else: "neuh", "nee hoor"."""
    words = (text or "").lower().replace(",", " ").replace(".", " ").replace("!", " ").split()
    return bool(words) and words[0] in NO and set(words) <= NO | NO_MORE


def _doubts(text: str | None) -> bool:
    """Whether a no is no clear no: "weet ik niet", "niet echt", "een beetje"."""
    return bool(DOUBT & set((text or "").lower().replace(",", " ").split()))


def _last_alarm_action(tracker: DialogueStateTracker) -> str | None:
    """The alarm action of the turn before this one, or None when that turn was about something else."""
    users_seen = 0
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            users_seen += 1
            if users_seen == 2:
                return None
        elif isinstance(event, ActionExecuted) and users_seen == 1 and event.action_name.startswith("utter_alarm"):
            return str(event.action_name)
    return None
