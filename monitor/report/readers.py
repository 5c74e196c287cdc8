"""Who may read which words of a report: free text, and what was said in private.

A report is a paper that gets into many hands. A physician reads everything. Everybody else reads
only the free text that somebody of their own role wrote, and of thoughts of suicide only the
patient reads in their own report. What is left out is said to be left out, never silently dropped.
This module hides words, never an alarm, a number or a time.

>>> may_read(Role.COMPANION, Role.PATIENT), may_read(Role.PHYSICIAN, Role.PATIENT)
(False, True)
"""

from collections.abc import Iterable
from typing import Final

from alerts.contact import Role
from alerts.speech import PRIVATE
from devices.notice import Thing

__all__ = [
    "LEFT_OUT",
    "READERS",
    "is_private",
    "may_read",
    "may_read_private",
    "reader_named",
]

LEFT_OUT: Final = "[text left out]"
READERS: Final = (Role.PHYSICIAN, Role.PATIENT, Role.COMPANION, Role.VIEWER)
"""For whom a report can be made; `viewer` reads no free text at all."""

_PRIVATE_THINGS: Final = frozenset({Thing.IDEATION, Thing.INTENT})
_PHYSICIANS: Final = frozenset({Role.PHYSICIAN, Role.BACKUP})


def reader_named(name: str) -> Role:
    """Return the reader of this name.

    Raises:
        ValueError: nobody for whom a report is made; the message says who there is.
    """
    for role in READERS:
        if role.value == name:
            return role
    names = ", ".join(role.value for role in READERS)
    raise ValueError(f"there is no reader {name!r}; a report is made for one of {names}")


def may_read(reader: Role, writer: Role) -> bool:
    """Whether this reader may read what somebody of this role wrote."""
    if reader in _PHYSICIANS:
        return True
    return reader is writer and reader is not Role.VIEWER


def may_read_private(reader: Role) -> bool:
    """Whether this reader may read of thoughts of suicide."""
    return reader in _PHYSICIANS or reader is Role.PATIENT


def is_private(rows: Iterable[str] = (), what: Thing | None = None) -> bool:
    """Whether an alarm of these rows, or this notice, was told in private."""
    listed = list(rows)
    return what in _PRIVATE_THINGS or (bool(listed) and PRIVATE.issuperset(listed))
