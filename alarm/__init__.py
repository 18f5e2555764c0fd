"""The alarm: plain Python, so that engine/ and bot/ run the same rules and the same decision.

What it looks for stands in content/alarm/; this package only reads and applies it.
"""

from alarm.decide import ALARM_INTENTS, LEVELS, Limits, Names, NetReading, Verdict, decide
from alarm.detector import Detector, Finding, Scan
from alarm.load import AlarmContent, AlarmContentError, Sign, Urgency, load_alarm_content
from alarm.scope import Status

__all__ = [
    "ALARM_INTENTS",
    "LEVELS",
    "AlarmContent",
    "AlarmContentError",
    "Detector",
    "Finding",
    "Limits",
    "Names",
    "NetReading",
    "Scan",
    "Sign",
    "Status",
    "Urgency",
    "Verdict",
    "decide",
    "load_alarm_content",
]
