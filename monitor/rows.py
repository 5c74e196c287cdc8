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

from alerts.condition import AlarmClass, Priority
from devices.observation import Metric
from monitor.facts import Fact
from monitor.rows_base import Clear, Number, RowBase, Seconds, Stage
from monitor.rows_cuff import ApartRow, ConfirmedRow, DerivedRow, FaintRow, RisingRow, SignRow
from monitor.rows_since import SinceRow, SinceStage
from monitor.rows_window import (
    ConflictRow,
    CumulativeRow,
    DipsRow,
    FlaggedRow,
    FrozenRow,
    IdentityRow,
    OverruledRow,
    RepeatedRow,
    SlopeRow,
)

__all__ = [
    "ApartRow",
    "AttemptsRow",
    "Clear",
    "ConfirmedRow",
    "ConflictRow",
    "Count",
    "Criterion",
    "CumulativeRow",
    "DerivedRow",
    "DipsRow",
    "FaintRow",
    "FallRow",
    "FlaggedRow",
    "FrozenRow",
    "IdentityRow",
    "LimitRow",
    "OverdueRow",
    "OverruledRow",
    "RepeatedRow",
    "ReportRow",
    "RisingRow",
    "Row",
    "ShareRow",
    "SignRow",
    "SilenceRow",
    "SinceRow",
    "SinceStage",
    "SlopeRow",
    "Stage",
    "StepRow",
    "Stepped",
]


class Stepped(Struct, frozen=True, kw_only=True):
    """Other delays when the row began as a pulse step (`clinical.md` 2.2)."""

    delay_s: Seconds
    agrees_delay_s: Seconds
    differs_extra_s: Seconds = 0


class Criterion(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One way to be beyond: a limit, a distance from the frozen baseline, facts that must hold.

    `below`/`above` are strict ("<88" is <=87), `at_most`/`at_least` are not. `under_baseline` and
    `over_baseline` are at least that far. Several parts must all hold. `athlete_below` replaces
    `below` for an athlete. `doubtful` lets SpO2 1-49 and PR 1-24 count. With no number at all
    only the facts decide.
    """

    below: Number | None = None
    above: Number | None = None
    at_most: Number | None = None
    at_least: Number | None = None
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


class LimitRow(RowBase, frozen=True, kw_only=True, tag="limit", omit_defaults=True):
    """A value beyond a limit for a time.

    `high_bias_up`: how far the limits of a patient go up whose oximeter may read too high (0 and
    more says so to everybody; None: the plan knows nothing of it; see `monitor/high_bias.py`).
    """

    metric: Metric
    criteria: Annotated[tuple[Criterion, ...], Meta(min_length=1)]
    clear: Clear
    high_bias_up: Annotated[int, Meta(ge=0, le=2)] | None = None


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
    """A cuff reading, a check-in or a tap of the patient that was due has not come."""

    watches: Literal["cuff", "check_in", "patient_check"]
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
    `once`: it tells of something that happened, not of a state; it latches, and a person resets it.
    """

    on: str
    off_on: str = ""
    once: bool = False


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
    | CumulativeRow
    | DipsRow
    | SlopeRow
    | FrozenRow
    | FlaggedRow
    | RepeatedRow
    | ConflictRow
    | OverruledRow
    | IdentityRow
    | DerivedRow
    | RisingRow
    | SignRow
    | FaintRow
    | ApartRow
    | SinceRow
)
