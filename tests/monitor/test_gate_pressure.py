"""The readings of the gate in rounds, and the one that is wanted next."""

import pytest

from monitor.gate_pressure import Mean, Wanted, apart, mean_of, next_reading, rounds_of, state_of
from tests.monitor.test_gate_values import chart, pressures

SECOND = "the gate takes the mean of two readings"
THIRD = "the two readings differ: a third one decides"
REST = "after 10 min of rest: two new readings"


@pytest.mark.parametrize(
    ("readings", "wanted"),
    [
        ([], None),
        ([(0, 120, 80)], Wanted(60_000, SECOND)),
        ([(0, 120, 80), (60, 130, 86)], None),
        ([(0, 120, 80), (60, 131, 80)], Wanted(120_000, THIRD)),
        ([(0, 131, 80), (60, 120, 80)], Wanted(120_000, THIRD)),
        ([(0, 120, 80), (60, 120, 87)], Wanted(120_000, THIRD)),
        ([(0, 120, 80), (60, 140, 80), (120, 122, 80)], None),
        ([(0, 150, 80), (60, 150, 80)], Wanted(660_000, REST)),
        ([(0, 150, 80), (60, 150, 80), (700, 150, 80)], Wanted(760_000, SECOND)),
        ([(0, 150, 80), (60, 150, 80), (700, 150, 80), (760, 150, 80)], None),
        ([(0, 120, 80), (60, 120, 80), (700, 150, 80), (760, 150, 80)], Wanted(1_360_000, REST)),
        ([(0, 88, 60), (60, 88, 60)], None),
        ([(0, 95, 60), (60, 95, 60)], Wanted(660_000, REST)),
    ],
)
def test_the_reading_that_is_next(
    readings: list[tuple[int, int, int]], wanted: Wanted | None
) -> None:
    """A second, a third when two differ by more than 10 or 6, two more after a rest."""
    assert next_reading(pressures(chart(), *readings)) == wanted


def test_rounds_leave_out_what_came_too_soon_and_before_the_session() -> None:
    """Less than a minute after another; before the opening."""
    one = pressures(chart(), (0, 110, 70), (30, 120, 80), (60, 130, 90), (400, 140, 90))
    one.opened_ms = 1
    found = [[reading.at_ms // 1000 for reading in round_] for round_ in rounds_of(one)]
    assert found == [[30], [400]]


def test_a_mean_is_whole_and_says_itself() -> None:
    """Rounded half up; of one reading it is that; of three the last two."""
    two, three = pressures(chart(), (0, 121, 80), (60, 122, 81)), chart()
    pressures(three, (0, 160, 90), (60, 120, 80), (120, 122, 82))
    means = [mean_of(rounds_of(one)[0]) for one in (two, three)]
    assert [mean.words for mean in means] == ["blood pressure 122/81", "blood pressure 121/81"]
    assert not apart(rounds_of(three)[0])
    assert [state_of(two, Mean(sbp, 80)) for sbp in (89, 90, 100, 141, 160)] == [
        *("stop", "hold", "pass", "hold", "stop"),
    ]
