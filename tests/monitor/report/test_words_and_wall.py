"""Numbers and times on paper: cut, never rounded in favour; zones beside times; no guessing."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from monitor.outage import ClockStamp
from monitor.report.wall import Wall
from monitor.report.words import after, cut, duration, minutes, number, pressure, share, times

BERLIN = ZoneInfo("Europe/Berlin")
WALL_MS = 1_790_000_000_000


def stamp(at_ms: int, wall_ms: int, *, synced: bool = True) -> ClockStamp:
    """Return the clocks of one commit."""
    return ClockStamp(
        at_ms=at_ms, boot_id="b", boottime_ms=at_ms, wall_ms=wall_ms, wall_synced=synced
    )


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (None, "not known"),
        (0, "0 s"),
        (999, "0 s"),
        (59_999, "59 s"),
        (60_000, "1 min"),
        (91_400, "1 min 31 s"),
        (3_600_000, "1 h"),
        (12 * 3_600_000 + 59_999, "12 h"),
    ],
)
def test_a_length_of_time_is_cut_to_two_units(ms: int | None, words: str) -> None:
    """Nobody reads more of it, and nothing is rounded up."""
    assert duration(ms) == words


def test_what_is_not_known_and_what_is_at_least_say_so() -> None:
    """A clock that was unknown makes a length a lower bound."""
    assert (duration(91_000, at_least=True), minutes(None), minutes(59_999, at_least=True)) == (
        "at least 1 min 31 s",
        "not known",
        "at least 0 min",
    )


def test_values_keep_what_was_sent() -> None:
    """Hundredths stay; a share is cut, so that 100 % is all of it; of nothing there is no share."""
    assert (number(None), number(97_00), number(97_25)) == ("-", "97", "97.25")
    assert (pressure(120_50, 80_00), share(9_999, 10_000), share(1, 1), share(0, 0)) == (
        "120.5/80",
        "99.9 %",
        "100.0 %",
        "not known",
    )
    assert (after(None), after(-1), after(59_999)) == ("", "T-0", "T+0")
    assert (times(1, "episode"), times(2, "episode"), times(2, "dip", "dips")) == (
        "1 episode",
        "2 episodes",
        "2 dips",
    )
    assert (cut("short", 5), cut("a\nlonger  text", 8)) == ("short", "a longe\u2026")


def test_the_time_of_day_has_its_zone() -> None:
    """The same instant in two zones; summer time is the zone's."""
    assert Wall([], WALL_MS, (), BERLIN).date(0) == "21 September 2026 (CEST, UTC+02:00)"
    assert Wall([], WALL_MS, (), UTC).date(0) == "21 September 2026 (UTC)"
    assert Wall([], WALL_MS, (), ZoneInfo("Asia/Tashkent")).date(0) == (
        "21 September 2026 (UTC+05:00)"
    )
    assert Wall([], WALL_MS, (), BERLIN, opened_ms=5_000).clock(6_000, 5_000) == "16:13:21"


def test_a_synchronised_commit_decides() -> None:
    """A wall clock that was set in mid-session is right for the time before it too."""
    wall = Wall([stamp(0, 0, synced=False), stamp(10, WALL_MS + 10)], 0, (), UTC)
    assert (wall.sure, wall.known, wall.clock(0, 0)) == (True, True, "14:13:20")


def test_a_clock_that_was_never_set_is_marked() -> None:
    """Its times are shown, and are not sure."""
    wall = Wall([stamp(0, WALL_MS, synced=False)], None, (), UTC)
    assert (wall.sure, wall.known, wall.clock(1_000, 0)) == (False, True, "14:13:21")


def test_without_any_clock_times_count_from_the_opening() -> None:
    """Nothing is guessed."""
    wall = Wall([], None, (), UTC)
    assert (wall.sure, wall.known, wall.date(0), wall.clock(3_661_000, 0)) == (
        False,
        False,
        "",
        "+1:01:01",
    )


def test_a_time_of_unknown_length_begins_another_stretch() -> None:
    """Before and after it hub time has other distances from the time of day."""
    stamps = [stamp(0, WALL_MS), stamp(2_000, WALL_MS + 3_602_000)]
    wall = Wall(stamps, WALL_MS, (1_000,), UTC)
    assert (wall.clock(0, 0), wall.clock(2_000, 0)) == ("14:13:20", "15:13:22")
    lost = Wall(stamps[:1], WALL_MS, (1_000,), UTC)
    assert (lost.sure, lost.clock(2_000, 0)) == (False, "+0:00:02")
