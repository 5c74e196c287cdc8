"""How long the hub did not run: an exact answer, a good answer, or "nobody can know".

Hub time runs on the kernel's time since boot, which is gone after a reboot; the wall clock is only
worth something while it is synchronised. This module compares two stamps and never guesses: an
unknown outage is None and becomes an alarm of its own.

>>> before = ClockStamp(at_ms=900, boot_id="a", boottime_ms=500, wall_ms=0, wall_synced=False)
>>> after = ClockStamp(at_ms=0, boot_id="a", boottime_ms=3_500, wall_ms=0, wall_synced=False)
>>> gap_after_restart(before, after)
3000
"""

from msgspec import Struct

__all__ = ["ClockStamp", "gap_after_restart", "offset_after_restart"]


class ClockStamp(Struct, frozen=True, kw_only=True):
    """All clocks of one instant, in integer milliseconds.

    `at_ms` is hub time, `boottime_ms` the kernel's time since boot `boot_id` (suspend included),
    `wall_ms` Unix time, and `wall_synced` whether the wall clock was synchronised.
    """

    at_ms: int
    boot_id: str
    boottime_ms: int
    wall_ms: int
    wall_synced: bool


def gap_after_restart(last: ClockStamp, now: ClockStamp) -> int | None:
    """Return the milliseconds from the last stamp of the record to now, or None when unknown.

    Same boot: the difference of the time since boot, exact. Other boot and both wall clocks
    synchronised: their difference, at least 0. Everything else is unknown, also a time since boot
    that went backwards in one boot (a copied or damaged record).
    """
    if last.boot_id == now.boot_id:
        gap_ms = now.boottime_ms - last.boottime_ms
        return gap_ms if gap_ms >= 0 else None
    if last.wall_synced and now.wall_synced:
        return max(0, now.wall_ms - last.wall_ms)
    return None


def offset_after_restart(last: ClockStamp, now: ClockStamp, gap_ms: int | None) -> int:
    """Return the offset with which hub time goes on from the last record after a gap.

    An unknown gap counts as nothing: hub time stands still until the wall clock is set and the gap
    is settled; it never goes back.
    """
    return last.at_ms + (gap_ms or 0) - now.boottime_ms
