"""A body under a sublingual ketamine dose, lived second by second on a seeded generator.

Effect-site ketamine raises pressure and pulse and lowers wakefulness and, in great amounts,
ventilation; acute tolerance takes the effect back faster than the drug leaves (`clinical.md` 6.1
to 6.3). Events can be set to happen; a person who rouses the patient ends a closed airway. What
comes out is the truth that devices and people then see through their own errors.

A body is worked out up to ten minutes ahead, all seconds at once; whatever somebody does to it
throws the rest away. It never reads a clock and knows nothing of devices, alarms or the hub. Times
are milliseconds of any clock that the caller keeps; a body stands on whole seconds of it.

>>> from numpy.random import default_rng
>>> from simulators.traits import typical_person
>>> body = Patient(typical_person(75), default_rng(1), start_ms=0)
>>> body.advance(60_000).moaas
5
"""

import numpy as np
from numpy.random import Generator

from simulators.body.block import Ahead, Row, rows
from simulators.body.events import Event, Obstruction
from simulators.body.gas import GasExchange, air_at, rest_pct
from simulators.body.happenings import Happenings
from simulators.body.kinetics import BLOCK_S, Kinetics
from simulators.body.noise import Noise
from simulators.body.vitals import Vitals
from simulators.traits import Person

__all__ = ["Obstruction", "Patient", "TimeOrderError", "Vitals"]

_STEP_MS = 1000


class TimeOrderError(ValueError):
    """A body was asked to go back in time."""


class Patient:
    """One body. The same person, generator state, doses and calls give the same truth."""

    def __init__(
        self,
        person: Person,
        rng: Generator,
        start_ms: int,
        events: tuple[Event, ...] = (),
    ) -> None:
        """`events` are counted from the first dose."""
        self.person = person
        self._start_ms = start_ms
        self._second = 0
        self._dose_second: int | None = None
        self._kinetics = Kinetics(person.uptake)
        self._gas = GasExchange(
            lung_ml_mmhg=person.lung_ml_mmhg,
            blood_ml=person.blood_ml,
            vo2_ml_min=person.vo2_ml_min,
            altitude_m=person.altitude_m,
        )
        self._own_pct = person.spo2_pct - rest_pct(air_at(0.0))
        self._happenings = Happenings(events, rng.spawn(1)[0])
        self._noise = Noise(rng)
        # What is worked out: rows for the seconds after `_from`; `_here` is the truth at `_from`.
        self._from = 0
        self._rows: list[Row] = []
        self._here = Vitals(
            at_ms=start_ms,
            spo2_pct=min(rest_pct(self._gas.air) + self._own_pct, 100.0),
            pulse_bpm=person.pulse_bpm,
            sbp_mmhg=person.sbp_mmhg,
            dbp_mmhg=person.dbp_mmhg,
            pi_pct=person.pi_pct,
            moaas=5,
            effect_ng_ml=0.0,
            rr_bpm=person.rr_bpm,
            paco2_mmhg=self._gas.air.paco2_mmhg,
        )

    @property
    def now_ms(self) -> int:
        """How far this body has been advanced."""
        return self._start_ms + self._second * _STEP_MS

    def take_dose(self, dose_mg: float) -> None:
        """Place a dose under the tongue now (0..1000 mg). Events count from the first.

        Raises:
            KineticsError: a dose outside that range.
        """
        self._settle()
        self._kinetics.take(dose_mg)
        if self._dose_second is None:
            self._dose_second = self._second
            self._happenings.dosed(self.now_ms)

    def happen(self, event: Event) -> None:
        """Let an event begin now, whatever its own time says."""
        self._settle()
        self._happenings.begin(event, self.now_ms)

    def rouse(self) -> None:
        """Somebody wakes the patient: a closed airway opens once its least time is over."""
        if self._happenings.rouse(self.now_ms):
            self._settle()

    def turn_on_side(self) -> None:
        """Somebody turns the patient on the side: as rousing; later closures are half as deep."""
        if self._happenings.turn_on_side(self.now_ms):
            self._settle()

    def advance(self, to_ms: int) -> Vitals:
        """Live until the last whole second at or before `to_ms` and return the truth there.

        Raises:
            TimeOrderError: `to_ms` is before the present of this body.
        """
        if to_ms < self.now_ms:
            raise TimeOrderError(f"advance to {to_ms} ms is before {self.now_ms} ms")
        target = (to_ms - self._start_ms) // _STEP_MS
        while self._second < target:
            if self._second == self._from + len(self._rows):
                self._settle()
                self._rows = self._look_ahead()
            self._second = min(target, self._from + len(self._rows))
        return self._truth()

    def _truth(self) -> Vitals:
        if self._second == self._from:
            return self._here
        return Vitals(*self._rows[self._second - self._from - 1])  # type: ignore[arg-type]

    def _settle(self) -> None:
        """Make the present the place from which the next look ahead begins."""
        lived_s = self._second - self._from
        self._here = self._truth()
        self._kinetics.advance(lived_s)
        self._gas.settle(lived_s)
        self._from = self._second
        self._rows = []

    def _look_ahead(self) -> list[Row]:
        """Return the truth of every second until the block of noise ends."""
        number, into_s = divmod(self._from, BLOCK_S)
        noise = {name: drawn[into_s:] for name, drawn in self._noise.block(number).items()}
        seconds = np.arange(self._from + 1, (number + 1) * BLOCK_S + 1)
        times_ms = self._start_ms + seconds * _STEP_MS
        dose_second = self._from if self._dose_second is None else self._dose_second
        ahead = Ahead(
            times_ms=times_ms,
            since_dose_s=(seconds - dose_second).astype(np.float64),
            effect_ng_ml=self._kinetics.effect_ahead(len(seconds)),
            over=self._happenings.overlay(times_ms),
            noise=noise,
        )
        return rows(self.person, self._gas, self._own_pct, ahead)
