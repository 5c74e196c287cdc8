"""What a scenario writes over the truth of a body and the readings of a cuff.

A course is a line that a vital sign follows for a while, in place of what the body does or on top
of it; devices then see it through their own lag, bias and noise. A cuff's script shows readings in
turn, whatever the arm says. Nothing here draws or knows the time of day.

>>> lead(Course(name="c", at_min=0, of="spo2_pct", points=((0, 97), (60, 85))), 30.0)
91.0
"""

from collections import deque
from dataclasses import replace

from msgspec import structs

from devices.observation import DeviceReport, Metric, Observation
from simulators.body.vitals import Vitals
from simulators.worlds.scenario import Course, CuffScript

__all__ = ["CuffLines", "Lines", "lead"]

_THIRD = 3


def lead(course: Course, since_s: float) -> float | None:
    """Return the value of a course so many seconds after its beginning; None: it is over."""
    before_s, before = course.points[0]
    if since_s < before_s:
        return before
    for at_s, value in course.points:
        if since_s <= at_s:
            span_s = at_s - before_s
            share = (since_s - before_s) / span_s if span_s else 1.0
            return before + (value - before) * share
        before_s, before = at_s, value
    return None


class Lines:
    """The courses that are under way."""

    def __init__(self) -> None:
        self._under_way: list[tuple[int, Course]] = []

    def begin(self, course: Course, at_ms: int) -> None:
        """A course begins now; it wins over one of the same sign that began before."""
        self._under_way.append((at_ms, course))

    def over(self, truth: Vitals) -> Vitals:
        """Return the truth with every course over it."""
        if not self._under_way:
            return truth
        changed: dict[str, float] = {}
        for begun_ms, course in list(self._under_way):
            value = lead(course, (truth.at_ms - begun_ms) / 1000)
            if value is None:
                self._under_way.remove((begun_ms, course))
            elif course.add:
                changed[course.of] = changed.get(course.of, getattr(truth, course.of)) + value
            else:
                changed[course.of] = value
        if "moaas" in changed:
            changed["moaas"] = round(changed["moaas"])
        if "spo2_pct" in changed:
            changed["spo2_pct"] = min(changed["spo2_pct"], 100.0)
        return replace(truth, **changed)  # type: ignore[arg-type]


class CuffLines:
    """What the cuff is made to show, attempt by attempt."""

    def __init__(self) -> None:
        self._next: deque[tuple[int, ...] | None] = deque()
        self._pulse: int | None = None

    def begin(self, script: CuffScript) -> None:
        """From now on the cuff follows this script; what was left of another is dropped."""
        self._next = deque((None,) * script.fails)
        self._next.extend(script.readings)
        self._pulse = script.pulse

    def over(self, report: DeviceReport) -> DeviceReport:
        """Return what the cuff really sends in the place of this report."""
        if not self._next:
            return report
        shown = self._next.popleft()
        if shown is None:
            return structs.replace(report, observations=(), failure="E2: movement")
        sbp, dbp = shown
        pulse = self._pulse
        own = {one.metric: one.value_x100 for one in report.observations}
        pulse_x100 = own.get(Metric.CUFF_PULSE, 70_00) if pulse is None else pulse * 100
        values = (
            (Metric.SBP, sbp * 100),
            (Metric.DBP, dbp * 100),
            (Metric.MAP, (dbp + (sbp - dbp) // _THIRD) * 100),
            (Metric.CUFF_PULSE, pulse_x100),
        )
        observations = tuple(Observation(metric, value) for metric, value in values)
        return structs.replace(report, observations=observations, failure=None)
