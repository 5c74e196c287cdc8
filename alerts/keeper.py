"""Keeps one helper process running: the embedded broker beside the hub.

A helper that ends is started again after 0, 1, 2, 5 and then every 5 s. One that already answers at
its address, left over from an earlier supervisor, is adopted: it holds messages that nobody has
read yet. Standard library only; the hub works without it, so nothing here sounds or pages.

    keeper = Keeper("broker", command, ("127.0.0.1", 1883), say)
    keeper.tend(now_ms)                 # at least once a second
"""

import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from alerts.child import Child
from alerts.watch import DELAYS_MS, STEADY_MS

__all__ = ["Keeper"]

_PROBE_S: Final = 0.2
_PROBE_EVERY_MS: Final = 1_000
_STOP_S: Final = 5.0


class Keeper:
    """Starts, adopts and restarts one helper.

    Args:
        name: how lines of output call it.
        command: starts it; it must end itself at SIGTERM.
        address: host and port at which it answers; None when it cannot be asked.
        say: takes one line for a person.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        address: tuple[str, int] | None,
        say: Callable[[str], None],
    ) -> None:
        self._name, self._command, self._address, self._say = name, command, address, say
        self._child: Child | None = None
        self._adopted = False
        self._failures = 0
        self._started_ms = 0
        self._next_ms = 0

    @property
    def pid(self) -> int | None:
        """The helper's process; None while there is none of ours."""
        return None if self._child is None else self._child.pid

    def tend(self, now_ms: int) -> None:
        """See whether it lives, and start it when its time has come."""
        if self._child is not None and (code := self._child.ended()) is not None:
            self._child = None
            self._failed(now_ms, f"has ended ({code})")
        if self._child is not None or now_ms < self._next_ms:
            return
        if self._address is not None and _answers(self._address):
            if not self._adopted:
                self._say(f"the {self._name} at {_shown(self._address)} answers: adopted")
            self._adopted = True
            self._next_ms = now_ms + _PROBE_EVERY_MS
            return
        self._adopted = False
        self._start(now_ms)

    def stop(self) -> None:
        """End it gently, within 5 s, then at once; an adopted one is left to its owner."""
        if self._child is not None:
            self._child.stop(_STOP_S)
            self._child = None

    def _start(self, now_ms: int) -> None:
        try:
            self._child = Child(self._command)
        except OSError as error:
            self._failed(now_ms, f"cannot be started: {error}")
        else:
            self._started_ms = now_ms

    def _failed(self, now_ms: int, what: str) -> None:
        if now_ms - self._started_ms >= STEADY_MS:
            self._failures = 0
        delay_ms = DELAYS_MS[min(self._failures, len(DELAYS_MS) - 1)]
        self._failures += 1
        self._next_ms = now_ms + delay_ms
        self._say(f"the {self._name} {what}: started again in {delay_ms // 1000} s")


def _answers(address: tuple[str, int]) -> bool:
    with suppress(OSError), socket.create_connection(address, _PROBE_S):
        return True
    return False


def _shown(address: tuple[str, int]) -> str:
    return f"{address[0]}:{address[1]}"
