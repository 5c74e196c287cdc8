"""The messages that are remembered: bounded, but never for what is urgent and open."""

from alerts.condition import Priority
from alerts.delivery import Delivery, DeliveryState
from alerts.postbag import KEEP, Postbag
from alerts.timers import Timers
from tests.alerts.room import ANN, HIGH, MEDIUM


def message(number: int, priority: Priority = MEDIUM) -> Delivery:
    """One message of its own alarm."""
    return Delivery(
        id=f"a@{number}/ann/0@0",
        alarm=f"a@{number}",
        contact="ann",
        way=0,
        rung="companion+0s",
        attempt=1,
        state=DeliveryState.INTENT,
        at_ms=0,
        priority=priority,
        person=ANN,
        rank=4,
        begun_ms=0,
    )


def full(priority: Priority = MEDIUM) -> Postbag:
    """A bag that holds as many as it may, all under way."""
    bag = Postbag(Timers())
    for number in range(KEEP):
        delivery = message(number, priority)
        bag.keep(delivery)
        bag.watch(delivery, 0)
    return bag


def test_what_is_done_is_forgotten_first() -> None:
    """The oldest of those with an outcome, of which nothing more may come."""
    bag = full()
    retried, done = bag.deliveries["a@1/ann/0@0"], bag.deliveries["a@2/ann/0@0"]
    for delivery in (retried, done):
        delivery.state = DeliveryState.FAILED
        bag.unwatch(delivery)
    bag.retry(retried, 0)
    bag.keep(message(KEEP))
    assert len(bag.deliveries) == KEEP
    assert [n for n in (0, 1, 2) if f"a@{n}/ann/0@0" not in bag.deliveries] == [2]


def test_with_all_under_way_the_oldest_goes_with_its_timer() -> None:
    """It has no time-out and no report any more."""
    bag = full()
    bag.keep(message(KEEP))
    assert "a@0/ann/0@0" not in bag.deliveries
    assert ("timeout", "a@0/ann/0@0") not in bag.timers
    assert ("timeout", "a@1/ann/0@0") in bag.timers


def test_what_is_urgent_and_open_is_never_forgotten() -> None:
    """Top priority is exempt from every limit; it is kept until something is known of it."""
    bag = full(HIGH)
    bag.keep(message(KEEP, HIGH))
    bag.keep(message(KEEP + 1))
    assert len(bag.deliveries) == KEEP + 1
    assert f"a@{KEEP + 1}/ann/0@0" not in bag.deliveries
    first = bag.deliveries["a@0/ann/0@0"]
    first.state = DeliveryState.DELIVERED
    bag.unwatch(first)
    bag.keep(message(KEEP + 2, HIGH))
    assert "a@0/ann/0@0" not in bag.deliveries


def test_the_messages_about_one_alarm_in_their_order() -> None:
    """And of no other."""
    bag = full()
    assert [d.id for d in bag.about("a@7")] == ["a@7/ann/0@0"]


def test_every_way_of_a_person_is_tried_once_in_an_attempt() -> None:
    """After the last way comes the first; another attempt, or another alarm, counts for nothing."""
    bag = Postbag(Timers())
    second, first, other = message(0), message(0), message(0)
    second.way, other.begun_ms = 1, 5
    for delivery, name in ((second, "a@0/ann/1@0"), (other, "a@0/ann/0@5")):
        delivery.id = name
        bag.keep(delivery)
    assert bag.untried(second) == 0
    bag.keep(first)
    assert (bag.untried(second), bag.untried(first)) == (None, None)
