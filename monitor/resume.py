"""After a stop: the open sessions go on, told first of all how long nobody watched.

`MonitorDown` reaches each session before anything else and before anything that was due meanwhile,
so that the outage's deadlines are record only. The sound of an alarm that still stands starts
again, and a fault that the hub had before its stop is its own again until it is known to be over.
When nobody can know how long the hub was away, hub time moves forward once the wall clock is set.
A damaged record begins anew with what held of it.

    resume = Resume(hub, found, unreadable, down_ms)
    resume.take_up()
    resume.settle()       # every second
"""

from collections.abc import Iterable

import structlog
from msgspec import structs

from monitor.events import ClockSettled, MonitorDown
from monitor.hub import Hub
from monitor.journal import decode
from monitor.journal_reader import read_records
from monitor.outage import ClockStamp
from monitor.power_state import LEVELS
from monitor.restart import Found
from monitor.watch_config import WATCHED

__all__ = ["Resume"]

_RECOVERY = "engine:recovery"
_RECORDING = "engine:recording"
# What this hub says by itself; other causes belong to a session's detectors or to its devices.
# Causes that have the name of a channel or of a part of the room behind the colon.
_OWN_BASES = frozenset({"network", "network_long", "channel", "room", *LEVELS})
_OWN = frozenset(
    {
        _RECORDING,
        _RECOVERY,
        "broker",
        "sound",
        *WATCHED,
        "engine:unreadable",
        "engine:late",
        "engine:event",
        "engine:record",
        "engine:callback",
        "engine:snapshot",
        "engine:feed",
        "engine:network",
        "engine:power",
        "engine:rota",
        "engine:web",
    }
)

log = structlog.get_logger("vigil.resume")


class Resume:
    """Takes sessions up again and settles the clock. Belongs to the hub's loop."""

    def __init__(
        self, hub: Hub, found: Iterable[Found], unreadable: list[str], down_ms: int | None
    ) -> None:
        self._hub = hub
        self._unreadable = unreadable
        self._found = list(found)
        self._down_ms = down_ms
        stamps = [one.stamp for one in self._found if not one.over]
        # The session that was watched last knows best when the watching ended.
        newest = max(stamps, key=lambda stamp: stamp.at_ms, default=None)
        self._unsettled: ClockStamp | None = newest if down_ms is None else None

    def take_up(self) -> None:
        """Put the sessions into the ward; one that was over is closed at last."""
        hub = self._hub
        for one in self._found:
            self._record_again(one)
            bed = hub.ward.place(one.recovered.engine, one.opened, one.recovered.last_n)
            bed.taps |= one.taps
            if one.over:
                hub.ward.remove(bed)
                hub.store.close_session(bed.session, bed.engine.now_ms)
                continue
            log.warning("session recovered", session=one.session, down_ms=self._down_ms)
            hub.at_once(bed, lambda at_ms: MonitorDown(at_ms=at_ms, down_ms=self._down_ms))
            self._own(bed.engine.observer.standing())
        faults = [f"{one.session}: {fault}" for one in self._found for fault in one.faults]
        if faults:
            hub.condition(_RECOVERY, present=True, detail="; ".join(faults), passing=True)
        if self._unreadable:
            detail = "; ".join(self._unreadable)
            hub.condition("engine:unreadable", present=True, detail=detail)
        hub.condition(_RECORDING, present=False, detail="the hub runs again")
        hub.play()

    def _record_again(self, one: Found) -> None:
        """What held of a damaged record is the beginning of the new one, to the byte."""
        if one.aside is None:
            return
        one.faults.append(f"the damaged record is kept as {one.aside.name}")
        for n, body, _ in read_records(one.aside):
            stamp = structs.replace(one.stamp, at_ms=decode(body).event.at_ms)
            self._hub.store.append(one.session, n, body, stamp)
            if n >= one.recovered.last_n:
                # What comes next is damaged and may not even be read.
                break

    def _own(self, standing: dict[str, str]) -> None:
        """Take over what the hub said before its stop and a session still holds for so."""
        at_ms = self._hub.clock.now_ms()
        for name, detail in standing.items():
            if name in _OWN or name.partition(":")[0] in _OWN_BASES:
                passing = name not in (_RECORDING, "broker", "engine:web", *WATCHED)
                self._hub.faults.say(
                    name, present=True, detail=detail, at_ms=at_ms, passing=passing
                )

    def settle(self) -> None:
        """Move hub time forward by what was missing, once, when the wall clock is set at last."""
        last = self._unsettled
        if last is None:
            return
        now = self._hub.clock.stamp()
        if not (last.wall_synced and now.wall_synced):
            return
        self._unsettled = None
        gap_ms = max(0, (now.wall_ms - last.wall_ms) - (now.at_ms - last.at_ms))
        self._hub.clock.move_forward(gap_ms)
        log.warning("hub time moved forward", gap_ms=gap_ms)
        for bed in list(self._hub.ward.beds.values()):
            self._hub.at_once(bed, lambda at_ms: ClockSettled(at_ms=at_ms, gap_ms=gap_ms))
