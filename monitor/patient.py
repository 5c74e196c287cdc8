"""Whose session it is: a pseudonym, the devices that are trusted, the people who can be told.

Values only; `monitor/patients.py` reads them from a file.

>>> Patient("p1", "Alex").emergency_number
'112'
"""

from typing import Annotated

from msgspec import Meta, Struct

from alerts.contact import Contact
from devices.observation import DeviceKind
from monitor.ambulance import Ambulance

__all__ = ["DeviceBinding", "Health", "OnCall", "Patient"]


class DeviceBinding(Struct, frozen=True, omit_defaults=True):
    """A device that this patient's session trusts.

    `interval_ms` is the device's own sending interval (None: learnt from its samples);
    `clock` says whether its own time may be believed; `same_arm` is a cuff on the oximeter's arm;
    `breathing`: the oximeter claims to measure the respiratory rate too. A device that the hub
    reaches by Bluetooth has an `address` ("AA:BB:CC:00:11:22") and a `model` (`devices/models.py`);
    `utc_offset_min` is the zone in which its clock was set (None: it was not, and is not believed).
    """

    id: str
    kind: DeviceKind
    interval_ms: int | None = None
    clock: bool = True
    same_arm: bool = False
    breathing: bool = False
    address: str = ""
    model: str = ""
    utc_offset_min: int | None = None


class OnCall(Struct, frozen=True, omit_defaults=True):
    """The rotas that name who is on call as physician and as backup; empty: the contact is."""

    physician: str = ""
    backup: str = ""


class Health(Struct, frozen=True, omit_defaults=True):
    """What is known of the patient before the drug that makes rows of one's own.

    `insulin`: takes insulin or a sulfonylurea, so low sugar is looked for; `blood_thinner`: every
    fall is an emergency; `beta_blocker`: a pulse of 40 to 50 at the gate is usual; `age_years`:
    above 65 a systolic pressure up to 150 passes the gate; `usual_oxygen_pct`: what is usual where
    the patient lives, high up; `ideation_level`: thoughts of suicide that were known at intake, as
    the number of the gate's question up to which they are not new (0: none).

    Each of these, or an age of 65 and more, is a high risk (`monitor/risk.py`): `hypertension` that
    is treated, sleep `apnoea` or a BMI of 35 and more, `sedatives` or opioids, `stimulants` or an
    MAOI, the `first_session`, a `dose_increased`.

    `reads_high`: an oximeter may show too much on this skin (False: the maker of the one that is
    used states its accuracy on it; None: nobody has said anything; `monitor/high_bias.py`).
    """

    insulin: bool = False
    blood_thinner: bool = False
    beta_blocker: bool = False
    age_years: Annotated[int, Meta(ge=18, le=120)] | None = None
    hypertension: bool = False
    apnoea: bool = False
    sedatives: bool = False
    stimulants: bool = False
    first_session: bool = False
    dose_increased: bool = False
    reads_high: bool | None = None
    usual_oxygen_pct: Annotated[int, Meta(ge=91, le=95)] | None = None
    ideation_level: Annotated[int, Meta(ge=0, le=3)] = 0


class Patient(Struct, frozen=True, omit_defaults=True):
    """Whose session it is; a pseudonym is enough.

    `ambulance`: what a crew must know, for the bedside and the physicians alone.
    `fibrillation`: the plan knows of atrial fibrillation, so an irregular pulse is no news.
    """

    id: str
    name: str
    emergency_number: str = "112"
    athlete: bool = False
    fibrillation: bool = False
    devices: tuple[DeviceBinding, ...] = ()
    contacts: tuple[Contact, ...] = ()
    on_call: OnCall = OnCall()
    health: Health = Health()
    ambulance: Ambulance | None = None
