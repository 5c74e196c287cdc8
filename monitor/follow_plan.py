"""The part of a plan that is about the follow-up: what is asked after the discharge, and when.

Values only. The catalogue (`clinical.md` 1.4, phase 6) has an optional cuff reading at T+180 and
T+240 min after a session with a pressure alarm, a message at T+240 min, and the next day's check-in
at T+20 to T+28 h. All minutes run from the last dose.

>>> FollowUp(message_min=240, next_day_min=1200).cuff_min
()
"""

from typing import Annotated

from msgspec import Meta, Struct

__all__ = ["FollowUp"]

_Minutes = Annotated[int, Meta(ge=0, le=2880, description="whole minutes up to two days")]


class FollowUp(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is asked after the discharge, in minutes after the last dose.

    `cuff_min`: readings that are offered when a pressure alarm was in the session; `message_min`:
    one question to patient and companion; `next_day_min`: the check-in of the next day from then
    on. `rows` go on being judged beside everything that people say; all others rest.
    """

    cuff_min: tuple[_Minutes, ...] = ()
    message_min: _Minutes
    next_day_min: _Minutes
    rows: tuple[str, ...] = ()
