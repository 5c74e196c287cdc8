"""Movements of the hand with the clip: when they begin, how long they last, what they do.

2 to 8 an hour in a resting patient, three times as many in an agitated one, 5 to 60 s each. A
device flags a movement two seconds after its start, or does not notice it. Not noticed, saturation
drifts to 80..90 % in half of them and holds in the other half; the pulse doubles, halves, or locks
on the rhythm of the hand (1..3 Hz), a third each (`clinical.md` 6.4).

It draws from the generator that is handed in, once a second, and knows no device.

>>> from numpy.random import default_rng
>>> Movements(default_rng(1), per_h=0.0, flagged_share=0.99).step(moving=0) is None
True
"""

from dataclasses import dataclass
from math import exp, log

from numpy.random import Generator

from simulators.draws import uniform

__all__ = ["AGITATED_TIMES", "Burst", "Movements"]

AGITATED_TIMES = 3.0
_RESTLESS_PER_H = 4.0
_FLAG_AFTER_S = 2
_LENGTH_S = (5.0, 12.0, 60.0)
_LENGTH_LOG_SD = log(2)
_DRIFT_PCT = (80.0, 90.0)
_DRIFT_KEEP = exp(-1 / 5)
_RHYTHM_BPM = (60.0, 180.0)


@dataclass(slots=True)
class Burst:
    """One movement: what the device makes of it, and how many seconds of it are past.

    `pulse_times` multiplies the pulse, unless `pulse_at_bpm` is what it locks on.
    """

    flagged: bool
    length_s: int
    drift_to_pct: float | None = None
    pulse_times: float = 1.0
    pulse_at_bpm: float | None = None
    past_s: int = 0
    _spo2_pct: float | None = None
    _pulse_bpm: float = 0.0

    @property
    def flag_is_up(self) -> bool:
        """The device has noticed."""
        return self.flagged and self.past_s >= _FLAG_AFTER_S

    def shown(self, spo2_pct: float, pulse_bpm: float) -> tuple[float, float]:
        """Return what the display makes of the value before the movement: it holds, or strays."""
        if self._spo2_pct is None:
            self._spo2_pct, self._pulse_bpm = spo2_pct, pulse_bpm
        if self.flagged:
            return self._spo2_pct, self._pulse_bpm
        if self.drift_to_pct is not None:
            gone = (1 - _DRIFT_KEEP) * (self.drift_to_pct - self._spo2_pct)
            self._spo2_pct += gone
        if self.pulse_at_bpm is not None:
            return self._spo2_pct, self.pulse_at_bpm
        return self._spo2_pct, self._pulse_bpm * self.pulse_times


class Movements:
    """All movements of one session, second by second."""

    def __init__(self, rng: Generator, *, per_h: float, flagged_share: float) -> None:
        """`per_h` is 0 for somebody who lies still, 2..8 for a resting to a lively patient."""
        self._rng, every_second = rng.spawn(2)
        self._calm = per_h / 3600
        self._restless = AGITATED_TIMES * max(per_h, _RESTLESS_PER_H) / 3600
        self._flagged_share = flagged_share
        self._chance = uniform(every_second)
        self._burst: Burst | None = None

    def step(self, moving: int) -> Burst | None:
        """Live one second and return the movement that is under way.

        `moving` is the body's own: 0 at rest, 1 restless, 2 retching or fighting.
        """
        drawn = self._chance.next()
        burst = self._burst
        if burst is not None:
            burst.past_s += 1
            if burst.past_s >= burst.length_s:
                self._burst = None
        elif drawn < (self._restless if moving else self._calm):
            self._burst = self._draw()
        return self._burst

    def _draw(self) -> Burst:
        rng = self._rng
        low_s, median_s, high_s = _LENGTH_S
        length_s = median_s * exp(_LENGTH_LOG_SD * float(rng.standard_normal()))
        drift_to = float(rng.uniform(*_DRIFT_PCT)) if float(rng.random()) < 1 / 2 else None
        kind = int(rng.integers(3))
        return Burst(
            flagged=float(rng.random()) < self._flagged_share,
            length_s=round(min(max(length_s, low_s), high_s)),
            drift_to_pct=drift_to,
            pulse_times=(2.0, 0.5, 1.0)[kind],
            pulse_at_bpm=float(rng.uniform(*_RHYTHM_BPM)) if kind == 2 else None,  # noqa: PLR2004
        )
