"""The words of an alarm: by who must be called, the hour and who is ill; also when Rasa is silent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alarm import (
    Act,
    AlarmContent,
    Detector,
    Ear,
    Names,
    OpenAlarm,
    Scan,
    Sign,
    State,
    Verdict,
    decide,
    load_alarm_content,
    may_answer,
)
from content import Button, Kind, Practice, Reply
from content.hours import doctor_open

logger = logging.getLogger(__name__)

CALLED = Button(id="alarm.called", title="Ik heb gebeld", short="Ik heb gebeld")
NOBODY = Button(id="alarm.nobody", title="Ik krijg niemand", short="Ik krijg niemand")
AFRAID = Button(id="alarm.afraid", title="Ik durf niet te bellen", short="Ik durf niet")
WRONG = Button(id="alarm.wrong", title="Dit klopt niet", short="Dit klopt niet")
YES = Button(id="alarm.yes", title="Ja", short="Ja")
NO = Button(id="alarm.no", title="Nee", short="Nee")
UNDER_ALARM = (CALLED, NOBODY, AFRAID, WRONG)
# Replies about an alarm that has been shown: they have no alarm look, as they follow the alarm itself.
SETTLED = frozenset({Act.CALLED, Act.SEEN, Act.CLEARED})
CALM_TEXTS = SETTLED | {Act.WILL_CALL}
# The form of a text in texts.yml, by who must be called.
_FORMS = {
    "huisarts_nu": "nu",
    "huisarts_vandaag": "vandaag",
    "ziekenhuis": "ziekenhuis",
    "verloskundige": "verloskundige",
    "112": "112",
    "crisis": "crisis",
    "veilig_thuis": "thuis",
    "afspraak": "vandaag",
}
ROOM = 2  # buttons of an ordinary reply that stay beside those about an open alarm
_CLOSED = "dicht"
_UNKNOWN = "ALG_spoed"


@dataclass(frozen=True)
class _Here:
    """For whom and when something is said. `who` is who is ill, None: who writes."""

    practice: Practice
    closed: bool
    who: str | None = None


class AlarmVoice:
    """Renders alarms, and scans text when Rasa cannot. `clock` tells the time, for office hours."""

    def __init__(self, content: AlarmContent, ear: Ear, clock: Callable[[], datetime] = lambda: datetime.now(UTC)):
        self._content = content
        self._ear = ear
        self._clock = clock
        self._detector = Detector(content)
        self._names = Names(content.signs.values())

    @classmethod
    def load(cls, folder: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> AlarmVoice:
        """Raises AlarmContentError when content/alarm has a mistake."""
        content = load_alarm_content(folder)
        return cls(content, Ear(folder / "talk.yml", content), clock)

    @property
    def content(self) -> AlarmContent:
        """The texts and signs it speaks from."""
        return self._content

    def scan(self, text: str) -> Scan:
        """The rule layer on a text of any length."""
        return self._detector.scan(text)

    def of_text(self, text: str, practice: Practice) -> Reply | None:
        """The reply that the rules alone call for, or None."""
        verdict: Verdict = decide(self._detector.scan(text), None, self._names)
        if not verdict.signs:
            return None
        who = self._ear.who(self._ear.cues(text))
        return (self.alarm if verdict.sure else self.question)(verdict.signs, practice, who)

    def of_custom(self, custom: dict[str, Any], practice: Practice, open_alarm: OpenAlarm | None = None) -> Reply:
        """Rasa's `{kind, signs, text}`. A sign that is not known gets the general text: never silence."""
        signs = self._known(str(custom.get("signs") or "").split(","))
        who = open_alarm.who if open_alarm else None
        text = custom.get("text")
        if text:
            reply = self._after(str(text), signs, practice, who)
        elif custom.get("kind") == Kind.ALARM_QUESTION:
            reply = self.question(signs, practice, who)
        else:
            reply = self.alarm(signs, practice, who)
        if not open_alarm:
            return reply
        changes: dict[str, Any] = {"kept": open_alarm.kept}
        if reply.kind is Kind.ALARM_QUESTION and open_alarm.waiting:
            changes["reminder"] = self._reminder(open_alarm.waiting, self._here(practice, who))
        return reply.model_copy(update=changes)

    def alarm(self, signs: Sequence[Sign], practice: Practice, who: str | None = None) -> Reply:
        """Action first, then what was heard; the most urgent sign first; a crisis a block of its own beside another."""
        here = self._here(practice, who)
        ranked = sorted(signs, key=lambda sign: (-sign.urgency, not sign.crisis))
        first = ranked[0]
        paragraphs = list(self._fill(first.text, first, here))
        if heard := self._named("gehoord", first, here):
            paragraphs.append(heard)
        if first.say:
            paragraphs += self._fill("zeg_ander" if who else "zeg", first, here)
        crisis = next((sign for sign in ranked[1:] if sign.crisis), None)
        if crisis and not first.crisis:
            paragraphs += self._fill(crisis.text, crisis, here)
        others = list(dict.fromkeys(_lower(sign.name) for sign in ranked[1:] if not sign.crisis))[:2]
        if others:
            paragraphs += self._fill("noem_ook", first, here, teken=", ".join(others))
        return Reply(
            kind=Kind.ALARM,
            urgency=first.urgency.code,
            crisis=any(sign.crisis for sign in ranked),
            paragraphs=tuple(paragraphs),
            buttons=UNDER_ALARM,
            signs=tuple(sign.id for sign in ranked),
        )

    def question(self, signs: Sequence[Sign], practice: Practice, who: str | None = None) -> Reply:
        """One question that already carries the safety sentence."""
        first, here = signs[0], self._here(practice, who)
        return Reply(
            kind=Kind.ALARM_QUESTION,
            urgency=first.urgency.code,
            crisis=first.crisis,
            paragraphs=(self._question(first, here), *self._fill("vraag_veilig", first, here)),
            buttons=(YES, NO),
            signs=tuple(sign.id for sign in signs),
        )

    def keep(self, reply: Reply, practice: Practice, open_alarm: OpenAlarm | None) -> Reply:
        """An ordinary reply with the open alarm in sight; what could do harm before somebody has called waits."""
        if not open_alarm or not open_alarm.is_open or not open_alarm.remind:
            return reply
        first, here = self._known(open_alarm.kept)[0], self._here(practice, open_alarm.who)
        asked = open_alarm.state is State.ASKED
        if asked:
            safe = " ".join(self._fill("vraag_veilig", first, here))
            words = " ".join(self._fill("vraag_nog", first, here, vraag=self._question(first, here), veilig=safe))
        else:
            words = self._reminder(open_alarm.kept, here)
        buttons = (*reply.buttons[:ROOM], *((YES, NO) if asked else (CALLED, WRONG)))
        changes: dict[str, Any] = {"reminder": words, "kept": open_alarm.kept, "buttons": buttons}
        if open_alarm.urgent:
            changes |= {"reassurance": None}
        topics = {reply.topic, *(name.partition(".")[0] for name in reply.answers)}
        if not all(may_answer(open_alarm, topic) for topic in topics):
            changes |= {
                "kind": Kind.SMALLTALK,
                "paragraphs": self._fill("eerst_bellen", first, here),
                "answers": (),
                "step": None,
                "image": None,
                "sources": (),
                "vangnet": (),
                "vangnet_signs": (),
                "question": None,
                "buttons": (YES, NO) if asked else UNDER_ALARM,
            }
        return reply.model_copy(update=changes)

    def _reminder(self, names: Sequence[str], here: _Here) -> str:
        first = self._known(names)[0]
        return " ".join(self._fill("herinnering", first, here, teken=self._named("schreef", first, here) or "")).strip()

    def _after(self, text: str, signs: Sequence[Sign], practice: Practice, who: str | None) -> Reply:
        if text not in set(Act):
            logger.error("alarm text %r is none of those that are known", text)
            return self.alarm(signs, practice, who)
        calm = text in CALM_TEXTS
        here = self._here(practice, who)
        ranked = sorted(signs, key=lambda sign: (-sign.urgency, not sign.crisis))
        crisis = any(sign.crisis for sign in ranked)
        paragraphs = self._fill(text, ranked[0], here)
        if crisis and not ranked[0].crisis:
            paragraphs += self._fill("ook_crisis", ranked[0], here)
        return Reply(
            kind=Kind.SMALLTALK if calm else Kind.ALARM,
            urgency="geen" if calm else ranked[0].urgency.code,
            crisis=crisis and not calm,
            paragraphs=paragraphs,
            buttons=() if text in SETTLED else UNDER_ALARM,
            signs=tuple(sign.id for sign in signs),
        )

    # -- words --

    def _here(self, practice: Practice, who: str | None) -> _Here:
        return _Here(practice, not doctor_open(self._clock(), practice.land), who)

    def _known(self, names: Sequence[str]) -> list[Sign]:
        found = [self._content.signs[name] for name in names if name in self._content.signs]
        return found or [self._content.signs[_UNKNOWN]]

    def _fill(self, text: str, sign: Sign, here: _Here, **more: str) -> tuple[str, ...]:
        """The words of a text in the form that fits, placeholders filled; a paragraph that holds nothing goes."""
        form = "crisis" if sign.crisis else _FORMS[sign.call]
        forms = (f"{text}_{form}_{_CLOSED}", f"{text}_{form}", f"{text}_{_CLOSED}", text)
        key = next(
            key for key in forms if key in self._content.texts and (here.closed or not key.endswith(f"_{_CLOSED}"))
        )
        words = {
            "teken": _lower(sign.name),
            "gehoord": sign.heard,
            "zeg": sign.say,
            "waarom": sign.why or self._content.texts["waarom_algemeen"].paragraphs[0],
            "wie": here.who or "iemand",
            **more,
        }
        filled = here.practice.fill(self._content.texts[key].paragraphs, **words)
        return tuple(paragraph for paragraph in filled if paragraph.strip())

    def _named(self, text: str, sign: Sign, here: _Here) -> str | None:
        """One sentence that names the sign: what was heard. Despair and violence are not repeated on the screen."""
        if sign.crisis or sign.call == "veilig_thuis" or sign.id == _UNKNOWN:
            return None
        key = f"{text}_ander" if here.who else text if sign.heard else f"{text}_naam"
        return " ".join(self._fill(key, sign, here))

    def _question(self, sign: Sign, here: _Here) -> str:
        return sign.question or " ".join(self._fill("vraag_algemeen", sign, here))


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
