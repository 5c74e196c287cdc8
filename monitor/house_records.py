"""The hub's part in keeping records: the ledger for commands, and retention by its settings.

A piece of the wiring. Commands on this machine put their lines into the ledger through the control
socket. Once at the start and then once a day, records whose time is over are taken away, each only
after the ledger has it. It never touches an open session.

    requests = ledger_requests(hub)
    parts.go(keep_records(hub, data_dir, keep_days=365), "retention")
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog

from monitor.hub import Hub
from monitor.records.ledger import Line
from monitor.records.retention import due
from monitor.records.shelf import kept, take_away

__all__ = ["keep_records", "ledger_requests"]

_DAY_S: Final = 86_400.0
_COMMIT_S: Final = 5.0

log = structlog.get_logger("vigil.records")

Request = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


def ledger_requests(hub: Hub) -> dict[str, Request]:
    """Return what the control socket answers about the ledger."""

    async def note(request: dict[str, Any]) -> dict[str, Any]:
        try:
            line = msgspec.convert(request.get("line"), Line)
        except msgspec.ValidationError as error:
            return {"ok": False, "error": f"no line of a ledger: {error}"}
        if line.what == "deleted" and line.session in hub.ward.beds:
            return {"ok": False, "error": f"session {line.session} is open: close it first"}
        if not await _noted(hub, line):
            return {"ok": False, "error": "the hub cannot record now; try again"}
        return {"ok": True}

    return {"note": note}


async def keep_records(hub: Hub, data_dir: Path, keep_days: int) -> None:
    """Take away, day by day, what has had its time; for ever when `keep_days` is 0."""
    while True:
        try:
            await _prune(hub, data_dir, keep_days)
        except Exception:
            # Our bug or the disk's: records stay, watching goes on, tomorrow it is tried again.
            log.exception("records could not be pruned")
        await asyncio.sleep(_DAY_S)


async def _prune(hub: Hub, data_dir: Path, keep_days: int) -> None:
    if not keep_days:
        return
    there = {one.session: one for one in await asyncio.to_thread(kept, data_dir)}
    now_ms = time.time_ns() // 1_000_000
    if not hub.clock.stamp().wall_synced:
        log.warning("nothing is pruned: the wall clock is not set")
        return
    records = [(one.session, one.is_open, one.wall_ms) for one in there.values()]
    for session in due(records, keep_days=keep_days, now_ms=now_ms):
        one = there[session]
        line = Line(
            wall_ms=now_ms,
            what="deleted",
            session=session,
            by="hub",
            detail=f"kept for {keep_days} days",
            last_n=one.last_n,
            head=one.head.hex(),
        )
        if session not in hub.ward.beds and await _noted(hub, line):
            await asyncio.to_thread(take_away, one.path)
            log.info("record deleted", session=session, keep_days=keep_days)


async def _noted(hub: Hub, line: Line) -> bool:
    written = asyncio.wrap_future(hub.store.note(line, hub.clock.now_ms()))
    try:
        async with asyncio.timeout(_COMMIT_S):
            return await asyncio.shield(written)
    except TimeoutError:
        return False
