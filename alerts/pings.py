"""What a check of the healthchecks kind is told, and when: the calls, not the sending.

While somebody is watched the hub says "started" every 15 s, which sets the check's grace time anew;
when nobody is watched any more it says "done" once. So the check is down one grace time after the
last word of a hub that died, and silent between sessions. A check that is down takes no "started",
so each opening, and each return after a gap, begins with "done".

From the service's documentation and source (github.com/healthchecks/healthchecks: `http_api.md`,
`measuring_script_run_time.md`, `hc/api/models.py`, read for this project): the address itself means
success, `/start` a beginning, `/fail` a failure; GET is enough; no period or grace time is shorter
than 60 s; a check goes down when a beginning is not followed by a success within the grace time,
and a second beginning replaces the first. The hosted service bounds the calls of one check a minute
and answers 200 even to those that it drops, so there are four a minute here.

This module sends nothing and has no clock.

>>> pings = Pings()
>>> pings.due(0, is_open=True), pings.due(1_000, is_open=True)
('', None)
>>> pings.confirmed("", 1_200)
>>> pings.due(1_300, is_open=True)
'/start'
"""

from typing import Final

__all__ = ["DONE", "FAILED", "STARTED", "Pings"]

DONE: Final = ""
STARTED: Final = "/start"
FAILED: Final = "/fail"

PING_MS: Final = 15_000
AGAIN_MS: Final = 5_000
GAP_MS: Final = 45_000


class Pings:
    """One check. It counts as begun at first: a life of the hub before may have left it so."""

    def __init__(self) -> None:
        self._begun = True
        self._woken = False
        self._next_ms = 0
        self._confirmed_ms: int | None = None

    def due(self, now_ms: int, *, is_open: bool) -> str | None:
        """Return what to append to the check's address now, or None.

        Args:
            now_ms: any steady clock.
            is_open: whether somebody is watched.
        """
        if now_ms < self._next_ms:
            return None
        if not is_open:
            if not self._begun:
                return None
            self._next_ms = now_ms + AGAIN_MS
            return DONE
        self._next_ms = now_ms + AGAIN_MS
        late = self._confirmed_ms is not None and now_ms - self._confirmed_ms >= GAP_MS
        if not self._woken or late:
            self._woken = False
            return DONE
        return STARTED

    def confirmed(self, what: str, now_ms: int) -> None:
        """The service has taken it."""
        self._confirmed_ms = now_ms
        if what == STARTED:
            self._begun = True
            self._next_ms = now_ms + PING_MS
            return
        self._begun = False
        self._woken = True
        self._next_ms = now_ms
