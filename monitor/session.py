"""The phases of a session as one table: gate, onset, peak, offset, recovery, and the exceptions.

A phase changes only by a trigger that the table lists; anything else is refused and changes
nothing. Whether a trigger is given (a time has come, a criterion is met) is decided in
`monitor/course.py`; this module only knows what follows (`clinical.md` 1.4).

>>> step(Phase.GATE, Trigger.DOSE)
<Phase.ONSET: 'onset'>
>>> step(Phase.GATE, Trigger.DISCHARGE) is None
True
"""

from enum import StrEnum

__all__ = ["MONITORED", "OVER", "RISK_WINDOW", "TABLE", "Phase", "Trigger", "step"]


class Phase(StrEnum):
    """Where the session is."""

    SETUP = "setup"
    GATE = "gate"
    ONSET = "onset"
    PEAK = "peak"
    OFFSET = "offset"
    RECOVERY = "recovery"
    EXTENDED = "extended"
    EMERGENCY = "emergency"
    FOLLOW_UP = "follow_up"
    COMPLETED = "completed"
    DISCHARGED = "discharged"
    ABORTED = "aborted"
    ENDED = "ended"


class Trigger(StrEnum):
    """What moves a session."""

    OPENED = "opened"
    OPENED_IN_PEAK = "opened_in_peak"
    DOSE = "dose"
    EXTRA_DOSE = "extra_dose"
    ONSET_OVER = "onset_over"
    PEAK_OVER = "peak_over"
    PEAK_LATE = "peak_late"
    PEAK_BY_WORD = "peak_by_word"
    OFFSET_OVER = "offset_over"
    NOT_AWAKE = "not_awake"
    CRITERIA_MET = "criteria_met"
    CLASS_E = "class_e"
    EMERGENCY_CLOSED = "emergency_closed"
    HANDED_OVER = "handed_over"
    DISCHARGE = "discharge"
    FOLLOW = "follow"
    FOLLOWED_UP = "followed_up"
    ABORT = "abort"
    END = "end"


_P, _T = Phase, Trigger

TABLE: dict[tuple[Phase, Trigger], Phase] = {
    (_P.SETUP, _T.OPENED): _P.GATE,
    (_P.SETUP, _T.OPENED_IN_PEAK): _P.PEAK,
    (_P.GATE, _T.DOSE): _P.ONSET,
    (_P.GATE, _T.ABORT): _P.ABORTED,
    (_P.ONSET, _T.ONSET_OVER): _P.PEAK,
    (_P.PEAK, _T.PEAK_OVER): _P.OFFSET,
    (_P.PEAK, _T.PEAK_LATE): _P.EXTENDED,
    (_P.PEAK, _T.PEAK_BY_WORD): _P.OFFSET,
    (_P.OFFSET, _T.OFFSET_OVER): _P.RECOVERY,
    # "MOAA/S <5 at T+120: stays EXTENDED" (`clinical.md` 2.6 SED-LATE).
    (_P.OFFSET, _T.NOT_AWAKE): _P.EXTENDED,
    (_P.RECOVERY, _T.NOT_AWAKE): _P.EXTENDED,
    (_P.EXTENDED, _T.CRITERIA_MET): _P.RECOVERY,
    (_P.EXTENDED, _T.PEAK_BY_WORD): _P.RECOVERY,
    # Of the two the plan decides: "6 DISCHARGED / FOLLOW-UP" (`clinical.md` 1.4).
    (_P.RECOVERY, _T.FOLLOW): _P.FOLLOW_UP,
    (_P.RECOVERY, _T.DISCHARGE): _P.DISCHARGED,
    (_P.FOLLOW_UP, _T.FOLLOWED_UP): _P.COMPLETED,
    # "the phase never goes back to ONSET" (`clinical.md` 2.6 DOSE-EXTRA), but its peak comes again.
    (_P.OFFSET, _T.EXTRA_DOSE): _P.PEAK,
    (_P.RECOVERY, _T.EXTRA_DOSE): _P.PEAK,
    (_P.EXTENDED, _T.EXTRA_DOSE): _P.PEAK,
    (_P.FOLLOW_UP, _T.EXTRA_DOSE): _P.PEAK,
}
_GOING = (_P.GATE, _P.ONSET, _P.PEAK, _P.OFFSET, _P.RECOVERY, _P.EXTENDED, _P.FOLLOW_UP)
for _phase in _GOING:
    TABLE[_phase, _T.CLASS_E] = _P.EMERGENCY
    TABLE[_phase, _T.END] = _P.ENDED
    TABLE[_phase, _T.HANDED_OVER] = _P.ENDED
TABLE[_P.EMERGENCY, _T.EMERGENCY_CLOSED] = _P.EXTENDED
TABLE[_P.EMERGENCY, _T.HANDED_OVER] = _P.ENDED
TABLE[_P.EMERGENCY, _T.END] = _P.ENDED

# After these nothing is required any more.
OVER = frozenset({_P.COMPLETED, _P.DISCHARGED, _P.ABORTED, _P.ENDED})
# In the follow-up people are asked, and no device is watched.
MONITORED = frozenset(set(_P) - OVER - {_P.SETUP, _P.FOLLOW_UP})
# "high 120 s in ONSET/PEAK/OFFSET/EXTENDED/EMERGENCY" (`clinical.md` 2.4 SIG-LOST).
RISK_WINDOW = frozenset({_P.ONSET, _P.PEAK, _P.OFFSET, _P.EXTENDED, _P.EMERGENCY})


def step(phase: Phase, trigger: Trigger) -> Phase | None:
    """Return the next phase, or None when the table has no such step."""
    return TABLE.get((phase, trigger))
