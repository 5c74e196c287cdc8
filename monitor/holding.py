"""What a lease says of this moment: whom the hub watches in which mode, and whom to page if silent.

The watcher outside pages everybody at once, so the order is that of need: physician, companion,
backup. Whoever is on call now is named; in a gap of the rota those with whom the session began,
because somebody must hear that a house is silent. Sends nothing.

    holding_of(ward)     -> Holding(modes=("real",), people=(Person("Dr Lee", "real", (...)), ...))
"""

from alerts.contact import Contact, Role
from alerts.lease import MAX_PEOPLE, Holding, Person
from monitor.ward import Bed, Ward

__all__ = ["holding_of"]

_PAGED = (Role.PHYSICIAN, Role.COMPANION, Role.BACKUP)


def holding_of(ward: Ward) -> Holding:
    """Return what the hub holds; a person of several sessions is named once for each mode.

    A lease has 32 people at most: of sixteen sessions each physician and companion are among them.
    """
    people = [
        Person(contact.name, bed.opened.mode.value, contact.ways)
        for role in _PAGED
        for bed in ward.beds.values()
        for contact in _people(bed, role)
        if contact.ways
    ]
    return Holding(
        modes=tuple(bed.opened.mode.value for bed in ward.beds.values()),
        people=tuple(dict.fromkeys(people))[:MAX_PEOPLE],
    )


def _people(bed: Bed, role: Role) -> list[Contact]:
    """The people of one role now, or those of the opening while nobody is."""
    now = [one for one in bed.engine.alarms.post.contacts if one.role is role]
    return now or [one for one in bed.opened.patient.contacts if one.role is role]
