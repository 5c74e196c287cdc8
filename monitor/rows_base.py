"""What all rows of a plan have in common: who they are, whom they tell, how they clear.

Values only, read strictly; the shapes that add their own numbers are in `monitor/rows.py` and
`monitor/rows_window.py`. Numbers are in the metric's unit, times in seconds.

>>> Clear(at_least=94, for_s=30).at_most is None
True
"""

from typing import Annotated

from msgspec import Meta, Struct

from alerts.condition import AlarmClass, Kind, Priority
from monitor.facts import Fact
from monitor.session import Phase

__all__ = ["Clear", "Number", "RowBase", "Seconds", "Stage"]

Seconds = Annotated[int, Meta(ge=0, le=86_400, description="whole seconds up to a day")]
Number = Annotated[float, Meta(ge=-1000, le=1000)]


class RowBase(Struct, frozen=True, kw_only=True, tag_field="shape", omit_defaults=True):
    """What every row says.

    `alarm_class` is its class at high priority; `latch` the priority from which it latches (none:
    it clears itself); `p0` informs the physician at 0 s, `p0_backup` the backup too; `callback_s`
    asks the physician besides to call the room within so many seconds, else the backup, until one
    has. `local` tells nobody but the room and the companion.
    """

    id: Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9+-]*$", description="capitals and digits")]
    family: str
    priority: Priority
    alarm_class: AlarmClass | None = None
    kind: Kind
    latch: Priority | None = None
    p0: bool = False
    p0_backup: bool = False
    callback_s: Annotated[int, Meta(ge=60, le=3600)] | None = None
    local: bool = False
    label: str
    why: str = ""


class Clear(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a value row clears: at or beyond the level for a time, on valid samples only.

    `at_least`/`at_most` are levels in the metric's unit; `under_baseline`/`over_baseline` say
    instead how far from the frozen baseline the value may still be. `or_under_baseline` lowers
    (`at_least`) the level to baseline minus this, if that is lower. `and_not` names facts that must
    be known to be false besides; `or_not` facts that end the row by themselves as soon as they are
    known to be false.
    """

    at_least: Number | None = None
    at_most: Number | None = None
    for_s: Seconds = 0
    under_baseline: Number | None = None
    over_baseline: Number | None = None
    or_under_baseline: Number | None = None
    and_not: tuple[Fact, ...] = ()
    or_not: tuple[Fact, ...] = ()


class Stage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A priority that a row reaches after a time of silence or delay.

    `phases` (empty: all) and `facts` (all of them true) say when the stage counts; `quiet_s`
    replaces `after_s` once when a check-in "answers, breathing quiet" came since the loss.
    """

    after_s: Seconds
    priority: Priority
    phases: tuple[Phase, ...] = ()
    facts: tuple[Fact, ...] = ()
    quiet_s: Seconds | None = None
