"""Movements come as often, last as long and disturb as much as the sources say."""

from math import isclose

import pytest
from numpy.random import default_rng

from simulators.movement import Burst, Movements

HOURS = 100


def bursts(per_h: float, flagged_share: float = 0.99, moving: int = 0) -> list[Burst]:
    """All movements of 100 hours."""
    movements = Movements(default_rng(1), per_h=per_h, flagged_share=flagged_share)
    found: list[Burst] = []
    for _ in range(HOURS * 3600):
        burst = movements.step(moving)
        if burst is not None and (not found or burst is not found[-1]):
            found.append(burst)
    return found


def test_somebody_who_lies_still_has_none() -> None:
    """No rate, no movement."""
    assert bursts(0.0) == []


@pytest.mark.parametrize(
    ("per_h", "moving", "expected"), [(4.0, 0, 4.0), (4.0, 1, 12.0), (0.0, 2, 12.0)]
)
def test_the_rate_is_tripled_by_agitation(per_h: float, moving: int, expected: float) -> None:
    """4 an hour at rest, 12 when restless; who lay still moves too once agitated."""
    assert len(bursts(per_h, moving=moving)) / HOURS == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize("share", [0.99, 0.7])
def test_the_flagged_share_is_that_of_the_class(share: float) -> None:
    """99 of 100 (class A) or 70 (class B)."""
    found = bursts(40.0, share)
    assert sum(burst.flagged for burst in found) / len(found) == pytest.approx(share, abs=0.02)


def test_lengths_and_kinds() -> None:
    """5..60 s; half drift to 80..90 %; a third each doubles, halves, locks on 1..3 Hz."""
    found = bursts(40.0)
    total = len(found)
    lengths = sorted(burst.length_s for burst in found)
    drifts = [burst.drift_to_pct for burst in found if burst.drift_to_pct is not None]
    locks = [burst.pulse_at_bpm for burst in found if burst.pulse_at_bpm is not None]
    assert (lengths[0], lengths[-1], 11 <= lengths[total // 2] <= 13) == (5, 60, True)
    assert (min(drifts) >= 80, max(drifts) <= 90, min(locks) >= 60, max(locks) <= 180) == (
        True,
    ) * 4
    assert [
        len(drifts) / total,
        len(locks) / total,
        sum(isclose(burst.pulse_times, 2) for burst in found) / total,
        sum(isclose(burst.pulse_times, 0.5) for burst in found) / total,
    ] == pytest.approx([1 / 2, 1 / 3, 1 / 3, 1 / 3], abs=0.025)


def test_the_flag_is_up_from_the_third_second() -> None:
    """Two seconds after the start, and only when the device notices at all."""
    seen = Burst(flagged=True, length_s=5)
    missed = Burst(flagged=False, length_s=5, past_s=4)
    states = []
    for past_s in range(4):
        seen.past_s = past_s
        states.append(seen.flag_is_up)
    assert (states, missed.flag_is_up) == ([False, False, True, True], False)


def test_a_noticed_movement_holds_the_values() -> None:
    """Whatever the truth does meanwhile."""
    burst = Burst(flagged=True, length_s=9, drift_to_pct=85.0, pulse_times=2.0)
    assert [burst.shown(97.0, 72.0), burst.shown(90.0, 60.0)] == [(97.0, 72.0), (97.0, 72.0)]


def test_a_missed_one_drifts_with_a_time_constant_of_5_s() -> None:
    """After 5 s 63 % of the way from 97 to 85 is gone; the pulse of before is doubled."""
    burst = Burst(flagged=False, length_s=9, drift_to_pct=85.0, pulse_times=2.0)
    shown = [burst.shown(97.0, 72.0) for _ in range(5)]
    assert shown[-1] == pytest.approx((85 + 12 * 0.368, 144.0), abs=0.01)


def test_a_missed_one_may_lock_on_the_rhythm() -> None:
    """The pulse is the hand's; saturation without a drift stays."""
    burst = Burst(flagged=False, length_s=9, pulse_at_bpm=110.0)
    assert burst.shown(97.0, 72.0) == (97.0, 110.0)
