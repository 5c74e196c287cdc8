"""A body whose vital signs are those of real recordings, with a published course of ketamine added.

Saturation, pulse and pressure are what real devices showed; on the pressure and the pulse lies the
mean course of published infusions: it rises straight from the dose to a peak at 40 min and is over
after 4 h (the label of esketamine). Its height is drawn for each session from the published mean
and SD: +16.0 (11.2) systolic and +11.0 (8.45) diastolic, one chart review of 2,342 infusions (doi
10.1016/j.genhosppsych.2024.07.001), at least nothing; the pulse +4.09, a meta-analysis of 15
articles (doi 10.3389/fpsyt.2021.549080). On saturation nothing is laid: none of the published
effects is significant. Wakefulness, mood and movement are the simulated body's.

It opens no file; all chance comes from the generator.

>>> [course(minute) for minute in (0, 20, 40, 140, 240, 300)]
[0.0, 0.5, 1.0, 0.5, 0.0, 0.0]
"""

from dataclasses import replace

from numpy.random import Generator

from simulators.body.vitals import Vitals
from simulators.patient import Patient
from simulators.semi.series import Pressures, Record, Shown
from simulators.traits import Person

__all__ = ["SemiBody", "course"]

_PEAK_MIN, _OVER_MIN = 40.0, 240.0
_SBP_MMHG, _DBP_MMHG, _PULSE_BPM = (16.0, 11.2), (11.0, 8.45), 4.09
_GO_MIN = 35.0


def course(minute: float) -> float:
    """Return which share of its height the effect has so many minutes after the dose, 0..1."""
    if minute <= _PEAK_MIN:
        return max(minute, 0.0) / _PEAK_MIN
    return max(_OVER_MIN - minute, 0.0) / (_OVER_MIN - _PEAK_MIN)


class SemiBody(Patient):
    """One body. `shown` is what the oximeter shows in the present second.

    A record that falls is let go 35 min after the dose.
    """

    def __init__(
        self, person: Person, rng: Generator, record: Record, stay: Pressures, from_s: float
    ) -> None:
        """`from_s` is where in the stay the session begins."""
        own, drawn = rng.spawn(2)
        super().__init__(person, own, 0)
        self._record, self._stay, self._from_s = record, stay, from_s
        height = float(drawn.standard_normal())
        # One draw for both pressures: who rises much does so in both.
        self._sbp_mmhg = max(_SBP_MMHG[0] + height * _SBP_MMHG[1], 0.0)
        self._dbp_mmhg = max(_DBP_MMHG[0] + height * _DBP_MMHG[1], 0.0)
        self._dose_ms: int | None = None
        self.shown: Shown = record.at(0)

    def take_dose(self, dose_mg: float) -> None:
        """Place a dose under the tongue now; the published course counts from the first."""
        super().take_dose(dose_mg)
        if self._dose_ms is None:
            self._dose_ms = self.now_ms

    def advance(self, to_ms: int) -> Vitals:
        """Live until then; what a real device showed stands in the place of the body's own."""
        truth = super().advance(to_ms)
        second = truth.at_ms // 1000
        since_min = None if self._dose_ms is None else (truth.at_ms - self._dose_ms) / 60_000
        share = 0.0 if since_min is None else course(since_min)
        self.shown = self._oximetry(second, since_min, share)
        sbp, dbp = self._stay.at(self._from_s + second)
        spo2, pulse, pi = self.shown
        return replace(
            truth,
            spo2_pct=truth.spo2_pct if spo2 is None else spo2,
            pulse_bpm=truth.pulse_bpm if pulse is None else pulse,
            pi_pct=truth.pi_pct if pi is None else pi,
            sbp_mmhg=sbp + share * self._sbp_mmhg,
            dbp_mmhg=dbp + share * self._dbp_mmhg,
        )

    def _oximetry(self, second: int, since_min: float | None, share: float) -> Shown:
        gone = None if since_min is None or since_min < _GO_MIN else since_min - _GO_MIN
        spo2, pulse, pi = self._record.at(second, None if gone is None else round(gone * 60))
        return spo2, None if pulse is None else pulse + share * _PULSE_BPM, pi
