"""The failure tone: sounds by itself, from its own thread, when the hub cannot.

It plays with `aplay` from memory; without a player or a sound device it rings the terminal's bell,
so that a silent room is never the only sign. Standard library only, no event loop: this is what
still works when everything else has stopped. It never decides when to sound.

    siren = Siren()
    siren.start()
    siren.stop()
"""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, TextIO

from alerts.tone import BURSTS, wav

__all__ = ["Siren"]

_PATTERN: Final = "failure"
_COMMAND: Final = ("aplay", "-q", "-")
_BELL: Final = "\a"
_LAST_WAIT_S: Final = 1.0


class Siren:
    """Sounds from `start` to `stop`; both may be called at any time and return at once.

    Args:
        command: plays a WAV file from its standard input.
        terminal: where the bell rings when the player fails.
    """

    def __init__(self, command: Sequence[str] = _COMMAND, terminal: TextIO | None = None) -> None:
        self._command = tuple(command)
        self._terminal = terminal or sys.stderr
        # Made now and kept in memory: at the moment of need the disk may be full.
        self._sound = os.fdopen(
            os.memfd_create("vigil-failure", os.MFD_CLOEXEC), "w+b", buffering=0
        )
        self._sound.write(wav(_PATTERN))
        self._stop: threading.Event | None = None

    def start(self) -> None:
        """Sound until `stop`."""
        if self._stop is None:
            self._stop = threading.Event()
            threading.Thread(
                target=self._run, args=(self._stop,), name="siren", daemon=True
            ).start()

    def stop(self) -> None:
        """Be silent; a burst that is playing is cut off."""
        if self._stop is not None:
            self._stop.set()
            self._stop = None

    def _run(self, stop: threading.Event) -> None:
        burst = BURSTS[_PATTERN]
        while not stop.is_set():
            if not self._play(stop, (burst.length_ms + 5_000) / 1000):
                self._ring()
            stop.wait((burst.interval_ms - burst.length_ms) / 1000)

    def _play(self, stop: threading.Event, limit_s: float) -> bool:
        """Play one burst; False when it cannot have been heard."""
        self._sound.seek(0)
        try:
            player = subprocess.Popen(  # noqa: S603 - the command is our own
                self._command,
                stdin=self._sound,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            return False
        for _ in range(int(limit_s * 20)):
            with suppress(subprocess.TimeoutExpired):
                return player.wait(0.05) == 0
            if stop.is_set():
                break
        player.kill()
        # A player that a broken sound driver holds dies of no signal: then the bell must do.
        with suppress(subprocess.TimeoutExpired):
            player.wait(_LAST_WAIT_S)
        return stop.is_set()

    def _ring(self) -> None:
        # Nobody may be reading the terminal; the tone is tried again all the same.
        with suppress(OSError, ValueError):
            self._terminal.write(_BELL)
            self._terminal.flush()
