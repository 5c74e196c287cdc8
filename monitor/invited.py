"""Whom an invitation is for: a person of a patient's file by their role, or a guest by name.

Roles are never claimed: a companion, physician, backup or patient is one because a patient's file
says so. Only a viewer or an administrator is made by the invitation itself. Makes no token.

>>> patient = Patient("alex", "Alex", contacts=(Contact("ann", Role.COMPANION, "Ann"),))
>>> whom("ann", "", "", [patient])
Whom(person='ann', name='Ann', role=<Role.COMPANION: 'companion'>, patient='alex')
>>> whom("ward-screen", "viewer", "", [patient]).patient is None
True
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from alerts.contact import Contact, Role
from monitor.orders import who
from monitor.patient import Patient
from monitor.rights import bound_to_patient

__all__ = ["InviteError", "Whom", "whom"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")
_GUESTS = (Role.VIEWER, Role.ADMIN)


class InviteError(ValueError):
    """Nobody can be invited so; the message says why and what to do."""


class Whom(NamedTuple):
    """The person of an invitation; `patient` None: not for one patient alone."""

    person: str
    name: str
    role: Role
    patient: str | None


def whom(person: str, role: str, patient_id: str, patients: Sequence[Patient]) -> Whom:
    """Return whom an invitation is for.

    Args:
        person: the id of a contact or of a patient, or a guest's name.
        role: "viewer" or "admin" for a guest; else empty.
        patient_id: the patient, when the person belongs to several or a guest sees one only.
        patients: those that the hub knows, the open sessions' first.

    Raises:
        InviteError: no such person or patient, several, or another role.
    """
    if _NAME.fullmatch(person) is None:
        raise InviteError(f"{person[:64]!r} is no name: use up to 64 letters, digits, _ . : -")
    if patient_id:
        patients = [one for one in patients if one.id == patient_id]
        if not patients:
            raise InviteError(f"there is no patient {patient_id!r}")
    if role:
        names = {one.value: one for one in _GUESTS}
        if role not in names:
            raise InviteError(
                f"role {role!r} cannot be given; use {' or '.join(names)}, or leave it out for a"
                " person of a patient's file"
            )
        return Whom(person, person, names[role], patient_id or None)
    return _known(person, patients)


def _known(person: str, patients: Iterable[Patient]) -> Whom:
    found: dict[tuple[Role, str], Whom] = {}
    for patient in patients:
        known = who(patient, person)
        if known is None:
            continue
        role, own = known[1], bound_to_patient(known[1]) or known[1] in _GUESTS
        # A physician sees every session, so being known to several patients is one thing.
        one = Whom(person, _name(patient, person), role, patient.id if own else None)
        found.setdefault((role, one.patient or ""), one)
    if not found:
        raise InviteError(
            f"{person!r} is nobody's contact; name a person of a patient's file, or a guest with"
            " --role viewer"
        )
    if len(found) > 1:
        names = ", ".join(f"{role.value} of {patient or 'all'}" for role, patient in found)
        raise InviteError(f"{person!r} is {names}; say which with --patient")
    return next(iter(found.values()))


def _name(patient: Patient, person: str) -> str:
    contact: Contact | None = next((one for one in patient.contacts if one.id == person), None)
    return patient.name if contact is None else contact.name
