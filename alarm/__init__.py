"""The rule layer of the alarm detector: plain Python, so that engine/ (3.10) and bot/ (3.12) run the same rules.

What it looks for stands in content/alarm/; this package only reads and applies it.
"""

from alarm.detector import Detector, Finding, Scan
from alarm.load import AlarmContent, AlarmContentError, Sign, Urgency, load_alarm_content
from alarm.scope import Status

__all__ = [
    "AlarmContent",
    "AlarmContentError",
    "Detector",
    "Finding",
    "Scan",
    "Sign",
    "Status",
    "Urgency",
    "load_alarm_content",
]
