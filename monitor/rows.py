"""The rows of a plan: each alarm of the catalogue as data, by the shape of its rule.

A row holds numbers, priorities, delays and texts, and may name facts from the closed list of
`monitor/facts.py`; it never grows conditions of its own. Numbers are in the metric's unit, times in
seconds, as a clinician reads them; the words mean what `clinical.md` 2.0 says.

    [[rows]]
    id = "SPO2-WARN"
    shape = "limit"
    criteria = [{ below = 92, delay_s = 20 }]
    clear = { at_least = 94, for_s = 30 }
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from alerts.condition import AlarmClass, Kind, Priority
from devices.observation import Metric
from monitor.facts import Fact
from monitor.session import Phase

__all__ = [
    "AttemptsRow",
    "Clear",
    "ConfirmedRow",
    "Count",
    "Criterion",
    "FallRow",
    "LimitRow",
    "OverdueRow",
    "ReportRow",
    "Row",
    "ShareRow",
    "SilenceRow",
    "Stage",
    "StepRow",
    "Stepped",
]

Seconds = Annotated[int, Meta(ge=0, le=86_400, description="whole seconds up to a day")]
Number = Annotated[float, Meta(ge=-1000, le=1000)]


class RowBase(Struct, frozen=True, kw_only=True, tag_field="shape", omit_defaults=True):
    """What every row says.

    `alarm_class` is its class at high priority; `latch` the priority from which it latches (none:
    it clears itself); `p0` informs the physician at 0 s; `callback_s` asks them besides to call the
    room within so many seconds, else the backup, until one has. `local` tells nobody but the room
    and the companion.
    """

    id: Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9+-]*$", description="capitals and digits")]
    family: str
    priority: Priority
    alarm_class: AlarmClass | None = None
    kind: Kind
    latch: Priority | None = None
    p0: bool = False
    callback_s: Annotated[int, Meta(ge=60, le=3600)] | None = None
    local: bool = False
    label: str
    why: str = ""


class Stepped(Struct, frozen=True, kw_only=True):
    """Other delays when the row began as a pulse step (`clinical.md` 2.2)."""

    delay_s: Seconds
    agrees_delay_s: Seconds
    differs_extra_s: Seconds = 0


class Criterion(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One way to be beyond: a limit, a distance from the frozen baseline, facts that must hold.

    `below`/`above` are strict ("<88" is <=87). `under_baseline`/`over_baseline` are at least that
    far. Several parts must all hold. `athlete_below` replaces `below` for an athlete.
    `doubtful` lets SpO2 1-49 and PR 1-24 count. With no number at all only the facts decide.
    """

    below: Number | None = None
    above: Number | None = None
    athlete_below: Number | None = None
    under_baseline: Number | None = None
    over_baseline: Number | None = None
    delay_s: Seconds = 0
    min_samples: Annotated[int, Meta(ge=1, le=100)] = 1
    doubtful: bool = False
    facts: tuple[Fact, ...] = ()
    priority: Priority | None = None
    alarm_class: AlarmClass | None = None
    stepped: Stepped | None = None


class Clear(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a value row clears: at or beyond the level for a time, on valid samples only.

    `or_under_baseline` lowers (`at_least`) the level to baseline minus this, if that is lower.
    `and_not` names facts that must be known to be false besides; `or_not` facts that end the row
    by themselves as soon as they are known to be false.
    """

    at_least: Number | None = None
    at_most: Number | None = None
    for_s: Seconds = 0
    or_under_baseline: Number | None = None
    and_not: tuple[Fact, ...] = ()
    or_not: tuple[Fact, ...] = ()


class LimitRow(RowBase, frozen=True, kw_only=True, tag="limit", omit_defaults=True):
    """A value beyond a limit for a time."""

    metric: Metric
    criteria: Annotated[tuple[Criterion, ...], Meta(min_length=1)]
    clear: Clear


class FallRow(RowBase, frozen=True, kw_only=True, tag="fall", omit_defaults=True):
    """A value `points` or more below the median of the valid samples `from_s..to_s` ago."""

    metric: Metric
    points: Number
    from_s: Seconds
    to_s: Seconds
    at_most: Number
    delay_s: Seconds
    clear: Clear


class StepRow(RowBase, frozen=True, kw_only=True, tag="step", omit_defaults=True):
    """A value that differs by `percent` or more from the one `back_s` earlier, held."""

    metric: Metric
    percent: Number
    back_s: Seconds
    delay_s: Seconds
    urgent_below: Number
    urgent_above: Number
    urgent_delay_s: Seconds
    clear_percent: Number
    clear_after_s: Seconds


class ConfirmedRow(RowBase, frozen=True, kw_only=True, tag="confirmed", omit_defaults=True):
    """A cuff reading at or beyond a limit, confirmed by a second one (`clinical.md` 2.3).

    While the row is present at its full priority a reading is due `every_min` minutes after the
    last (0: as the schedule has it).
    """

    sbp_at_least: Number | None = None
    dbp_at_least: Number | None = None
    sbp_below: Number | None = None
    confirm: bool = True
    danger: tuple[Fact, ...] = ()
    clear_sbp_below: Number | None = None
    clear_dbp_below: Number | None = None
    clear_sbp_at_least: Number | None = None
    clear_or_under_baseline: Number | None = None
    clear_twice: bool = True
    recheck_drop: Number | None = None
    every_min: Annotated[int, Meta(ge=0, le=60)] = 0


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


class SilenceRow(RowBase, frozen=True, kw_only=True, tag="silence", omit_defaults=True):
    """Something of the oximeter is missing: a valid value, any sample, or the finger."""

    watches: Literal["valid", "sample", "finger"]
    stages: Annotated[tuple[Stage, ...], Meta(min_length=1)]
    clear_valid_s: Seconds = 0


class ShareRow(RowBase, frozen=True, kw_only=True, tag="share", omit_defaults=True):
    """Too small a share of the expected oximeter samples is valid."""

    below_pct: Number
    window_s: Seconds
    clear_pct: Number
    clear_window_s: Seconds


class OverdueRow(RowBase, frozen=True, kw_only=True, tag="overdue", omit_defaults=True):
    """A cuff reading or a check-in that was due has not come."""

    watches: Literal["cuff", "check_in"]
    stages: Annotated[tuple[Stage, ...], Meta(min_length=1)]


class Count(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A priority that a row reaches: after so many failures in a row, or after a time of them."""

    priority: Priority
    failures: Annotated[int, Meta(ge=1, le=10)] = 1
    after_s: Seconds = 0


class AttemptsRow(RowBase, frozen=True, kw_only=True, tag="attempts", omit_defaults=True):
    """Cuff attempts that failed one after the other; a reading ends it."""

    stages: Annotated[tuple[Count, ...], Meta(min_length=1)]


class ReportRow(RowBase, frozen=True, kw_only=True, tag="report", omit_defaults=True):
    """What a person, a device's own word or the hub says; `on` names the report.

    `off_on` names the report that says that this one was never promised: the row is off then.
    """

    on: str
    off_on: str = ""


Row = (
    LimitRow
    | FallRow
    | StepRow
    | ConfirmedRow
    | SilenceRow
    | ShareRow
    | OverdueRow
    | AttemptsRow
    | ReportRow
)
