"""The body rises, falls, desaturates and recovers as its sources say."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.random import default_rng

from devices.checkin import Breathing, Mood, Sign
from simulators.body.events import Apnoea, Event, anxiety, opioid, pressure_rise, vasovagal
from simulators.patient import Obstruction, Patient, TimeOrderError, Vitals
from simulators.traits import Profile, typical_person

MIN = 60_000


def dosed(*events: Event, seed: int = 1, dose_mg: float = 200) -> Patient:
    """A typical body that has just taken its dose."""
    body = Patient(typical_person(75), default_rng(seed), 0, events)
    body.take_dose(dose_mg)
    return body


def minutes(body: Patient, upto: int) -> list[Vitals]:
    """The truth at each whole minute."""
    return [body.advance(minute * MIN) for minute in range(upto + 1)]


def test_the_same_seed_lives_the_same_life() -> None:
    """Two bodies from one seed agree to the last digit, however they are advanced."""
    one, other = dosed(), dosed()
    for at_ms in range(0, 10 * MIN, 700):
        one.advance(at_ms)
    assert one.advance(10 * MIN) == other.advance(10 * MIN)


def test_a_body_stands_on_whole_seconds() -> None:
    """Advancing to 2.999 s lives two seconds and says so."""
    body = dosed()
    assert (body.advance(2999).at_ms, body.now_ms) == (2000, 2000)


def test_time_does_not_go_back() -> None:
    """Going back is refused, and names both times."""
    body = dosed()
    body.advance(5000)
    with pytest.raises(TimeOrderError, match="advance to 4000 ms is before 5000 ms"):
        body.advance(4000)


def test_rest_is_the_baseline() -> None:
    """Without a dose the means of 30 minutes are the person's own values; nobody sleeps."""
    body = Patient(typical_person(75), default_rng(3), 0)
    lives = [body.advance(second * 1000) for second in range(30 * 60)]
    means = [
        np.mean([getattr(life, name) for life in lives])
        for name in ("spo2_pct", "pulse_bpm", "sbp_mmhg", "dbp_mmhg")
    ]
    assert means == pytest.approx([97.5, 72.0, 122.0, 77.0], abs=3.0)
    assert {life.moaas for life in lives} == {5}


def test_pressure_rises_by_ten_at_t45_and_is_back_at_t130() -> None:
    """200 mg in a typical person: +10.4/+6.2 mmHg at T+45, under +4 at T+130 (mean of 40 lives)."""
    rises = []
    for seed in range(40):
        lives = minutes(dosed(seed=seed), 130)
        rises.append([lives[at].sbp_mmhg - 122.0 for at in (45, 130)])
    early, late = np.mean(rises, axis=0)
    assert (early, late) == (pytest.approx(10.4, abs=2.0), pytest.approx(2.1, abs=2.0))


def test_sedation_is_light_and_over_by_t75() -> None:
    """200 mg in a typical person: MOAA/S 4 from about T+27 to T+68, else 5."""
    ratings = [life.moaas for life in minutes(dosed(), 150)]
    sleepy = [minute for minute, rating in enumerate(ratings) if rating == 4]
    assert (set(ratings), sleepy[0], sleepy[-1]) == ({4, 5}, 27, 66)


def test_a_deep_sleeper_reaches_every_rating() -> None:
    """Five times the usual feeling of the drug goes down to MOAA/S 1."""
    person = replace(typical_person(75), sleep_factor=5.0)
    body = Patient(person, default_rng(1), 0)
    body.take_dose(200)
    assert {life.moaas for life in minutes(body, 60)} == {5, 4, 3, 2, 1}


def test_the_pressure_rise_is_capped_at_70() -> None:
    """However steep the slope, the drug adds at most 70 mmHg to systolic pressure."""
    person = replace(typical_person(75), sbp_slope_mmhg=5.0)
    rises = []
    for seed in range(20):
        body = Patient(person, default_rng(seed), 0)
        body.take_dose(400)
        rises += [life.sbp_mmhg - 122.0 for life in minutes(body, 60)[30:]]
    assert np.mean(rises) == pytest.approx(70.0, abs=2.0)


def fall_at(body: Patient, seconds: list[int]) -> list[float]:
    """How far saturation is under 97.5 at these seconds, to 1 %, without the noise."""
    quiet = [97.5 - body.advance(second * 1000).spo2_pct for second in seconds]
    return [round(value) for value in quiet]


def test_an_obstruction_ends_by_itself_after_its_longest_time() -> None:
    """Nobody comes: 12 % down for 4 min, then back in 30 s."""
    body = dosed(Obstruction(after_dose_ms=600_000, depth_pct=12.0), seed=2)
    got = fall_at(body, [600, 630, 660, 800, 899, 915, 935])
    assert got == pytest.approx([0, 6, 12, 12, 12, 6, 0], abs=1)


def test_rousing_ends_an_obstruction_after_its_least_time() -> None:
    """Roused at once, saturation still stays down for 40 s, then recovers in 30 s."""
    body = dosed(Obstruction(after_dose_ms=600_000, depth_pct=12.0), seed=2)
    body.advance(620_000)
    body.rouse()
    assert fall_at(body, [660, 699, 715, 735]) == pytest.approx([12, 12, 6, 0], abs=1)


def test_rousing_beforehand_changes_nothing() -> None:
    """Somebody who breathes well when roused can still have an obstruction later."""
    body = dosed(Obstruction(after_dose_ms=600_000, depth_pct=12.0), seed=2)
    body.advance(300_000)
    body.rouse()
    assert fall_at(body, [599, 720]) == pytest.approx([0, 12], abs=1)


def test_obstructions_count_from_the_first_dose() -> None:
    """A second dose does not move what was planned from the first; tolerance neither."""
    body = dosed(Obstruction(after_dose_ms=600_000, depth_pct=12.0), seed=2)
    body.advance(300_000)
    body.take_dose(50)
    assert fall_at(body, [680]) == pytest.approx([12], abs=1)


def test_a_body_at_its_start_is_at_rest() -> None:
    """Before its first second the truth is the person's own values; reading it moves nothing."""
    body = Patient(typical_person(75), default_rng(1), 5000)
    assert (body.advance(5500), body.now_ms) == (
        Vitals(5000, 97.5, 72.0, 122.0, 77.0, 3.0, 5, 0.0),
        5000,
    )


def test_what_somebody_does_at_one_second_counts_from_there() -> None:
    """A dose in the middle of a minute changes nothing before it and the noise not at all."""
    with_dose, without = (Patient(typical_person(75), default_rng(1), 0) for _ in range(2))
    before = [with_dose.advance(second * 1000) for second in range(31)]
    assert before == [without.advance(second * 1000) for second in range(31)]
    with_dose.take_dose(200)
    noise = with_dose.advance(2 * MIN).spo2_pct - without.advance(2 * MIN).spo2_pct
    assert noise == pytest.approx(0.0, abs=0.01)
    assert with_dose.advance(40 * MIN).effect_ng_ml > 150


def test_rousing_a_healthy_body_leaves_every_digit() -> None:
    """Nothing is under way, so nothing is worked out anew."""
    roused, left = dosed(), dosed()
    roused.advance(70_000)
    roused.rouse()
    assert roused.advance(5 * MIN) == left.advance(5 * MIN)


def test_without_breath_saturation_falls_until_somebody_comes() -> None:
    """Breath stops at T+10: under 90 % after about a minute; roused at 100 s it is back in one."""
    body = dosed(Apnoea(after_dose_ms=10 * MIN), seed=2)
    lives = [body.advance((600 + second) * 1000) for second in range(101)]
    body.rouse()
    later = body.advance((600 + 160) * 1000)
    below = next(second for second, life in enumerate(lives) if life.spo2_pct < 90)
    assert 58 <= below <= 75
    assert (lives[50].breathing, lives[50].rr_bpm, lives[50].ventilation_pct) == (
        Breathing.NOT,
        0.0,
        0.0,
    )
    assert (later.breathing, later.spo2_pct > 95) == (Breathing.QUIET, True)
    assert lives[100].paco2_mmhg > 50


def test_an_undeclared_opioid_takes_breath_and_wakefulness() -> None:
    """A strong opioid from T+30: within 20 min slow breath, saturation under 90 %, MOAA/S 3."""
    body = dosed(opioid(30 * MIN, ventilation=0.3, sleep_shift=2.5), seed=3)
    before, after = body.advance(30 * MIN), body.advance(50 * MIN)
    assert (before.moaas, before.spo2_pct > 95) == (4, True)
    assert (after.moaas, after.spo2_pct < 90, after.breathing) == (3, True, Breathing.SLOW)


def test_on_the_side_a_later_closure_is_half_as_deep() -> None:
    """12 % on the back are 6 % on the side."""
    body = dosed(Obstruction(after_dose_ms=600_000, depth_pct=12.0), seed=2)
    body.advance(300_000)
    body.turn_on_side()
    body.turn_on_side()
    assert fall_at(body, [680]) == pytest.approx([6], abs=1)


def test_events_move_pressure_and_pulse() -> None:
    """A faint at T+125 ends near 82 mmHg and 42 a minute; a crisis adds what it says."""
    faint = dosed(vasovagal(125 * MIN), seed=4).advance(128 * MIN)
    fear = dosed(anxiety(20 * MIN), seed=4).advance(24 * MIN)
    crisis = dosed(
        pressure_rise(35 * MIN, sbp_mmhg=70.0, dbp_mmhg=40.0, signs=(Sign.WORST_HEADACHE,)), seed=4
    ).advance(46 * MIN)
    assert [faint.sbp_mmhg, faint.pulse_bpm] == pytest.approx([84.0, 44.0], abs=15.0)
    assert (faint.signs, fear.mood, fear.moving) == ((Sign.FAINTED,), Mood.UPSET, 1)
    assert (crisis.sbp_mmhg > 180, crisis.signs) == (True, (Sign.WORST_HEADACHE,))


def test_an_event_can_begin_before_the_dose() -> None:
    """Fear at the gate: it begins when it is handed in."""
    body = Patient(typical_person(75), default_rng(1), 0)
    body.advance(MIN)
    body.happen(anxiety(0))
    assert body.advance(3 * MIN).mood is Mood.UPSET


def test_who_lives_high_has_less_oxygen() -> None:
    """At 1600 m the body begins 3 % lower."""
    person = typical_person(75, Profile(altitude_m=1600.0))
    assert Patient(person, default_rng(1), 0).advance(0).spo2_pct == pytest.approx(94.4, abs=0.1)
