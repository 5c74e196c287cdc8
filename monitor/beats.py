"""What the hub tells its supervisor each second: is somebody watched, and whom to page if not.

The supervisor keeps 96 pages at most, so the first way of every person comes before any second way,
and a person of several sessions is named once. Sends nothing.

    heartbeat_of(ward)     -> Heartbeat(session_open=True, record=41, pages=(Page(...), ...))
"""

from collections.abc import Collection

from alerts.contact import Contact, Role
from alerts.heartbeat import Heartbeat, Page
from monitor.ward import Bed, Ward

__all__ = ["heartbeat_of"]

_PAGED = (Role.PHYSICIAN, Role.COMPANION, Role.BACKUP)


def heartbeat_of(ward: Ward) -> Heartbeat:
    """Return the beat of this moment; `record` counts what is known to be on the disk."""
    ranked = [
        (rank, Page(contact.name, way.channel, way.address, bed.opened.mode.value))
        for bed in ward.beds.values()
        for contact in _people(bed)
        for rank, way in enumerate(contact.ways)
    ]
    ranked.sort(key=lambda pair: pair[0])
    return Heartbeat(
        session_open=bool(ward.beds),
        record=sum(bed.committed for bed in ward.beds.values()),
        next_deadline_ms=ward.next_deadline(),
        pages=tuple(dict.fromkeys(page for _, page in ranked)),
    )


def _people(bed: Bed) -> Collection[Contact]:
    """Return one person of each role: of those who take turns only who is on call is woken.

    In a gap of the rota, whoever had the role first: somebody must hear that nobody watches.
    """
    people: dict[Role, Contact] = {}
    for contact in (*bed.engine.alarms.post.contacts, *bed.opened.patient.contacts):
        if contact.role in _PAGED:
            people.setdefault(contact.role, contact)
    return people.values()
