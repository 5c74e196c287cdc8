"""One child process in a session of its own, so that all of its family can be ended with it.

An end is seen before it is reaped: only then is the number of its group certainly still its own,
and what it left behind (a player, a helper) is ended too. Standard library only; nothing forks
without an exec. This module never decides to start or to end anything.

A child that outlives its parent is known again by its number, its start and the boot, so that the
next parent ends this very process and never one that got its number later.

    child = Child(["sleep", "60"])
    child.signal(SIGTERM)
    child.ended()                       # None while it runs, then its code for ever
"""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals
from typing import Final

__all__ = ["Child", "end_orphan", "remember"]

_PROC: Final = Path("/proc")
_BOOT_ID: Final = _PROC / "sys/kernel/random/boot_id"
_START_FIELD: Final = 19  # of what follows the command's name in /proc/<pid>/stat
_STATE_FIELD: Final = 0
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


def remember(path: Path, pid: int) -> None:
    """Write down which process was started, in place of the one before.

    A disk that refuses is borne: it costs the next supervisor this knowledge, and the lock on the
    record then names the process that is in its way.
    """
    mark = _mark(pid)
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(mark or "", encoding="ascii")


def end_orphan(path: Path) -> int | None:
    """End the process that was remembered, with its group, if it still runs; return its number.

    It is killed, not asked: a hub that is asked to stop would end the session, one that is killed
    is taken up again by the next.
    """
    try:
        known = path.read_text(encoding="ascii")
        pid = int(known.split()[0])
    except (OSError, ValueError, IndexError):
        return None
    if _mark(pid) != known:
        return None
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, SIGKILL)
    end_s = time.monotonic() + _KILLED_S
    while _mark(pid) == known and time.monotonic() < end_s:
        time.sleep(_LOOK_S)
    return pid


def _mark(pid: int) -> str | None:
    """Return what tells a running process from every other one; None when it does not run."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        boot_id = _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return None
    return None if fields[_STATE_FIELD] in "ZX" else f"{pid} {fields[_START_FIELD]} {boot_id}"
