"""Whether the clocks agree: a device's with the hub's wall clock, and the wall clock with itself.

A device that sends every second has an offset that its slowest radio cannot hide: the smallest of
the last half minute. A wall clock that moves against hub time has stepped (`clinical.md` 2.5
CLOCK). Nothing that decides uses either clock; this only says that a time on a page may be wrong,
and lets a reading pass that is of now by the wall clock of before the step.

    clocks.took("ox", measured_ms, wall_ms, received_ms)   -> True: report "clock" has changed
"""

from collections import deque

from monitor.observer import Observer

__all__ = ["Clocks"]

_OFFSET_MS, _STEP_MS = 5_000, 2_000
_WINDOW_MS, _SPAN_MS, _LEAST = 30_000, 10_000, 5
_QUIET_MS = 60_000


class Clocks:
    """The clocks of one session."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        # Of each device when it was heard, and the offsets that may yet be the smallest, ascending:
        # one look a report.
        self._heard: dict[str, tuple[deque[int], deque[tuple[int, int]]]] = {}
        self._wrong: set[str] = set()
        self._wall_ms: int | None = None
        self._stepped_ms: int | None = None

    def forget(self) -> None:
        """Hub time itself has moved (an outage, a clock that was set at last): begin anew."""
        self._wall_ms = None
        self._heard.clear()

    def hub(self, wall_ms: int | None, hub_ms: int) -> bool:
        """Compare the wall clock with hub time; True when a report has changed."""
        if wall_ms is None:
            return False
        apart_ms, last_ms = wall_ms - hub_ms, self._wall_ms
        self._wall_ms = apart_ms
        if last_ms is not None and abs(apart_ms - last_ms) > _STEP_MS:
            self._observer.chart.wall_before_ms, self._stepped_ms = last_ms, hub_ms
            words = f"the hub's wall clock moved by {(apart_ms - last_ms) / 1000:+.0f} s"
            return self._say("hub", words, present=True)
        if self._stepped_ms is not None and hub_ms - self._stepped_ms >= _QUIET_MS:
            self._stepped_ms = None
            return self._say("hub", "the hub's wall clock stands", present=False)
        return False

    def device(self, device: str, measured_ms: int | None, wall_ms: int | None, at_ms: int) -> bool:
        """Compare a device's clock with the wall clock; True when a report has changed."""
        if measured_ms is None or wall_ms is None:
            return False
        known = self._heard.get(device)
        if known is None:
            known = self._heard[device] = deque(), deque()
        heard, least = known
        offset_ms = wall_ms - measured_ms
        while least and least[-1][1] >= offset_ms:
            least.pop()
        heard.append(at_ms)
        least.append((at_ms, offset_ms))
        old_ms = at_ms - _WINDOW_MS
        while heard[0] <= old_ms:
            heard.popleft()
        while least[0][0] <= old_ms:
            least.popleft()
        least_ms = least[0][1]
        # What comes before it was measured needs no second reading; what comes late may be a batch.
        if least_ms < -_OFFSET_MS:
            return self._say(device, f"{device} is {-least_ms // 1000} s ahead", present=True)
        if least_ms > _OFFSET_MS:
            settled = len(heard) >= _LEAST and at_ms - heard[0] >= _SPAN_MS
            behind = f"{device} is {least_ms // 1000} s behind"
            return self._say(device, behind, present=True) if settled else False
        if device not in self._wrong:
            return False
        return self._say(device, f"{device} is right again", present=False)

    def _say(self, clock: str, words: str, *, present: bool) -> bool:
        if present == (clock in self._wrong):
            return False
        if present:
            self._wrong.add(clock)
        else:
            self._wrong.discard(clock)
        self._observer.hub(f"clock:{clock}", present=present, detail=words)
        return True
