r"""One rota's file, `rota/<name>.toml`: where its calendar is, its zone, its people, substitutes.

All faults are named at once. A substitute's times are in the rota's zone unless they say another
offset. This module opens nothing, also no calendar, and looks up no zone by itself: `zone_of` does.

>>> from datetime import UTC
>>> text = 'source = "oncall.ics"\nzone = "Europe/Berlin"\n[people]\n"Dr Lee" = "dr-lee"\n'
>>> read_rota_file(text, "main", lambda name: UTC).people
{'Dr Lee': 'dr-lee'}
>>> read_rota_file('zone = "Mars"', "main", lambda name: None)
Traceback (most recent call last):
monitor.rota_file.RotaFileError: main.toml: source: is missing; write the calendar's path or address
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from alerts.rota_words import Substitute
from monitor.faults import Faults, FaultsError, convert, read_toml

__all__ = ["RotaFile", "RotaFileError", "read_rota_file"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)

_Source = Annotated[
    str, Meta(min_length=1, max_length=2_000, description="the calendar's path or address")
]
_Zone = Annotated[
    str, Meta(min_length=1, max_length=60, description='a time zone such as "Europe/Berlin"')
]
_Name = Annotated[str, Meta(min_length=1, max_length=120)]
_Id = Annotated[
    str,
    Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}\Z", description="a contact's id"),
]
_Reason = Annotated[str, Meta(min_length=1, max_length=200, description="why, in a few words")]


class RotaFileError(FaultsError):
    """A rota's file cannot be used; `faults` names every reason at once."""


class RotaFile(Struct, frozen=True):
    """What the file says; `people` are other names of contacts."""

    source: str
    zone_name: str
    zone: tzinfo
    people: dict[str, str]
    substitutes: tuple[Substitute, ...]


class _SubstituteTable(Struct, frozen=True):
    who: _Id
    begin: datetime = field(name="from")
    end: datetime = field(name="to")
    reason: _Reason
    instead_of: str = ""


class _File(Struct, frozen=True):
    source: _Source
    zone: _Zone
    people: dict[_Name, _Id] = {}
    substitutes: Annotated[tuple[_SubstituteTable, ...], Meta(max_length=200)] = ()


def read_rota_file(text: str, name: str, zone_of: Callable[[str], tzinfo | None]) -> RotaFile:
    """Return what `text`, the file `<name>.toml`, says.

    Args:
        text: TOML.
        name: the rota's name.
        zone_of: the zone of a name, or None for a name that nobody knows.

    Raises:
        RotaFileError: with one line for every fault.
    """
    where = f"{name}.toml"
    faults = Faults()
    mapping = read_toml(text, where, faults)
    file = None if mapping is None else convert(_File, mapping, where, faults)
    zone = None if file is None else zone_of(file.zone)
    if file is not None and zone is None:
        faults.add(f"{where}: zone", f"{file.zone!r} is unknown", 'write one like "Europe/Berlin"')
    if file is None or zone is None:
        raise RotaFileError(faults)
    substitutes = tuple(_substitute(one, zone) for one in file.substitutes)
    for number, one in enumerate(substitutes):
        if one.to_ms <= one.from_ms:
            at = f"{where}: substitutes[{number}].to"
            faults.add(at, "is not later than from", "write a later time")
    if faults:
        raise RotaFileError(faults)
    return RotaFile(file.source, file.zone, zone, file.people, substitutes)


def _substitute(table: _SubstituteTable, zone: tzinfo) -> Substitute:
    begin, end = (_wall_ms(time, zone) for time in (table.begin, table.end))
    return Substitute(table.who, begin, end, table.reason, table.instead_of)


def _wall_ms(time: Any, zone: tzinfo) -> int:
    aware = time if time.tzinfo is not None else time.replace(tzinfo=zone)
    return int((aware.astimezone(UTC) - _EPOCH) // _MS)
