"""Sees whether anybody beyond the house can be reached, while a session is open (NET-DOWN).

A thread of its own opens a TCP connection to one of the services by which people are told, every
10 s and to the next one when that fails, and closes it again: no request, no data. A name service
that hangs then hangs nobody else, and its silence is evidence too. Messages bring evidence by
themselves. Nothing is asked when nobody beyond this machine can be told in any case.

    watch = NetWatch(hub, lambda: targets_of(urls))
    await watch.run()
"""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from alerts.channel import Outcome
from monitor.hub import Hub
from monitor.net_state import Level, NetState, Target, evidence

__all__ = ["LONG", "SHORT", "NetWatch"]

SHORT: Final = "network"
LONG: Final = "network_long"
"""The hub's conditions: for 30 s, and for 120 s."""

_EVERY_S: Final = 10.0
_CONNECT_S: Final = 3.0
_LOOK_S: Final = 1.0
# A round that says nothing for this long says that nobody answers.
_SILENT_S: Final = 15.0

log = structlog.get_logger("vigil.network")


class NetWatch:
    """Belongs to the hub's loop.

    Args:
        hub: gets the conditions.
        targets: whom to try now; none: the network is nobody's concern.
        every_s: seconds between two tries.
    """

    def __init__(
        self, hub: Hub, targets: Callable[[], Sequence[Target]], every_s: float = _EVERY_S
    ) -> None:
        self._hub = hub
        self._targets = targets
        self._every_s = every_s
        self._state = NetState()
        # What stood before a restart is over when somebody has answered, not because we are new.
        self._is_known = False
        self._began_s: float | None = None
        self._next_s = 0.0
        self._turn = 0

    def heard(self, outcome: Outcome) -> None:
        """Take what became of a message to a service beyond this machine."""
        self._note(evidence(outcome), outcome.reason)

    async def run(self) -> None:
        """Look once a second, until cancelled."""
        while True:
            try:
                self._look(time.monotonic())
            except Exception as error:
                # Our bug: it must not end the hub, and not be hidden either.
                log.exception("the network could not be looked at")
                detail = f"our bug: the network could not be looked at: {error!r}"
                self._hub.condition("engine:network", present=True, detail=detail, passing=True)
            await asyncio.sleep(_LOOK_S)

    def _look(self, now_s: float) -> None:
        targets = list(self._targets()) if self._hub.ward.beds else []
        if not targets:
            self._note(True, "")
        elif self._began_s is not None:
            if now_s - self._began_s >= _SILENT_S:
                self._note(False, "nobody answers")
        elif now_s >= self._next_s:
            self._begin(targets, now_s)
        level = self._state.level(_now_ms())
        why = f"no service can be reached: {self._state.why}. Call the physician by telephone"
        for name, present in ((SHORT, level is not Level.UP), (LONG, level is Level.LONG)):
            if present:
                self._hub.condition(name, present=True, detail=why)
            elif self._is_known:
                detail = "somebody beyond the house has answered"
                self._hub.condition(name, present=False, detail=detail)

    def _begin(self, targets: list[Target], now_s: float) -> None:
        """Start one round; each begins with the next service, so that none is asked too often."""
        self._began_s, self._next_s = now_s, now_s + self._every_s
        self._turn += 1
        first = self._turn % len(targets)
        loop = asyncio.get_running_loop()

        def run() -> None:
            why = _try_all(targets[first:] + targets[:first])
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._ended, why)

        threading.Thread(target=run, name="net-watch", daemon=True).start()

    def _ended(self, why: str) -> None:
        self._began_s = None
        self._note(not why, why)

    def _note(self, good: bool | None, why: str) -> None:
        if good:
            self._is_known = True
            self._state.good()
        elif good is False:
            self._state.bad(why, _now_ms())


def _try_all(targets: list[Target]) -> str:
    """Return nothing as soon as one of them answers, else why the last did not."""
    why = ""
    for target in targets:
        try:
            socket.create_connection(target, _CONNECT_S).close()
        except (socket.gaierror, UnicodeError):
            why = "dns"
        except OSError as error:
            why = error.strerror or "timed out"
        else:
            return ""
    return why


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000
