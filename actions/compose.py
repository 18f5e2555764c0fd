"""Make the Reply of a plan: look up the words of each block, fill in the practice's own."""

from __future__ import annotations

from pydantic import ValidationError

from actions.blocks import (
    Advice,
    Again,
    Block,
    Buttons,
    Care,
    Heard,
    Help,
    HelpQuestion,
    Opening,
    Passage,
    Plan,
    Reassurance,
    Text,
    Vangnet,
)
from actions.language import guess_language
from actions.opening import about_opening, open_now
from actions.texts import answer_of, words_of
from actions.turn import Turn
from content import Button, Image, Kind, Reply, SourceLink

ADVICE = "Bespreek dit met je therapeut of huisarts."
LEADS = ("Eerst over {}.", "Dan over {}.")


def reply(plan: Plan, turn: Turn) -> Reply:
    """The reply that a plan is about."""
    if any(isinstance(block, Again) for block in plan.blocks):
        return last_reply(turn) or _nothing_yet(turn)
    passages = [block for block in plan.blocks if isinstance(block, Passage)]
    net = next((turn.library.vangnet[block.key] for block in plan.blocks if isinstance(block, Vangnet)), None)
    return Reply(
        kind=plan.kind,
        topic=plan.topic,
        urgency="afspraak" if "advies" in turn.entities else "geen",
        heard=_heard(plan, turn),
        paragraphs=tuple(text for block in plan.blocks for text in _paragraphs(block, plan, turn)),
        answers=tuple(passage.ref for passage in passages),
        step=next((step for passage in passages if (step := _step(turn, passage))), None),
        vangnet=turn.practice.fill(net.text) if net else (),
        vangnet_signs=net.signs if net else (),
        question=_question(plan, turn),
        reassurance=next((_line(turn, block) for block in plan.blocks if isinstance(block, Reassurance)), None),
        image=_image(turn, passages),
        sources=_sources(turn, passages),
        buttons=_buttons(plan),
        lang=guess_language(turn.text) if turn.intent == "andere_taal" else "nl",
        effect="forget" if plan.forget else None,
        confidence=turn.confidence,
    )


def last_reply(turn: Turn) -> Reply | None:
    """The last thing an action said; an alarm is kept as its signs only, and bot/ has shown its text already."""
    for event in reversed(turn.past):
        said = (event.get("data") or {}).get("custom") if event.get("event") == "bot" else None
        if said:
            try:
                return Reply.model_validate(said)
            except ValidationError:
                continue
    return None


def _nothing_yet(turn: Turn) -> Reply:
    return Reply(kind=Kind.SMALLTALK, paragraphs=turn.library.smalltalk["herhaal_leeg"][0], confidence=turn.confidence)


def _paragraphs(block: Block, plan: Plan, turn: Turn) -> tuple[str, ...]:
    match block:
        case Passage():
            phrase = turn.library.talk.phrases.get(block.topic)
            lead = (LEADS[block.lead].format(phrase),) if block.lead is not None and phrase else ()
            return (*lead, *turn.practice.fill(words_of(turn, block)))
        case Care(again=topic) if topic is not None:
            words = turn.library.talk.said.texts["zorg_opnieuw"][block.wording]
            return turn.practice.fill(words, onderwerp=turn.library.talk.phrases[topic])
        case Care():
            return turn.practice.fill(turn.library.talk.said.care[block.fact][block.wording])  # type: ignore[index]
        case Help():
            helps = turn.library.talk.said.helps[block.mood]  # type: ignore[index]
            return turn.practice.fill((helps.with_care if block.careful else helps.texts)[block.wording])
        case Text() if not block.heard and not block.asks:
            return _wording(turn, block)
        case Opening():
            said = open_now if block.now else about_opening
            opening = said(turn.practice, turn.text, turn.now)
            return (opening,) if opening else ()
        case Advice():
            return (ADVICE,)
    return ()


def _wording(turn: Turn, block: Text) -> tuple[str, ...]:
    if block.key == "andere_taal":
        return turn.practice.fill(turn.library.languages[guess_language(turn.text)])
    texts = turn.library.talk.said.texts if block.own else turn.library.smalltalk
    return turn.practice.fill(texts[block.key][block.wording], **dict(block.words))


def _heard(plan: Plan, turn: Turn) -> str | None:
    for block in plan.blocks:
        if isinstance(block, Text) and block.heard:
            return " ".join(_wording(turn, block))
        if isinstance(block, Heard):
            echo = turn.library.talk.said.heard[block.key]
            who = turn.library.talk.said.people[plan.memory.who] if plan.memory.who else ""
            line = (echo.other if block.other else echo.lines)[block.line]
            phrase = turn.library.talk.phrases.get(plan.topic or "", "")
            return turn.practice.fill((line,), wie=who, Wie=who[:1].upper() + who[1:], onderwerp=phrase)[0]
    return None


def _question(plan: Plan, turn: Turn) -> str | None:
    for block in plan.blocks:
        if isinstance(block, Text) and block.asks:
            return " ".join(_wording(turn, block))
        if isinstance(block, HelpQuestion):
            return turn.library.talk.said.helps[block.mood].question  # type: ignore[index]
    return None


def _step(turn: Turn, passage: Passage) -> str | None:
    answer = answer_of(turn, passage)
    if answer is None:
        return None
    own = answer.for_fact((passage.fact,)) if passage.fact else None
    step = own.step if own else answer.step
    return turn.practice.fill((step,))[0] if step else None


def _line(turn: Turn, block: Reassurance) -> str:
    return turn.library.reassurance[block.key][block.line]


def _buttons(plan: Plan) -> tuple[Button, ...]:
    return tuple(button for block in plan.blocks if isinstance(block, Buttons) for button in block.buttons)


def _image(turn: Turn, passages: list[Passage]) -> Image | None:
    """The drawing of a topic, beside its general answer."""
    general = next((turn.library.topics[passage.topic].image for passage in passages if not passage.part), None)
    return Image(url=f"/media/{general}.png", alt=turn.library.drawings[general].alt) if general else None


def _sources(turn: Turn, passages: list[Passage]) -> tuple[SourceLink, ...]:
    """What the texts rest on: of an answer its own basis, of the other texts the topic's sources; each once."""
    found: dict[str, SourceLink] = {}
    for passage in passages:
        answer = answer_of(turn, passage)
        if answer is None:
            sources = [turn.library.sources[name] for name in turn.library.topics[passage.topic].sources]
        else:
            sources = [source for basis in answer.basis if (source := turn.library.source(basis))]
        for source in sources:
            found.setdefault(source.titel, SourceLink(title=f"{source.titel} ({source.naam})", url=source.url))
    return tuple(found.values())
