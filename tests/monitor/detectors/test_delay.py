"""A delay and a clear time, word for word: what counts, what resets, what a slot replaces."""

import pytest

from monitor.detectors.delay import ClearTime, Delay


def fired(samples: str, delay_s: int = 4, least: int = 1) -> list[int]:
    """Return the seconds at which it fires: one sample a second, B beyond, i inside, . nothing."""
    delay, found = Delay(), []
    for second, what in enumerate(samples):
        if what == "B" and delay.beyond(second * 1000, second, 1000, delay_s * 1000, least):
            found.append(second)
        elif what == "i":
            delay.within(second * 1000, second)
    return found


@pytest.mark.parametrize(
    ("samples", "seconds"),
    [
        ("BBBBBB", [4, 5]),
        ("iBBBBBB", [5, 6]),
        ("BBiBBB", [4, 5]),
        ("BBiiBBB", [4, 5, 6]),
        ("BBiiiBBBBBB", [9, 10]),
        ("B....B", []),
        ("B....BB", []),
        ("B....BBB", [7]),
        ("BB..B", [4]),
        ("", []),
    ],
)
def test_a_delay(samples: str, seconds: list[int]) -> None:
    """It fires at or after the delay, when at least half of the expected samples were beyond."""
    assert fired(samples) == seconds


def test_a_number_of_samples_may_be_asked_besides() -> None:
    """A delay of 0 with two samples fires at the second."""
    assert fired("B.B", delay_s=0, least=2) == [2]


@pytest.mark.parametrize(
    ("samples", "first"),
    [
        ("B.." * 30, 12),
        ("i" + "B.." * 30, 61),
        ("B" + "." * 80 + "B" + "..." * 3 + "B...B...B...B", 103),
        ("B.............." * 10, None),
    ],
    ids=["never inside", "inside at 0", "the fifth of the last minute", "four a minute"],
)
def test_steady(samples: str, first: int | None) -> None:
    """Fewer than half: every valid sample of the last 60 s, and at least five, must be beyond."""
    assert next(iter(fired(samples)), None) == first


def test_a_slot_counts_once_and_the_later_replaces() -> None:
    """Two beyond in one slot are one; an inside in the slot takes the beyond back."""
    delay = Delay()
    delay.beyond(0, 0, 1000, 60_000, 1)
    delay.beyond(300, 0, 1000, 60_000, 1)
    assert (delay.count, delay.inside) == (1, 0)
    delay.within(400, 0)
    assert (delay.count, delay.inside, delay.last_inside_ms) == (0, 1, 400)
    delay.within(450, 0)
    assert (delay.count, delay.inside) == (0, 1)
    delay.beyond(490, 0, 1000, 60_000, 1)
    assert (delay.count, delay.inside, delay.last_inside_ms) == (1, 0, None)


def test_a_slot_that_was_not_counted_undoes_nothing() -> None:
    """The first sample of slot 2 was not valid: the one that follows in it counts by itself."""
    delay = Delay()
    delay.beyond(0, 0, 1000, 60_000, 1)
    delay.beyond(1_000, 1, 1000, 60_000, 1)
    delay.beyond(2_400, 2, 1000, 60_000, 1)
    assert delay.count == 3


def test_three_inside_in_one_slot_are_one() -> None:
    """They do not end the delay."""
    delay = Delay()
    delay.beyond(0, 0, 1000, 60_000, 1)
    for at_ms in (1_000, 1_200, 1_400):
        delay.within(at_ms, 1)
    assert (delay.start_ms, delay.inside) == (0, 1)


def test_a_clear_time() -> None:
    """It runs from the first sample at the level, begins again after a gap and after a miss."""
    clear = ClearTime()
    got = [clear.reached(0, False, 2_000), clear.reached(2_000, False, 2_000)]
    got += [clear.reached(20_000, True, 2_000), clear.reached(22_000, False, 2_000)]
    clear.restart()
    got += [clear.reached(23_000, False, 2_000), clear.reached(23_000, False, 0)]
    assert got == [False, True, False, True, False, True]


@pytest.mark.parametrize(("early_ms", "fires"), [(0, True), (100, True), (101, False)])
def test_a_sample_that_is_a_little_early_is_at_its_time(early_ms: int, fires: bool) -> None:
    """Arrival wavers: less than a tenth of the interval decides neither a delay nor a clearing."""
    delay, clear = Delay(), ClearTime()
    delay.beyond(0, 0, 1000, 3000, 1)
    clear.reached(0, False, 3000, 1000)
    at_ms = 3000 - early_ms
    got = (delay.beyond(at_ms, 3, 1000, 3000, 2), clear.reached(at_ms, False, 3000, 1000))
    assert got == (fires, fires)
