"""Words only; the table follows."""

from enum import StrEnum


class SignalState(StrEnum):
    """How an alarm is shown (IEC 60601-1-8, IEEE 11073-10207)."""

    ON = "on"
    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    LATCHED = "latched"
    OFF = "off"


class Pattern(StrEnum):
    """What a loudspeaker plays."""

    SILENT = "silent"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    FAILURE = "failure"
