"""When a phase begins and ends, what keeps the peak open, and what a dose moves."""

import pytest

from alerts.contact import Role
from devices.checkin import CheckIn
from monitor.chart import BpReading
from monitor.course import Course
from monitor.effects import PhaseChanged
from monitor.session import Phase, Trigger
from tests.charts import Rig

MIN = 60_000


class Told:
    """A course and what it said."""

    def __init__(self, phase: Phase = Phase.GATE, dose_min: int | None = None) -> None:
        self.changes: list[PhaseChanged] = []
        self.chart = Rig("SPO2-LOW").chart
        self.chart.phase = phase
        if dose_min is not None:
            self.chart.dose_ms = self.chart.first_dose_ms = dose_min * MIN
        self.course = Course(self.chart, self.changes.append)

    def phases(self) -> list[str]:
        """The phases that were entered."""
        return [change.phase for change in self.changes]

    def well(self, at_min: int) -> None:
        """Two like readings and a rating of 5."""
        self.chart.readings.append(BpReading((at_min - 10) * MIN, 120_00, 80_00))
        self.chart.readings.append(BpReading(at_min * MIN, 120_00, 80_00))
        self.chart.check = CheckIn.parse("W5")


def test_a_trigger_that_the_table_lacks_changes_nothing() -> None:
    """It says no, and the phase stays."""
    told = Told()
    assert not told.course.trigger(Trigger.DISCHARGE, 1, "x")
    assert (told.chart.phase, told.changes) == (Phase.GATE, [])


def test_a_trigger_says_what_changed() -> None:
    """From where to where, when and why; nothing is required after the end."""
    told = Told()
    assert told.course.trigger(Trigger.ABORT, 1, "x")
    assert told.changes == [PhaseChanged(at_ms=1, before="gate", phase="aborted", reason="x")]
    assert told.chart.required_since_ms is None


@pytest.mark.parametrize(
    ("phase", "now_min", "due_min"),
    [
        (Phase.GATE, 0, None),
        (Phase.ONSET, 0, 20),
        (Phase.ONSET, 20, None),
        (Phase.PEAK, 20, 75),
        (Phase.PEAK, 75, 120),
        (Phase.PEAK, 120, None),
        (Phase.OFFSET, 80, 120),
        (Phase.EXTENDED, 30, 120),
        (Phase.EXTENDED, 120, None),
        (Phase.RECOVERY, 120, None),
    ],
)
def test_the_next_instant_by_time_alone(phase: Phase, now_min: int, due_min: int | None) -> None:
    """Counted from the last dose, always later than now."""
    due = Told(phase, 0).course.due_ms(now_min * MIN)
    assert due == (None if due_min is None else due_min * MIN)


def test_nothing_happens_before_a_dose() -> None:
    """No clock runs."""
    told = Told(Phase.PEAK)
    told.course.consider(500 * MIN)
    assert (told.course.due_ms(0), told.changes) == (None, [])


@pytest.mark.parametrize(
    ("phase", "at_min", "well", "phases"),
    [
        (Phase.ONSET, 19, True, []),
        (Phase.ONSET, 20, True, ["peak"]),
        (Phase.PEAK, 74, True, []),
        (Phase.PEAK, 75, True, ["offset"]),
        (Phase.PEAK, 75, False, []),
        (Phase.PEAK, 120, False, ["extended"]),
        (Phase.OFFSET, 119, True, []),
        (Phase.OFFSET, 120, False, ["recovery"]),
        (Phase.EXTENDED, 119, True, []),
        (Phase.EXTENDED, 120, True, ["recovery"]),
        (Phase.EXTENDED, 120, False, []),
        (Phase.RECOVERY, 300, True, []),
        (Phase.ONSET, 120, True, ["peak", "offset", "recovery"]),
        (Phase.ONSET, 120, False, ["peak", "extended"]),
    ],
)
def test_steps(phase: Phase, at_min: int, well: bool, phases: list[str]) -> None:
    """Every step whose time and criteria have come, one after the other."""
    told = Told(phase, 0)
    if well:
        told.well(at_min)
    told.course.consider(at_min * MIN)
    assert told.phases() == phases


@pytest.mark.parametrize(
    ("last", "codes", "why"),
    [
        ((125, 85), "W4", ""),
        ((126, 85), "W4", "blood pressure is still high or rising"),
        ((125, 86), "W4", "blood pressure is still high or rising"),
        ((125, 85), "W3", "MOAA/S 3"),
        ((125, 85), None, "no fresh check-in"),
    ],
)
def test_what_keeps_the_peak_open(last: tuple[int, int], codes: str | None, why: str) -> None:
    """At most 5 above the highest earlier reading since the dose, and awake."""
    told = Told(Phase.PEAK, 10)
    readings = told.chart.readings
    readings.append(BpReading(9 * MIN, 150_00, 95_00))
    readings.append(BpReading(20 * MIN, 120_00, 80_00))
    readings.append(BpReading(30 * MIN, 110_00, 70_00))
    readings.append(BpReading(40 * MIN, last[0] * 100, last[1] * 100))
    told.chart.check = None if codes is None else CheckIn.parse(codes)
    assert told.course.peak_open(60 * MIN) == why
    assert told.course.peak_open(60 * MIN + 1) == "no blood pressure of the last 20 min"


@pytest.mark.parametrize(("sbp", "dbp"), [(160, 80), (120, 100)])
def test_a_high_pressure_keeps_it_open(sbp: int, dbp: int) -> None:
    """However high the earlier ones were."""
    told = Told(Phase.PEAK, 0)
    for minute in (10, 20):
        told.chart.readings.append(BpReading(minute * MIN, sbp * 100, dbp * 100))
    assert told.course.peak_open(20 * MIN) == "blood pressure is still high or rising"


def test_no_reading_and_one_reading_keep_it_open() -> None:
    """Nothing to look at, nothing to compare with."""
    told = Told(Phase.PEAK, 0)
    none = told.course.peak_open(1)
    told.chart.readings.append(BpReading(0, 120_00, 80_00))
    assert (none, told.course.peak_open(1)) == (
        "no blood pressure of the last 20 min",
        "only one blood pressure since the dose",
    )


def test_a_dose_opens_the_onset() -> None:
    """Taken a while ago, up to ten minutes; once, and only at the gate."""
    told = Told()
    assert told.course.dose(MIN, 600_001) is not None
    assert told.course.dose(MIN, -1) is not None
    assert told.changes == []
    assert told.course.dose(11 * MIN, 600_000) is None
    assert (told.chart.dose_ms, told.phases()) == (MIN, ["onset"])
    assert told.course.dose(12 * MIN, 0) is not None
    assert Told(Phase.PEAK).course.dose(0, 0) is not None
    assert told.chart.cuff.due_ms == 21 * MIN


def test_a_further_dose_moves_the_clocks() -> None:
    """Never back in time; the peak comes again where the table says so."""
    told = Told(Phase.OFFSET, 0)
    assert told.course.extra_dose(80 * MIN, 5 * MIN) is None
    assert (told.chart.dose_ms, told.phases()) == (75 * MIN, ["peak"])
    assert told.course.extra_dose(81 * MIN, 10 * MIN) is None
    assert (told.chart.dose_ms, told.phases()) == (75 * MIN, ["peak"])
    assert told.course.extra_dose(82 * MIN, 600_001) is not None
    assert Told().course.extra_dose(0, 0) == "no first dose is on record"
    assert Told(Phase.ENDED, 0).course.extra_dose(0, 0) == "session is over"


@pytest.mark.parametrize(
    ("phase", "at_min", "due_min"),
    [(Phase.PEAK, 74, None), (Phase.PEAK, 75, 85), (Phase.OFFSET, 80, None)],
)
def test_an_open_peak_wants_a_reading_every_10_minutes(
    phase: Phase, at_min: int, due_min: int | None
) -> None:
    """From T+75 on; before a dose nothing."""
    due = Told(phase, 0).course.next_reading_ms(at_min * MIN)
    assert due == (None if due_min is None else due_min * MIN)
    assert Told(phase).course.next_reading_ms(at_min * MIN) is None


def test_who_may_end() -> None:
    """Physicians, and who runs the hub."""
    course = Told().course
    assert {role.value for role in Role if course.may_end(role)} == {
        "physician",
        "backup",
        "admin",
    }


def test_what_is_required_begins_once() -> None:
    """A new phase does not begin the wait for the oximeter anew; one without it ends it."""
    told = Told()
    setattr(told.chart, "required_since_ms", None)  # noqa: B010 - else mypy believes it for ever
    told.course.trigger(Trigger.DOSE, 5, "x")
    told.course.trigger(Trigger.ONSET_OVER, 9, "x")
    since = told.chart.required_since_ms
    other = Rig("SPO2-LOW", recording=True, oximeter=False).chart
    told.chart.plan = other.plan
    told.chart.devices = {}
    told.course.trigger(Trigger.PEAK_OVER, 10, "x")
    assert [since, told.chart.required_since_ms] == [5, None]
