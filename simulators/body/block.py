"""A block of seconds of one body: drug, events and noise become pressures, breath and gases.

The order is that of cause: the effect site and its tolerance give what wakefulness feels; drugs and
events give the ventilation; ventilation gives the gases; noise and events come on top.

It keeps nothing: `patient` holds what one block hands to the next.

    rows(person, gas, Ahead(...))[0]      the fields of `Vitals` for the first second, in order
"""

from dataclasses import dataclass

import numpy as np

from simulators.body.gas import GasExchange
from simulators.body.haemodynamics import pressure_rise_mmhg, pulse_rise_bpm
from simulators.body.happenings import BREATHS, MOODS, IntArray, Overlay
from simulators.body.kinetics import FloatArray
from simulators.body.sedation import cadss6, moaas, tolerance
from simulators.body.ventilation import ketamine_share, opioid_share
from simulators.traits import Person

__all__ = ["Ahead", "Row", "rows"]

Row = tuple[object, ...]

_LEAST_PULSE_BPM = 20.0
_LEAST_SBP_MMHG = 40.0
_LEAST_DBP_MMHG = 20.0
_LEAST_SPO2_PCT = 1.0
_SLOW_BELOW_BPM = 8.0


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is known of the seconds ahead before the body answers; one value for each second.

    Before the first dose `since_dose_s` does not matter: nothing is there to be felt. `noise` has
    the channels of the module of that name.
    """

    times_ms: IntArray
    since_dose_s: FloatArray
    effect_ng_ml: FloatArray
    over: Overlay
    noise: dict[str, FloatArray]


def rows(person: Person, gas: GasExchange, own_pct: float, ahead: Ahead) -> list[Row]:
    """Return the fields of `Vitals` for each second.

    `own_pct` is by how much this person's saturation differs from what the gases alone give.
    """
    felt = ahead.effect_ng_ml * tolerance(ahead.since_dose_s)
    pulse, sbp, dbp = _circulation(person, felt, ahead)
    share, rate, breathing = _breathing(person, ahead)
    saturation, paco2 = gas.look_ahead(share)
    over = ahead.over
    spo2 = saturation + own_pct + ahead.noise["spo2"] - over.dip_pct
    columns: list[list[object]] = [
        ahead.times_ms.tolist(),
        np.clip(spo2, _LEAST_SPO2_PCT, 100.0).tolist(),
        pulse.tolist(),
        sbp.tolist(),
        dbp.tolist(),
        [person.pi_pct] * len(felt),
        moaas(felt * person.sleep_factor * over.sleep).tolist(),
        ahead.effect_ng_ml.tolist(),
        rate.tolist(),
        cadss6(felt, person.cadss_ec50_ng_ml).tolist(),
        (100 * share).tolist(),
        paco2.tolist(),
        over.moving.tolist(),
        [BREATHS[code] for code in breathing.tolist()],
        [MOODS[code] for code in over.mood.tolist()],
        list(over.signs),
    ]
    return list(zip(*columns, strict=True))


def _circulation(
    person: Person, felt: FloatArray, ahead: Ahead
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return pulse, systolic and diastolic pressure."""
    over, noise = ahead.over, ahead.noise
    rise = pressure_rise_mmhg(felt, person.sbp_slope_mmhg) + noise["slow"] + noise["fast"]
    drift = pulse_rise_bpm(ahead.effect_ng_ml, person.pulse_slope_bpm) + noise["pulse"]
    return (
        np.maximum(person.pulse_bpm + drift + over.pulse_bpm, _LEAST_PULSE_BPM),
        np.maximum(person.sbp_mmhg + rise + over.sbp_mmhg, _LEAST_SBP_MMHG),
        np.maximum(person.dbp_mmhg + person.dbp_share * rise + over.dbp_mmhg, _LEAST_DBP_MMHG),
    )


def _breathing(person: Person, ahead: Ahead) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return the share of ventilation, breaths a minute and what the chest is seen to do."""
    over = ahead.over
    opioid = opioid_share(over.opioid, ahead.effect_ng_ml)
    share = ketamine_share(ahead.effect_ng_ml) * opioid * over.breath
    # Opioids slow the breath; the other drugs make it shallow.
    rate = person.rr_bpm * opioid + ahead.noise["rate"] + over.rr_bpm
    rate = np.where(over.breath > 0, np.maximum(rate, 1.0), 0.0)
    slow = (rate < _SLOW_BELOW_BPM).astype(np.int64)
    return share, rate, np.maximum(over.breathing, slow)
