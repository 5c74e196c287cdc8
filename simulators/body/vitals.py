"""The truth about a simulated body at one second: what devices and people then see with errors.

It holds values and decides nothing.

>>> Vitals(0, 97.0, 72.0, 120.0, 75.0, 3.0, 5, 0.0).breathing.value
'B0'
"""

from dataclasses import dataclass

from devices.checkin import Breathing, Mood, Sign

__all__ = ["Vitals"]


@dataclass(frozen=True, slots=True)
class Vitals:
    """The truth at one second.

    `spo2_pct` is the arterial saturation, 1..100 %; `pulse_bpm` beats and `rr_bpm` breaths a
    minute; pressures in mmHg; `pi_pct` the perfusion index, %; `moaas` 1..5; `effect_ng_ml`
    ketamine at the effect site; `cadss6` 0..24; `ventilation_pct` of the resting ventilation;
    `paco2_mmhg` arterial carbon dioxide. `moving` is 0 at rest, 1 restless, 2 retching or
    fighting. Breathing, mood and signs are what a companion could see, in the check-in's words.
    """

    at_ms: int
    spo2_pct: float
    pulse_bpm: float
    sbp_mmhg: float
    dbp_mmhg: float
    pi_pct: float
    moaas: int
    effect_ng_ml: float
    rr_bpm: float = 14.0
    cadss6: float = 0.0
    ventilation_pct: float = 100.0
    paco2_mmhg: float = 40.0
    moving: int = 0
    breathing: Breathing = Breathing.QUIET
    mood: Mood = Mood.CALM
    signs: tuple[Sign, ...] = ()
