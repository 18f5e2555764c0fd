"""What points to a person is taken out before anything is stored; who somebody is on a channel becomes a pseudonym."""

from bot.privacy.pseudonym import pseudonym
from bot.privacy.redaction import redact, warm_up

__all__ = ["pseudonym", "redact", "warm_up"]
