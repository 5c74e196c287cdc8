"""After an outage: once per person the highest rung, and all of unknown fate once more."""

from alerts.condition import Priority
from alerts.delivery import Delivery, DeliveryState
from alerts.effects import Send
from alerts.outage import AfterOutage, sort_out
from tests.alerts.room import ANN, HIGH, MEDIUM


def message(
    alarm: str, contact: str, way: int, at_s: int, state: DeliveryState = DeliveryState.INTENT
) -> Delivery:
    """One message under way."""
    return Delivery(
        id=f"{alarm}/{contact}/{way}@{at_s}",
        alarm=alarm,
        contact=contact,
        way=way,
        rung=f"rung {at_s}",
        attempt=1,
        state=state,
        at_ms=at_s * 1000,
        priority=MEDIUM,
        person=ANN,
        rank=4,
        begun_ms=at_s * 1000,
    )


def held(delivery: Delivery, priority: Priority = MEDIUM) -> Send:
    """The message as it was held back."""
    return Send(
        at_ms=delivery.at_ms,
        delivery=delivery.id,
        alarm=delivery.alarm,
        contact=delivery.contact,
        way=delivery.way,
        channel="phone",
        address="",
        priority=priority,
        rung=delivery.rung,
    )


def test_nothing_held_and_nothing_under_way_is_nothing() -> None:
    """What has an outcome is over."""
    done = [message("a", "ann", 0, 1, s) for s in DeliveryState if s != DeliveryState.INTENT]
    assert sort_out([], done) == AfterOutage([], frozenset(), [], frozenset())


def test_each_person_gets_the_last_of_what_was_held() -> None:
    """The highest rung reached; the others say who was told instead."""
    first, last = message("a", "ann", 0, 30), message("a", "ann", 1, 60)
    lee = message("a", "lee", 0, 60)
    sends = [held(first), held(last), held(lee)]
    assert sort_out(sends, [first, last, lee]) == AfterOutage(
        [(sends[0], f"due while the hub did not run; ann is told by {last.id}")],
        frozenset({last.id, lee.id}),
        [(last, None), (lee, None)],
        frozenset(),
    )


def test_the_worst_alarm_goes_before_the_latest() -> None:
    """A later low alarm does not take the place of a high one."""
    high, low = message("a", "ann", 0, 30), message("b", "ann", 0, 60)
    sends = [held(high, HIGH), held(low)]
    assert sort_out(sends, [high, low]) == AfterOutage(
        [(sends[1], f"due while the hub did not run; ann is told by {high.id}")],
        frozenset({high.id}),
        [(high, None)],
        frozenset(),
    )


def test_a_message_of_unknown_fate_goes_out_once_more_by_its_way() -> None:
    """One a way for each alarm: the newest; never lost, also beside a late one by another way."""
    old, new = message("a", "ann", 0, 1), message("a", "ann", 0, 2)
    other_alarm = message("b", "ann", 0, 3)
    late = message("a", "ann", 1, 60)
    assert sort_out([held(late)], [old, new, other_alarm, late]) == AfterOutage(
        [],
        frozenset({late.id}),
        [(old, f"told again by {new.id}"), (new, None), (other_alarm, None), (late, None)],
        frozenset({new.id}),
    )


def test_who_is_told_late_by_the_same_way_of_the_same_alarm_gets_no_repeat() -> None:
    """One message for both: due meanwhile, and perhaps told before the kill."""
    old, late = message("a", "ann", 0, 1), message("a", "ann", 0, 60)
    assert sort_out([held(late)], [old, late]) == AfterOutage(
        [],
        frozenset({late.id}),
        [(old, f"told again by {late.id}"), (late, None)],
        frozenset({late.id}),
    )


def test_what_was_cancelled_meanwhile_is_not_sent() -> None:
    """The session ended at a deadline within the outage."""
    gone = message("a", "ann", 0, 30, DeliveryState.CANCELLED)
    assert sort_out([held(gone)], [gone]) == AfterOutage([], frozenset(), [], frozenset())
