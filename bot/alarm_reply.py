"""The words of an alarm, from content/alarm and the practice's numbers; also when Rasa is silent."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alarm import AlarmContent, Detector, Names, Scan, Sign, Urgency, decide, load_alarm_content
from content import Button, Kind, Practice, Reply

logger = logging.getLogger(__name__)

CALLED = Button(id="alarm.called", title="Ik heb gebeld", short="Ik heb gebeld")
NOBODY = Button(id="alarm.nobody", title="Ik krijg niemand", short="Ik krijg niemand")
AFRAID = Button(id="alarm.afraid", title="Ik durf niet te bellen", short="Ik durf niet")
WRONG = Button(id="alarm.wrong", title="Dit klopt niet", short="Dit klopt niet")
YES = Button(id="alarm.yes", title="Ja", short="Ja")
NO = Button(id="alarm.no", title="Nee", short="Nee")
# Replies about an alarm that has been shown: they have no alarm look, as they follow the alarm itself.
CALM_TEXTS = frozenset({"na_gebeld", "na_klopt_niet", "controle"})
_UNKNOWN = "ALG_spoed"


class AlarmVoice:
    """Renders alarms, and scans text when Rasa cannot."""

    def __init__(self, content: AlarmContent) -> None:
        self._content = content
        self._detector = Detector(content)
        self._names = Names(content.signs.values())

    @classmethod
    def load(cls, folder: Path) -> AlarmVoice:
        """Raises AlarmContentError when content/alarm has a mistake."""
        return cls(load_alarm_content(folder))

    @property
    def content(self) -> AlarmContent:
        """The texts and signs it speaks from."""
        return self._content

    def scan(self, text: str) -> Scan:
        """The rule layer on a text of any length."""
        return self._detector.scan(text)

    def of_scan(self, scan: Scan, practice: Practice) -> Reply | None:
        """The reply that the rules alone call for, or None."""
        verdict = decide(scan, None, self._names)
        if not verdict.signs:
            return None
        return self.alarm(verdict.signs, practice) if verdict.sure else self.question(verdict.signs, practice)

    def of_custom(self, custom: dict[str, Any], practice: Practice) -> Reply:
        """Rasa's `{kind, signs, text}`. A sign that is not known gets the general text: never silence."""
        signs = [
            self._content.signs[name]
            for name in str(custom.get("signs") or "").split(",")
            if name in self._content.signs
        ]
        signs = signs or [self._content.signs[_UNKNOWN]]
        text = custom.get("text")
        if text:
            return self._after(str(text), signs, practice)
        return (
            self.question(signs, practice) if custom.get("kind") == Kind.ALARM_QUESTION else self.alarm(signs, practice)
        )

    def alarm(self, signs: Sequence[Sign], practice: Practice) -> Reply:
        """Action first, the highest urgency first; a crisis is a block of its own beside another alarm."""
        ranked = sorted(signs, key=lambda sign: (-sign.urgency, not sign.crisis))
        first = ranked[0]
        paragraphs = list(self._words(first.text, practice))
        if first.say:
            paragraphs.append(f"Zeg aan de telefoon: ‘{first.say}’")
        crisis = next((sign for sign in ranked[1:] if sign.crisis), None)
        if crisis and not first.crisis:
            paragraphs += self._words(crisis.text, practice)
        others = [sign.name.lower() for sign in ranked[1:] if not sign.crisis]
        if others:
            paragraphs.append(f"Noem ook: {', '.join(dict.fromkeys(others[:2]))}.")
        return Reply(
            kind=Kind.ALARM,
            urgency=first.urgency.code,
            crisis=any(sign.crisis for sign in ranked),
            paragraphs=tuple(paragraphs),
            buttons=(CALLED, NOBODY, AFRAID, WRONG),
            signs=tuple(sign.id for sign in ranked),
        )

    def question(self, signs: Sequence[Sign], practice: Practice) -> Reply:
        """One question that already carries the safety sentence."""
        first = signs[0]
        safety = (
            "vraag_veilig_113"
            if first.crisis
            else "vraag_veilig_112"
            if first.urgency is Urgency.BEL_112
            else "vraag_veilig"
        )
        return Reply(
            kind=Kind.ALARM_QUESTION,
            urgency=first.urgency.code,
            crisis=first.crisis,
            paragraphs=(first.question or "Is dit nieuw of wordt het erger?", *self._words(safety, practice)),
            buttons=(YES, NO),
            signs=tuple(sign.id for sign in signs),
        )

    def _after(self, text: str, signs: Sequence[Sign], practice: Practice) -> Reply:
        if text not in self._content.texts:
            logger.error("alarm text %r is missing in content/alarm/texts.yml", text)
            return self.alarm(signs, practice)
        calm = text in CALM_TEXTS
        ranked = max(signs, key=lambda sign: sign.urgency)
        crisis = any(sign.crisis for sign in signs)
        # The words for a crisis or for 112 where there are such: "bel toch je huisarts" would be wrong there.
        special = f"{text}_crisis" if crisis else f"{text}_112" if ranked.urgency is Urgency.BEL_112 else text
        text = special if special in self._content.texts else text
        return Reply(
            kind=Kind.SMALLTALK if calm else Kind.ALARM,
            urgency="geen" if calm else ranked.urgency.code,
            # The check after a crisis names 113, so it is still about the crisis.
            crisis=crisis and (not calm or text.startswith("controle")),
            paragraphs=self._words(text, practice),
            buttons=() if text.startswith(("na_gebeld", "na_klopt_niet")) else (CALLED, NOBODY, AFRAID, WRONG),
            signs=tuple(sign.id for sign in signs),
        )

    def _words(self, text: str, practice: Practice) -> tuple[str, ...]:
        return practice.fill(self._content.texts[text].paragraphs)
