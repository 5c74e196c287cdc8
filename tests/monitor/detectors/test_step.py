"""A step is measured against the pulse 6 s earlier, frozen, and must hold."""

import pytest

from alerts.condition import Absent, Off, Present, Priority
from tests.charts import Rig


def give(rig: Rig, first_s: int, count: int, pulse: float) -> None:
    """Samples a second apart."""
    for second in range(first_s, first_s + count):
        rig.give(second, 97, pulse)


def test_a_step_that_holds_and_stands() -> None:
    """Raised after 15 s, over after 60 s more: the new pulse is then the pulse."""
    rig = Rig("PR-JUMP")
    give(rig, 0, 10, 70)
    give(rig, 10, 15, 100)
    assert rig.answer() == Absent()
    rig.give(25, 97, 100)
    assert rig.answer() == Present(
        Priority.LOW, None, "pulse has jumped: 70 to 100, held 15 s", 100_00, 70_00
    )
    give(rig, 26, 59, 100)
    assert rig.is_present()
    give(rig, 85, 20, 100)
    assert rig.answer() == Absent("the new pulse has stood for 60 s")


def test_a_step_that_does_not_hold_leaves_no_step_back() -> None:
    """After three samples back the way is free again 6 s later, and a new step is seen then."""
    rig = Rig("PR-JUMP")
    give(rig, 0, 10, 70)
    give(rig, 10, 10, 100)
    give(rig, 20, 40, 70)
    assert rig.answer() == Absent()
    give(rig, 60, 16, 100)
    assert rig.is_present()


def test_nothing_to_compare_with_is_no_step() -> None:
    """The pulse of more than 8 s ago is no pulse "6 s earlier"; a doubtful one is none either."""
    rig = Rig("PR-JUMP")
    rig.give(0, 97, 70)
    rig.give(9, 97, 100)
    give(rig, 10, 8, 20)
    assert rig.answer() == Absent()


def test_off_in_a_slow_recording() -> None:
    """The urgent delay of 5 s means nothing at a sample every 3 s."""
    rig = Rig("PR-JUMP", recording=True, interval_ms=3_000)
    give(rig, 0, 10, 70)
    assert rig.answer() == Off("delay 5 s is under two sample intervals of 3000 ms")


@pytest.mark.parametrize(("back", "over"), [(77, False), (76.99, True)])
def test_a_jump_ends_within_a_tenth_of_the_pulse_before(back: float, over: bool) -> None:
    """Exactly 10 % is not yet back."""
    rig = Rig("PR-JUMP")
    give(rig, 0, 10, 70)
    give(rig, 10, 16, 100)
    rig.give(26, 97, back)
    assert (rig.answer() == Absent(f"back to {back:g}")) is over
    assert rig.is_present() is not over


def test_it_rests_when_all_that_it_could_look_back_on_is_near() -> None:
    """16 s after the first value, on values less than a fifth apart; a far one ends the rest."""
    rig = Rig("PR-JUMP", interval_ms=1_000)
    rest = []
    for at_s in range(18):
        rig.give(at_s, 97, 70)
        rest.append(rig.detector.calm())
    low, high = rest[16] or (0, 0)
    assert rest == [None] * 16 + [(63_65, 76_35)] * 2
    assert (high - low) * 5 < low
    rig.give(18, 97, 90)
    assert rig.detector.calm() is None
