"""The six figures at the head of a report: oxygen, time below 90 %, pressure, pulse, MOAA/S, gaps.

All are of the observed time: from the first dose (without one, from the opening) to the end of
watching. Beside a figure stands what limits it; what was not measured is said so, and unknown time
stands beside the time below 90 %. Words only, nothing is judged.

    boxes(summary, show)[0]      -> Box("Lowest SpO2", "86 %", "T+47, 12:00:12", "")
"""

from msgspec import Struct

from devices.notice import Thing
from monitor.report.oximetry import HOLD_MS
from monitor.report.people import lowest, most
from monitor.report.pressures import highest
from monitor.report.show import Show
from monitor.report.summary import Summary
from monitor.report.words import duration, minutes, number, share, times

__all__ = ["Box", "boxes"]

# A doubtful value: it counts for an alarm, never for clearing one (`clinical.md` 2.0).
_DOUBTFUL = 49_99


class Box(Struct, frozen=True):
    """One figure: name, value, where and when, and what must be known beside it."""

    name: str
    value: str
    when: str
    beside: str = ""


def boxes(summary: Summary, show: Show) -> list[Box]:
    """Return the boxes in their order."""
    seen, at_least = summary.observed, summary.course.at_least
    unknown = f"unknown for {duration(seen.unknown_ms, at_least=at_least)}"
    low = seen.spo2_low
    if low is None:
        spo2 = Box("Lowest SpO\u2082", "not measured", "", unknown)
        below = Box("Time below 90 %", "not known", "", unknown)
    else:
        doubtful = "doubtful: below 50 %" if low.value_x100 <= _DOUBTFUL else ""
        spo2 = Box(
            "Lowest SpO\u2082", f"{number(low.value_x100)} %", show.when(low.at_ms), doubtful
        )
        episodes = times(seen.episodes, "episode") if seen.episodes else "never seen below"
        below = Box("Time below 90 %", duration(seen.below_90_ms), episodes, unknown)
    gap = "no gap over 15 s"
    if seen.gap_ms > HOLD_MS:
        gap = f"longest gap {duration(seen.gap_ms)} from {show.after(seen.gap_from_ms)}"
    watched = f"of {minutes(seen.whole_ms, at_least=at_least)} watched"
    coverage = Box("Data coverage", share(seen.known_ms, seen.whole_ms), watched, gap)
    rest = (_highest(summary, show), _pulse(summary), _awake(summary, show))
    return [spo2, below, *rest, coverage]


def _highest(summary: Summary, show: Show) -> Box:
    name = f"Highest pressure {show.unit}"
    from_ms = summary.opened.at_ms if summary.dose_ms is None else summary.dose_ms
    top = highest([one for one in summary.pressures.readings if one.at_ms >= from_ms])
    if top is None:
        return Box(name, "not measured", "", "")
    base = summary.course.baselines.get("sbp")
    beside = "no value before the dose"
    if base is not None and base.value_x100 is not None:
        rise = show.one(top.sbp_x100 - base.value_x100)
        beside = f"systolic {rise if rise.startswith('-') else '+' + rise} from before the dose"
    value = show.pressure(top.sbp_x100, top.dbp_x100)
    return Box(name, value, show.when(top.at_ms), beside)


def _pulse(summary: Summary) -> Box:
    low, high = summary.observed.pulse_low, summary.observed.pulse_high
    if low is None or high is None:
        return Box("Pulse /min", "not measured", "", "")
    base = summary.course.baselines.get("pulse")
    known = base is not None and base.value_x100 is not None
    before = number(base.value_x100) if known and base is not None else "not known"
    value = f"{number(low.value_x100)} to {number(high.value_x100)}"
    return Box("Pulse /min", value, f"before the dose {before}", "")


def _awake(summary: Summary, show: Show) -> Box:
    worst = lowest(summary.people.checks, summary.spans)
    distress = most(summary.people.of(Thing.DISTRESS), summary.spans)
    said = "distress: not asked"
    if distress is not None:
        said = f"distress at most {distress.value} of 10, {show.after(distress.at_ms)}"
    if worst is None:
        return Box("Lowest MOAA/S", "not rated", "", said)
    return Box("Lowest MOAA/S", f"{worst.check.moaas} of 5", show.when(worst.at_ms), said)
