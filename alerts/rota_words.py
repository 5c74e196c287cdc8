"""The words of a rota: spans and substitutes in, shifts, gaps and hand-overs out, and who is who.

Times are Unix milliseconds of the wall clock; intervals are half open. A name that is not written
in the rota's own list is nobody: it is never guessed. Nothing here knows a calendar.

>>> people = People(frozenset({"dr-lee"}), {"Dr Lee": "dr-lee"})
>>> people.find(Span(0, 50, " dr lee "))
('dr-lee', '')
>>> people.find(Span(0, 50, "Dr Roy"))
(None, "the rota names 'Dr Roy', who is nobody known here")
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

__all__ = [
    "Change",
    "Gap",
    "Latest",
    "People",
    "RotaError",
    "Shift",
    "Span",
    "Substitute",
    "nobody",
]


class RotaError(ValueError):
    """A rota cannot be used; `faults` names every reason: what, where, and what to do."""

    def __init__(self, faults: Sequence[str]) -> None:
        """Keep the faults and make them the message, one a line."""
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class Span(Struct, frozen=True):
    """One occurrence of a calendar's event, in wall ms.

    `title` is its summary, `people` the names and addresses of its attendees, `contact` the id that
    its own property X-VIGIL-CONTACT names; that one decides alone when it is there.
    """

    from_ms: int
    to_ms: int
    title: str
    people: tuple[str, ...] = ()
    contact: str = ""


class Substitute(Struct, frozen=True):
    """`who` is on call from `from_ms` to `to_ms`, in place of `instead_of` (empty: of anybody)."""

    who: str
    from_ms: int
    to_ms: int
    reason: str
    instead_of: str = ""


class Shift(Struct, frozen=True):
    """`contact` is on call. `doubt` says why this may be wrong; empty when nothing speaks so."""

    contact: str
    from_ms: int
    to_ms: int
    doubt: str = ""


class Gap(Struct, frozen=True):
    """Nobody is on call, and why."""

    from_ms: int
    to_ms: int
    why: str


class Change(Struct, frozen=True):
    """At `at_ms` another person is on call, or nobody (contact None)."""

    at_ms: int
    contact: str | None
    why: str


class Latest(Struct, frozen=True):
    """The newest calendar that could be used.

    `age_ms` is how long ago its source last said that this is the rota (None: there is no copy);
    `fault` is why the last look at the source failed, or empty.
    """

    data: bytes | None
    age_ms: int | None
    fault: str


class People:
    """Whom a rota can name: the ids of contacts, and other names for them.

    Names are compared without regard to capitals and spaces around; nothing is guessed beyond that.
    """

    def __init__(self, ids: frozenset[str], names: Mapping[str, str]) -> None:
        self.ids = ids
        self._by_name = {_plain(one): one for one in ids}
        self._by_name |= {_plain(name): one for name, one in names.items() if one in ids}

    def find(self, span: Span) -> tuple[str | None, str]:
        """Return (contact, ""), or (None, why this span names nobody whom we know)."""
        if span.contact:
            known = span.contact in self.ids
            return (span.contact, "") if known else (None, nobody(span.contact))
        one = self._by_name.get(_plain(span.title))
        if one is not None:
            return one, ""
        found = {self._by_name[name] for name in map(_plain, span.people) if name in self._by_name}
        if len(found) > 1:
            return None, f"{span.title!r} names {' and '.join(sorted(found))} at once"
        return (found.pop(), "") if found else (None, nobody(span.title))


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def nobody(name: str) -> str:
    """The words for a name that is nobody's."""
    return f"the rota names {name!r}, who is nobody known here"
