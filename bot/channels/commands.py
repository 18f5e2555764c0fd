"""Words that are taken as commands when a message holds nothing else. Nobody needs to know them."""

from __future__ import annotations

from enum import StrEnum


class Command(StrEnum):
    """What to do without asking Rasa."""

    START = "start"
    STOP = "stop"
    HELP = "hulp"
    PRIVACY = "privacy"
    FORGET = "wis"


_WORDS = {
    Command.START: ("/start", "/begin", "start"),
    Command.STOP: ("/stop", "stop", "/afmelden", "afmelden"),
    Command.HELP: ("/help", "/hulp", "/settings", "help", "hulp", "/uitleg"),
    Command.PRIVACY: ("/privacy", "privacy"),
    Command.FORGET: ("/wis", "wis", "/wissen", "wissen", "wis gesprek", "wis mijn gesprek", "wis dit gesprek"),
}
_COMMANDS = {word: command for command, words in _WORDS.items() for word in words}


def command(text: str) -> Command | None:
    """The command that a whole message is, or None. Telegram adds a bot's name (/help@bot) and words after /start."""
    said = text.strip().rstrip(".!").casefold()
    if said.startswith("/"):
        first = said.split()[0].partition("@")[0]
        found = _COMMANDS.get(first)
        # "/wis" with words behind it is no command; "/start" has what stood in the link behind it.
        return found if found is Command.START or first == said.partition("@")[0] else None
    return _COMMANDS.get(" ".join(said.split()))
