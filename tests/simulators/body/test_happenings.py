"""Events come, add up, and end when somebody helps."""

import numpy as np
import pytest
from numpy.random import default_rng

from devices.checkin import Mood, Sign
from simulators.body.events import (
    Apnoea,
    CoSedative,
    Event,
    Obstruction,
    Surge,
    anxiety,
    benzodiazepine,
    opioid,
    vasovagal,
)
from simulators.body.happenings import BREATHS, MOODS, Happenings, Overlay
from simulators.body.kinetics import FloatArray

S = 1000
MIN = 60 * S
DIP = Obstruction(
    0, depth_pct=10.0, fall_ms=20 * S, hold_ms=10 * S, max_hold_ms=60 * S, recover_ms=20 * S
)


def playing(*events: Event, seed: int = 1) -> Happenings:
    """Events of a body that was dosed at 0."""
    play = Happenings(events, default_rng(seed))
    play.dosed(0)
    return play


def at(play: Happenings, *seconds: int) -> Overlay:
    """What happens at these seconds."""
    return play.overlay(np.array(seconds) * S)


def whole(values: FloatArray) -> list[float]:
    """Rounded to a tenth."""
    return [round(value, 1) for value in values.tolist()]


def test_nothing_happens_before_the_dose_or_the_event() -> None:
    """Planned events wait for the dose, and then for their own time."""
    play = Happenings((Obstruction(5 * MIN, 10.0),), default_rng(1))
    before = at(play, 10_000)
    play.dosed(60 * MIN)
    assert (before.dip_pct.tolist(), at(play, 64 * 60, 66 * 60).dip_pct.tolist()) == (
        [0.0],
        [0.0, 10.0],
    )


def test_an_obstruction_falls_holds_and_recovers() -> None:
    """10 % in 20 s, down for 60 s when nobody comes, back in 20 s; noisy until the airway opens."""
    over = at(playing(DIP), 0, 10, 20, 79, 80, 90, 100, 200)
    assert whole(over.dip_pct) == [0.0, 5.0, 10.0, 10.0, 10.0, 5.0, 0.0, 0.0]
    seen = [BREATHS[code].name for code in over.breathing.tolist()]
    assert seen == ["QUIET", "NOISY", "NOISY", "NOISY", "QUIET", "QUIET", "QUIET", "QUIET"]


@pytest.mark.parametrize(
    ("second", "opens_s"), [(5, 30), (30, 30), (45, 45), (0, 80), (80, 80), (90, 80)]
)
def test_rousing_opens_an_airway_after_its_least_time(second: int, opens_s: int) -> None:
    """Roused in the fall it opens at 30 s, later at once, before or after it changes nothing."""
    play = playing(DIP)
    changed = play.rouse(second * S)
    assert (changed, whole(at(play, opens_s, opens_s + 10).dip_pct)) == (
        opens_s != 80,
        [10.0, 5.0],
    )


def test_rousing_twice_changes_nothing_the_second_time() -> None:
    """The airway opens at the earliest time that anybody gave it."""
    play = playing(DIP)
    assert (play.rouse(40 * S), play.rouse(45 * S)) == (True, False)


def test_on_the_side_later_closures_are_half_as_deep() -> None:
    """Turning ends the closure under way and halves the next; turning again changes nothing."""
    play = playing(DIP, Obstruction(10 * MIN, depth_pct=10.0))
    changed = [play.turn_on_side(40 * S), play.turn_on_side(50 * S)]
    assert (changed, whole(at(play, 50, 12 * 60).dip_pct)) == ([True, False], [5.0, 5.0])


def test_a_stopped_breath_returns_with_gasps() -> None:
    """No ventilation until somebody rouses, after at least a minute; then 2.5 times for 30 s."""
    play = playing(Apnoea(0))
    play.rouse(90 * S)
    over = at(play, 0, 1, 90, 91, 120, 121)
    assert (over.breath.tolist(), [BREATHS[code].value for code in over.breathing.tolist()]) == (
        [1.0, 0.0, 0.0, 2.5, 2.5, 1.0],
        ["B0", "B3", "B3", "B0", "B0", "B0"],
    )


def test_drugs_come_on_stay_and_wear_off_and_multiply() -> None:
    """Two drugs: shares multiply, an opioid is kept apart, sleep is shifted by both."""
    slow = CoSedative(0, 2.0, 0.5, onset_ms=10 * S, hold_ms=20 * S, offset_ms=10 * S)
    strong = CoSedative(0, 1.5, 0.6, is_opioid=True, onset_ms=0, hold_ms=100 * S)
    over = at(playing(slow, strong), 0, 5, 10, 35, 40)
    assert [whole(part) for part in (over.breath, over.opioid, over.sleep)] == [
        [1.0, 0.8, 0.5, 0.8, 1.0],
        [1.0, 0.6, 0.6, 0.6, 0.6],
        [1.0, 2.2, 3.0, 2.2, 1.5],
    ]


def test_surges_add_up_and_the_worst_is_seen() -> None:
    """Pressure and pulse are sums; mood and movement the highest; signs are listed once."""
    fear = anxiety(0)
    faint = vasovagal(0)
    over = at(playing(fear, faint, faint), 0, 90, 1000)
    assert (over.sbp_mmhg.tolist(), over.pulse_bpm.tolist(), over.moving.tolist()) == (
        [0.0, -65.0, 0.0],
        [0.0, -40.0, 0.0],
        [0, 1, 0],
    )
    assert ([MOODS[code] for code in over.mood.tolist()], over.signs) == (
        [Mood.CALM, Mood.UPSET, Mood.CALM],
        [(), (Sign.FAINTED,), ()],
    )


def test_an_event_can_begin_now() -> None:
    """Its own time is not asked."""
    play = Happenings((), default_rng(1))
    play.begin(Surge(after_dose_ms=99 * MIN, sbp_mmhg=10.0, rise_ms=0), 5 * S)
    assert at(play, 5, 6).sbp_mmhg.tolist() == [0.0, 10.0]


def test_closures_under_a_co_sedative_look_like_those_of_sleep() -> None:
    """100 h with a benzodiazepine: about 8 an hour, 4..15 % deep, 15..45 s long, none by itself."""
    depths, plays = [], 0
    for seed in range(25):
        dips = playing(benzodiazepine(0), seed=seed)._plays[1:]
        plays += len(dips)
        for dip in dips:
            event = dip.event
            assert isinstance(event, Obstruction)
            assert 15 * S <= dip.until_ms - dip.begin_ms <= 45 * S
            assert 20 * S <= event.recover_ms <= 30 * S
            depths.append(event.depth_pct)
    assert (min(depths) >= 4.0, max(depths) <= 15.0) == (True, True)
    assert plays / 100 == pytest.approx(8.0, abs=0.8)
    assert len(playing(opioid(0))._plays) == 1
