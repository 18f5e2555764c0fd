"""What a message does: ask, tell, correct, complain ... From its intent and the acts that the classifier gives it."""

from __future__ import annotations

from actions.blocks import Act
from actions.hearing import asks
from actions.memory import Memory
from actions.turn import PREFIX, Turn

TELLS = 12  # words: longer without a question, a message tells; used where the classifier says nothing of it
TOLD = 0.33  # who tells is answered on a topic this likely: what is said then fits widely
IN_SCOPE = 0.5  # chance that it is about a back at all, below which a story is not answered
BESIDE = 0.1  # a topic this likely beside a greeting is what was asked
ASKS = 0.5  # chance of an act that goes against the intent: a question behind thanks, a correction that names a topic
HEAVY = frozenset({"verdriet", "moe", "niet_geloofd"})
ASKING = frozenset({"vraag", "vervolg"})
FALLBACK = "nlu_fallback"
OUTSIDE = frozenset(
    {"ander_lichaamsdeel", "andere_ziekte", "buiten_onderwerp", "onzin", "opdracht_aan_bot", "andere_taal"}
)
BY_INTENT = {
    "correctie": Act.CORRECT,
    "frustratie": Act.COMPLAIN,
    "wil_mens": Act.PERSON,
    "emotie": Act.FEEL,
    "vertel_meer": Act.MORE,
    "simpeler": Act.SIMPLER,
    "waarom": Act.FOLLOW,
    "welke": Act.FOLLOW,
    "bevestig": Act.YES,
    "ontken": Act.NO,
    "wis_gesprek": Act.WIPE,
    "herhaal": Act.REPEAT,
    "feedback_goed": Act.THUMB,
    "feedback_slecht": Act.THUMB,
    "afscheid": Act.GOODBYE,
    "nlu_fallback": Act.UNCLEAR,
    "alarm_bagatel": Act.UNCLEAR,
    "alarm_gaat_bellen": Act.UNCLEAR,
    "alarm_gebeld": Act.UNCLEAR,
    "alarm_niemand": Act.UNCLEAR,
    "alarm_durf_niet": Act.UNCLEAR,
    "alarm_klopt_niet": Act.CORRECT,  # there is no alarm: then it is the answer that is not right
}
_BY_ACT = {
    "vraag": Act.ASK,
    "vervolg": Act.ASK,
    "vertel": Act.TELL,
    "gevoel": Act.FEEL,
    "correctie": Act.CORRECT,
    "klacht": Act.COMPLAIN,
    "mens": Act.PERSON,
}


def act_of(turn: Turn, memory: Memory) -> Act:
    """What a message does, from its intent and from what the classifier says that it does."""
    heard = turn.library.talk.heard
    by_intent = BY_INTENT.get(turn.intent)
    if turn.pressed:
        return by_intent or (Act.ASK if turn.intent.startswith(PREFIX) else Act.SMALL_TALK)
    if turn.text.lower().strip(" .!?") in heard.goodbye and (memory.topic or turn.intent == FALLBACK):
        return Act.GOODBYE
    if turn.intent in {"bedankt", "groet", "afscheid", "feedback_goed"} and _asks_beside(turn):
        return Act.ASK
    likely = max(turn.acts, key=lambda name: turn.acts[name], default="")
    if turn.intent == FALLBACK:
        return _of_unsure(turn, memory, likely)
    if by_intent in {Act.THUMB, Act.NO} and turn.acts.get("correctie", 0.0) >= ASKS:
        return Act.CORRECT
    if by_intent is not None:
        return by_intent
    if not turn.intent.startswith(PREFIX):
        return Act.OUTSIDE if turn.intent in OUTSIDE else Act.SMALL_TALK
    asking = any(part.act in ASKING for part in turn.parts)
    sure = turn.acts.get(likely, 0.0) >= ASKS
    act = _BY_ACT.get(likely, Act.ASK) if turn.acts else (Act.TELL if tells(turn) else Act.ASK)
    if act in {Act.TELL, Act.FEEL} and asking:
        return Act.ASK
    if act in {Act.CORRECT, Act.COMPLAIN, Act.PERSON} and not sure:
        return Act.ASK
    if act is Act.TELL and memory.mood in HEAVY and memory.mood in turn.told.moods:
        return Act.FEEL
    return Act.TELL if act is Act.FEEL and not turn.told.moods else act


def _of_unsure(turn: Turn, memory: Memory, likely: str) -> Act:
    """Not sure of the topic, the classifier may still be sure of what the message does."""
    moods = turn.told.moods
    act = _BY_ACT.get(likely) if turn.acts else (Act.TELL if tells(turn) else None)
    if act in {Act.CORRECT, Act.COMPLAIN, Act.PERSON}:
        return act
    if moods and act is not Act.ASK and not asks(turn.text, turn.library.talk.heard):
        return Act.FEEL
    if act is Act.TELL and turn.in_scope >= IN_SCOPE and turn.topics and turn.topics[0][1] >= TOLD:
        return Act.TELL
    return Act.UNCLEAR


def tells(turn: Turn) -> bool:
    return turn.words > TELLS and not asks(turn.text, turn.library.talk.heard)


def _asks_beside(turn: Turn) -> bool:
    """Whether thanks or a greeting has a question behind it."""
    if any(part.act in ASKING for part in turn.parts) or turn.acts.get("vraag", 0.0) >= ASKS:
        return bool(turn.topics)
    return not turn.acts and "?" in turn.text and bool(turn.topics) and turn.topics[0][1] >= BESIDE
