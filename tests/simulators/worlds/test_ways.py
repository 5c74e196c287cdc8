"""Messages to people take their time, are lost now and then, and fail without a network."""

from numpy.random import default_rng

from alerts.delivery import DeliveryState
from simulators.worlds.ways import CONTACTS, Fate, Ways

SENT, THERE = DeliveryState.SENT, DeliveryState.DELIVERED


def test_a_push_is_sent_and_is_there_within_three_seconds() -> None:
    """1 to 3 s; one in a hundred never arrives, and was sent all the same."""
    ways = Ways(default_rng(1))
    fates = [ways.outcome("ntfy") for _ in range(2_000)]
    there_ms = [fate[1].after_ms for fate in fates if len(fate) > 1]
    assert {tuple(one.state for one in fate) for fate in fates} == {(SENT,), (SENT, THERE)}
    assert (min(there_ms) >= 1_000, max(there_ms) <= 3_000, len(there_ms) > 1_950) == (True,) * 3


def test_without_a_network_only_the_room_is_reached() -> None:
    """A remote way fails at once, the page does not."""
    ways = Ways(default_rng(1))
    ways.network = False
    fates = (ways.outcome("sms"), [one.state for one in ways.outcome("page")])
    assert fates == ((Fate(1_000, DeliveryState.FAILED, "no network"),), [SENT, THERE])


def test_every_way_of_every_person_is_known() -> None:
    """Each has an outcome."""
    ways = Ways(default_rng(2))
    assert all(ways.outcome(way.channel) for one in CONTACTS for way in one.ways)
