"""Orders by which a person says what they noticed, or that they are well, or ends a peak by word.

What follows from them is decided in `monitor/notices.py`, `patient_taps.py` and `leaving.py`.

>>> from devices.observation import Mode
>>> Notice(session="s1", mode=Mode.TEST, what=Thing.MUST_GO).over
False
"""

from typing import Annotated

from msgspec import Meta

from devices.notice import Thing
from devices.order import OrderBase, Said

__all__ = ["EndPeak", "Notice", "Ok"]

Number = Annotated[int, Meta(ge=0, le=1000)]


class Notice(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="notice"):
    """Say what was noticed; `over` says that it is so no longer. `number` for what has one."""

    what: Thing
    over: bool = False
    number: Number | None = None


class Ok(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="ok"):
    """The patient's own tap: "I am OK"."""


class EndPeak(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="end_peak"):
    """A physician ends the peak without a blood pressure, because the cuff has failed."""

    reason: Said
