"""Keeps which ways people have answered a rehearsal by, in the hub's own file.

Only a real session proves anything: the people of a demo or a test are not reached. A proof that
cannot be written is missing at the next `vigil check` and nowhere else.

    keep_proofs(hub, hands)
"""

import structlog

from alerts.rehearsal import RehearsalChanged, Stand
from devices.observation import Mode
from monitor.contact_proofs import key_of
from monitor.house_hands import HouseHands
from monitor.hub import Hub
from monitor.ward import Bed

__all__ = ["keep_proofs"]

log = structlog.get_logger("vigil.proofs")


def keep_proofs(hub: Hub, hands: HouseHands) -> None:
    """Take every line of a rehearsal that says that a way was answered."""

    def keep(bed: Bed, line: RehearsalChanged) -> None:
        if line.state is not Stand.PASSED or line.way is None or bed.opened.mode is not Mode.REAL:
            return
        contacts = (*bed.engine.alarms.post.contacts, *bed.opened.patient.contacts)
        contact = next((one for one in contacts if one.id == line.contact), None)
        if contact is None or line.way >= len(contact.ways):
            log.error("a way was answered that nobody has", contact=line.contact, way=line.way)
            return
        stamp = hub.clock.stamp()
        key = key_of(contact.id, contact.ways[line.way])
        hub.store.prove(key, stamp.wall_ms, stamp.at_ms)

    hands.on(RehearsalChanged, keep)
