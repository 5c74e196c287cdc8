"""A pulse oximeter on the finger of a simulated body: one report each second.

Between the truth and the report lie the finger (`finger`), movement (`movement`), and a signal that
is lost at times: a clip that slips off, a weak pulse in a cold hand, a cuff that is inflated on the
same arm. A device that has lost the pulse shows its last value for 10 s, then none (S62); put back
on, it searches for 5 to 10 s. The device has no clock, as many have not: a report is named by boot
and sequence number.

It never looks at what the hub makes of its reports; the way to the hub is `link`. Feed it once a
second, in order.

>>> from numpy.random import default_rng
>>> from simulators.patient import Patient
>>> from simulators.traits import typical_person
>>> body = Patient(typical_person(75), default_rng(1), start_ms=0)
>>> meter = Oximeter(body.person, default_rng(2), device="ox", boot_id="b1", mode=Mode.DEMO)
>>> meter.sample(body.advance(1000)).seq
1
"""

from math import exp
from types import MappingProxyType

from numpy.random import Generator

from devices.observation import DeviceKind, DeviceReport, Flag, Metric, Mode, Observation, Validity
from simulators.draws import uniform
from simulators.finger import Finger
from simulators.movement import Movements
from simulators.oximeter_model import CLASS_A, OffCode, OximeterModel
from simulators.patient import Vitals
from simulators.traits import Person

__all__ = ["Oximeter"]

_METRICS = (Metric.SPO2, Metric.PULSE, Metric.PI)
_NO_VALUE = tuple(Observation(metric, None, Validity.UNAVAILABLE) for metric in _METRICS)
_OFF = MappingProxyType(
    {
        OffCode.FLAG: (_NO_VALUE, (Flag.FINGER_OUT,)),
        OffCode.NAN: (
            tuple(Observation(metric, None, Validity.INVALID) for metric in _METRICS),
            (),
        ),
        OffCode.CODES: (
            (
                Observation(Metric.SPO2, 127_00),
                Observation(Metric.PULSE, 511_00),
                Observation(Metric.PI, 0),
            ),
            (),
        ),
    }
)
_MOTION = (Flag.MOTION,)
_SEARCHING = (Flag.SEARCHING,)
_WEAK = (Flag.LOW_PERFUSION,)
_HOLD_MS = 10_000
_SEARCH_MS = (5_000, 10_000)
_SQUEEZE_MS = (30_000, 45_000)
_BACK_MS = 5_000
_WEAK_BELOW_PCT = 0.5
_WEAK_CHANCE = 1 / 600
_WEAK_MS = (15_000, 40_000)
_SLIP_S = (5.0, 15.0, 60.0)
_SLIP_LOG_SD = 0.6
_DISSOCIATED_CADSS6 = 4.0

Known = dict[tuple[int, bool], Observation]


class Oximeter:
    """One device. The same person, generator state and truth give the same reports.

    `on_finger` may be set by whoever takes the clip off or puts it on.
    """

    def __init__(
        self,
        person: Person,
        rng: Generator,
        *,
        device: str,
        boot_id: str,
        mode: Mode,
        motion_per_h: float = 0.0,
        model: OximeterModel = CLASS_A,
    ) -> None:
        """`motion_per_h` is 2..8 bursts an hour for a resting to a lively patient."""
        parts = rng.spawn(4)
        self._rng = parts[0]
        self._chance = uniform(parts[1])
        self._finger = Finger(model, parts[2], bias_pct=person.oximeter_bias_pct)
        self._movements = Movements(parts[3], per_h=motion_per_h, flagged_share=model.flagged_share)
        self._off = _OFF[model.off_code]
        self._slip_chance = model.slips_per_h / 3600
        self._device, self._boot_id, self._mode = device, boot_id, mode
        self._seq = 0
        self._known: dict[Metric, Known] = {metric: {} for metric in _METRICS}
        self._last: tuple[Observation, ...] = _NO_VALUE
        self._no_pulse: tuple[int, int, tuple[Flag, ...]] = (0, 0, ())
        self._slipped_until_ms = 0
        self._was_on = True
        self.on_finger = True

    def squeeze(self, at_ms: int) -> None:
        """A cuff is inflated on this arm: no pulse reaches the finger for 30 to 45 s (S50)."""
        self._lose_pulse(at_ms, _SQUEEZE_MS, _SEARCHING)

    def let_go(self, at_ms: int) -> None:
        """The cuff on this arm is empty again: the pulse is back 5 s later, if it was gone."""
        begin_ms, end_ms, flags = self._no_pulse
        if flags == _SEARCHING:
            self._no_pulse = (begin_ms, min(end_ms, at_ms + _BACK_MS), flags)

    def put_back(self) -> None:
        """Somebody puts a clip that has slipped off back on the finger."""
        self._slipped_until_ms = 0

    def sample(self, truth: Vitals) -> DeviceReport:
        """Take one second of truth and return the report of that second."""
        self._seq += 1
        at_ms = truth.at_ms
        spo2_pct, pulse_bpm, pi_pct = self._finger.feel(
            truth.spo2_pct, truth.pulse_bpm, truth.pi_pct
        )
        burst = self._movements.step(truth.moving)
        chance = self._chance.next()
        if not self._is_on(truth, chance):
            return self._report(*self._off)
        if pi_pct < _WEAK_BELOW_PCT and chance < _WEAK_CHANCE and self._no_pulse[1] <= at_ms:
            self._lose_pulse(at_ms, _WEAK_MS, _WEAK)
        begin_ms, end_ms, flags = self._no_pulse
        if at_ms < end_ms:
            held = at_ms < begin_ms + _HOLD_MS
            return self._report(self._last, ()) if held else self._report(_NO_VALUE, flags)
        flags = ()
        if burst is not None:
            spo2_pct, pulse_bpm = burst.shown(spo2_pct, pulse_bpm)
            flags = _MOTION if burst.flag_is_up else ()
        is_valid = not flags
        self._last = (
            self._seen(Metric.SPO2, min(max(round(spo2_pct), 1), 100) * 100, is_valid=is_valid),
            self._seen(Metric.PULSE, round(pulse_bpm) * 100, is_valid=is_valid),
            self._seen(Metric.PI, round(pi_pct * 10) * 10, is_valid=is_valid),
        )
        return self._report(self._last, flags)

    def _is_on(self, truth: Vitals, chance: float) -> bool:
        """Whether the clip is on the finger now; put back on, the device searches first."""
        at_ms = truth.at_ms
        # The far end of the same draw: a slip and a weak spell never begin in one second.
        slips = chance > 1 - self._slip_chance and truth.cadss6 >= _DISSOCIATED_CADSS6
        if slips and at_ms >= self._slipped_until_ms:
            low_s, median_s, high_s = _SLIP_S
            away_s = median_s * exp(_SLIP_LOG_SD * float(self._rng.standard_normal()))
            away_s = min(max(away_s, low_s), high_s)
            self._slipped_until_ms = at_ms + round(away_s * 1000)
        is_on = self.on_finger and at_ms >= self._slipped_until_ms
        if is_on and not self._was_on:
            self._lose_pulse(at_ms - _HOLD_MS, _SEARCH_MS, _SEARCHING, more_ms=_HOLD_MS)
        self._was_on = is_on
        return is_on

    def _lose_pulse(
        self, at_ms: int, for_ms: tuple[int, int], flags: tuple[Flag, ...], more_ms: int = 0
    ) -> None:
        until_ms = at_ms + more_ms + int(self._rng.integers(for_ms[0], for_ms[1] + 1))
        if until_ms > self._no_pulse[1]:
            self._no_pulse = (at_ms, until_ms, flags)

    def _seen(self, metric: Metric, value_x100: int, *, is_valid: bool) -> Observation:
        """Return an observation; the few dozen that a session has are made once."""
        known = self._known[metric]
        key = (value_x100, is_valid)
        found = known.get(key)
        if found is None:
            validity = Validity.VALID if is_valid else Validity.QUESTIONABLE
            found = known[key] = Observation(metric, value_x100, validity)
        return found

    def _report(
        self, observations: tuple[Observation, ...], flags: tuple[Flag, ...]
    ) -> DeviceReport:
        return DeviceReport(
            device=self._device,
            kind=DeviceKind.OXIMETER,
            mode=self._mode,
            observations=observations,
            boot_id=self._boot_id,
            seq=self._seq,
            flags=flags,
        )
