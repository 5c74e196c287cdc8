"""The protocol's ladder and bounds, written down once more for the auditor.

From the words of `clinical.md` 1.5 (ladder, reminders, repeats), 2.5 (15 s) and design section 3
(retries, repeats after a kill), not from the plan: a wrong number there must not be right here.

>>> rungs("medium", "")[3]
(120.0, <Role.PHYSICIAN: 'physician'>)
"""

from alerts.contact import Role

__all__ = [
    "CALL_BACK_S",
    "DEADLINE_S",
    "LOCAL",
    "REMINDER_S",
    "RETRIES_S",
    "again_s",
    "rungs",
    "stops",
]

_C, _P, _B = Role.COMPANION, Role.PHYSICIAN, Role.BACKUP

DEADLINE_S = 15.0
LOCAL = frozenset({"reach", "network"})
"""Families that are for the room alone: "all fail -> medium local" (2.5, CH-FAIL, NET-DOWN)."""

RETRIES_S = (1.0, 3.0)
REMINDER_S = {"low": 900.0, "medium": 300.0, "high": 120.0}
CALL_BACK_S = 600.0

_LOW = ((0.0, _C), (120.0, _C), (300.0, _C))
_MEDIUM = ((0.0, _C), (30.0, _C), (60.0, _C), (120.0, _P), (180.0, _P), (300.0, _B))
_HIGH = ((0.0, _C), (0.0, _P), (30.0, _C), (60.0, _P))
_FAST = (*_HIGH, (120.0, _B))
_SLOW = (*_HIGH, (120.0, _P), (300.0, _B))
_AGAIN_FROM_S, _AGAIN_EVERY_S = 300.0, 120.0


def rungs(priority: str, alarm_class: str) -> tuple[tuple[float, Role], ...]:
    """Return the ladder: seconds after the alarm, and who is told."""
    if priority == "high":
        return _SLOW if alarm_class == "S" else _FAST
    return _MEDIUM if priority == "medium" else _LOW


def again_s(since_s: float) -> bool:
    """Whether this is a time of the repeats: 300 s after the alarm, then every 120 s."""
    past_s = since_s - _AGAIN_FROM_S
    steps = round(past_s / _AGAIN_EVERY_S)
    return steps >= 0 and abs(past_s - steps * _AGAIN_EVERY_S) <= 0.05  # noqa: PLR2004 - 50 ms


def stops(by: Role, priority: str, to: Role) -> bool:
    """Whether an acceptance by this person ends the calls to that one."""
    if by in (Role.PHYSICIAN, Role.BACKUP) or priority != "high":
        return True
    return to is Role.COMPANION
