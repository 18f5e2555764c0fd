"""What to say to a message, from what was understood and what is remembered. Pure: no clock, no database, no words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from actions.acts import IN_SCOPE, TELLS, TOLD, act_of
from actions.blocks import (
    MORE,
    SIMPLE,
    Act,
    Again,
    Buttons,
    Help,
    HelpQuestion,
    Opening,
    Passage,
    Plan,
    Text,
    Vangnet,
)
from actions.draft import ALWAYS, MAY_BE, OTHERS, Draft, topic_button
from actions.hearing import has, told
from actions.memory import Memory
from actions.opening import asks_about_hours
from actions.texts import answer_to, can_say, nearest_topic, next_text
from actions.turn import Turn
from content import Button, Kind, Topic

ANSWERS = 2  # in one reply
SUGGESTED = 3
SAME = 0.6  # the same, for a correction that names the running topic again: another answer of it is meant
MEANT = 0.55  # share of the topics' chance that the best needs, to be what a correction means
SAYS_MORE = 4  # words: a correction or a no that is longer says what was meant instead
NAMES = 6  # words: a message this short may name a thing of which the running topic has an own text
LITTLE = 0.02  # a topic less likely than this has nothing to do with a request for a diagnosis
REACHING = "afspraak_contact"
MOVING = "bewegen_veilig"  # stands for all that an open alarm goes before
WIPING = "wissen"
SOMETHING_ELSE = Button(id="talk.anders", title="Iets anders", short="Iets anders")
WIPE_BUTTONS = (
    Button(id="wis.ja", title="Ja, wissen", short="Ja, wissen"),
    Button(id="wis.nee", title="Nee, bewaren", short="Nee, bewaren"),
)
# Intents whose words stand under another name in content/smalltalk.yml.
_SAME_AS = {"iets_anders": "andere_vraag"}


def plan(turn: Turn, memory: Memory) -> Plan:
    """The reply to a message, and what is remembered after it."""
    heard = turn.library.talk.heard
    memory = replace(memory, turns=memory.turns + 1)
    for text in turn.unread or (() if turn.pressed else (turn.text,)):
        memory = memory.hear(turn.told if text == turn.text else told(text, heard), heard)
    act = act_of(turn, memory)
    draft = Draft(turn, memory, act)
    _CASES[act](draft)
    return draft.done()


# ---- one function a case ----


def _asked(draft: Draft) -> None:
    turn = draft.turn
    if turn.pressed and turn.topic is not None:
        refused = tuple(name for name in draft.memory.refused if name != turn.topic.id)
        draft.memory = replace(draft.memory, refused=refused)
    questions = _in_running(draft) or draft.questions()
    if not questions:
        if turn.switched_off:
            draft.kind = Kind.DECLINED
            draft.say("onderwerp_uit", own=False)
            return
        _unclear(draft)
        return
    first, rest = questions[:ANSWERS], questions[ANSWERS:]
    given: list[Topic] = []
    for number, (topic, text) in enumerate(first):
        if topic in given:
            again = answer_to(turn, draft.memory, topic, text)
            if again is not None:
                draft.give(again, topic)
            continue
        if not number and topic.id == REACHING and asks_about_hours(turn.text):
            draft.add(Opening())
        several = len({topic.id for topic, _ in first}) > 1
        draft.give(next_text(turn, draft.memory, topic, text), topic, number if several else None)
        given.append(topic)
    if not turn.pressed and (turn.words > TELLS or turn.told.moods):
        draft.hear()
    draft.close(given[0], [(topic, text) for topic, text in rest if topic not in given], first[0][1])
    draft.memory = replace(draft.memory, refused=(), others=_others(turn, given))


def _in_running(draft: Draft) -> list[tuple[Topic, str]]:
    """A short question that names a thing of which the running topic has an own text ("en fietsen?")."""
    turn, running = draft.turn, draft.turn.library.topics.get(draft.memory.topic or "")
    if running is None or turn.pressed or turn.acts or turn.words > NAMES or running.id in draft.memory.refused:
        return []
    variant = running.variant(turn.entities)
    return (
        [(running, turn.text)] if variant and not draft.memory.has(Passage(running.id, f"={variant.value}").ref) else []
    )


def _told(draft: Draft) -> None:
    turn = draft.turn
    topic = turn.topic if turn.topic and turn.topic.id not in draft.memory.refused else None
    topic = topic or next(iter(draft.near(TOLD)), None)
    if topic is None:
        _unclear(draft)
        return
    draft.give(next_text(turn, draft.memory, topic, turn.text, told=True), topic)
    draft.hear(only_told=True)
    draft.close(topic, asked=turn.text, net_again=True)
    draft.memory = replace(draft.memory, refused=(), others=_others(turn, [topic]))


def _felt(draft: Draft) -> None:
    """A feeling in earnest, then what helps, then one question or where to read on."""
    talk = draft.turn.library.talk
    mood = draft.memory.mood if draft.memory.mood in talk.said.helps else None
    draft.hear(only_told=True)
    if draft.waits(MOVING):
        draft.say("bel_eerst")
        return
    key = mood or "algemeen"
    helps = talk.said.helps[key]
    careful = draft.memory.careful and bool(helps.with_care)
    texts = helps.with_care if careful else helps.texts
    wording = draft.fresh(f"help:{key}.{'c' if careful else ''}", len(texts))
    if wording is None:
        _told(draft)
        return
    draft.add(Help(key, wording, careful))
    if helps.question and not draft.memory.has(HelpQuestion(key).name):
        draft.add(HelpQuestion(key))
        return
    topics = draft.turn.library.topics
    named = [topics[name] for name in (helps.topic, draft.memory.topic) if name and name in topics]
    near = [topic for topic in dict.fromkeys([*named, *draft.near(TOLD)]) if can_say(draft.turn, draft.memory, topic)]
    if near:
        draft.add(Buttons(tuple(topic_button(topic) for topic in near[:SUGGESTED])))


def _corrected(draft: Draft) -> None:
    """The reading of the last reply is out. The next best is answered; if there is none, one open question."""
    memory, turn = draft.memory, draft.turn
    if memory.topic is None and turn.topics:  # nothing was answered yet: there is nothing to be sorry for
        _asked(draft)
        return
    names_running = turn.words > SAYS_MORE and _share(turn, memory.topic) >= SAME
    if memory.topic is not None and memory.answer is not None and not names_running:
        memory = replace(memory, refused=tuple(dict.fromkeys([*memory.refused, memory.topic])))
    draft.memory = memory
    topic = _meant(draft)
    draft.say("verkeerd_begrepen", heard=True)
    if topic is None:
        draft.memory = replace(draft.memory, answer=None)
        draft.say("open_vraag", asks=True)
        return
    left = tuple(name for name in memory.others if name != topic.id)
    draft.memory = replace(draft.memory, others=left)
    draft.give(next_text(turn, draft.memory, topic, turn.text), topic)
    draft.close(topic, asked=turn.text)


def _meant(draft: Draft) -> Topic | None:
    """What a correction means: what it says itself, else the next reading of the message that was misread."""
    near = [(name, chance) for name, chance in draft.turn.topics if name not in draft.memory.refused]
    if draft.turn.words > SAYS_MORE and near:
        name, chance = near[0]
        if chance >= MEANT * sum(other for _, other in near):
            return draft.turn.library.topics[name]
    others = (name for name in draft.memory.others if name not in draft.memory.refused)
    return next((draft.turn.library.topics[name] for name in others if name in draft.turn.library.topics), None)


def _share(turn: Turn, topic: str | None) -> float:
    """How much of the topics' chance a topic has in this message."""
    whole = sum(chance for _, chance in turn.topics)
    return sum(chance for name, chance in turn.topics if name == topic) / whole if whole else 0.0


def _complained(draft: Draft) -> None:
    """Sorry, once; then a person."""
    if not draft.memory.complained:
        draft.say("klacht", heard=True)
    draft.memory = replace(draft.memory, complained=True)
    _person(draft)


def _person(draft: Draft) -> None:
    draft.say("mens")
    draft.add(Opening(now=True))


def _more(draft: Draft) -> None:
    _again(draft, MORE)


def _simpler(draft: Draft) -> None:
    _again(draft, SIMPLE)


def _again(draft: Draft, part: str) -> None:
    """Another text on the topic of the button or of the talk; what the assistant can help with where there is none."""
    topic = draft.turn.topic or draft.turn.library.topics.get(draft.memory.topic or "")
    if topic is None:
        draft.say("hulp", own=False)
        return
    text = next_text(draft.turn, draft.memory, topic, only=part)
    draft.give(text, topic)
    found = list(draft.leads(topic))
    own = isinstance(text, Passage) and text.topic == topic.id and text.part == MORE
    if own and not draft.memory.has(Passage(topic.id, SIMPLE).ref):
        found = [Button(id=f"simple.{topic.id}", title="Zeg het simpeler", short="Simpeler"), *found][:SUGGESTED]
    draft.add(Buttons(tuple(found)))


def _followed(draft: Draft) -> None:
    """ "Waarom?", "welke dan?" after the running topic."""
    turn = draft.turn
    running = turn.library.topics.get(draft.memory.topic or "")
    if running is None:
        draft.say("hulp", own=False)
        return
    targets = turn.library.follow_ups.get(turn.intent, {})
    target = targets.get(running.id) or targets.get("anders", MORE)
    topic = turn.library.topics.get(target)
    if topic is None or topic.id == running.id:
        _again(draft, SIMPLE if target == SIMPLE else MORE)
        return
    draft.give(next_text(turn, draft.memory, topic, turn.text), topic)
    draft.close(topic, asked=turn.text)


def _yes(draft: Draft) -> None:
    if draft.memory.asked == WIPING:
        _wipe_now(draft)
    elif (topic := draft.turn.library.topics.get(draft.memory.topic or "")) and next_text(
        draft.turn, draft.memory, topic, only=MORE
    ):
        _again(draft, MORE)
    else:
        draft.say("bevestig", own=False)
    draft.memory = replace(draft.memory, asked=None)


def _no(draft: Draft) -> None:
    if draft.memory.asked == WIPING and _wants_wiping(draft):
        _wipe_now(draft)
    elif draft.memory.asked == WIPING:
        draft.say("wissen_niet")
    elif not draft.turn.pressed and draft.turn.words > SAYS_MORE and draft.turn.topics:
        draft.act = Act.CORRECT
        _corrected(draft)
    else:
        draft.say("ontken", own=False)


def _wiped(draft: Draft) -> None:
    """Asks first; a wish with "niet" or with another object is another wish."""
    turn, wipe = draft.turn, draft.turn.library.talk.heard.wipe
    if turn.pressed or (draft.memory.asked == WIPING and _wants_wiping(draft)):
        _wipe_now(draft)
        return
    other = next((topic for word, topic in wipe.other.items() if has(turn.folded, (word,))), None)
    topic = turn.library.topics.get(other or "")
    if topic is not None:
        draft.give(next_text(turn, draft.memory, topic, turn.text), topic)
        draft.close(topic)
    elif has(turn.folded, wipe.keep):
        draft.say("wissen_niet")
    else:
        draft.say("wissen_vraag", asks=True)
        draft.add(Buttons(WIPE_BUTTONS))
        draft.memory = replace(draft.memory, asked=WIPING)


def _wants_wiping(draft: Draft) -> bool:
    """Whether who was asked about wiping says so again: "nee, WISSEN zei ik", not "nee, niet wissen"."""
    turn = draft.turn
    kept = has(turn.folded, turn.library.talk.heard.wipe.keep)
    return not turn.pressed and not kept and has(turn.folded, ("wissen", "wis"))


def _wipe_now(draft: Draft) -> None:
    draft.say("wis_gesprek", own=False)
    draft.forget = True


def _repeated(draft: Draft) -> None:
    draft.add(Again())


def _thumbed(draft: Draft) -> None:
    draft.say(draft.turn.intent, own=False)
    draft.thumb = draft.turn.intent == "feedback_goed" if draft.memory.topic else None
    if draft.thumb:
        draft.memory = replace(draft.memory, mood=None)


def _unclear(draft: Draft) -> None:
    """One clarifying question in words from the two best readings; then a menu; then whom to phone.

    Where one of the readings has an answer to just these words, that is what was meant.
    """
    turn = draft.turn
    may_be = [topic.id for topic in draft.near(MAY_BE)]
    if not turn.pressed and turn.in_scope >= IN_SCOPE and (meant := nearest_topic(turn, may_be, turn.text)):
        topic = turn.library.topics[meant]
        draft.give(next_text(turn, draft.memory, topic, turn.text), topic)
        draft.close(topic, asked=turn.text)
        return
    near, misses = draft.near()[:SUGGESTED], draft.memory.misses
    likely = max(turn.acts, key=lambda name: turn.acts[name], default="")
    told = not turn.pressed and turn.in_scope >= IN_SCOPE and (turn.words > TELLS or likely in {"vertel", "gevoel"})
    draft.unanswered = tuple(topic.id for topic in near)
    draft.memory = replace(draft.memory, misses=misses + 1)
    draft.advise()
    if not near or misses > 1:
        draft.kind = Kind.FALLBACK
        draft.say("fallback", own=False)
        return
    draft.kind = Kind.SUGGESTION
    phrases = draft.turn.library.talk.phrases
    two = [topic for topic in near if topic.id in phrases][:2]
    if misses == 0 and two:
        draft.hear(only_told=told)
        key = "verduidelijk" if len(two) > 1 else "verduidelijk_een"
        draft.say(key, asks=True, words=tuple(zip("ab", (phrases[topic.id] for topic in two))))
        near = [*two, *(topic for topic in near if topic not in two)]
        if told and (net := draft.net(near[0])):
            draft.add(Vangnet(net))  # who tells may have told what nobody saw
    else:
        draft.say("suggestie", own=False)
    draft.add(Buttons((*(topic_button(topic) for topic in near), SOMETHING_ELSE)))


def _outside(draft: Draft) -> None:
    draft.kind = Kind.DECLINED
    if draft.turn.intent == "andere_taal":
        draft.add(Text("andere_taal", 0, own=False))
        return
    draft.say(draft.turn.intent, own=False)


def _talked(draft: Draft) -> None:
    """The fixed replies of smalltalk.yml; after a request for a diagnosis the nearest topics too."""
    intent = _SAME_AS.get(draft.turn.intent, draft.turn.intent)
    if intent not in draft.turn.library.smalltalk:
        _unclear(draft)
        return
    draft.say(intent, own=False)
    if intent == "bedankt":
        draft.memory = replace(draft.memory, mood=None)
    if intent == "diagnose_verzoek":
        named = [draft.turn.library.topics[name] for name in ALWAYS if name in draft.turn.library.topics]
        near = [*draft.near(LITTLE)[:2], *named][:2]
        draft.add(Buttons(tuple(topic_button(topic) for topic in near)))


def _left(draft: Draft) -> None:
    draft.say("afscheid", own=False)


_CASES: dict[Act, Callable[[Draft], None]] = {
    Act.ASK: _asked,
    Act.TELL: _told,
    Act.FEEL: _felt,
    Act.CORRECT: _corrected,
    Act.COMPLAIN: _complained,
    Act.PERSON: _person,
    Act.MORE: _more,
    Act.SIMPLER: _simpler,
    Act.FOLLOW: _followed,
    Act.YES: _yes,
    Act.NO: _no,
    Act.WIPE: _wiped,
    Act.REPEAT: _repeated,
    Act.THUMB: _thumbed,
    Act.UNCLEAR: _unclear,
    Act.OUTSIDE: _outside,
    Act.SMALL_TALK: _talked,
    Act.GOODBYE: _left,
}


def _others(turn: Turn, given: Sequence[Topic]) -> tuple[str, ...]:
    """The further readings, should these have been wrong."""
    names = {topic.id for topic in given}
    return tuple(name for name, chance in turn.topics if chance >= OTHERS and name not in names)[:SUGGESTED]
