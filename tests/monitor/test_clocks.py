"""Clocks: offsets that no batch can fake, steps of the wall clock, and what is forgotten."""

import pytest

from monitor.clocks import Clocks
from monitor.observer import Observer
from tests.charts import Rig

WALL = 1_000_000_000


def clocks() -> Clocks:
    """Return the clocks of a new session."""
    return Clocks(Observer(Rig("SPO2-LOW").chart))


def said(of: Clocks) -> str:
    """Return what the report says, or nothing."""
    report = of._observer.chart.reports.get("clock")
    return report.reason if report is not None and report.present else ""


def stream(of: Clocks, behind_ms: int, from_s: int, seconds: int) -> list[int]:
    """Readings each second of a clock that is so far behind; when something changed, in s."""
    changed = []
    for at_s in range(from_s, from_s + seconds):
        wall_ms = WALL + at_s * 1000
        if of.device("ox", wall_ms - behind_ms, wall_ms, at_s * 1000):
            changed.append(at_s)
    return changed


@pytest.mark.parametrize(
    ("behind_ms", "changed", "words"),
    [
        (5_000, [], ""),
        (5_001, [10], "ox is 5 s behind"),
        (-5_000, [], ""),
        (-5_001, [0], "ox is 5 s ahead"),
    ],
)
def test_an_offset_of_more_than_five_seconds(
    behind_ms: int, changed: list[int], words: str
) -> None:
    """Behind: after ten seconds of it; ahead: at once, nothing comes before it is measured."""
    of = clocks()
    assert (stream(of, behind_ms, 0, 20), said(of)) == (changed, words)


def test_a_batch_of_old_readings_is_no_clock() -> None:
    """What comes late within moments, and one reading that comes at once, tell no offset."""
    of = clocks()
    for lag_s in range(60, 0, -1):
        assert not of.device("ox", WALL - lag_s * 1000, WALL, 100)
    assert stream(of, 200, 1, 5) == []


def test_a_clock_that_is_set_right_is_right_again() -> None:
    """One reading that is near settles what was behind; what was ahead takes the half minute."""
    of = clocks()
    stream(of, 8_000, 0, 20)
    assert (stream(of, 100, 20, 5), said(of)) == ([20], "")
    stream(of, -8_000, 25, 5)
    assert (stream(of, 100, 30, 40), said(of)) == ([59], "")


@pytest.mark.parametrize(
    ("step_ms", "words"), [(2_000, ""), (2_001, "+2 s"), (-3_600_000, "-3600 s")]
)
def test_a_step_of_the_wall_clock(step_ms: int, words: str) -> None:
    """More than 2 s against hub time; it is over a minute later, and the clock before is kept."""
    of = clocks()
    assert not of.hub(None, 0)
    assert not of.hub(WALL, 0)
    assert of.hub(WALL + 1_000 + step_ms, 1_000) is bool(words)
    assert said(of) == (f"the hub's wall clock moved by {words}" if words else "")
    assert of._observer.chart.wall_before_ms == (WALL if words else None)
    changed = [s for s in range(2, 70) if of.hub(WALL + s * 1000 + step_ms, s * 1000)]
    assert (changed, said(of)) == ([61] if words else [], "")


def test_hub_time_that_has_moved_is_no_step_of_the_wall_clock() -> None:
    """After an outage, or when a clock is set at last, everything begins anew."""
    of = clocks()
    of.hub(WALL, 0)
    stream(of, 8_000, 0, 9)
    of.forget()
    assert not of.hub(WALL + 90_000, 1_000)
    assert stream(of, 8_000, 9, 9) == []


def test_without_a_clock_nothing_is_compared() -> None:
    """A device without one, and a hub whose wall clock is not set."""
    of = clocks()
    assert (of.device("ox", None, WALL, 0), of.device("ox", WALL, None, 0)) == (False, False)
