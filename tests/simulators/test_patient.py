"""The body rises, falls, desaturates and recovers as its sources say."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.random import default_rng

from simulators.patient import Obstruction, Patient, TimeOrderError, Vitals
from simulators.traits import draw_person, typical_person

MIN = 60_000


def dosed(*obstructions: Obstruction, seed: int = 1, dose_mg: float = 200) -> Patient:
    """A typical body that has just taken its dose."""
    body = Patient(typical_person(75), default_rng(seed), 0, obstructions)
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
    body = Patient(person, default_rng(1), 0)
    body.take_dose(400)
    rises = [life.sbp_mmhg - 122.0 for life in minutes(body, 60)[30:]]
    assert np.mean(rises) == pytest.approx(70.0, abs=4.0)


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


def test_a_population_meets_the_published_sedation() -> None:
    """200 mg, 100 people: about 3 in 4 reach MOAA/S 4 or less, 1 in 14 reaches 3 or less."""
    lowest = []
    for seed in range(100):
        rng = default_rng(seed)
        body = Patient(draw_person(rng, 75), rng, 0)
        body.take_dose(200)
        lowest.append(min(body.advance(minute * MIN).moaas for minute in (30, 40, 45, 50, 60)))
    shares = [np.mean([low <= rating for low in lowest]) for rating in (4, 3)]
    assert shares == pytest.approx([0.74, 0.08], abs=0.1)
