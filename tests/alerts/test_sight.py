"""The house is told once when nobody outside sees it, and once when somebody does again."""

from alerts.sight import Said, Sight


def test_a_hub_that_is_seen_says_so_once() -> None:
    """The first confirmation ends what may stand from before a restart."""
    sight = Sight("lease", 0)
    assert [sight.confirmed(100), sight.confirmed(10_000), sight.look(39_999, "")] == [
        [
            Said("watch:lease", False, "confirmed"),
            Said("watch_long:lease", False, "confirmed"),
        ],
        [],
        [],
    ]


def test_blindness_is_said_after_30_and_120_s_and_ended_together() -> None:
    """Each once, with the reason of that moment."""
    sight = Sight("ping", 0)
    sight.confirmed(0)
    told = [
        sight.look(30_000, "refused"),
        sight.look(31_000, "timed out"),
        sight.look(120_000, "timed out"),
        sight.look(500_000, "dns"),
        sight.confirmed(500_001),
        sight.look(500_002, ""),
    ]
    assert told == [
        [Said("watch:ping", True, "nobody outside has confirmed: refused")],
        [],
        [Said("watch_long:ping", True, "nobody outside has confirmed: timed out")],
        [],
        [
            Said("watch:ping", False, "confirmed"),
            Said("watch_long:ping", False, "confirmed"),
        ],
        [],
    ]


def test_where_nobody_is_watched_nothing_needs_to_be_seen() -> None:
    """An idle check ends its own alarm and starts the time anew."""
    sight = Sight("ping", 0)
    sight.look(40_000, "refused")
    ended = sight.idle(41_000)
    assert (ended[0], sight.idle(90_000), sight.look(110_000, "")) == (
        Said("watch:ping", False, "nobody is watched now"),
        [],
        [],
    )
