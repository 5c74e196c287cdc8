"""The hub's side of the pipe to its supervisor: writes one beat, never waits.

A pipe that is full means that the supervisor does not read: beats are then left out and counted, a
half-written one is finished first. A pipe that is closed means that nobody supervises. This module
never decides when to beat.

    beat = Beat.from_environ()          # None when no supervisor started this process
    beat.send(Heartbeat(session_open=True, record=41))
"""

import os
from collections.abc import MutableMapping
from typing import Final

from alerts.heartbeat import Heartbeat, encode

__all__ = ["BEAT_FD", "Beat"]

BEAT_FD: Final = "VIGIL_BEAT_FD"
"""The environment variable with the number of the pipe's writing end."""


class Beat:
    """Writes beats to an inherited pipe; `skipped` counts those that did not fit."""

    def __init__(self, fd: int) -> None:
        os.set_blocking(fd, False)
        # The player and other children of the hub must not keep the pipe open after its end.
        os.set_inheritable(fd, False)
        self._fd = fd
        self._rest = b""
        self.skipped = 0

    @classmethod
    def from_environ(cls, environ: MutableMapping[str, str] = os.environ) -> "Beat | None":
        """Take the pipe over from the environment; None when there is none.

        Raises:
            ValueError: the variable names no open pipe.
        """
        value = environ.pop(BEAT_FD, None)
        if value is None:
            return None
        try:
            return cls(int(value))
        except (ValueError, OSError) as error:
            raise ValueError(
                f"{BEAT_FD}={value} is no open pipe: only `vigil run` sets it"
            ) from error

    def send(self, beat: Heartbeat) -> bool:
        """Write a beat if the pipe has room; False when nobody reads any more."""
        try:
            if not self._write(self._rest):
                self.skipped += 1
                return True
            self._write(encode(beat))
        except BrokenPipeError:
            return False
        return True

    def close(self) -> None:
        """Close the pipe: the supervisor takes this for the hub's end."""
        os.close(self._fd)

    def _write(self, data: bytes) -> bool:
        """Write what fits, keep the rest; True when all went out."""
        if not data:
            return True
        try:
            written = os.write(self._fd, data)
        except BlockingIOError:
            written = 0
        self._rest = data[written:]
        return not self._rest
