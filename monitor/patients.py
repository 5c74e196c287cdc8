r"""One patient's file: whose session it can be, by which plan and mode, with whom to tell.

The file is checked as a whole before anybody relies on it at night: every fault is named at once,
so are people who could never be reached. What a session needs is copied out of it when the session
opens; later changes of the file touch no open session.

This module opens no file and knows no plan: it passes the plan's name on.

>>> text = '[patient]\nid = "a"\nmode = "demo"\nname = "Alex"\nplan = "default"\n'
>>> read_patient(text, "a")
Traceback (most recent call last):
monitor.patients.PatientError: a.toml: contacts: has no companion; add one person of that role
a.toml: contacts: has no physician; add one person of that role
"""

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, Struct

from alerts.contact import Contact, Role, Way
from devices.observation import Mode
from monitor.ambulance import Ambulance
from monitor.faults import Faults, FaultsError, convert, read_toml
from monitor.patient import Health, OnCall, Patient
from monitor.patient_devices import DeviceTable, FileId, Id, binding_of, check_device
from monitor.ways import written_fault

__all__ = ["NEEDED_ROLES", "Enrolment", "PatientError", "read_patient"]

NEEDED_ROLES = (Role.COMPANION, Role.PHYSICIAN)
"""Without these two people no session can open (`docs/intended-use.md`)."""

_TOLD = (*NEEDED_ROLES, Role.BACKUP)

Name = Annotated[str, Meta(min_length=1, max_length=60)]
Number = Annotated[
    str,
    Meta(pattern=r"\A[0-9+][0-9 ]{1,19}\Z", description="a telephone number, digits and spaces"),
]


class PatientError(FaultsError):
    """A patient's file cannot be used; `faults` names every reason at once."""


class Enrolment(Struct, frozen=True):
    """What the file says: the patient as sessions record it, its plan's name and its mode."""

    patient: Patient
    plan: str
    mode: Mode


class _PatientTable(Struct, frozen=True):
    id: FileId
    mode: Mode
    name: Name
    plan: FileId
    emergency_number: Number = "112"
    athlete: bool = False
    fibrillation: bool = False


class _WayTable(Struct, frozen=True):
    channel: Name
    address: Annotated[str, Meta(max_length=2_000)] = ""


class _ContactTable(Struct, frozen=True):
    id: Id
    role: Role
    name: Name
    ways: Annotated[tuple[_WayTable, ...], Meta(max_length=8)] = ()


class _OnCallTable(Struct, frozen=True):
    physician: FileId | None = None
    backup: FileId | None = None


class _File(Struct, frozen=True):
    patient: _PatientTable
    devices: Annotated[tuple[DeviceTable, ...], Meta(max_length=8)] = ()
    contacts: Annotated[tuple[_ContactTable, ...], Meta(max_length=16)] = ()
    on_call: _OnCallTable = _OnCallTable()
    health: Health = Health()
    ambulance: Ambulance | None = None


def read_patient(text: str, patient_id: str) -> Enrolment:
    """Return what `text`, the file `<patient_id>.toml`, says.

    Raises:
        PatientError: with one line for every fault.
    """
    where = f"{patient_id}.toml"
    faults = Faults()
    mapping = read_toml(text, where, faults)
    file = None if mapping is None else convert(_File, mapping, where, faults)
    if file is not None:
        _check_together(file, patient_id, where, faults)
    if file is None or faults:
        raise PatientError(faults)
    return Enrolment(_patient(file), file.patient.plan, file.patient.mode)


def _check_together(file: _File, patient_id: str, where: str, faults: Faults) -> None:
    """Note what is right word by word and wrong as a whole."""
    if file.patient.id != patient_id:
        faults.add(f"{where}: patient.id", f"is {file.patient.id!r}", f"write {patient_id!r}")
    _check_devices(file, where, faults)
    _check_unique("contacts", (contact.id for contact in file.contacts), where, faults)
    roles = [contact.role for contact in file.contacts]
    for role in NEEDED_ROLES:
        if role not in roles:
            faults.add(f"{where}: contacts", f"has no {role}", "add one person of that role")
    for role in _TOLD:
        if roles.count(role) > 1 and role not in _by_rota(file):
            advice = "keep one of them"
            if role is not Role.COMPANION:
                advice += f", or name the rota that says whose turn it is as on_call.{role}"
            faults.add(f"{where}: contacts", f"has more than one {role}", advice)
    for contact in file.contacts:
        at = f"{where}: contacts[{contact.id}].ways"
        if contact.role in _TOLD and not contact.ways:
            faults.add(at, f"is empty: {contact.name} could never be told", "add a way")
        for way in contact.ways:
            _check_way(way, file.patient.mode, at, faults)


def _by_rota(file: _File) -> frozenset[Role]:
    """Roles of which several people may be named, because a rota says whose turn it is."""
    named = {Role.PHYSICIAN: file.on_call.physician, Role.BACKUP: file.on_call.backup}
    return frozenset(role for role, rota in named.items() if rota is not None)


def _check_unique(what: str, ids: Iterable[str], where: str, faults: Faults) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            faults.add(f"{where}: {what}", f"has {one!r} twice", "give each its own id")
        seen.add(one)


def _check_devices(file: _File, where: str, faults: Faults) -> None:
    _check_unique("devices", (one.id for one in file.devices), where, faults)
    _check_unique("devices", (one.address for one in file.devices if one.address), where, faults)
    for device in file.devices:
        check_device(device, f"{where}: devices[{device.id}]", faults)


def _check_way(way: _WayTable, mode: Mode, at: str, faults: Faults) -> None:
    fault = written_fault(mode.value, way.channel, way.address)
    if fault is not None:
        faults.add(at, *fault)


def _patient(file: _File) -> Patient:
    return Patient(
        id=file.patient.id,
        name=file.patient.name,
        emergency_number=file.patient.emergency_number,
        athlete=file.patient.athlete,
        fibrillation=file.patient.fibrillation,
        devices=tuple(binding_of(device) for device in file.devices),
        contacts=tuple(
            Contact(
                contact.id,
                contact.role,
                contact.name,
                tuple(Way(way.channel, way.address) for way in contact.ways),
            )
            for contact in file.contacts
        ),
        health=file.health,
        ambulance=file.ambulance,
        **_on_call(file.on_call),
    )


def _on_call(table: _OnCallTable) -> dict[str, OnCall]:
    """A patient without a rota is recorded as ever."""
    if table == _OnCallTable():
        return {}
    return {"on_call": OnCall(table.physician or "", table.backup or "")}
