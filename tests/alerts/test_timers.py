"""Deadlines come by time, then by the order that they were given, and each key has one."""

from collections.abc import Hashable

from hypothesis import given
from hypothesis import strategies as st

from alerts.timers import Timers


def drain(timers: Timers, now_ms: int) -> list[tuple[Hashable, int]]:
    """Return all that is due."""
    due = []
    while (popped := timers.pop_due(now_ms)) is not None:
        due.append(popped)
    return due


def test_by_time_then_order_then_as_given() -> None:
    """Rows come before alarm timers at one instant."""
    timers = Timers()
    for key, due_ms, order in (("d", 20, 1), ("c", 10, 7), ("a", 10, 3), ("b", 10, 3)):
        timers.set(key, due_ms, order)
    assert timers.next_due_ms() == 10
    assert drain(timers, 19) == [("a", 10), ("b", 10), ("c", 10)]
    assert drain(timers, 20) == [("d", 20)]
    assert timers.next_due_ms() is None


def test_a_key_has_one_timer() -> None:
    """Setting it again moves it, both ways; setting the same time changes nothing."""
    timers = Timers()
    for due_ms in (10, 30, 20, 20):
        timers.set("a", due_ms, 1)
    assert ("a" in timers, timers.due_ms("a"), drain(timers, 99)) == (True, 20, [("a", 20)])
    assert ("a" in timers, timers.due_ms("a")) == (False, None)


def test_at_latest_only_brings_forward() -> None:
    """A later time leaves the earlier one, which asks again."""
    timers = Timers()
    dues = []
    for due_ms in (20, 30, 10):
        timers.at_latest("a", due_ms, 1)
        dues.append(timers.due_ms("a"))
    assert dues == [20, 20, 10]


def test_a_cancelled_timer_never_fires() -> None:
    """Cancelling what is not there is no error."""
    timers = Timers()
    timers.set("a", 10, 1)
    timers.cancel("a")
    timers.cancel("a")
    assert drain(timers, 99) == []


def test_moving_a_timer_for_ever_takes_no_memory() -> None:
    """The heap stays within twice the live timers and a constant."""
    timers = Timers()
    timers.set("b", 5_000_000, 1)
    for n in range(10_000):
        timers.set("a", 1_000_000 + n, 1)
    assert len(timers._heap) <= 2 * 2 + 64
    assert drain(timers, 9_999_999) == [("a", 1_009_999), ("b", 5_000_000)]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 99), st.booleans()), max_size=300))
def test_the_heap_says_what_a_plain_table_says(steps: list[tuple[int, int, bool]]) -> None:
    """Whatever is set and cancelled: the same timers, earliest first."""
    timers, table = Timers(), dict[int, int]()
    for key, due_ms, gone in steps:
        if gone:
            timers.cancel(key)
            table.pop(key, None)
        else:
            timers.set(key, due_ms, key)
            table[key] = due_ms
    assert drain(timers, 100) == sorted(table.items(), key=lambda item: (item[1], item[0]))
