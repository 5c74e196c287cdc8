"""A Bluetooth link: a steady device is always wanted, a shy one is left alone after its word."""

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.backoff import FIRST_MS, LONGEST_MS
from devices.link import SHY, STEADY, Do, Link, Rules, What, Where

BUSY = {Where.CONNECTING, Where.SUBSCRIBING, Where.QUIET, Where.STREAMING}


def jitter() -> random.Random:
    """The same spread in every test."""
    return random.Random(1)  # noqa: S311 - spreads reconnections, hides nothing


def after(rules: Rules, *events: tuple[What, int]) -> tuple[Link, list[tuple[Do, ...]]]:
    """Return a link and what it ordered at each event."""
    link = Link(rules, jitter())
    return link, [link.handle(what, at_ms) for what, at_ms in events]


UP = ((What.START, 0), (What.SEEN, 10), (What.CONNECTED, 20), (What.SUBSCRIBED, 30))


def test_a_device_is_found_connected_subscribed_and_heard() -> None:
    """One order at a time, and the first value makes it a stream."""
    link, orders = after(STEADY, *UP, (What.HEARD, 40))
    assert orders == [(), (Do.CONNECT,), (Do.SUBSCRIBE,), (), ()]
    assert (link.where, link.since_ms, link.why, link.due_ms) == (
        Where.STREAMING,
        40,
        "heard",
        40 + STEADY.quiet_ms,
    )


def test_a_link_without_data_is_quiet_and_then_made_anew() -> None:
    """5 s without a value are QUIET; 10 s more and it is dropped; data in between saves it."""
    link, _ = after(STEADY, *UP, (What.HEARD, 1_000), (What.HEARD, 2_000))
    assert link.due_ms == 7_000
    assert link.handle(What.DUE, 7_000) == ()
    assert (link.where, link.due_ms) == (Where.QUIET, 17_000)
    assert link.handle(What.HEARD, 9_000) == ()
    assert (link.where, link.due_ms) == (Where.STREAMING, 14_000)
    link.handle(What.DUE, 14_000)
    assert link.handle(What.DUE, 24_000) == (Do.LEAVE,)
    assert link.where is Where.WAITING


@pytest.mark.parametrize("what", [What.FAILED, What.DROPPED])
def test_a_lost_link_waits_longer_each_time_until_it_is_heard(what: What) -> None:
    """The wait doubles to its cap, spread over its upper half, and starts anew after a value."""
    link = Link(STEADY, jitter())
    link.handle(What.START, 0)
    at_ms, waits = 0, []
    for _ in range(7):
        link.handle(What.SEEN, at_ms)
        assert link.handle(what, at_ms, "connection abort") == (Do.LEAVE,)
        assert (link.where, link.why) == (Where.WAITING, "connection abort")
        assert link.due_ms is not None
        waits.append(link.due_ms - at_ms)
        at_ms = link.due_ms
        link.handle(What.DUE, at_ms)
    ceilings = [min(LONGEST_MS, FIRST_MS << n) for n in range(7)]
    assert all(top // 2 <= wait <= top for wait, top in zip(waits, ceilings, strict=True))
    for event in (What.SEEN, What.CONNECTED, What.SUBSCRIBED, What.HEARD, What.DROPPED):
        link.handle(event, at_ms)
    assert link.failures == 1


def test_a_cuff_that_has_said_its_word_is_left_alone() -> None:
    """It switches off: no failure. The end of its own burst of adverts does not call it again."""
    link, _ = after(SHY, *UP, (What.HEARD, 1_000))
    assert link.handle(What.DROPPED, 1_500) == (Do.LEAVE,)
    assert (link.where, link.due_ms, link.failures) == (Where.CALMING, 6_500, 0)
    assert link.handle(What.SEEN, 3_000) == ()
    assert link.due_ms == 8_000
    link.handle(What.DUE, 8_000)
    assert link.handle(What.SEEN, 60_000) == (Do.CONNECT,)


def test_a_cuff_that_never_stops_advertising_is_called_again_in_the_end() -> None:
    """30 s after it was left, a reading of that time is still wanted."""
    link, _ = after(SHY, *UP, (What.HEARD, 0), (What.DROPPED, 0))
    for at_ms in range(1_000, 30_000, 1_000):
        assert link.handle(What.SEEN, at_ms) == ()
    assert link.due_ms == 30_000


@pytest.mark.parametrize(
    ("events", "due_ms"),
    [((*UP, (What.HEARD, 1_000)), 11_000), (UP, 60_030)],
)
def test_a_cuff_is_not_held(events: tuple[tuple[What, int], ...], due_ms: int) -> None:
    """10 s after its last word, or 60 s after connecting without one, the link is ended."""
    link, _ = after(SHY, *events)
    assert link.due_ms == due_ms
    assert link.handle(What.DUE, due_ms) == (Do.LEAVE,)
    assert link.where is Where.CALMING


def test_a_cuff_that_cannot_be_reached_is_tried_again_like_any_other() -> None:
    """A failed attempt is a failure for a shy device too."""
    link, _ = after(SHY, (What.START, 0), (What.SEEN, 0), (What.FAILED, 20_000))
    assert link.where is Where.WAITING


def test_a_device_that_speaks_before_the_last_subscription_is_answered_is_heard() -> None:
    """A bonded cuff indicates at once, and may be gone before we are done: no failure."""
    link, orders = after(SHY, *UP[:3], (What.HEARD, 25), (What.SUBSCRIBED, 30))
    assert (link.where, orders[-2:]) == (Where.STREAMING, [(), ()])
    for end in (What.DROPPED, What.FAILED):
        link, _ = after(SHY, *UP[:3], (What.HEARD, 25), (end, 28))
        assert (link.where, link.failures) == (Where.CALMING, 0)


@pytest.mark.parametrize("rules", [STEADY, SHY])
def test_radio_and_stop_reach_every_state(rules: Rules) -> None:
    """Whatever stood is left; the radio's return searches; nothing moves a link that is off."""
    for where, what in product(Where, [What.RADIO_LOST, What.STOP]):
        link = Link(rules, jitter())
        link.where = where
        orders = link.handle(what, 5)
        off = where is Where.OFF or what is What.STOP
        assert link.where is (Where.OFF if off else Where.NO_RADIO)
        assert orders == ((Do.LEAVE,) if where in BUSY else ())
        link.handle(What.RADIO_BACK, 6)
        assert link.where is (Where.OFF if off else Where.SEARCHING)


@given(
    st.sampled_from([STEADY, SHY]),
    st.lists(st.tuples(st.sampled_from(list(What)), st.integers(1, 40_000)), max_size=60),
)
def test_whatever_happens_a_link_moves_on_by_itself(
    rules: Rules, events: list[tuple[What, int]]
) -> None:
    """Told when it is due, it is due later; what is busy is left before the next attempt."""
    link, busy, timeline, at_ms = Link(rules, jitter()), False, list(events), 0
    while timeline:
        what, step_ms = timeline.pop(0)
        if link.due_ms is not None and link.due_ms <= at_ms + step_ms:
            timeline.insert(0, (what, step_ms - (link.due_ms - at_ms)))
            what, step_ms = What.DUE, link.due_ms - at_ms
        at_ms += step_ms
        for order in link.handle(what, at_ms):
            assert busy == (order is not Do.CONNECT)
            busy = order is not Do.LEAVE
        assert busy == (link.where in BUSY)
        assert link.due_ms is None or link.due_ms > at_ms
