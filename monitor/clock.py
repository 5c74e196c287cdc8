"""Hub time: the kernel's time since boot plus an offset, in integer milliseconds.

CLOCK_BOOTTIME runs through suspend and never steps, so nothing that decides is ever surprised by
the wall clock. A speed above 1 stretches hub time only; sockets and HTTP keep the system's clock.
This module never decides anything and never sets the system's clock.

>>> clock = HubClock(boottime_ns=lambda: 5_000_000)
>>> clock.now_ms()
5
"""

import ctypes
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from monitor.outage import ClockStamp

__all__ = ["ClockError", "HubClock", "read_boot_id", "read_boottime_ns", "wall_is_synced"]

_NS_IN_MS: Final = 1_000_000
_STA_UNSYNC: Final = 0x0040
_TIME_ERROR: Final = 5
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_LIBC: Final = ctypes.CDLL(None, use_errno=True)


class ClockError(RuntimeError):
    """The system gives no usable clock; the message says which and what to do."""


class _Timex(ctypes.Structure):
    """The head of the kernel's `struct timex`; the padding is larger than the rest of it."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 512),
    )


def read_boottime_ns() -> int:
    """Return the kernel's nanoseconds since boot, suspend included."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


def read_boot_id() -> str:
    """Return the identity of this boot of the machine.

    Raises:
        ClockError: the kernel does not tell it.
    """
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ClockError(f"{_BOOT_ID} cannot be read ({error}): Vigil needs Linux /proc") from error


def wall_is_synced() -> bool:
    """Say whether the kernel holds its wall clock for synchronised (adjtimex, read only).

    A system that does not answer counts as not synchronised: the outage is then unknown, which is
    an alarm, and never a wrong number.
    """
    timex = _Timex()
    state = int(_LIBC.adjtimex(ctypes.byref(timex)))
    return state not in {-1, _TIME_ERROR} and not timex.status & _STA_UNSYNC


class HubClock:
    """The one clock of a hub.

    Args:
        offset_ms: hub time minus time since boot at the start; after a restart the value that lets
            hub time go on from the last record.
        speed: hub milliseconds for each real millisecond; above 1 no real contact may be reached.
        boottime_ns: where the time since boot comes from (tests hand in their own).

    Raises:
        ClockError: a speed that is not between 0.01 and 10,000.
    """

    def __init__(
        self,
        offset_ms: int = 0,
        speed: float = 1.0,
        boottime_ns: Callable[[], int] = read_boottime_ns,
    ) -> None:
        if not 0.01 <= speed <= 10_000:  # noqa: PLR2004 - bounds that the error names
            raise ClockError(f"speed {speed} cannot be used: choose 0.01 to 10000")
        self._boottime_ns = boottime_ns
        self._speed = speed
        self._start_ns = boottime_ns()
        self._base_ms = self._start_ns // _NS_IN_MS + offset_ms
        self._boot_id = read_boot_id()

    @property
    def speed(self) -> float:
        """Hub milliseconds for each real millisecond."""
        return self._speed

    def now_ms(self) -> int:
        """Return hub time now; never less than before."""
        return self._at(self._boottime_ns())

    def real_s(self) -> float:
        """Return the machine's own seconds since boot, suspend included, whatever the speed is."""
        return self._boottime_ns() / 1e9

    def move_forward(self, gap_ms: int) -> None:
        """Add a gap that became known late (`ClockSettled`).

        Raises:
            ClockError: a negative gap; hub time never goes back.
        """
        if gap_ms < 0:
            raise ClockError(f"hub time cannot go back by {-gap_ms} ms: give a gap of 0 or more")
        self._base_ms += gap_ms

    def seconds_until(self, at_ms: int) -> float:
        """Return the real seconds until hub time `at_ms`; 0 when it is past."""
        return max(0, at_ms - self.now_ms()) / (1000 * self._speed)

    def stamp(self) -> ClockStamp:
        """Return all clocks of this instant, as a journal batch carries them."""
        boottime_ns = self._boottime_ns()
        return ClockStamp(
            at_ms=self._at(boottime_ns),
            boot_id=self._boot_id,
            boottime_ms=boottime_ns // _NS_IN_MS,
            wall_ms=time.time_ns() // _NS_IN_MS,
            wall_synced=wall_is_synced(),
        )

    def _at(self, boottime_ns: int) -> int:
        run_ns = boottime_ns - self._start_ns
        if self._speed == 1.0:
            # Without the detour over a float: hub time and time since boot differ by whole ms.
            return self._base_ms + boottime_ns // _NS_IN_MS - self._start_ns // _NS_IN_MS
        return self._base_ms + int(run_ns * self._speed) // _NS_IN_MS
