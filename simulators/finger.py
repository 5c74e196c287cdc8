"""What reaches an undisturbed sensor: the truth, late, averaged, biased and a little noisy.

The blood takes its way to the finger, the device its mean; then come the bias of this pairing, the
over-reading on darker skin (more of it below 88 %, S58), AR(1) noise of SD 0.4 % and a pulse that
jitters by a beat (`clinical.md` 6.4). The perfusion index follows the hand's warmth.

It knows no movement, no lost signal and no report: that is `oximeter`.

>>> from numpy.random import default_rng
>>> from simulators.oximeter_model import CLASS_A
>>> Finger(CLASS_A, default_rng(1), bias_pct=0.0).feel(97.0, 72.0, 3.0).pi_pct > 2
True
"""

from collections import deque
from math import exp
from typing import NamedTuple

from numpy.random import Generator

from simulators.draws import remembering, white
from simulators.oximeter_model import OximeterModel

__all__ = ["Felt", "Finger"]

_NOISE_SD_PCT = 0.4
_NOISE_S = 10.0
_PULSE_SD_BPM = 1.0
_PULSE_MEAN_S = 8
_PI_LOG_SD = 0.05
_PI_S = 60.0
_TAIL_BELOW_PCT = 88.0
_LONGEST_MEAN_S = 30


class Felt(NamedTuple):
    """What the sensor would show now, not yet rounded: %, beats a minute, %."""

    spo2_pct: float
    pulse_bpm: float
    pi_pct: float


class Finger:
    """One finger in one clip, second by second."""

    def __init__(self, model: OximeterModel, rng: Generator, *, bias_pct: float) -> None:
        parts = rng.spawn(3)
        self._model = model
        self._bias_pct = bias_pct + model.skin_bias_pct
        self._noise = remembering(parts[0], _NOISE_SD_PCT, _NOISE_S)
        self._jitter = white(parts[1], _PULSE_SD_BPM)
        self._warmth = remembering(parts[2], _PI_LOG_SD, _PI_S)
        # Running sums: the mean of any window is one subtraction.
        self._spo2: deque[float] = deque(maxlen=model.lag_s + _LONGEST_MEAN_S + 1)
        self._pulse: deque[float] = deque(maxlen=_PULSE_MEAN_S + 1)

    def feel(self, spo2_pct: float, pulse_bpm: float, pi_pct: float) -> Felt:
        """Take one second of truth; return what the sensor makes of it."""
        sums, beats, model = self._spo2, self._pulse, self._model
        if not sums:
            # The finger was there before the clip: the past was as the present.
            sums.extend(spo2_pct * second for second in range(sums.maxlen or 0))
            beats.extend(pulse_bpm * second for second in range(_PULSE_MEAN_S + 1))
        sums.append(sums[-1] + spo2_pct)
        beats.append(beats[-1] + pulse_bpm)
        mean_bpm = (beats[-1] - beats[0]) / _PULSE_MEAN_S
        mean_s = self._mean_s(mean_bpm)
        newest = -1 - model.lag_s
        seen = (sums[newest] - sums[newest - mean_s]) / mean_s
        shown = seen + self._bias_pct + self._noise.next()
        if seen < _TAIL_BELOW_PCT:
            shown += model.skin_tail * (_TAIL_BELOW_PCT - seen)
        return Felt(
            shown,
            mean_bpm + self._jitter.next(),
            pi_pct * model.perfusion * exp(self._warmth.next()),
        )

    def _mean_s(self, pulse_bpm: float) -> int:
        """Return how many seconds the device averages at this pulse."""
        model = self._model
        if not model.mean_beats:
            return model.mean_s
        return min(max(round(model.mean_beats * 60 / pulse_bpm), 1), _LONGEST_MEAN_S)
