"""What is said about an alarm, from every state of a talk."""

from __future__ import annotations

from unittest.mock import MagicMock

import pytest
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from engine.dialogue.alarm_policy import AFTER_ALARM, AlarmPolicy, next_action, signs_over_two

DOMAIN = Domain.load("domain.yml")


def talk(*steps: str) -> DialogueStateTracker:
    """A talk of intents and the actions that followed them; the last step is what has just happened."""
    events: list[Event] = []
    for step in steps:
        if step.startswith(("utter_", "action_")):
            events += [ActionExecuted(step), BotUttered(step)]
        else:
            events += [ActionExecuted(ACTION_LISTEN_NAME), UserUttered(step, {"name": step, "confidence": 1.0})]
    return DialogueStateTracker.from_events("talk", events, DOMAIN.slots)


ALARM, QUESTION = ("alarm", "utter_alarm"), ("alarm_vraag", "utter_alarm_question")


@pytest.mark.parametrize(
    ("steps", "action"),
    [
        (["alarm"], "utter_alarm"),
        (["alarm_vraag"], "utter_alarm_question"),
        (["vraag_sport"], None),
        (["groet"], None),
        (["nlu_fallback"], None),
        (["vraag_sport", "action_answer", "alarm"], "utter_alarm"),
        (["vraag_sport", "action_answer", "vraag_slaap"], None),
    ],
)
def test_an_alarm_is_raised_and_nothing_else_is_touched(steps: list[str], action: str | None) -> None:
    assert next_action(talk(*steps)) == action


@pytest.mark.parametrize("action", ["utter_alarm", "utter_alarm_question", "utter_alarm_check", "utter_alarm_called"])
def test_after_its_words_it_listens(action: str) -> None:
    assert next_action(talk("alarm", action)) == ACTION_LISTEN_NAME


def test_after_another_action_it_stays_out() -> None:
    assert next_action(talk("vraag_sport", "action_answer")) is None


@pytest.mark.parametrize("said", ["alarm_nee", "ontken", "alarm_klopt_niet"])
def test_no_to_the_question_clears_it(said: str) -> None:
    assert next_action(talk(*QUESTION, said)) == "utter_alarm_cleared"


@pytest.mark.parametrize(
    "said", ["alarm_ja", "bevestig", "nlu_fallback", "onzin", "groet", "vraag_sport", "alarm", "alarm_vraag"]
)
def test_anything_but_no_to_the_question_is_treated_as_present(said: str) -> None:
    assert next_action(talk(*QUESTION, said)) == "utter_alarm"


@pytest.mark.parametrize(("said", "action"), sorted(AFTER_ALARM.items()))
def test_every_button_under_an_alarm_has_its_words(said: str, action: str) -> None:
    assert next_action(talk(*ALARM, said)) == action


@pytest.mark.parametrize("said", ["weet ik niet", "nee niet echt", "een beetje", "nee, misschien"])
def test_a_no_that_is_no_clear_no_is_treated_as_present(said: str) -> None:
    tracker = talk(*QUESTION)
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
    tracker.update(UserUttered(said, {"name": "ontken", "confidence": 1.0}))
    assert next_action(tracker) == "utter_alarm"


@pytest.mark.parametrize("said", sorted(AFTER_ALARM))
def test_what_is_typed_without_an_alarm_is_no_reply_to_one(said: str) -> None:
    assert next_action(talk(said)) is None


@pytest.mark.parametrize("said", ["vraag_sport", "vraag_wanneer_huisarts"])
def test_the_next_question_gets_one_check(said: str) -> None:
    assert next_action(talk(*ALARM, said)) == "utter_alarm_check"
    assert next_action(talk(*ALARM, said, "utter_alarm_check", said)) is None


@pytest.mark.parametrize("said", ["nlu_fallback", "onzin", "ontken", "bevestig", "waarom"])
def test_an_unclear_word_gets_the_instruction_again_once(said: str) -> None:
    assert next_action(talk(*ALARM, said)) == "utter_alarm_again"
    assert next_action(talk(*ALARM, said, "utter_alarm_again", said)) is None


@pytest.mark.parametrize("said", ["bedankt", "afscheid", "wis_gesprek"])
def test_a_thank_you_is_no_reason_to_check(said: str) -> None:
    assert next_action(talk(*ALARM, said)) is None


@pytest.mark.parametrize(
    "before", ["utter_alarm_called", "utter_alarm_check", "utter_alarm_again", "utter_alarm_cleared"]
)
def test_worse_since_then_is_an_alarm_anew(before: str) -> None:
    assert next_action(talk(*ALARM, "alarm_gebeld", before, "alarm")) == "utter_alarm"


def test_a_turn_between_ends_the_matter() -> None:
    assert next_action(talk(*ALARM, "bedankt", "action_smalltalk", "vraag_sport")) is None


def test_two_alarms_in_a_row_are_both_said() -> None:
    assert next_action(talk(*ALARM, "alarm")) == "utter_alarm"


def test_slots_between_change_nothing() -> None:
    tracker = talk(*QUESTION, "alarm_nee")
    tracker.update(SlotSet("topic", "sport"))
    assert next_action(tracker) == "utter_alarm_cleared"


def test_an_empty_talk_is_no_alarm() -> None:
    assert next_action(talk()) is None


def test_every_action_it_can_name_is_in_the_domain() -> None:
    named = {"utter_alarm", "utter_alarm_question", "utter_alarm_check", "utter_alarm_again", *AFTER_ALARM.values()}
    assert named <= set(DOMAIN.action_names_or_texts)
    assert set(AFTER_ALARM) <= set(DOMAIN.intents)


# ---- signs add up ----


def said(*texts: str, button: bool = False) -> DialogueStateTracker:
    """A talk of typed messages, each answered with an ordinary action; the last one is a button if asked."""
    events: list[Event] = []
    for index, text in enumerate(texts, start=1):
        pressed = {"button": button and index == len(texts)}
        intent = {"name": "vraag_sport", "confidence": 1.0}
        events += [ActionExecuted(ACTION_LISTEN_NAME), UserUttered(text, intent, metadata=pressed)]
        if index < len(texts):
            events += [ActionExecuted("action_answer"), BotUttered("antwoord")]
    return DialogueStateTracker.from_events("talk", events, DOMAIN.slots)


@pytest.mark.parametrize(
    "texts",
    [
        ("ik slik xarelto", "nu is mijn been slap"),
        ("mijn benen", "zijn allebei slap"),
        ("ik krijg chemo", "ik heb koude rillingen en 39,1"),
    ],
)
def test_a_sign_over_two_messages_is_heard(texts: tuple[str, str]) -> None:
    assert signs_over_two(said(*texts))


@pytest.mark.parametrize(
    "texts",
    [
        ("ik heb koorts", "mag ik fietsen"),  # an alarm of its own, one turn ago
        ("mag ik fietsen", "en zwemmen"),
        ("ik slik xarelto", "mijn been is niet slap"),
        ("nu is mijn been slap",),
    ],
)
def test_what_is_no_sign_together_is_left_alone(texts: tuple[str, ...]) -> None:
    assert signs_over_two(said(*texts)) == []


def test_a_button_is_no_part_of_a_sign() -> None:
    assert signs_over_two(said("ik slik xarelto", "nu is mijn been slap", button=True)) == []


@pytest.mark.parametrize("text", ["neuh", "Nee hoor!", "nee, gelukkig niet"])
def test_a_bare_no_clears_the_question_whatever_the_classifier_hears(text: str) -> None:
    events = talk(*QUESTION, "nlu_fallback").events
    events[-1].text = text
    assert next_action(DialogueStateTracker.from_events("talk", events, DOMAIN.slots)) == "utter_alarm_cleared"


@pytest.mark.parametrize("text", ["nee, ik kan het niet meer ophouden", "no idea", "nee niet echt"])
def test_a_no_with_more_behind_it_does_not(text: str) -> None:
    events = talk(*QUESTION, "nlu_fallback").events
    events[-1].text = text
    assert next_action(DialogueStateTracker.from_events("talk", events, DOMAIN.slots)) == "utter_alarm"


def after(action: str, text: str, intent: str = "vraag_rugpijn_duur") -> DialogueStateTracker:
    """A talk with an alarm, that action, and what the patient then types."""
    events = talk("alarm", action, intent).events
    events[-1].text = text
    return DialogueStateTracker.from_events("talk", events, DOMAIN.slots)


@pytest.mark.parametrize(
    "text", ["'t zal wel overgaan als ik rust zeker?", "is al wat minder, waarschijnlijk de houding"]
)
@pytest.mark.parametrize("before", ["utter_alarm", "utter_alarm_again", "utter_alarm_check"])
def test_playing_down_gets_the_instruction_every_time(before: str, text: str) -> None:
    assert next_action(after(before, text)) == "utter_alarm_again"


def test_a_question_after_an_alarm_gets_one_check() -> None:
    assert next_action(after("utter_alarm", "hoe lang duurt rugpijn")) == "utter_alarm_check"
    assert next_action(after("utter_alarm_check", "hoe lang duurt rugpijn")) is None


def test_a_no_to_the_question_is_not_read_with_the_message_before() -> None:
    policy = AlarmPolicy({"priority": 8}, MagicMock(), Resource("alarm"), MagicMock())
    events = talk(*QUESTION, "ontken").events
    events[1].text, events[-1].text = "ik slik xarelto", "nee"
    tracker = DialogueStateTracker.from_events("talk", events, DOMAIN.slots)
    prediction = policy.predict_action_probabilities(tracker, DOMAIN)
    assert prediction.probabilities[DOMAIN.index_for_action("utter_alarm_cleared")] == 1.0
    assert not prediction.optional_events


@pytest.mark.parametrize("action", ["utter_alarm", "utter_alarm_check", "utter_alarm_again"])
@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("laat maar, vergeet het", "wis_gesprek"),
        ("ik wacht het weekend wel af", "afscheid"),
        ("ik stel me aan", "alarm_klopt_niet"),
        ("bedankt, dat zal wel meevallen", "bedankt"),
    ],
)
def test_playing_down_is_answered_with_the_instruction_whatever_it_sounds_like(
    action: str, text: str, intent: str
) -> None:
    assert next_action(after(action, text, intent)) == "utter_alarm_again"


def test_who_has_called_and_heard_that_it_is_not_so_bad_is_believed() -> None:
    told = after("utter_alarm", "heb gebeld, het valt mee zeggen ze", "alarm_gebeld")
    assert next_action(told) == "utter_alarm_called"
    assert next_action(after("utter_alarm", "wis dit gesprek", "wis_gesprek")) is None
