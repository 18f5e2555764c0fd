"""Keep what patients write out of Rasa's output: only errors, and no debug lines, leave a Rasa process."""

from __future__ import annotations

import logging
import os
import warnings
from typing import Any

import structlog


def _say_nothing(*_: Any, **__: Any) -> None:
    """In place of writing a warning to stderr."""


def be_quiet() -> None:
    """Call before anything of Rasa is used. Rasa's warnings and debug lines can hold the text of a message."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    warnings.simplefilter("ignore")
    warnings.showwarning = _say_nothing  # Sanic and Rasa set filters of their own when they are imported
    logging.getLogger().setLevel(logging.ERROR)
    for name in ("rasa", "matplotlib", "sanic.access", "apscheduler", "pykwalify"):
        logging.getLogger(name).setLevel(logging.ERROR)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
