"""CUFF-FAIL counts failures in a row and the time since the first; a reading ends it."""

import pytest

from alerts.condition import Absent, Present, Priority
from monitor.cuff_cycle import CuffStep
from tests.charts import Rig

MIN = 60_000


def rig(*failed_ms: int) -> Rig:
    """Return the row after these failures, judged at the last of them."""
    made = Rig("CUFF-FAIL")
    for at_ms in failed_ms:
        made.chart.cuff_cycle.fail(at_ms)
        made.detector.refresh(at_ms)
    return made


def present(priority: Priority, failures: int, until_ms: int | None) -> Present:
    """Return the row's answer."""
    reason = f"the cuff gives no reading: {failures} in a row"
    return Present(priority, None, reason, None, None, until_ms=until_ms)


@pytest.mark.parametrize(
    ("failed_min", "answer"),
    [
        ((), Absent()),
        ((1,), Absent(until_ms=11 * MIN)),
        ((1, 3), present(Priority.LOW, 2, 11 * MIN)),
        ((1, 3, 5), present(Priority.MEDIUM, 3, 11 * MIN)),
        ((1, 12), present(Priority.MEDIUM, 2, None)),
    ],
)
def test_low_at_the_second_medium_at_the_third(
    failed_min: tuple[int, ...], answer: Absent | Present
) -> None:
    """One failure alone is no alarm."""
    assert rig(*(minute * MIN for minute in failed_min)).answer() == answer


def test_ten_minutes_without_a_reading_are_medium() -> None:
    """Ten minutes from the first failure, also when it was the only one."""
    made = rig(MIN)
    made.detector.refresh(11 * MIN - 1)
    before = made.answer()
    made.detector.refresh(11 * MIN)
    assert (before, made.answer()) == (
        Absent(until_ms=11 * MIN),
        present(Priority.MEDIUM, 1, None),
    )


def test_looking_again_changes_nothing() -> None:
    """The answer is the same object until something has happened."""
    made = rig(MIN, 3 * MIN)
    before = made.answer()
    made.detector.refresh(4 * MIN)
    single = rig(MIN)
    waiting = single.answer()
    single.detector.refresh(2 * MIN)
    assert (made.answer() is before, single.answer() is waiting) == (True, True)


def test_a_reading_ends_it() -> None:
    """And forgets the deadline of a single failure."""
    present_row, waiting = rig(MIN, 3 * MIN), rig(MIN)
    for made in (present_row, waiting):
        made.chart.cuff_cycle.take(CuffStep.READ, 5 * MIN)
        made.detector.refresh(5 * MIN)
    assert (present_row.answer(), waiting.answer()) == (Absent("a reading came"), Absent())
