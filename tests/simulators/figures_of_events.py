"""How the figures of profiles, second drugs and events are measured.

An event's effect is the difference between two bodies of one seed, one with it and one without: the
noise of both is the same and falls out.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.random import default_rng

from simulators.body import events
from simulators.body.gas import GasExchange
from simulators.body.happenings import Happenings
from simulators.body.noise import Noise
from simulators.body.ventilation import opioid_share
from simulators.patient import Patient
from simulators.traits import Profile, typical_person
from tests.simulators.populations import Array

__all__ = ["MEASURES"]

_SLOPE = 0.05
_SEEDS = 40


def slope(profile: Profile) -> float:
    """How many times as steep pressure rises."""
    return typical_person(75, profile).sbp_slope_mmhg / _SLOPE


@cache
def change(event: events.Event, what: str, seconds: int) -> Array:
    """What an event does to one vital sign, second by second from its beginning."""
    lives = []
    for happening in (None, event):
        body = Patient(typical_person(75), default_rng(7), 0)
        if happening is not None:
            body.happen(happening)
        truths = [body.advance(1_000 * second) for second in range(1, seconds + 1)]
        lives.append([getattr(one, what) for one in truths])
    changed: Array = np.array(lives[1]) - np.array(lives[0])
    return changed


def furthest(event: events.Event, what: str) -> float:
    """The largest change, with its sign."""
    changed = change(event, what, 900)
    return float(changed[np.abs(changed).argmax()])


def lasts_min(event: events.Event, what: str) -> float:
    """For how many minutes at least nine tenths of the change are there."""
    changed = np.abs(change(event, what, 900))
    return float((changed >= 0.9 * changed.max()).sum() / 60)


def reached_s(event: events.Event, what: str) -> float:
    """After how many seconds the whole change is there."""
    changed = np.abs(change(event, what, 900))
    return float(np.argmax(changed >= 0.999 * changed.max()) + 1)


def left_pct(event: events.CoSedative) -> float:
    """What a second drug alone leaves of ventilation after an hour, outside closed airways."""
    return float(100 + np.median(change(event, "ventilation_pct", 3_600)[-900:]))


@cache
def noise(channel: str) -> float:
    """The SD of one channel over many blocks of many bodies."""
    drawn = []
    for seed in range(_SEEDS):
        source = Noise(default_rng((99, seed)))
        drawn += [source.block(number)[channel] for number in range(12)]
    return float(np.concatenate(drawn).std())


@cache
def dips() -> tuple[Array, Array, Array]:
    """The closed airways that a benzodiazepine brings: depth %, length s, recovery s."""
    found = []
    for seed in range(_SEEDS):
        played = Happenings((), default_rng((98, seed)))
        played.begin(events.benzodiazepine(0), 0)
        found += [one.event for one in played._plays if isinstance(one.event, events.Obstruction)]
    rows = [
        (one.depth_pct, (one.fall_ms + one.hold_ms) / 1000, one.recover_ms / 1000) for one in found
    ]
    depth, length, recovery = np.array(rows).T
    return depth, length, recovery


def carbon_tau_min() -> float:
    """Minutes until 63 % of the change of PaCO2 after ventilation has fallen by a tenth."""
    body = GasExchange(lung_ml_mmhg=7.3, blood_ml=450.0, vo2_ml_min=250.0, altitude_m=0.0)
    start = body.air.paco2_mmhg
    carbon = body.look_ahead(np.full(7_200, 0.9))[1] - start
    return float(np.argmax(carbon >= (1 - np.exp(-1)) * carbon[-1]) / 60)


def carbon_mmhg(ventilation: float) -> float:
    """PaCO2 after two hours of that share of ventilation."""
    body = GasExchange(lung_ml_mmhg=7.3, blood_ml=450.0, vo2_ml_min=250.0, altitude_m=0.0)
    return float(body.look_ahead(np.full(7_200, ventilation))[1][-1])


def opioid_strength() -> float:
    """How strong an opioid still is, of 1, at the ketamine level that doubles its C50."""
    alone, with_it = (
        float(opioid_share(np.array([0.6]), np.array([level]))[0]) for level in (0.0, 254.0)
    )
    return (1 / with_it - 1) / (1 / alone - 1)


FEAR, FAINT = events.anxiety(0), events.vasovagal(0)
OPIOID, BENZO, ALCOHOL = events.opioid(0), events.benzodiazepine(0), events.alcohol(0)

MEASURES: dict[str, Callable[[], float]] = {
    "slope_stiff": lambda: slope(Profile(is_hypertensive=True)),
    "rest_stiff": lambda: (
        typical_person(75, Profile(is_elderly=True)).sbp_mmhg - typical_person(75).sbp_mmhg
    ),
    "slope_ssri": lambda: slope(Profile(takes_ssri=True)),
    "slope_stimulant": lambda: slope(Profile(takes_stimulant=True)),
    "slope_maoi": lambda: slope(Profile(takes_maoi=True)),
    "fear_systolic": lambda: furthest(FEAR, "sbp_mmhg"),
    "fear_diastolic": lambda: furthest(FEAR, "dbp_mmhg"),
    "fear_pulse": lambda: furthest(FEAR, "pulse_bpm"),
    "fear_lasts": lambda: lasts_min(FEAR, "pulse_bpm"),
    "faint_systolic": lambda: furthest(FAINT, "sbp_mmhg"),
    "faint_pulse": lambda: furthest(FAINT, "pulse_bpm"),
    "faint_reached": lambda: reached_s(FAINT, "sbp_mmhg"),
    "noise_slow": lambda: noise("slow"),
    "noise_fast": lambda: noise("fast"),
    "noise_pulse": lambda: noise("pulse"),
    "left_opioid": lambda: left_pct(OPIOID),
    "left_benzodiazepine": lambda: left_pct(BENZO),
    "left_alcohol": lambda: left_pct(ALCOHOL),
    "opioid_strength": opioid_strength,
    "shift_least": lambda: min(one.sleep_shift for one in (OPIOID, BENZO, ALCOHOL)),
    "shift_most": lambda: max(one.sleep_shift for one in (OPIOID, BENZO, ALCOHOL)),
    "carbon_tau": carbon_tau_min,
    "carbon_60": lambda: carbon_mmhg(0.6),
    "dip_depth_least": lambda: float(dips()[0].min()),
    "dip_depth_most": lambda: float(dips()[0].max()),
    "dip_length_least": lambda: float(dips()[1].min()),
    "dip_length_most": lambda: float(dips()[1].max()),
    "dip_recovery_least": lambda: float(dips()[2].min()),
    "dip_recovery_most": lambda: float(dips()[2].max()),
}
