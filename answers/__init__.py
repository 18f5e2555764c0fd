"""Which answer of a topic fits the words of a message; used by the action server, the portal and the checks."""

from answers.match import NEAR, Match, Matcher, matcher

__all__ = ["NEAR", "Match", "Matcher", "matcher"]
