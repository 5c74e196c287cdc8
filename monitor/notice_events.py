"""Events of people that no check-in asks for: what somebody noticed, and a peak ended by word.

Values only, as `monitor/person_events.py`; what follows is decided in `monitor/notices.py` and
`monitor/leaving.py`.

>>> from alerts.contact import Role
>>> Noticed(at_ms=5, by="ann", role=Role.COMPANION, what=Thing.MUST_GO).over
False
"""

from devices.notice import Thing
from monitor.person_events import ByPerson

__all__ = ["Noticed", "PeakEnded"]


class Noticed(ByPerson, frozen=True, kw_only=True):
    """A person says what they noticed, or (`over`) that it is so no longer.

    `number` is the score, or the glucose in mg/dL, of what has one.
    """

    what: Thing
    over: bool = False
    number: int | None = None


class PeakEnded(ByPerson, frozen=True, kw_only=True):
    """A physician ends the peak without a blood pressure, because the cuff has failed."""

    reason: str
