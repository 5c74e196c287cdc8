"""What the hub tells its supervisor each second: is somebody watched, and whom to page if not.

The supervisor keeps 96 pages at most, so the first way of every person comes before any second way,
and a person of several sessions is named once. Sends nothing.

    heartbeat_of(ward)     -> Heartbeat(session_open=True, record=41, pages=(Page(...), ...))
"""

from alerts.contact import Role
from alerts.heartbeat import Heartbeat, Page
from monitor.ward import Ward

__all__ = ["heartbeat_of"]

_PAGED = (Role.PHYSICIAN, Role.COMPANION, Role.BACKUP)


def heartbeat_of(ward: Ward) -> Heartbeat:
    """Return the beat of this moment; `record` counts what is known to be on the disk."""
    ranked = [
        (rank, Page(contact.name, way.channel, way.address, bed.opened.mode.value))
        for bed in ward.beds.values()
        for contact in bed.engine.alarms.post.contacts
        # Of several physicians who take turns only the one on call is woken.
        if contact.role in _PAGED and contact is bed.engine.alarms.post.contact_of(contact.role)
        for rank, way in enumerate(contact.ways)
    ]
    ranked.sort(key=lambda pair: pair[0])
    return Heartbeat(
        session_open=bool(ward.beds),
        record=sum(bed.committed for bed in ward.beds.values()),
        next_deadline_ms=ward.next_deadline(),
        pages=tuple(dict.fromkeys(page for _, page in ranked)),
    )
