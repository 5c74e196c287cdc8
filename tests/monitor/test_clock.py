"""Hub time follows the time since boot, scaled and offset, and never goes back."""

import re

import pytest

from monitor.clock import ClockError, HubClock, read_boot_id, read_boottime_ns, wall_is_synced
from monitor.outage import ClockStamp


class Ticker:
    """A time since boot that the test moves."""

    def __init__(self, ns: int) -> None:
        """Start at `ns`."""
        self.ns = ns

    def __call__(self) -> int:
        """Return the nanoseconds since boot."""
        return self.ns


def test_hub_time_is_time_since_boot_plus_the_offset() -> None:
    """Whole milliseconds, with nothing lost below them."""
    ticker = Ticker(1_999_999)
    clock = HubClock(offset_ms=100, boottime_ns=ticker)
    seen = [clock.now_ms()]
    ticker.ns = 2_000_000
    seen.append(clock.now_ms())
    assert seen == [101, 102]


def test_speed_stretches_hub_time_only() -> None:
    """At speed 60 a real second is a minute, and the wait for it is a second."""
    ticker = Ticker(1_000_000_000)
    clock = HubClock(speed=60, boottime_ns=ticker)
    wait_s = clock.seconds_until(61_000)
    ticker.ns += 1_000_000_000
    stamp = clock.stamp()
    assert (clock.speed, wait_s, clock.now_ms(), stamp.boottime_ms) == (60, 1.0, 61_000, 2_000)


def test_a_past_instant_needs_no_waiting() -> None:
    """Never a negative wait."""
    assert HubClock(boottime_ns=Ticker(5_000_000)).seconds_until(1) == 0


def test_a_gap_moves_hub_time_forward_and_never_back() -> None:
    """`ClockSettled` adds; a negative gap is refused with what to do."""
    clock = HubClock(boottime_ns=Ticker(5_000_000))
    clock.move_forward(10)
    with pytest.raises(ClockError, match="cannot go back by 3 ms: give a gap of 0 or more"):
        clock.move_forward(-3)
    assert clock.now_ms() == 15


@pytest.mark.parametrize("speed", [0, -1, 10_001, float("nan")])
def test_a_speed_out_of_bounds_is_refused(speed: float) -> None:
    """The error names the bounds."""
    with pytest.raises(ClockError, match=re.escape("choose 0.01 to 10000")):
        HubClock(speed=speed)


def test_the_real_clocks_agree_with_themselves() -> None:
    """Time since boot advances, the boot has an identity, and the stamp joins them."""
    before = read_boottime_ns() // 1_000_000
    stamp = HubClock(offset_ms=7).stamp()
    synced = wall_is_synced()
    assert stamp == ClockStamp(
        at_ms=stamp.boottime_ms + 7,
        boot_id=read_boot_id(),
        boottime_ms=stamp.boottime_ms,
        wall_ms=stamp.wall_ms,
        wall_synced=synced,
    )
    assert (before <= stamp.boottime_ms, len(stamp.boot_id)) == (True, 36)
