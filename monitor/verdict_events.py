"""A physician's word about an alarm, as an event. It is kept and shown, and decides nothing.

>>> from alerts.contact import Role
>>> AlarmJudged(
...     at_ms=9, by="lee", role=Role.PHYSICIAN, alarm="oxygen@5", verdict=AlarmVerdict.TRUE
... ).note
''
"""

from devices.judge_orders import AlarmVerdict
from monitor.person_events import ByPerson

__all__ = ["AlarmJudged"]


class AlarmJudged(ByPerson, frozen=True, kw_only=True):
    """A physician says whether an alarm of this session was right, with a note.

    The last word about an alarm counts. No alarm, message or limit changes by it.
    """

    alarm: str
    verdict: AlarmVerdict
    note: str = ""
