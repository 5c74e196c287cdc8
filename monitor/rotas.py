"""The folder of rotas, `rota/<name>.toml`, as the hub looks at it every 10 s.

A file that somebody has just broken changes nothing but what is said: the settings and the calendar
that could be used last go on being used, and the fault is an alarm. A calendar whose source has not
said so for 48 h is one as well. Each rota is laid out for two weeks and laid out again each hour.

    rotas = Rotas(base / "rota", open_source)
    look = await rotas.look("main", frozenset({"dr-lee"}), wall_ms)    -> RotaLook(rota=..., ...)
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct

from alerts.rota import Rota
from alerts.rota_calendar import read_calendar
from alerts.rota_words import Latest, People, RotaError, Span
from monitor.faults import FaultsError
from monitor.on_call import RotaLook
from monitor.rota_file import RotaFile, read_rota_file

__all__ = ["MAX_AGE_MS", "OpenSource", "Rotas", "Source", "find_zone", "load_rota_file"]

MAX_AGE_MS = 48 * 3_600_000
_HOUR_MS = 3_600_000
_BEFORE_MS, _AFTER_MS = 24 * _HOUR_MS, 16 * 24 * _HOUR_MS


class Source(Protocol):
    """Where a calendar comes from."""

    async def latest(self, read: Callable[[bytes], Any]) -> Latest:
        """Return the newest calendar that `read` does not refuse."""


OpenSource = Callable[[str, str], Source]
"""Makes the source of a rota from its name and the `source` of its file."""


class _One(Struct):
    """What is known of one rota. `spans` are those of `data` and of the window `from_ms`."""

    lock: asyncio.Lock
    file: RotaFile | None = None
    source: Source | None = None
    opened: str = ""
    data: bytes | None = None
    from_ms: int = 0
    zone_name: str = ""
    spans: tuple[Span, ...] = ()


def find_zone(name: str) -> tzinfo | None:
    """Return a zone of the machine's own time zone data, or None."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def load_rota_file(folder: Path, name: str) -> RotaFile:
    """Return what `<name>.toml` says.

    Raises:
        FaultsError: it cannot be used or read; every reason is named.
    """
    path = folder / f"{name}.toml"
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise FaultsError(
            [f"{path.name}: cannot be read ({why}); write it into the folder {folder}"]
        ) from error
    return read_rota_file(text, name, find_zone)


class Rotas:
    """All rotas by name; each is opened when somebody first asks for it."""

    def __init__(self, folder: Path, open_source: OpenSource) -> None:
        self._folder = folder
        self._open = open_source
        self._known: dict[str, _One] = {}

    async def warm(self, wall_ms: int) -> None:
        """Look at every rota of the folder, so that opening a session waits for no server."""
        for path in sorted(self._folder.glob("*.toml")):
            await self.look(path.stem, frozenset(), wall_ms)

    async def look(self, name: str, ids: frozenset[str], wall_ms: int) -> RotaLook:
        """Return one rota as it is at `wall_ms`, for a patient with these physicians."""
        one = self._known.setdefault(name, _One(asyncio.Lock()))
        async with one.lock:
            return await self._look(name, one, ids, wall_ms)

    async def _look(self, name: str, one: _One, ids: frozenset[str], wall_ms: int) -> RotaLook:
        faults: list[str] = []
        try:
            one.file = load_rota_file(self._folder, name)
        except FaultsError as error:
            faults += [f"rota {name}: {fault}" for fault in error.faults]
        file = one.file
        if file is None:
            return RotaLook(None, UTC, tuple(faults))
        if one.source is None or one.opened != file.source:
            one.source, one.opened = self._open(name, file.source), file.source
        from_ms = wall_ms - wall_ms % _HOUR_MS - _BEFORE_MS
        to_ms = from_ms + _BEFORE_MS + _AFTER_MS

        def read(data: bytes) -> tuple[Span, ...]:
            return read_calendar(data, f"rota {name}", file.zone, from_ms, to_ms)

        latest = await one.source.latest(read)
        notes = (f"rota {name}: {latest.fault}",) if latest.fault else ()
        if latest.data is None:
            why = notes or (f"rota {name}: there is no calendar yet",)
            return RotaLook(None, file.zone, (*faults, *why))
        try:
            await self._lay_out(one, latest.data, (from_ms, file.zone_name), read)
        except RotaError as error:
            return RotaLook(None, file.zone, (*faults, *error.faults), notes)
        if latest.age_ms is not None and latest.age_ms > MAX_AGE_MS:
            hours = latest.age_ms // _HOUR_MS
            faults.append(f"rota {name}: its calendar is {hours} h old ({latest.fault})")
        rota = Rota(one.spans, People(ids, file.people), file.substitutes, from_ms, to_ms)
        return RotaLook(rota, file.zone, tuple(faults), notes)

    @staticmethod
    async def _lay_out(
        one: _One,
        data: bytes,
        at: tuple[int, str],
        read: Callable[[bytes], tuple[Span, ...]],
    ) -> None:
        if (one.data, one.from_ms, one.zone_name) != (data, *at):
            one.spans = await asyncio.to_thread(read, data)
            one.data, (one.from_ms, one.zone_name) = data, at
