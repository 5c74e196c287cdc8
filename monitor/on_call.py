"""Who answers for a role now, and what speaks against it: the rota's word made into a duty.

Somebody is always told: a gap, a doubt or a clock that nobody has set makes an alarm (ROTA-GAP),
and whoever was on call before stays the one who is told. At the gate a gap in the coming hours
counts as one now, because a session must not begin that will outlast its physician.

This module reads no rota and has no clock: times are handed in as wall ms.

>>> on_call_first(Patient("p", "Alex"), {}).contacts
()
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo

from msgspec import Struct, structs

from alerts.contact import Contact, Role
from alerts.rota import Rota
from alerts.rota_words import Shift
from monitor.patient import Patient

__all__ = [
    "AHEAD_MS",
    "Duty",
    "RotaLook",
    "candidates",
    "duties",
    "duty",
    "on_call_first",
    "rotas_of",
]

AHEAD_MS = 5 * 3_600_000
"""At the gate: a session takes up to four hours after the dose, and the gate itself one."""

UNSYNCED = "the wall clock is not set by a time server, nobody can know whose turn it is; set it"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class RotaLook(Struct, frozen=True):
    """One rota as it is now: its timeline (None: there is none) and its zone.

    `faults` make an alarm of it; `notes` are for whoever keeps the rota.
    """

    rota: Rota | None
    zone: tzinfo = UTC
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Duty(Struct, frozen=True):
    """Who has a role now (None: whoever had it keeps it), and why that may be wrong (or empty)."""

    role: Role
    contact: str | None
    wrong: str = ""


def rotas_of(patient: Patient) -> dict[Role, str]:
    """Return the roles whose person a rota names, with the rota's name."""
    named = {Role.PHYSICIAN: patient.on_call.physician, Role.BACKUP: patient.on_call.backup}
    return {role: name for role, name in named.items() if name}


def candidates(patient: Patient) -> frozenset[str]:
    """Return whom a rota may name: with a rota for both roles, people of either in both."""
    roles = rotas_of(patient)
    return frozenset(contact.id for contact in patient.contacts if contact.role in roles)


def duty(role: Role, look: RotaLook, wall_ms: int, *, synced: bool, ahead_ms: int = 0) -> Duty:
    """Return who has this role at `wall_ms`.

    Args:
        role: physician or backup.
        look: the rota of this role.
        wall_ms: Unix ms of the wall clock.
        synced: whether that clock is set by a time server.
        ahead_ms: a gap that begins within this time counts as one now.
    """
    wrong = list(look.faults)
    if not synced:
        wrong.append(UNSYNCED)
    rota = look.rota
    if rota is None or not rota.from_ms <= wall_ms < rota.to_ms:
        return Duty(role, None, _said(role, [*wrong, "there is no rota for this time"]))
    part = rota.on_call(wall_ms)
    contact = part.contact if isinstance(part, Shift) else None
    why = part.doubt if isinstance(part, Shift) else f"nobody is on call ({part.why})"
    if why:
        wrong.append(why)
    gaps = rota.gaps(wall_ms, min(wall_ms + ahead_ms, rota.to_ms)) if ahead_ms else []
    if contact is not None and gaps:
        begin = (_EPOCH + timedelta(milliseconds=gaps[0].from_ms)).astimezone(look.zone)
        wrong.append(f"nobody is on call from {begin:%d %b %H:%M} on ({gaps[0].why})")
    return Duty(role, contact, _said(role, wrong))


def duties(
    patient: Patient, looks: Mapping[Role, RotaLook], wall_ms: int, *, synced: bool, ahead_ms: int
) -> list[Duty]:
    """Return the duty of every role that has a rota; one person cannot stand behind themselves."""
    found = [
        duty(role, looks[role], wall_ms, synced=synced, ahead_ms=ahead_ms)
        for role in rotas_of(patient)
    ]
    physician = next((one.contact for one in found if one.role is Role.PHYSICIAN), None)
    if physician is None:
        first = (c.id for c in patient.contacts if c.role is Role.PHYSICIAN)
        physician = next(first, None)
    return [
        Duty(one.role, None, _said(one.role, [f"{physician} is the physician on call already"]))
        if one.role is Role.BACKUP and one.contact is not None and one.contact == physician
        else one
        for one in found
    ]


def on_call_first(patient: Patient, holders: Mapping[Role, str]) -> Patient:
    """Return the patient with whoever is on call in their role, before others of that role.

    The ladder tells the first person of a role; the others stay people of the session.
    """
    roles = {contact_id: role for role, contact_id in holders.items()}
    placed = [structs.replace(c, role=roles.get(c.id, c.role)) for c in patient.contacts]

    def waits(contact: Contact) -> bool:
        return holders.get(contact.role, contact.id) != contact.id

    return structs.replace(patient, contacts=tuple(sorted(placed, key=waits)))


def _said(role: Role, wrong: list[str]) -> str:
    return f"{role.value}: {'; '.join(wrong)}" if wrong else ""
