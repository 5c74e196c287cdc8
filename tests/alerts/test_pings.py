"""A check is told to start while somebody is watched, and to rest in between."""

from alerts.pings import DONE, STARTED, Pings


def played(*steps: tuple[int, bool, bool]) -> list[tuple[int, str]]:
    """Ask at each time (time, open, whether the service takes it); return what was called."""
    pings, called = Pings(), []
    for at_ms, is_open, taken in steps:
        what = pings.due(at_ms, is_open=is_open)
        if what is None:
            continue
        called.append((at_ms, what))
        if taken:
            pings.confirmed(what, at_ms)
    return called


def test_a_life_before_may_have_left_the_check_started() -> None:
    """A hub that starts and watches nobody ends that once, and says no more."""
    assert played((0, False, True), (20_000, False, True), (90_000, False, True)) == [(0, DONE)]


def test_a_session_wakes_the_check_and_starts_it_anew_every_15_s() -> None:
    """First done, in case it was down; then started, again and again; done at the end."""
    seconds = [(at, at < 40_000, True) for at in range(0, 80_000, 1_000)]
    assert played(*seconds) == [
        (0, DONE),
        (1_000, STARTED),
        (16_000, STARTED),
        (31_000, STARTED),
        (46_000, DONE),
    ]


def test_what_was_not_taken_is_tried_again_after_5_s() -> None:
    """Also the end."""
    assert played(
        (0, True, True),
        (1, True, False),
        (5_000, True, False),
        (5_001, True, True),
        (20_001, False, False),
        (25_000, False, True),
        (25_001, False, True),
        (31_000, False, True),
    ) == [(0, DONE), (1, STARTED), (5_001, STARTED), (20_001, DONE), (25_001, DONE)]


def test_after_a_gap_the_check_is_woken_first() -> None:
    """It may have gone down in 45 s, and then takes no start; until it is woken nothing else."""
    assert played(
        (0, True, True),
        (1, True, True),
        (45_001, True, False),
        (50_001, True, True),
        (50_002, True, True),
    ) == [(0, DONE), (1, STARTED), (45_001, DONE), (50_001, DONE), (50_002, STARTED)]
