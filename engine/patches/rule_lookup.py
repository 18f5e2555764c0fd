"""Look up the rules that fit by the last action and intent, and look back no further than the longest rule.

Rasa 3.6.21 tries every rule, twice a message, against every state of the talk, although a rule that has fitted in all
of its own states fits whatever came before.
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import State
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

_plain = RulePolicy._get_possible_keys
_Mark = tuple[Any, Any]  # action and intent of a state; None in a rule that does not ask for an intent


class _Index:
    """The keys of a rule lookup by the action and the intent of their last state."""

    def __init__(self, lookup: dict[str, str]) -> None:
        self.longest = 1
        self._by_mark: dict[_Mark, list[str]] = {}
        for key in lookup:
            states = RulePolicy._rule_key_to_state(key)
            self.longest = max(self.longest, len(states))
            action, intent = _mark(states[-1])
            # A rule for the start of a talk fits there whatever the intent.
            anything = not action or intent == SHOULD_NOT_BE_SET
            self._by_mark.setdefault((action, None if anything else intent), []).append(key)

    def near(self, state: State) -> dict[str, str]:
        """The keys that may fit a state: all that do, and perhaps others."""
        action, intent = _mark(state)
        marks = {(action, intent), (action, None)}
        return dict.fromkeys((key for mark in marks for key in self._by_mark.get(mark, [])), "")


def _mark(state: State) -> _Mark:
    return (state.get(PREVIOUS_ACTION) or {}).get(ACTION_NAME), (state.get(USER) or {}).get(INTENT)


def _get_possible_keys(self: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    """As Rasa's: the keys of the rules that fit the end of a talk."""
    if not states:
        return set(_plain(self, lookup, states))
    known = self.__dict__.setdefault("_lookup_indices", {})
    index = known.get(id(lookup))
    if index is None:
        index = known[id(lookup)] = _Index(lookup)
    return set(_plain(self, index.near(states[-1]), states[-index.longest :]))


def apply() -> None:
    """Patch this process. Only for serving: training still adds rules to the lookup."""
    RulePolicy._get_possible_keys = _get_possible_keys
