"""The Telegram Bot API."""

import os

# python-telegram-bot warns that RetryAfter.retry_after will be a timedelta; this takes it as one already.
os.environ.setdefault("PTB_TIMEDELTA", "true")
