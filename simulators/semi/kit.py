"""The kit of a semi-synthetic session: a real record as the oximeter, a real series as the cuff.

The oximeter adds nothing to what was recorded, for its noise, lag and losses are in it; the cuff
adds no error, for the readings have theirs. What was not recorded is sent as searching.

    make = outfit_of(data)
    played = play(scenario, 0, rng, plan, outfit=make)
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from msgspec import structs
from numpy.random import Generator

from devices.observation import DeviceReport, Flag, Metric, Mode, Observation
from simulators.body.vitals import Vitals
from simulators.cuff import Cuff
from simulators.oximeter import Oximeter
from simulators.semi.body import SemiBody
from simulators.semi.series import Pressures, Record, SeriesError, quiet_starts
from simulators.traits import Person
from simulators.worlds.kit import DEVICES, Kit, Outfit, outfit
from simulators.worlds.scenario import PatientScript

__all__ = ["AsShown", "Real", "WithoutError", "outfit_of"]

_Chance = tuple[Pressures, float]


@dataclass(frozen=True, slots=True)
class Real:
    """What sessions are made of: records that pass the gate, and where in which stay to begin."""

    records: tuple[Record, ...]
    starts: tuple[_Chance, ...]

    @classmethod
    def of(cls, records: Sequence[Record], stays: Sequence[Pressures]) -> "Real":
        """Keep what would pass the gate.

        Raises:
            SeriesError: nothing would.
        """
        fit = tuple(one for one in records if one.passes)
        starts = tuple((stay, from_s) for stay in stays for from_s in quiet_starts(stay))
        if not fit or not starts:
            what = "record of oximetry" if not fit else "cuff series"
            raise SeriesError(f"no {what} would pass the gate: nothing can be laid together")
        return cls(fit, starts)


class AsShown(Oximeter):
    """An oximeter that sends what was recorded."""

    def __init__(self, person: Person, rng: Generator, body: SemiBody) -> None:
        """`body` has the record."""
        super().__init__(person, rng, device=DEVICES[0], boot_id="w", mode=Mode.TEST)
        self._body = body

    def sample(self, truth: Vitals) -> DeviceReport:
        """Return the report of this second; without SpO2 or pulse the device is searching."""
        report = super().sample(truth)
        spo2, pulse, pi = self._body.shown
        if spo2 is None or pulse is None:
            gone = tuple(structs.replace(one, value_x100=None) for one in report.observations)
            return structs.replace(report, observations=gone, flags=(Flag.SEARCHING,))
        values = {Metric.SPO2: spo2, Metric.PULSE: round(pulse), Metric.PI: pi}
        kept = tuple(
            Observation(metric, round(value * 100))
            for metric, value in values.items()
            if value is not None
        )
        return structs.replace(report, observations=kept, flags=())


class WithoutError(Cuff):
    """A cuff that reads what the arm has: the real readings have their errors in them."""

    def _errors(self) -> tuple[float, float]:
        return 0.0, 0.0


def outfit_of(real: Real) -> Outfit:
    """Return a maker of kits: each session draws a record and where in which stay it begins."""

    def make(script: PatientScript, parts: Sequence[Generator]) -> Kit:
        kit = outfit(script, parts)
        drawn = parts[1].spawn(1)[0]
        record = real.records[int(drawn.integers(len(real.records)))]
        stay, from_s = real.starts[int(drawn.integers(len(real.starts)))]
        # How often its own devices fail is not what is asked here.
        person = replace(kit.body.person, cuff_bias_mmhg=0.0, oximeter_bias_pct=0.0)
        body = SemiBody(person, parts[1], record, stay, from_s)
        cuff = WithoutError(
            person,
            parts[3],
            device=DEVICES[1],
            boot_id="w",
            mode=Mode.TEST,
            failure_chance=0.0,
            irregular_chance=0.0,
        )
        return Kit(kit.who, body, AsShown(person, parts[2], body), cuff)

    return make
