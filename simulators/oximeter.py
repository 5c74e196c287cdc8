"""A class A pulse oximeter on the finger of a simulated body: one report each second.

Between the truth and the report lie the blood's way to the finger (20 s), the device's 8 s mean,
a bias that this pairing keeps for the session, a little noise, rounding to 1 %, and movement:
bursts that a class A device flags in 99 of 100 cases, two seconds after they start
(`clinical.md` 6.4). The device has no clock, as many have not: a report is named by boot and
sequence number.

It never looks at what the hub makes of its reports. Weak-signal spells and link faults are left
out. Feed it once a second, in order.

>>> from numpy.random import default_rng
>>> from simulators.patient import Patient
>>> from simulators.traits import typical_person
>>> body = Patient(typical_person(75), default_rng(1), start_ms=0)
>>> meter = Oximeter(body.person, default_rng(2), device="ox", boot_id="b1", mode=Mode.DEMO)
>>> meter.sample(body.advance(1000)).seq
1
"""

from collections import deque
from dataclasses import dataclass
from math import exp, log, sqrt

from numpy.random import Generator

from devices.observation import DeviceKind, DeviceReport, Flag, Metric, Mode, Observation, Validity
from simulators.patient import Vitals
from simulators.traits import Person

__all__ = ["Oximeter"]

_LAG_S = 20
_MEAN_S = 8
_NOISE_SD_PCT = 0.4
_NOISE_KEEP = exp(-1 / 10)
_PULSE_SD_BPM = 1.0
_FLAG_AFTER_S = 2
_FLAG_CHANCE = 0.99
_BURST_MEDIAN_S = 12.0
_BURST_RANGE_S = (5, 60)
_DRIFT_KEEP = exp(-1 / 5)
_STEP_BPM = 110.0  # walking at just under 2 Hz, on which a pulse search can lock


@dataclass(slots=True)
class _Burst:
    """One movement: how long it has gone on and goes on, and what the device makes of it."""

    flagged: bool
    left_s: int
    drift_to_pct: float | None
    pulse_factor: float | None
    past_s: int = 0


class Oximeter:
    """One device. The same person, generator state and truth give the same reports."""

    def __init__(
        self,
        person: Person,
        rng: Generator,
        *,
        device: str,
        boot_id: str,
        mode: Mode,
        motion_per_h: float = 0.0,
    ) -> None:
        """`motion_per_h` is 2..8 bursts an hour for a resting to a lively patient."""
        self._bias_pct = person.oximeter_bias_pct
        self._rng = rng
        self._device = device
        self._boot_id = boot_id
        self._mode = mode
        self._burst_chance = motion_per_h / 3600
        self._seq = 0
        self._noise_pct = 0.0
        self._spo2: deque[float] = deque(maxlen=_LAG_S + _MEAN_S)
        self._pulse: deque[float] = deque(maxlen=_MEAN_S)
        self._burst: _Burst | None = None
        self._held: tuple[float, float] | None = None
        self.on_finger = True

    def sample(self, truth: Vitals) -> DeviceReport:
        """Take one second of truth and return the report of that second."""
        self._seq += 1
        self._spo2.append(truth.spo2_pct)
        self._pulse.append(truth.pulse_bpm)
        self._noise_pct = _NOISE_KEEP * self._noise_pct + _NOISE_SD_PCT * sqrt(
            1 - _NOISE_KEEP**2
        ) * float(self._rng.standard_normal())
        jitter_bpm = _PULSE_SD_BPM * float(self._rng.standard_normal())
        self._move()
        if not self.on_finger:
            return self._report(None, None, None, (Flag.FINGER_OUT,))
        spo2_pct, pulse_bpm = self._shown(
            _mean(list(self._spo2)[:_MEAN_S]) + self._bias_pct + self._noise_pct,
            _mean(self._pulse) + jitter_bpm,
        )
        flags = (Flag.MOTION,) if self._flag_is_up() else ()
        return self._report(min(spo2_pct, 100.0), pulse_bpm, truth.pi_pct, flags)

    def _move(self) -> None:
        """Start, continue or end a burst of movement."""
        starts = float(self._rng.random()) < self._burst_chance
        if self._burst is not None:
            self._burst.past_s += 1
            if self._burst.past_s >= self._burst.left_s:
                self._burst = self._held = None
        elif starts:
            rng = self._rng
            low_s, high_s = _BURST_RANGE_S
            drawn_s = _BURST_MEDIAN_S * exp(log(2) * float(rng.standard_normal()))
            self._burst = _Burst(
                flagged=float(rng.random()) < _FLAG_CHANCE,
                left_s=round(min(max(drawn_s, low_s), high_s)),
                drift_to_pct=float(rng.uniform(80, 90)) if rng.random() < 1 / 2 else None,
                pulse_factor=(2.0, 0.5, None)[int(rng.integers(3))],
            )

    def _flag_is_up(self) -> bool:
        return (
            self._burst is not None and self._burst.flagged and self._burst.past_s >= _FLAG_AFTER_S
        )

    def _shown(self, spo2_pct: float, pulse_bpm: float) -> tuple[float, float]:
        """What the display makes of a movement: it holds, or drifts and loses the pulse."""
        if self._burst is None:
            return spo2_pct, pulse_bpm
        if self._held is None:
            self._held = (spo2_pct, pulse_bpm)
        spo2_pct, pulse_bpm = self._held
        if self._burst.flagged:
            return self._held
        if self._burst.drift_to_pct is not None:
            spo2_pct = _DRIFT_KEEP * spo2_pct + (1 - _DRIFT_KEEP) * self._burst.drift_to_pct
            self._held = (spo2_pct, pulse_bpm)
        factor = self._burst.pulse_factor
        return spo2_pct, _STEP_BPM if factor is None else pulse_bpm * factor

    def _report(
        self,
        spo2_pct: float | None,
        pulse_bpm: float | None,
        pi_pct: float | None,
        flags: tuple[Flag, ...],
    ) -> DeviceReport:
        return DeviceReport(
            device=self._device,
            kind=DeviceKind.OXIMETER,
            mode=self._mode,
            observations=(
                _whole(Metric.SPO2, spo2_pct, flags),
                _whole(Metric.PULSE, pulse_bpm, flags),
                _tenths(Metric.PI, pi_pct, flags),
            ),
            boot_id=self._boot_id,
            seq=self._seq,
            flags=flags,
        )


def _mean(values: list[float] | deque[float]) -> float:
    return sum(values) / len(values)


def _whole(metric: Metric, value: float | None, flags: tuple[Flag, ...]) -> Observation:
    if value is None:
        return Observation(metric, None, Validity.UNAVAILABLE)
    return Observation(metric, round(value) * 100, _validity(flags))


def _tenths(metric: Metric, value: float | None, flags: tuple[Flag, ...]) -> Observation:
    if value is None:
        return Observation(metric, None, Validity.UNAVAILABLE)
    return Observation(metric, round(value * 10) * 10, _validity(flags))


def _validity(flags: tuple[Flag, ...]) -> Validity:
    return Validity.QUESTIONABLE if flags else Validity.VALID
