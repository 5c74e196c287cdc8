"""Which ways to people were ever proved by an answer, and how long ago.

A number that nobody has answered is a guess: it may be a landline, a typing mistake, or a telephone
that was given away. A way is proved when its person answers a rehearsal by it. Of the address only
a hash is kept, so that a corrected number counts as a new way.

Opens no file. Ways that cannot be answered (console, webhook, e-mail) are not asked for a proof.

>>> ann = Contact("ann", Role.COMPANION, "Ann", (Way("sms", "+49 151 1"), Way("console")))
>>> unproved((ann,), {}, wall_ms=0)
['ann: sms was never proved']
"""

import hashlib
from collections.abc import Iterable, Mapping

from alerts.contact import Contact, Role, Way
from alerts.proof import proof_of

__all__ = ["MAX_AGE_MS", "ProofKey", "key_of", "unproved"]

MAX_AGE_MS = 30 * 86_400_000
"""A proof is a month old at most: people change their telephones."""

_DAY_MS = 86_400_000
_TOLD = (Role.COMPANION, Role.PHYSICIAN, Role.BACKUP)

ProofKey = tuple[str, str, str]
"""Contact's id, channel, and the hash of the address."""


def key_of(contact: str, way: Way) -> ProofKey:
    """Return the name of one person's way in the hub's own file."""
    digest = hashlib.sha256(f"{way.channel}\n{way.address}".encode()).hexdigest()
    return contact, way.channel, digest[:32]


def unproved(
    contacts: Iterable[Contact], proofs: Mapping[ProofKey, int], wall_ms: int
) -> list[str]:
    """Name each way of the people who are told that was never proved, or not for 30 days.

    Args:
        contacts: the people of one patient.
        proofs: when each way was last proved, in wall ms.
        wall_ms: now.
    """
    found = []
    for contact in contacts:
        for way in contact.ways if contact.role in _TOLD else ():
            if not proof_of(way.channel).answered:
                continue
            at_ms = proofs.get(key_of(contact.id, way))
            if at_ms is None:
                found.append(f"{contact.id}: {way.channel} was never proved")
            elif wall_ms - at_ms > MAX_AGE_MS:
                days = (wall_ms - at_ms) // _DAY_MS
                found.append(f"{contact.id}: {way.channel} was last proved {days} days ago")
    return found
