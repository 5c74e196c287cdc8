"""How an alarm is shown: one table of states, and what the loudspeaker plays for all of them.

A signal is not the condition: an acknowledged alarm is still wrong, only quiet for a bounded time;
a latched one outlives its condition until a person resets it (IEC 60601-1-8, IEEE 11073-10207).
This module keeps no time and tells nobody: pauses and leases end by a cue from outside.

>>> step(SignalState.ON, Cue.ACKNOWLEDGE)
<SignalState.ACKNOWLEDGED: 'acknowledged'>
"""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from alerts.condition import Priority

__all__ = ["TABLE", "Cue", "Pattern", "Shown", "SignalState", "loudest", "pattern_of", "step"]


class SignalState(StrEnum):
    """How an alarm is shown. Acknowledged and accepted are quiet; their end is a cue."""

    ON = "on"
    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    LATCHED = "latched"
    OFF = "off"


class Pattern(StrEnum):
    """What a loudspeaker plays. `failure` is the watchdog's own."""

    SILENT = "silent"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    FAILURE = "failure"


class Cue(StrEnum):
    """What can happen to a signal."""

    UPGRADED = "upgraded"
    ACKNOWLEDGE = "acknowledge"
    ACCEPT = "accept"
    PAUSE_OVER = "pause_over"
    LEASE_OVER = "lease_over"
    CONDITION_GONE = "condition_gone"
    CONDITION_BACK = "condition_back"
    NEW_ALARM = "new_alarm"
    CLOSED = "closed"


_S, _C = SignalState, Cue

# `clinical.md` 2.7.5: "a new or upgraded alert breaks the pause". A lease is broken only by an
# upgrade of the same alarm: a person who took it still has it when another alarm comes.
TABLE: dict[tuple[SignalState, Cue], SignalState] = {
    (_S.ON, _C.UPGRADED): _S.ON,
    (_S.ON, _C.ACKNOWLEDGE): _S.ACKNOWLEDGED,
    (_S.ON, _C.ACCEPT): _S.ACCEPTED,
    (_S.ON, _C.CONDITION_GONE): _S.LATCHED,
    (_S.ON, _C.CONDITION_BACK): _S.ON,
    (_S.ON, _C.NEW_ALARM): _S.ON,
    (_S.ON, _C.CLOSED): _S.OFF,
    (_S.ACKNOWLEDGED, _C.UPGRADED): _S.ON,
    (_S.ACKNOWLEDGED, _C.ACKNOWLEDGE): _S.ACKNOWLEDGED,
    (_S.ACKNOWLEDGED, _C.ACCEPT): _S.ACCEPTED,
    (_S.ACKNOWLEDGED, _C.PAUSE_OVER): _S.ON,
    (_S.ACKNOWLEDGED, _C.CONDITION_GONE): _S.LATCHED,
    (_S.ACKNOWLEDGED, _C.CONDITION_BACK): _S.ACKNOWLEDGED,
    (_S.ACKNOWLEDGED, _C.NEW_ALARM): _S.ON,
    (_S.ACKNOWLEDGED, _C.CLOSED): _S.OFF,
    (_S.ACCEPTED, _C.UPGRADED): _S.ON,
    (_S.ACCEPTED, _C.ACKNOWLEDGE): _S.ACCEPTED,
    (_S.ACCEPTED, _C.ACCEPT): _S.ACCEPTED,
    (_S.ACCEPTED, _C.LEASE_OVER): _S.ON,
    (_S.ACCEPTED, _C.CONDITION_GONE): _S.LATCHED,
    (_S.ACCEPTED, _C.CONDITION_BACK): _S.ACCEPTED,
    (_S.ACCEPTED, _C.NEW_ALARM): _S.ACCEPTED,
    (_S.ACCEPTED, _C.CLOSED): _S.OFF,
    (_S.LATCHED, _C.UPGRADED): _S.ON,
    (_S.LATCHED, _C.ACKNOWLEDGE): _S.LATCHED,
    (_S.LATCHED, _C.ACCEPT): _S.LATCHED,
    (_S.LATCHED, _C.CONDITION_GONE): _S.LATCHED,
    (_S.LATCHED, _C.CONDITION_BACK): _S.ON,
    (_S.LATCHED, _C.NEW_ALARM): _S.LATCHED,
    (_S.LATCHED, _C.CLOSED): _S.OFF,
}


def step(state: SignalState, cue: Cue) -> SignalState | None:
    """Return the next state, or None when the table has no such step (nothing then changes)."""
    return TABLE.get((state, cue))


class Shown(Struct, frozen=True):
    """One alarm as the loudspeaker sees it. `calmed`: acknowledged or accepted at least once."""

    alarm: str
    rank: int
    priority: Priority
    state: SignalState
    calmed: bool


_BY_PRIORITY = {
    Priority.LOW: Pattern.LOW,
    Priority.MEDIUM: Pattern.MEDIUM,
    Priority.HIGH: Pattern.HIGH,
}
_LOUDNESS = {Pattern.SILENT: 0, Pattern.LOW: 1, Pattern.MEDIUM: 2, Pattern.HIGH: 3}


def pattern_of(shown: Shown) -> Pattern:
    """What one alarm alone would play."""
    if shown.state is SignalState.ON:
        return _BY_PRIORITY[shown.priority]
    if shown.state is SignalState.LATCHED:
        # "after the first acknowledgement its sound is the low pattern" (`clinical.md` 2.7.2a)
        return Pattern.LOW if shown.calmed else _BY_PRIORITY[shown.priority]
    return Pattern.SILENT


def loudest(all_shown: Iterable[Shown]) -> tuple[Pattern, str | None]:
    """What the speaker plays for all alarms, and for which: the highest first (R05)."""
    best: tuple[Pattern, str | None] = (Pattern.SILENT, None)
    best_key = (0, 0)
    for shown in all_shown:
        pattern = pattern_of(shown)
        key = (_LOUDNESS[pattern], shown.rank)
        if key > best_key and pattern is not Pattern.SILENT:
            best, best_key = (pattern, shown.alarm), key
    return best
