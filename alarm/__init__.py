"""The alarm: plain Python, so that engine/ and bot/ run the same rules and the same decision.

What it looks for stands in content/alarm/; this package only reads and applies it.
"""

from alarm.decide import ALARM_INTENTS, LEVELS, Limits, Names, NetReading, Verdict, decide
from alarm.detector import Detector, Finding, Scan
from alarm.ear import Ear
from alarm.load import AlarmContent, AlarmContentError, Sign, Urgency, load_alarm_content
from alarm.scope import Status
from alarm.talk import Act, AlarmTalk, OpenAlarm, Said, State, Step, may_answer, over_turns

__all__ = [
    "ALARM_INTENTS",
    "LEVELS",
    "Act",
    "AlarmContent",
    "AlarmContentError",
    "AlarmTalk",
    "Detector",
    "Ear",
    "Finding",
    "Limits",
    "Names",
    "NetReading",
    "OpenAlarm",
    "Said",
    "Scan",
    "Sign",
    "State",
    "Status",
    "Step",
    "Urgency",
    "Verdict",
    "decide",
    "load_alarm_content",
    "may_answer",
    "over_turns",
]
