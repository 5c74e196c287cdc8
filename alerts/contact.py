"""Who can be told, and by which ways.

A contact is one named person with a role and an ordered list of ways; the first way is tried first.
A way names a channel and holds what the channel needs to reach this person, but never a secret:
secrets stay in files that the channel's shell reads.

>>> Contact("ann", Role.COMPANION, "Ann", (Way("console"),)).ways[0].channel
'console'
"""

from enum import StrEnum

from msgspec import Struct

__all__ = ["Contact", "Role", "Way"]


class Role(StrEnum):
    """What a person may do. `backup` is the second physician of the ladder."""

    PATIENT = "patient"
    COMPANION = "companion"
    PHYSICIAN = "physician"
    BACKUP = "backup"
    VIEWER = "viewer"
    ADMIN = "admin"


class Way(Struct, frozen=True, omit_defaults=True):
    """One way to a person: the channel's name and the address on it (a URL, a number, a topic)."""

    channel: str
    address: str = ""


class Contact(Struct, frozen=True):
    """One named person. `id` is what every record shows."""

    id: str
    role: Role
    name: str
    ways: tuple[Way, ...] = ()
