"""A body under a sublingual ketamine dose, advanced second by second on a seeded generator.

Effect-site ketamine raises pressure and pulse and lowers wakefulness; acute tolerance takes the
effect back faster than the drug leaves (`clinical.md` 6.2, 6.3). One or more obstructions of the
airway can be set to happen; a person who rouses the patient ends them. What comes out is the truth
that devices and people then see through their own errors.

It never reads a clock and knows nothing of devices, alarms or the hub. Times are milliseconds of
any clock that the caller keeps; a body advances in whole seconds.

>>> from numpy.random import default_rng
>>> from simulators.traits import typical_person
>>> body = Patient(typical_person(75), default_rng(1), start_ms=0)
>>> body.advance(60_000).moaas
5
"""

from dataclasses import dataclass
from math import exp, sqrt

from numpy.random import Generator

from simulators.kinetics import Kinetics
from simulators.traits import Person

__all__ = ["Obstruction", "Patient", "TimeOrderError", "Vitals"]

_STEP_MS = 1000
_TOLERANCE_FROM_S = 45 * 60
_TOLERANCE_HALF_S = 60 * 60
_RISE_CAP_MMHG = 70.0
_MOAAS_STEPS = ((150.0, 5), (400.0, 4), (650.0, 3), (900.0, 2))


class TimeOrderError(ValueError):
    """A body was asked to go back in time."""


@dataclass(frozen=True, slots=True)
class Obstruction:
    """One fall of oxygen saturation, `after_dose_ms` after the first dose.

    It falls by `depth_pct` in `fall_ms`, stays down for at least `hold_ms`, and for at most
    `max_hold_ms` when nobody rouses the patient, then recovers in `recover_ms`. Sleep literature
    has 15..45 s and 4..15 % for one episode and 20..30 s for the recovery (6.3).
    """

    after_dose_ms: int
    depth_pct: float
    fall_ms: int = 60_000
    hold_ms: int = 40_000
    max_hold_ms: int = 240_000
    recover_ms: int = 30_000


@dataclass(frozen=True, slots=True)
class Vitals:
    """The truth at one second: per cent, beats a minute, mmHg, MOAA/S 1..5, ng/mL."""

    at_ms: int
    spo2_pct: float
    pulse_bpm: float
    sbp_mmhg: float
    dbp_mmhg: float
    pi_pct: float
    moaas: int
    effect_ng_ml: float


class _Wander:
    """Noise that remembers: an Ornstein-Uhlenbeck process in steps of one second."""

    def __init__(self, rng: Generator, sd: float, time_constant_s: float) -> None:
        self._rng = rng
        self._keep = exp(-1 / time_constant_s)
        self._add = sd * sqrt(1 - self._keep * self._keep)
        self.value = 0.0

    def step(self) -> None:
        self.value = self._keep * self.value + self._add * float(self._rng.standard_normal())


class Patient:
    """One body. The same person, generator state, doses and calls give the same truth."""

    def __init__(
        self,
        person: Person,
        rng: Generator,
        start_ms: int,
        obstructions: tuple[Obstruction, ...] = (),
    ) -> None:
        self.person = person
        self._kinetics = Kinetics(person.uptake)
        self._now_ms = start_ms
        self._dose_ms: int | None = None
        self._falls = [_Fall(plan) for plan in obstructions]
        # SDs and time constants of 6.2: slow drift of minutes, respiratory waves of seconds.
        self._spo2 = _Wander(rng, 0.3, 30)
        self._pulse = _Wander(rng, 3.0, 60)
        self._slow = _Wander(rng, 4.0, 180)
        self._fast = _Wander(rng, 3.0, 4)

    @property
    def now_ms(self) -> int:
        """How far this body has been advanced."""
        return self._now_ms

    def take_dose(self, dose_mg: float) -> None:
        """Place a dose under the tongue now (0..1000 mg). Obstructions count from the first."""
        self._kinetics.take(dose_mg)
        if self._dose_ms is None:
            self._dose_ms = self._now_ms

    def rouse(self) -> None:
        """Somebody wakes the patient: an obstruction ends once its least time is over."""
        for fall in self._falls:
            fall.roused = True

    def advance(self, to_ms: int) -> Vitals:
        """Live until the last whole second at or before `to_ms` and return the truth there.

        Raises:
            TimeOrderError: `to_ms` is before the present of this body.
        """
        if to_ms < self._now_ms:
            raise TimeOrderError(f"advance to {to_ms} ms is before {self._now_ms} ms")
        while self._now_ms + _STEP_MS <= to_ms:
            self._now_ms += _STEP_MS
            self._kinetics.advance(1)
            for wander in (self._spo2, self._pulse, self._slow, self._fast):
                wander.step()
            if self._dose_ms is not None:
                for fall in self._falls:
                    fall.step(self._now_ms - self._dose_ms)
        return self._vitals()

    def _vitals(self) -> Vitals:
        person = self.person
        effect = self._kinetics.effect_ng_ml
        felt = effect * self._tolerance()
        rise = min(person.sbp_slope_mmhg * felt, _RISE_CAP_MMHG)
        noise = self._slow.value + self._fast.value
        depth = sum(fall.depth_pct for fall in self._falls)
        return Vitals(
            at_ms=self._now_ms,
            spo2_pct=min(max(person.spo2_pct + self._spo2.value - depth, 1.0), 100.0),
            pulse_bpm=max(
                person.pulse_bpm + person.pulse_slope_bpm * effect + self._pulse.value, 20.0
            ),
            sbp_mmhg=person.sbp_mmhg + rise + noise,
            dbp_mmhg=person.dbp_mmhg + person.dbp_share * (rise + noise),
            pi_pct=person.pi_pct,
            moaas=_moaas(felt * person.sleep_factor),
            effect_ng_ml=effect,
        )

    def _tolerance(self) -> float:
        """1 until 45 min after the first dose, then halved every hour (6.3)."""
        if self._dose_ms is None:
            return 1.0
        late_s = (self._now_ms - self._dose_ms) / 1000 - _TOLERANCE_FROM_S
        return 1.0 if late_s <= 0 else float(0.5 ** (late_s / _TOLERANCE_HALF_S))


class _Fall:
    """One obstruction under way; `depth_pct` is how far saturation is down now."""

    def __init__(self, plan: Obstruction) -> None:
        self._plan = plan
        self._ends_ms: int | None = None
        self.roused = False
        self.depth_pct = 0.0

    def step(self, since_dose_ms: int) -> None:
        plan = self._plan
        into_ms = since_dose_ms - plan.after_dose_ms
        if into_ms <= 0:
            self.roused = False  # rousing somebody who breathes well changes nothing later
            return
        if self._ends_ms is None:
            self._ends_ms = self._end(into_ms)
        if self._ends_ms is None or into_ms < self._ends_ms:
            self.depth_pct = plan.depth_pct * min(into_ms / plan.fall_ms, 1.0)
        else:
            left = 1.0 - (into_ms - self._ends_ms) / plan.recover_ms
            self.depth_pct = plan.depth_pct * max(left, 0.0)

    def _end(self, into_ms: int) -> int | None:
        """The moment at which the airway opens, once it is known."""
        down_ms = into_ms - self._plan.fall_ms
        if down_ms >= self._plan.max_hold_ms or (self.roused and down_ms >= self._plan.hold_ms):
            return into_ms
        return None


def _moaas(felt_ng_ml: float) -> int:
    """MOAA/S of a felt concentration; 1 above the last step."""
    for below_ng_ml, rating in _MOAAS_STEPS:
        if felt_ng_ml < below_ng_ml:
            return rating
    return 1
