"""What every detector is: a row, an answer, and the calls by which it learns.

A detector holds its answer between calls. `refresh` may be called at any instant before the
answer's `until_ms` and then changes nothing: that is how Vigil's rows can be judged as often as
anybody likes without deciding anything new.

    detector.on_value(9_100, sample)    a valid value of its metric came
    detector.on_reading(reading)        a cuff reading came
    detector.refresh(now_ms)            facts, the phase or the time changed
    detector.answer                     Present | Absent | Unknown | Off
"""

from typing import Any

from alerts.book import RowFacts
from alerts.condition import Absent, AlarmClass, Assessment, Off, Present, Priority
from monitor.chart import BpReading, Chart
from monitor.rows import Row
from monitor.series import Series
from monitor.stream import Sample

__all__ = ["ABSENT", "HIGHEST", "Detector", "clearing_level", "too_short", "usable", "x100"]

ABSENT = Absent()
# Above every value that a device can send, x 100.
HIGHEST = 1_000_000


def x100(number: float) -> int:
    """A plan's number as an integer in units of 0.01."""
    return round(number * 100)


def too_short(chart: Chart, delay_s: int) -> str:
    """Why a row with this delay is off in a recording; empty when it works.

    "rows whose delay is under 2 intervals are Off and said so once" (design section 4, replay). A
    live session turns no row off for a slow device: the gate refuses the device.
    """
    interval_ms = chart.oximeter.interval_ms
    recording = chart.plan.oximeter.if_bound and chart.interval_known
    if not recording or not 0 < delay_s * 1000 < 2 * interval_ms:
        return ""
    return f"delay {delay_s} s is under two sample intervals of {interval_ms} ms"


def usable(series: Series, chart: Chart, from_ms: int, to_ms: int) -> bool:
    """Whether half of the samples expected in `from_ms..to_ms` were valid ("usable", 2.0)."""
    expected = (to_ms - from_ms + 1) // chart.oximeter.interval_ms
    return 2 * series.count(from_ms, to_ms) >= expected


def clearing_level(level_x100: int, limit_x100: int, baseline_x100: int | None) -> int:
    """An SpO2 clearing level that this patient can reach.

    "A clearing level is never above max(limit +1, baseline -1)" (`clinical.md` 1.4).
    """
    if baseline_x100 is None:
        return level_x100
    return min(level_x100, max(limit_x100 + 1_00, baseline_x100 - 1_00))


class Detector:
    """The common part of all shapes. Subclasses override what they learn from."""

    def __init__(self, row: Row, chart: Chart) -> None:
        self.chart = chart
        self.id = row.id
        self.priority = row.priority
        self.alarm_class = row.alarm_class
        self.label = row.label
        self.facts = RowFacts(
            id=row.id,
            family=row.family,
            kind=row.kind,
            latch_from=row.latch,
            boost_class=row.alarm_class,
            p0=row.p0,
            p0_backup=row.p0_backup,
            local=row.local,
            callback_s=row.callback_s,
        )
        self.answer: Assessment = ABSENT

    def on_value(self, value_x100: int, sample: Sample) -> None:
        """A valid value of this row's metric came."""

    def calm(self) -> tuple[int, int] | None:
        """From which value to which one nothing can change while this row is at rest.

        None: it must see each value. Such values need not be given one by one: `stayed` says that
        they came. What else is brought to the row (facts, a baseline, a limit) may end the rest.
        """
        return None

    def stayed(self, at_ms: int) -> None:
        """Take note that calm values came since the last call, the newest at `at_ms`."""

    def on_sample(self, sample: Sample) -> None:
        """Any oximeter sample came, valid or not."""

    def on_reading(self, reading: BpReading) -> None:
        """A cuff reading came."""

    def on_failed(self, at_ms: int) -> None:
        """A cuff attempt failed."""

    def refresh(self, now_ms: int) -> None:
        """Facts, the phase or the time changed."""

    def retune(self, row: Any) -> None:
        """Take the numbers of the same row after a physician has changed its limit.

        What is present or waiting goes on, judged by the new numbers from the next value on.
        """

    def off(self, why: str) -> None:
        """This row cannot work in this session."""
        self.answer = Off(why)

    def present(
        self,
        reason: str,
        value_x100: int | None,
        limit_x100: int | None,
        priority: Priority | None = None,
        alarm_class: AlarmClass | None = None,
        *,
        full: bool = True,
        until_ms: int | None = None,
    ) -> Present:
        """An answer of this row; priority and class are the row's unless given."""
        level = priority or self.priority
        return Present(
            level,
            (alarm_class or self.alarm_class) if level is Priority.HIGH else None,
            reason,
            value_x100,
            limit_x100,
            full,
            until_ms,
        )
