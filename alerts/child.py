"""One child process in a session of its own, so that all of its family can be ended with it.

An end is seen before it is reaped: only then is the number of its group certainly still its own,
and what it left behind (a player, a helper) is ended too. Standard library only; nothing forks
without an exec. This module never decides to start or to end anything.

    child = Child(["sleep", "60"])
    child.signal(SIGTERM)
    child.ended()                       # None while it runs, then its code for ever
"""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from signal import SIGKILL, SIGTERM, Signals
from typing import Final

__all__ = ["Child"]

_LOOK_S: Final = 0.02
_KILLED_S: Final = 2.0


class Child:
    """A running child; `pid` is its number and its group's.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(
        self,
        command: Sequence[str],
        environ: Mapping[str, str] | None = None,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - the command is our own
            list(command), env=environ, pass_fds=tuple(pass_fds), start_new_session=True
        )
        self._code: int | None = None

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def ended(self) -> int | None:
        """Return None while it runs, else its exit code (negative: the signal that ended it)."""
        if self._code is None:
            flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
            if os.waitid(os.P_PID, self.pid, flags) is None:
                return None
            self._signal_group(SIGKILL)
            self._code = self._process.wait()
        return self._code

    def signal(self, number: Signals) -> None:
        """Send a signal to the process; one that has ended is left alone."""
        if self.ended() is None:
            self._process.send_signal(number)

    def kill(self) -> None:
        """End the process and all of its group; never waits (a dead disk may hold it for long)."""
        if self.ended() is None:
            self._signal_group(SIGKILL)

    def stop(self, wait_s: float) -> int | None:
        """Ask the process to end, then end it; return its code, or None if it hangs on for 2 s."""
        self.signal(SIGTERM)
        if self.wait(wait_s) is None:
            self.kill()
        return self.wait(_KILLED_S)

    def wait(self, limit_s: float) -> int | None:
        """Wait for the end, at most `limit_s`; return what `ended` says then."""
        end_s = time.monotonic() + limit_s
        while self.ended() is None and time.monotonic() < end_s:
            time.sleep(_LOOK_S)
        return self.ended()

    def _signal_group(self, number: Signals) -> None:
        # Between its exec and its first instruction there may be no group yet, and later none left.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)
