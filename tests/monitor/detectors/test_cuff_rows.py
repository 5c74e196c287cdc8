"""Cuff rows of their own shape, without an engine: what each remembers between two readings."""

from alerts.condition import Absent, AlarmClass, Assessment, Off, Present, Priority
from devices.checkin import CheckIn
from monitor.chart import BpReading
from monitor.detectors.apart import ApartDetector
from monitor.detectors.confirmed import ConfirmedDetector
from monitor.detectors.cuff import CuffDetector
from monitor.detectors.faint import FaintDetector
from monitor.detectors.rising import RisingDetector
from monitor.detectors.sign import SignDetector
from monitor.limit_words import pressure_words
from monitor.rows import ConfirmedRow
from monitor.session import Phase
from tests.charts import Rig
from tests.timeline import DEFAULT


def give(detector: CuffDetector, at_s: int, sbp: float, dbp: float) -> Present | None:
    """One reading, taken into the chart too; return the answer when the row is present."""
    reading = BpReading(at_s * 1000, round(sbp * 100), round(dbp * 100))
    detector.chart.readings.append(reading)
    detector.on_reading(reading)
    return detector.answer if isinstance(detector.answer, Present) else None


def answer(detector: CuffDetector) -> Assessment:
    """Return its answer as it is now."""
    return detector.answer


def test_a_row_that_wants_nothing_waits_for_the_schedule() -> None:
    """Rows of other shapes bring no reading nearer."""
    for name, kind in (("BP-EMERG", SignDetector), ("CONFLICT-BP", ApartDetector)):
        detector = Rig(name).detector
        assert isinstance(detector, kind)
        assert (detector.wants_ms, detector.every_ms) == (None, None)


def test_a_baseline_turns_a_row_on() -> None:
    """Off until it is frozen; the very next reading is judged by it."""
    detector = Rig("BP-RISE1").detector
    assert isinstance(detector, ConfirmedDetector)
    assert give(detector, 0, 190, 110) is None
    assert answer(detector) == Off("no baseline of blood pressure: not frozen yet")
    detector.refresh(1_000)
    before = detector.answer
    detector.refresh(2_000)
    assert detector.answer is before
    detector.chart.baseline_bp = (120_00, 80_00)
    assert give(detector, 60, 149, 90) is None
    assert answer(detector) == Absent()
    assert give(detector, 120, 150, 90) is not None


def test_a_row_of_later_hours_needs_a_dose() -> None:
    """Without one nothing is late."""
    rig = Rig("BP-LATE")
    rig.chart.baseline_bp = (120_00, 80_00)
    assert isinstance(rig.detector, ConfirmedDetector)
    assert give(rig.detector, 10_000, 190, 100) is None
    rig.chart.dose_ms = 0
    assert give(rig.detector, 7_199, 190, 100) is None
    assert give(rig.detector, 7_200, 190, 100) is not None


def test_a_reading_without_a_pulse_confirms_and_ends_nothing() -> None:
    """BP-SHOCK waits for one that it can compare."""
    detector = Rig("BP-SHOCK").detector
    assert isinstance(detector, ConfirmedDetector)
    detector.on_reading(BpReading(0, 95_00, 60_00, 110_00))
    detector.on_reading(BpReading(60_000, 95_00, 60_00))
    now = answer(detector)
    assert isinstance(now, Present)
    assert not now.full
    detector.on_reading(BpReading(120_000, 95_00, 60_00, 110_00))
    assert answer(detector) == Present(
        Priority.MEDIUM,
        None,
        "pulse high for the blood pressure: pulse 110 over 95, confirmed by a second reading",
        115,
        100,
    )


def test_a_rise_needs_a_dose_and_readings_of_its_time() -> None:
    """What was before the window is no step of the stairs."""
    detector = Rig("BP-TREND").detector
    assert isinstance(detector, RisingDetector)
    assert give(detector, 1_200, 130, 80) is None
    detector.chart.dose_ms = 0
    for at_s, sbp in ((1_800, 140), (2_400, 150)):
        assert give(detector, at_s, sbp, 80) is None
    before = detector.every_ms
    assert give(detector, 3_000, 160, 80) == Present(
        Priority.LOW,
        None,
        "blood pressure rises again and again: 160/80 after 2 rises of 10 or more",
        160_00,
        150_00,
    )
    assert (before, detector.every_ms) == (None, 300_000)
    assert give(detector, 9_000, 160, 80) is not None
    assert give(detector, 9_300, 159, 80) is None
    assert answer(detector) == Absent("fell to 159/80")
    assert give(detector, 9_600, 190, 80) is None


def test_an_emergency_says_what_met_what() -> None:
    """The newest reading that is high, by its own side, and the fact's name."""
    detector = Rig("BP-EMERG").detector
    chart = detector.chart
    assert isinstance(detector, SignDetector)
    give(detector, 0, 150, 104)
    give(detector, 60, 120, 80)
    chart.check, chart.sign_ms = CheckIn.parse("W5 X3"), 70_000
    detector.refresh(70_000)
    assert answer(detector) == Present(
        Priority.HIGH,
        AlarmClass.E,
        "high blood pressure and an emergency sign: 150/104 with pressure sign",
        104_00,
        100_00,
    )
    chart.phase = Phase.EMERGENCY
    detector.refresh(71_000)
    chart.sign_ms = 80_000
    detector.refresh(80_000)
    assert isinstance(answer(detector), Present)
    chart.phase = Phase.EXTENDED
    detector.refresh(90_000)
    assert answer(detector) == Absent("the emergency was closed")
    detector.refresh(91_000)
    assert answer(detector) == Absent("the emergency was closed")
    chart.sign_ms = 95_000
    detector.refresh(95_000)
    assert isinstance(answer(detector), Present)
    chart.sign_ms = None
    detector.refresh(96_000)
    assert answer(detector) == Absent("the check-in was corrected")


def test_a_sign_without_any_reading_is_no_pressure() -> None:
    """SYM-EMS stands alone then."""
    detector = Rig("BP-EMERG").detector
    assert isinstance(detector, SignDetector)
    detector.chart.check, detector.chart.sign_ms = CheckIn.parse("W5 X3"), 0
    detector.refresh(1_000)
    assert answer(detector) == Absent()


def test_what_is_said_of_standing_asks_once() -> None:
    """Not again while the row is present; a first reading of all falls from nothing."""
    detector = Rig("BP-ORTHO").detector
    chart = detector.chart
    assert isinstance(detector, FaintDetector)
    chart.faint_ms = 0
    detector.refresh(0)
    assert detector.wants_ms == 0
    detector.wants_ms = None
    detector.refresh(1_000)
    assert detector.wants_ms is None
    assert give(detector, 10, 80, 50) is None
    assert give(detector, 20, 120, 80) is None
    chart.faint_ms = 30_000
    detector.refresh(30_000)
    assert give(detector, 40, 90, 60) == Present(
        Priority.LOW,
        None,
        "faint or dizzy on standing, and the pressure fell: 120/80 to 90/60",
        90_00,
    )
    detector.wants_ms, chart.faint_ms = None, 50_000
    detector.refresh(50_000)
    assert detector.wants_ms is None
    assert give(detector, 60, 95, 60) is not None
    assert give(detector, 70, 101, 60) is None
    chart.faint_ms = None
    detector.refresh(80_000)
    assert (detector.wants_ms, give(detector, 90, 70, 40)) == (None, None)


def test_a_conflict_goes_on_while_readings_do_not_fit() -> None:
    """Each is compared with the one before; a failure when nothing is wrong asks nothing."""
    detector = Rig("CONFLICT-BP").detector
    assert isinstance(detector, ApartDetector)
    detector.on_failed(0)
    assert (give(detector, 0, 120, 80), detector.wants_ms) == (None, None)
    assert give(detector, 60, 180, 80) is not None
    detector.on_failed(90_000)
    assert detector.wants_ms == 150_000
    assert give(detector, 150, 120, 80) is not None
    assert give(detector, 210, 125, 80) is None
    assert answer(detector) == Absent("125/80")


def test_the_limits_of_a_pressure_row_in_words() -> None:
    """Only the sides that have one."""
    rows = {row.id: row for row in DEFAULT.rows if isinstance(row, ConfirmedRow)}
    assert pressure_words(rows["BP-LATE"]) == [
        (
            "sbp",
            None,
            160,
            "160 mmHg or more and more than 20 mmHg over the value before the dose from 120 min on",
        ),
        (
            "dbp",
            None,
            100,
            "100 mmHg or more and more than 10 mmHg over the value before the dose from 120 min on",
        ),
    ]
    assert pressure_words(rows["BP-LOW3"]) == [("sbp", 80, None, "below 80 mmHg")]
