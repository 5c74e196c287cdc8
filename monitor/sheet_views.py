"""The sheet for an ambulance crew: what the patient's file says for it, and whom to ask.

Everything else on the sheet (what was taken and when, values with their ages, alarms) a page has
already. Nothing here is told to anybody but the bedside and the physicians (`monitor/rights.py`).

    sheet(engine.opened.patient, people)    -> SheetView(file=Ambulance(...), contacts=(...,))
"""

from collections.abc import Iterable

from msgspec import Struct

from alerts.contact import Contact
from monitor.ambulance import Ambulance
from monitor.patient import Patient
from monitor.reach_views import phone_of

__all__ = ["SheetContact", "SheetView", "sheet"]


class SheetContact(Struct, frozen=True):
    """One person of the session; `phone` is empty when no number of theirs is known."""

    name: str
    role: str
    phone: str


class SheetView(Struct, frozen=True):
    """`file` is nothing when the patient's file has no table `ambulance`."""

    file: Ambulance | None
    contacts: tuple[SheetContact, ...]


def sheet(patient: Patient, now: Iterable[Contact] = ()) -> SheetView:
    """Return what the sheet needs besides the state; `now` are those who came on call since."""
    contacts = dict.fromkeys([*patient.contacts, *now])
    return SheetView(
        patient.ambulance,
        tuple(SheetContact(one.name, one.role.value, phone_of(one)) for one in contacts),
    )
