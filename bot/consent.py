"""Before the first free text: what this is, what is kept, and the patient's yes.

The web chat shows the notice with a button; without a yes a message is looked through for alarm signs and neither
understood nor kept. In WhatsApp and Telegram the first message gets words of its own (content/channels.yml) along with
its answer (it may be urgent, and only Rasa knows all signs) but is not kept; who then goes on agrees.
"""

from __future__ import annotations

from typing import Any

from content import Kind, Library, Reply
from content.model import Privacy, PrivacySection
from practices.book import Installed
from settings import Settings


def times(settings: Settings) -> dict[str, str]:
    """How long things are kept, in words: what texts call {bewaartijd}, {langer} (when asked for) and {vragentijd}."""
    return {
        "bewaartijd": _duration(settings.keep_hours, "uur", "uur"),
        "langer": _duration(settings.keep_longer_days, "dag", "dagen"),
        "vragentijd": _duration(settings.keep_unanswered_days, "dag", "dagen"),
    }


def notice(installed: Installed, settings: Settings) -> Reply:
    """The notice in the practice's name, as a reply. At most 40 words beside that name."""
    paragraphs = texts(installed.library).melding
    return Reply(kind=Kind.SMALLTALK, paragraphs=installed.practice.fill(paragraphs, **times(settings)))


def state(installed: Installed, settings: Settings, given: bool) -> dict[str, Any]:
    """What the API says of a conversation: whether the patient agreed, the notice, and whether this is a trial."""
    return {
        "consent": given,
        "notice": {
            "paragraphs": notice(installed, settings).paragraphs,
            "button": texts(installed.library).knop,
            "privacy": f"/privacy/{installed.practice.id}",
        },
        "trial": installed.tried_out,
    }


def warning(installed: Installed) -> tuple[str, ...]:
    """What a patient must know of a practice that is still tried out; nothing for one that is live."""
    return installed.practice.fill(texts(installed.library).proef) if installed.tried_out else ()


def sections(installed: Installed, settings: Settings, *, short: bool = False) -> list[PrivacySection]:
    """The privacy page in the practice's name; `short`: what the chat's own privacy window shows of it."""
    practice, kept = installed.practice, times(settings)
    return [
        section.model_copy(update={"tekst": practice.fill(section.tekst, **kept)})
        for section in texts(installed.library).pagina
        if section.land in (None, practice.land)
        and (section.kort or not short)
        and (settings.keep_longer_days > 0 or not section.langer)
    ]


def as_trial(installed: Installed, first: Reply) -> Reply:
    """The first reply of a talk, with what a patient must know of a practice that is still tried out in front."""
    return first.model_copy(update={"paragraphs": (*warning(installed), *first.paragraphs)})


def first_say_yes(library: Library) -> str:
    """What somebody reads who types before agreeing."""
    return " ".join(texts(library).eerst_akkoord)


def texts(library: Library) -> Privacy:
    """content/privacy.yml, which every loaded library has."""
    assert library.privacy is not None
    return library.privacy


def _duration(count: float, one: str, more: str) -> str:
    number = f"{count:g}".replace(".", ",")
    return f"{number} {one if count == 1 else more}"
