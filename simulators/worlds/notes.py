"""What people have written about targets and rows that were missed: why, and what was tried.

The figures of an evaluation come from worlds, the reasons from people. A note names what it is
about: a target's key (`targets` in `evaluation`) or a row. It is joined to whatever of that name
was missed; one that nothing asked for is not shown.

It opens no file and judges nothing.

>>> read_notes('note = [{about = "SPO2-FAST", why = "a", tried = "b"}]')["SPO2-FAST"].why
'a'
"""

import tomllib

import msgspec
from msgspec import Struct

__all__ = ["Note", "NotesError", "read_notes"]


class NotesError(ValueError):
    """Notes that cannot be read; the message says what and what to write."""


class Note(Struct, frozen=True, forbid_unknown_fields=True):
    """Why something was missed, and what was tried against it."""

    about: str
    why: str
    tried: str = ""


class _Notes(Struct, frozen=True, forbid_unknown_fields=True):
    note: tuple[Note, ...] = ()


def read_notes(text: str) -> dict[str, Note]:
    """Return the notes by what they are about.

    Raises:
        NotesError: no TOML, an unknown or missing field, or two notes about one thing.
    """
    try:
        found = msgspec.convert(tomllib.loads(text), _Notes).note
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise NotesError(f"evaluation notes: {error}: write about, why and tried") from None
    notes = {one.about: one for one in found}
    if len(notes) < len(found):
        twice = next(one.about for one in found if notes[one.about] is not one)
        raise NotesError(f"evaluation notes: two are about {twice!r}: write one")
    return notes
