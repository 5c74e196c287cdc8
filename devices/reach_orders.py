"""Orders about reaching people outside the room: that a physician has called the people in it.

What waits for such a call, and until when, is decided in `alerts/callback.py`.

>>> from devices.observation import Mode
>>> CalledBack(session="s1", mode=Mode.TEST, alarm="pressure_high@5").alarm
'pressure_high@5'
"""

from devices.order import AlarmId, OrderBase

__all__ = ["CalledBack"]


class CalledBack(
    OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="called_back"
):
    """A physician has spoken with the people in the room, as one alarm's call-back asked."""

    alarm: AlarmId
