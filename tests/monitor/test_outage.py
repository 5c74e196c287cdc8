"""The outage between two stamps is exact, a wall-clock difference of at least 0, or unknown."""

import pytest

from monitor.outage import ClockStamp, gap_after_restart, offset_after_restart


def stamp(boot_id: str, boottime_ms: int, wall_ms: int, wall_synced: bool) -> ClockStamp:
    """Return a stamp whose hub time plays no part."""
    return ClockStamp(
        at_ms=0, boot_id=boot_id, boottime_ms=boottime_ms, wall_ms=wall_ms, wall_synced=wall_synced
    )


@pytest.mark.parametrize(
    ("last", "now", "gap_ms"),
    [
        (stamp("a", 100, 0, False), stamp("a", 5_100, 0, False), 5_000),
        (stamp("a", 100, 9_000, True), stamp("a", 100, 1, True), 0),
        (stamp("a", 200, 0, True), stamp("a", 100, 0, True), None),
        (stamp("a", 900, 1_000, True), stamp("b", 3, 61_000, True), 60_000),
        (stamp("a", 900, 61_000, True), stamp("b", 3, 1_000, True), 0),
        (stamp("a", 900, 1_000, False), stamp("b", 3, 61_000, True), None),
        (stamp("a", 900, 1_000, True), stamp("b", 3, 61_000, False), None),
    ],
    ids=[
        "same boot is exact",
        "same boot ignores the wall clock",
        "backwards in one boot is unknown",
        "both walls synchronised",
        "a wall clock set back counts as no time",
        "last wall clock not set",
        "present wall clock not set",
    ],
)
def test_the_gap(last: ClockStamp, now: ClockStamp, gap_ms: int | None) -> None:
    """Each rule gives its one answer."""
    assert gap_after_restart(last, now) == gap_ms


@pytest.mark.parametrize(("gap_ms", "at_ms"), [(5_000, 905_000), (0, 900_000), (None, 900_000)])
def test_hub_time_goes_on_from_the_last_record(gap_ms: int | None, at_ms: int) -> None:
    """Time since boot plus the offset is the last record's hub time plus the known gap."""
    last = ClockStamp(at_ms=900_000, boot_id="a", boottime_ms=900, wall_ms=0, wall_synced=False)
    now = stamp("b", 77_000, 0, False)
    assert now.boottime_ms + offset_after_restart(last, now, gap_ms) == at_ms
