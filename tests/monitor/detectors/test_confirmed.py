"""Cuff rows: checking, confirmed, refuted; what is asked for next; how each side clears."""

import pytest

from alerts.condition import Absent, AlarmClass, Present, Priority
from devices.checkin import CheckIn
from monitor.chart import BpReading
from monitor.detectors.confirmed import ConfirmedDetector
from tests.charts import Rig


def row(name: str, **changes: None) -> ConfirmedDetector:
    """Return a row's detector."""
    detector = Rig(name, changes).detector
    assert isinstance(detector, ConfirmedDetector)
    return detector


def answer_of(detector: ConfirmedDetector) -> Present:
    """Return the answer of a row that is present."""
    answer = detector.answer
    assert isinstance(answer, Present)
    return answer


def read(detector: ConfirmedDetector, at_s: int, sbp: float, dbp: float) -> int | None:
    """One reading; return when the row wants the next."""
    detector.wants_ms = None
    detector.on_reading(BpReading(at_s * 1000, round(sbp * 100), round(dbp * 100)))
    return detector.wants_ms


def test_checking_says_so_and_wants_a_second() -> None:
    """Low, not full, with the instant at which it becomes full by time."""
    detector = row("BP-HIGH")
    assert read(detector, 0, 150, 112) == 60_000
    assert detector.answer == Present(
        Priority.LOW,
        None,
        "blood pressure high: 150/112, checking: one reading",
        112_00,
        110_00,
        full=False,
        until_ms=300_000,
    )
    detector.refresh(299_999)
    assert not answer_of(detector).full
    detector.refresh(300_000)
    assert detector.answer == Present(
        Priority.MEDIUM,
        None,
        "blood pressure high: 150/112, no second reading in 5 min",
        112_00,
        110_00,
    )


def test_a_failure_when_nothing_is_checked_asks_nothing() -> None:
    """Absent stays absent, and so does a row that has been confirmed."""
    detector = row("BP-HIGH")
    detector.on_failed(1_000)
    assert (detector.answer, detector.wants_ms) == (Absent(), None)
    read(detector, 0, 175, 80)
    read(detector, 60, 175, 80)
    before = detector.answer
    detector.wants_ms = None
    detector.on_failed(100_000)
    assert detector.answer is before
    assert detector.wants_ms is None


def test_failures_are_counted_anew_for_a_third_reading() -> None:
    """One failure before the second and one after it are not two in a row."""
    detector = row("BP-HIGH")
    read(detector, 0, 200, 80)
    detector.on_failed(61_000)
    assert read(detector, 125, 170, 80) == 185_000
    detector.on_failed(190_000)
    assert not answer_of(detector).full
    detector.on_failed(255_000)
    assert detector.answer == Present(
        Priority.MEDIUM,
        None,
        "blood pressure high: 170/80, two attempts failed",
        170_00,
        170_00,
    )


def test_the_same_component_must_be_confirmed() -> None:
    """High by SBP first and by DBP second confirms neither."""
    detector = row("BP-HIGH")
    read(detector, 0, 172, 100)
    read(detector, 60, 160, 111)
    assert detector.answer == Absent("single reading")


def test_only_what_clears_is_asked_of_a_side() -> None:
    """A high row without a DBP level clears by SBP; DBP alone may be its limit."""
    detector = row("BP-HIGH", sbp_at_least=None, clear_sbp_below=None)
    read(detector, 0, 190, 112)
    read(detector, 60, 190, 112)
    read(detector, 600, 190, 104)
    read(detector, 900, 190, 104)
    assert detector.answer == Absent("190/104 after two readings")


def test_a_side_without_a_limit_confirms_nothing() -> None:
    """Only DBP counts here."""
    detector = row("BP-HIGH", dbp_at_least=None)
    read(detector, 0, 172, 130)
    read(detector, 60, 160, 130)
    assert detector.answer == Absent("single reading")


def test_the_danger_sign_is_named() -> None:
    """High, class A; a further refresh changes nothing; an old reading is not joined."""
    detector = row("BP-LOW2")
    read(detector, 0, 85, 50)
    detector.chart.check = CheckIn.parse("W3")
    detector.refresh(900_001)
    assert answer_of(detector).priority is Priority.MEDIUM
    detector.refresh(900_000)
    before = detector.answer
    assert before == Present(
        Priority.HIGH, AlarmClass.A, "blood pressure low: 85/50, with moaas le 3", 85_00, 90_00
    )
    detector.refresh(900_000)
    assert detector.answer is before


def test_a_danger_sign_beside_a_reading_that_is_back_joins_nothing() -> None:
    """The last reading must still be low."""
    detector = row("BP-LOW2")
    read(detector, 0, 85, 50)
    read(detector, 60, 85, 50)
    read(detector, 120, 95, 60)
    detector.chart.check = CheckIn.parse("W3")
    detector.refresh(130_000)
    assert answer_of(detector).priority is Priority.MEDIUM


@pytest.mark.parametrize(
    ("first", "second", "refuted"),
    [
        ((205, 100), (165, 90), True),
        ((205, 100), (165.01, 90), False),
        ((190, 135), (170, 95), True),
        ((190, 135), (170, 96), False),
        ((205, 135), (160, 90), True),
        ((205, 135), (160, 96), False),
    ],
)
def test_a_recheck_refutes_each_component_that_was_over(
    first: tuple[float, float], second: tuple[float, float], refuted: bool
) -> None:
    """40 lower on each component that met its limit."""
    detector = row("BP-CRIT")
    read(detector, 0, *first)
    wants = read(detector, 60, *second)
    assert isinstance(detector.answer, Absent) is refuted
    assert wants == (360_000 if refuted else None)


def test_a_second_row_after_the_first() -> None:
    """What has cleared begins anew with its own first reading."""
    detector = row("BP-LOW3")
    read(detector, 0, 75, 50)
    read(detector, 60, 95, 60)
    assert detector.answer == Absent("95/60")
    assert read(detector, 120, 75, 50) == 180_000
    assert answer_of(detector).value_x100 == 75_00


def test_a_reading_too_soon_is_neither() -> None:
    """At least 60 s after the first."""
    detector = row("BP-HIGH")
    read(detector, 0, 175, 80)
    read(detector, 59, 120, 80)
    assert not answer_of(detector).full


def test_a_low_row_is_confirmed_from_below() -> None:
    """The mean under the limit, the second less than 5 above it; 5 under a low baseline is back."""
    refuted, confirmed = row("BP-LOW2"), row("BP-LOW2")
    for detector, second in ((refuted, 95), (confirmed, 94.99)):
        read(detector, 0, 80, 50)
        read(detector, 60, second, 60)
    assert refuted.answer == Absent("single reading")
    assert answer_of(confirmed).priority is Priority.MEDIUM
    confirmed.chart.baseline_bp = (103_00, 60_00)
    read(confirmed, 120, 97.99, 60)
    assert answer_of(confirmed).full
    read(confirmed, 180, 98, 60)
    assert confirmed.answer == Absent("98/60")


def test_a_reading_at_neither_level_begins_the_clearing_anew() -> None:
    """Two successive ones; the limit was not met again, and still they are not two."""
    detector = row("BP-HIGH")
    for at_s, sbp in ((0, 175), (60, 175), (400, 150), (500, 168), (700, 150)):
        read(detector, at_s, sbp, 80)
    assert answer_of(detector).full
    read(detector, 1_000, 150, 80)
    assert detector.answer == Absent("150/80 after two readings")


@pytest.mark.parametrize(("third", "full"), [(171, True), (169, False)])
def test_the_median_of_three(third: float, full: bool) -> None:
    """It decides alone."""
    detector = row("BP-HIGH")
    read(detector, 0, 180, 80)
    read(detector, 60, 150, 80)
    read(detector, 120, third, 80)
    assert isinstance(detector.answer, Present) is full


def test_a_failed_recheck_is_asked_again() -> None:
    """The row stays as it is."""
    detector = row("BP-CRIT")
    read(detector, 0, 210, 90)
    detector.on_failed(70_000)
    assert (answer_of(detector).priority, detector.wants_ms) == (Priority.HIGH, 130_000)


def test_a_normal_reading_says_nothing() -> None:
    """Neither does it want another."""
    detector = row("BP-HIGH")
    assert read(detector, 0, 120, 80) is None
    assert detector.answer == Absent()


def test_how_soon_the_next_reading_is_due() -> None:
    """While it is present in full, where the plan says so; less often after a reading below 175."""
    detector = row("BP-SEV")
    waits = [detector.every_ms]
    for at_s, sbp in ((0, 185), (60, 185), (400, 120), (700, 120)):
        read(detector, at_s, sbp, 80)
        waits.append(detector.every_ms)
    assert waits == [None, None, 300_000, 600_000, None]
    low = row("BP-LOW3")
    read(low, 0, 75, 50)
    assert low.every_ms is None


def test_a_reading_after_five_minutes_is_no_recheck() -> None:
    """It begins the clearing like any other."""
    detector = row("BP-CRIT")
    read(detector, 0, 210, 90)
    read(detector, 301, 150, 80)
    assert answer_of(detector).full
    read(detector, 601, 150, 80)
    assert detector.answer == Absent("150/80 after two readings")
