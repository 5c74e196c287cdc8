"""Who and what a world is made of before it begins: the patient's file, a body, a clip, a cuff.

kit = outfit(scenario.patient, rng.spawn(4))
kit.oximeter.sample(kit.body.advance(1_000))
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from msgspec import structs
from numpy.random import Generator

from devices.observation import DeviceKind, DeviceReport, Metric, Mode, Observation
from monitor.patient import DeviceBinding, Health, Patient
from simulators.body.vitals import Vitals
from simulators.cuff import Cuff
from simulators.oximeter import Oximeter
from simulators.oximeter_model import CLASS_A, CLASS_B
from simulators.patient import Patient as Body
from simulators.traits import Profile, draw_person
from simulators.worlds.scenario import PatientScript
from simulators.worlds.ways import CONTACTS, PATIENT

__all__ = ["DEVICES", "BreathCounter", "Kit", "Outfit", "outfit"]

DEVICES = ("oximeter", "cuff")
# Bursts of movement an hour: 2 to 8, three times as many when agitated (`clinical.md` 6.4).
_MOTION_PER_H = {"none": 0.0, "normal": 4.0, "heavy": 15.0}


@dataclass(frozen=True, slots=True)
class Kit:
    """All that has a body."""

    who: Patient
    body: Body
    oximeter: Oximeter
    cuff: Cuff


Outfit = Callable[[PatientScript, Sequence[Generator]], Kit]
"""Who makes a kit for a scenario's patient from four generators."""


class BreathCounter(Oximeter):
    """A clip that counts breaths too, as they are."""

    def sample(self, truth: Vitals) -> DeviceReport:
        """Take one second of truth and return the report of that second."""
        report = super().sample(truth)
        breaths = Observation(Metric.RR, round(truth.rr_bpm) * 100)
        return structs.replace(report, observations=(*report.observations, breaths))


def outfit(script: PatientScript, parts: Sequence[Generator]) -> Kit:
    """Return patient, body and devices, drawn from four generators.

    Raises:
        PersonError: a constant of `usual` that nobody can have.
        TypeError: one that nobody has, or a profile that there is not.
    """
    who = Patient(
        PATIENT,
        "Alex",
        devices=(
            DeviceBinding(
                DEVICES[0], DeviceKind.OXIMETER, interval_ms=1_000, breathing=script.breathing
            ),
            DeviceBinding(DEVICES[1], DeviceKind.CUFF, same_arm=script.same_arm),
        ),
        contacts=CONTACTS,
        health=Health(reads_high=script.reads_high, insulin=script.insulin),
    )
    profile = Profile(**dict.fromkeys(script.profile, True))
    drawn = draw_person(parts[0], script.weight_kg, script.spread, profile)
    person = replace(drawn, **script.usual)  # type: ignore[arg-type]
    oximeter = (BreathCounter if script.breathing else Oximeter)(
        person,
        parts[2],
        device=DEVICES[0],
        boot_id="w",
        mode=Mode.TEST,
        motion_per_h=_MOTION_PER_H[script.motion],
        model=CLASS_A if script.oximeter == "A" else CLASS_B,
    )
    cuff = Cuff(
        person,
        parts[3],
        device=DEVICES[1],
        boot_id="w",
        mode=Mode.TEST,
        failure_chance=script.cuff_failure,
        irregular_chance=script.irregular,
    )
    return Kit(who, Body(person, parts[1], start_ms=0), oximeter, cuff)
