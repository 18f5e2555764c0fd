"""What points to a person is taken out before anything is stored; who somebody is on a channel becomes a pseudonym."""

from bot.privacy.names import LABEL as NAME
from bot.privacy.pseudonym import pseudonym
from bot.privacy.redaction import redact, warm_up

__all__ = ["NAME", "pseudonym", "redact", "warm_up"]
