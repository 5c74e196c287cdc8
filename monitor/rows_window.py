"""Rows that look at more than the value of now: how long, how often, how steeply, how still.

Each is data for one shape of `monitor/detectors/`, and grows no conditions of its own. Numbers are
in the metric's unit, times in seconds; the words mean what `clinical.md` 2.0 says.

    [[rows]]
    id = "SPO2-CUM"
    shape = "cumulative"
    below = 90
    over_s = 120
    window_s = 600
    clear_under_s = 30
"""

from typing import Annotated

from msgspec import Meta

from alerts.condition import Priority
from devices.observation import Flag, Metric
from monitor.facts import Fact
from monitor.rows_base import Number, RowBase, Seconds, Stage
from monitor.session import Phase

__all__ = [
    "ConflictRow",
    "CumulativeRow",
    "DipsRow",
    "FlaggedRow",
    "FrozenRow",
    "IdentityRow",
    "OverruledRow",
    "RepeatedRow",
    "SlopeRow",
]

Few = Annotated[int, Meta(ge=1, le=20)]
Percent = Annotated[int, Meta(ge=1, le=100)]


class CumulativeRow(RowBase, frozen=True, kw_only=True, tag="cumulative", omit_defaults=True):
    """More than `over_s` seconds below a limit within `window_s`, also if broken up.

    A valid sample below the limit counts for one interval of the device. The row clears at a valid
    sample with fewer than `clear_under_s` seconds left in a window of which half was seen.
    """

    metric: Metric
    below: Number
    over_s: Seconds
    window_s: Seconds
    clear_under_s: Seconds


class DipsRow(RowBase, frozen=True, kw_only=True, tag="dips", omit_defaults=True):
    """At least `count` dips within `window_s`.

    A dip is `points` or more under the local baseline (the `percentile` of the valid values of the
    `base_s` before it), goes down to `nadir_at_most`, lasts `least_s` to `most_s`, and is over
    within `back_points` of that baseline or by `back_percent` of its depth.
    """

    metric: Metric
    points: Number
    nadir_at_most: Number
    base_s: Seconds
    percentile: Percent
    back_points: Number
    back_percent: Percent
    least_s: Seconds
    most_s: Seconds
    count: Few
    window_s: Seconds


class SlopeRow(RowBase, frozen=True, kw_only=True, tag="slope", omit_defaults=True):
    """A Theil-Sen slope at or below `per_min` over `window_s`, towards a limit.

    The value of now must be `at_most` or less, and at this slope below `forecast_below` within
    `forecast_s`. `min_samples` valid ones must be in the window. The row clears when the slope is
    above `clear_per_min`.
    """

    metric: Metric
    per_min: Number
    window_s: Seconds
    min_samples: Annotated[int, Meta(ge=2, le=10_000)]
    at_most: Number
    forecast_below: Number
    forecast_s: Seconds
    delay_s: Seconds
    clear_per_min: Number


class FrozenRow(RowBase, frozen=True, kw_only=True, tag="frozen", omit_defaults=True):
    """SpO2, pulse and perfusion index come again and again and never change, by stages of time."""

    stages: Annotated[tuple[Stage, ...], Meta(min_length=1)]


class FlaggedRow(RowBase, frozen=True, kw_only=True, tag="flagged", omit_defaults=True):
    """The oximeter says of its own signal that something is so, for a time, in some phases.

    It clears after `clear_s` of samples that do not say so.
    """

    flag: Flag
    delay_s: Seconds
    clear_s: Seconds
    phases: tuple[Phase, ...] = ()


class RepeatedRow(RowBase, frozen=True, kw_only=True, tag="repeated", omit_defaults=True):
    """The cuff says so in `count` of its last `of` readings; `clear_after` without it end the row.

    While one of the facts in `danger` is known to be true the row is at least `danger_priority`.
    Readings that a person typed say nothing about it.
    """

    count: Few
    of: Few
    clear_after: Few
    danger: tuple[Fact, ...] = ()
    danger_priority: Priority = Priority.MEDIUM


class ConflictRow(RowBase, frozen=True, kw_only=True, tag="conflict", omit_defaults=True):
    """A pulse witness more than `points`, or more than `percent`, from the oximeter's own pulse.

    The witness is a cuff reading or a companion's count; the oximeter's pulse is its median from
    `around_s` before it to `around_s` after it. A witness that agrees ends the row.
    """

    points: Number
    percent: Percent
    around_s: Seconds


class OverruledRow(RowBase, frozen=True, kw_only=True, tag="overruled", omit_defaults=True):
    """SpO2 of `normal_at_least` or more while one of the facts that a person has `seen` is true.

    Only a look by which none of them is so any more ends it.
    """

    normal_at_least: Number
    seen: Annotated[tuple[Fact, ...], Meta(min_length=1)]


class IdentityRow(RowBase, frozen=True, kw_only=True, tag="identity", omit_defaults=True):
    """Values after the clip was away for `away_s` or longer, far from those of the minute before.

    `spo2` and `pulse` are how far; unanswered for `ask_s` the row is medium. It ends by the
    companion's answer, or when the values are as before.
    """

    spo2: Number
    pulse: Number
    away_s: Seconds
    ask_s: Seconds
