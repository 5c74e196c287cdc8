"""Hub time that waits for a simulated home: at speed, a slow machine slows all of it alike.

At 60 times real time the 10 s after which a silent oximeter is an alarm are 170 ms of the machine's
time: a busy processor alone would raise it. So whoever plays the home shares a page of memory with
the hub, in which each says how far it has come. Hub time then follows the readings: while some are
on their way it stays by the last one taken, so that two that arrive together are judged as far
apart as they were sent.

It exists above real time only, where no session is real and no person is reached: nothing can hold
back the time of a hub that watches a patient. The page's file is named in `VIGIL_HOME_TIME`.

    clock = clock_of(offset_ms, speed)      # a plain HubClock where no page is named
    follow_home(clock, hands)
"""

import mmap
import os
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Self

from monitor.clock import ClockError, HubClock, read_boottime_ns
from monitor.effects import Effect
from monitor.events import Event, Reading
from monitor.house_hands import HouseHands
from monitor.ward import Bed

__all__ = ["HOME_TIME", "HomeClock", "HomePage", "clock_of", "follow_home"]

HOME_TIME: Final = "VIGIL_HOME_TIME"
"""The environment variable with the path of the page."""

AHEAD_MS: Final = 2_000
"""How far hub time may be ahead of the home: two of its seconds, so that it runs smoothly."""

_WORLD, _SENT, _RECORDED = range(3)
_NEVER: Final = -1
_SIZE: Final = 3 * 8


class HomePage:
    """Three times of the home in memory that two processes share, in its own ms; -1 is never.

    Each is one aligned word with one writer: it is read whole. The home says `sent` before `world`
    and the hub reads them the other way round, so that it never runs ahead of a reading.
    """

    def __init__(self, path: Path) -> None:
        """Open an existing page.

        Raises:
            OSError, ValueError: there is no page at this path.
        """
        with path.open("r+b") as file:
            self._words = memoryview(mmap.mmap(file.fileno(), _SIZE)).cast("q")

    @classmethod
    def create(cls, path: Path) -> Self:
        """Write an empty page and open it."""
        path.write_bytes(_NEVER.to_bytes(8, "little", signed=True) * 3)
        return cls(path)

    def say(self, *, sent_ms: int, world_ms: int) -> None:
        """The home: the newest reading on its way, and how far the home has come. From 0."""
        self._words[_SENT] = sent_ms
        self._words[_WORLD] = world_ms

    def record(self, measured_ms: int) -> None:
        """The hub: everything up to this reading is recorded."""
        self._words[_RECORDED] = max(measured_ms, self._words[_RECORDED])

    @property
    def world_ms(self) -> int:
        """How far the home has come."""
        return self._words[_WORLD]

    @property
    def sent_ms(self) -> int:
        """The time of the newest reading that the home has sent."""
        return self._words[_SENT]

    @property
    def recorded_ms(self) -> int:
        """The time of the newest reading that the hub has recorded."""
        return self._words[_RECORDED]


class HomeClock(HubClock):
    """A hub's clock that is never more than 2 s ahead of a simulated home.

    Raises:
        ClockError: a speed of 1 or less, at which a session may be real.
    """

    def __init__(
        self,
        page: HomePage,
        offset_ms: int,
        speed: float,
        boottime_ns: Callable[[], int] = read_boottime_ns,
    ) -> None:
        if not speed > 1:
            raise ClockError(f"{HOME_TIME} is set at speed {speed:g}: unset it, or go above 1")
        super().__init__(offset_ms, speed, boottime_ns)
        self.page = page
        self._home_began_ms: int | None = None
        self._taken_ms = _NEVER
        self._last_ms = self._base_ms

    def took(self, measured_ms: int) -> None:
        """A reading of this time of the home was taken: hub time may go on from there."""
        self._taken_ms = max(measured_ms, self._taken_ms)

    def move_forward(self, gap_ms: int) -> None:
        """Add a gap that became known late; the home's time moves along."""
        super().move_forward(gap_ms)
        if self._home_began_ms is not None:
            self._home_began_ms += gap_ms

    def _at(self, boottime_ns: int) -> int:
        own_ms = super()._at(boottime_ns)
        world_ms = self.page.world_ms
        if world_ms != _NEVER:
            if self._home_began_ms is None:
                self._home_began_ms = own_ms - world_ms
            on_its_way = self._taken_ms < self.page.sent_ms
            home_ms = min(world_ms, self._taken_ms) if on_its_way else world_ms
            own_ms = min(own_ms, self._home_began_ms + max(home_ms, 0) + AHEAD_MS)
        self._last_ms = max(own_ms, self._last_ms)
        return self._last_ms


def clock_of(offset_ms: int, speed: float, environ: Mapping[str, str] = os.environ) -> HubClock:
    """Return the hub's clock: a plain one, unless a page of a simulated home is named.

    Raises:
        ClockError: the page cannot be used, or the speed is 1 or less.
    """
    path = environ.get(HOME_TIME)
    if path is None:
        return HubClock(offset_ms, speed)
    try:
        page = HomePage(Path(path))
    except (OSError, ValueError) as error:
        raise ClockError(f"{HOME_TIME}={path} is no page: only `vigil demo` sets it") from error
    return HomeClock(page, offset_ms, speed)


def follow_home(clock: HubClock, hands: HouseHands) -> None:
    """Let a clock that follows a home hear of each reading as it is decided and as it is recorded.

    What the home may send ahead is counted from the record: a slow disk slows it too.
    """
    if not isinstance(clock, HomeClock):
        return
    open_ms: deque[int] = deque()

    def decided(_: Bed, event: Event, __: list[Effect]) -> None:
        measured_ms = event.report.measured_ms if isinstance(event, Reading) else None
        open_ms.append(_NEVER if measured_ms is None else measured_ms)
        clock.took(open_ms[-1])

    def done(_: Bed, __: list[Effect]) -> None:
        # Events are recorded in the order in which they were decided.
        clock.page.record(open_ms.popleft())

    hands.decided.append(decided)
    hands.done.append(done)
