"""What is wrong: the words of an alarm condition, and a row's answer now.

IEC 60601-1-8 tells condition (what is wrong), signal (how it is shown) and message (whom we told)
apart; so does Vigil: `condition`, `signal`, `delivery` are three modules with three lifetimes.

An assessment is never a boolean: `Absent` means "looked and it is not so", `Unknown` means "could
not look", and only the first may clear an alarm.

>>> Priority.HIGH.rank > Priority.MEDIUM.rank
True
"""

from enum import StrEnum

from msgspec import Struct

__all__ = [
    "Absent",
    "AlarmClass",
    "Assessment",
    "Kind",
    "Off",
    "Present",
    "Priority",
    "Transition",
    "Unknown",
    "rank",
]


class Priority(StrEnum):
    """IEC 60601-1-8 priorities."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """1, 2, 3: higher is more urgent."""
        return _PRIORITY_RANK[self]


_PRIORITY_RANK = {Priority.LOW: 1, Priority.MEDIUM: 2, Priority.HIGH: 3}


class AlarmClass(StrEnum):
    """Classes of a high alarm (`clinical.md` 1.5).

    E shows the emergency card first; A is airway, circulation, lost sight; S is slow.
    """

    E = "E"
    A = "A"
    S = "S"


class Kind(StrEnum):
    """Who says so: the body, the equipment, a person, the protocol (`clinical.md` 2)."""

    PHYSIOLOGICAL = "P"
    TECHNICAL = "T"
    OBSERVER = "O"
    WORKFLOW = "W"


class Transition(StrEnum):
    """What happened to an alarm. Each row that becomes present gives one of the first three."""

    RAISED = "raised"
    JOINED = "joined"
    UPGRADED = "upgraded"
    DOWNGRADED = "downgraded"
    REPEATED = "repeated"
    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    LEASE_ENDED = "lease_ended"
    CLEARED = "cleared"
    LATCHED = "latched"
    RESET = "reset"


def rank(priority: Priority, alarm_class: AlarmClass | None) -> int:
    """Order alarms for display, sound and upgrades; class E is above every other high."""
    return priority.rank * 2 + (alarm_class is AlarmClass.E)


class Present(Struct, frozen=True):
    """It is so. `full` is False while a row is still "checking": only a full row latches."""

    priority: Priority
    alarm_class: AlarmClass | None
    reason: str
    value_x100: int | None = None
    limit_x100: int | None = None
    full: bool = True
    until_ms: int | None = None


class Absent(Struct, frozen=True):
    """Looked, and it is not so."""

    reason: str = ""
    until_ms: int | None = None


class Unknown(Struct, frozen=True):
    """Could not look, and why. Never raises a value row and never clears one."""

    why: str
    until_ms: int | None = None


class Off(Struct, frozen=True):
    """Cannot work in this session (an input that was never promised, a failed detector)."""

    why: str
    until_ms: int | None = None


Assessment = Present | Absent | Unknown | Off
