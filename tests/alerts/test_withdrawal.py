"""What nobody needs any more is taken back by the ways that can, once, and counted if it went."""

import pytest
from msgspec import structs

from alerts.contact import Contact, Way
from alerts.delivery import DeliveryState
from tests.alerts.room import ANN, HIGH, ITO, LEE, SPO2_LOW, WARN, Room

INTENT, SENT, DELIVERED = DeliveryState.INTENT, DeliveryState.SENT, DeliveryState.DELIVERED
FAILED, TIMED_OUT, CANCELLED = (
    DeliveryState.FAILED,
    DeliveryState.TIMED_OUT,
    DeliveryState.CANCELLED,
)
ANSWERED = DeliveryState.ANSWERED


def by(channel: str) -> Contact:
    """A companion with one way."""
    return structs.replace(ANN, ways=(Way(channel, "1"),))


def told(channel: str, *states: DeliveryState) -> Room:
    """A medium alarm of which a companion was told, with what became of the message."""
    room = Room((by(channel), ITO), answers=False)
    room.present(WARN, 0)
    for state in states:
        assert room.report("oxygen@0/ann/0@0", state, 1) is None
    room.take()
    return room


@pytest.mark.parametrize(
    ("channel", "states", "after"),
    [
        ("voice", [], CANCELLED),
        ("sms", [], CANCELLED),
        ("voice", [SENT], CANCELLED),
        ("page", [SENT, DELIVERED], DELIVERED),
        ("voice", [SENT, TIMED_OUT], TIMED_OUT),
    ],
)
def test_a_message_is_stopped_as_far_as_its_way_can(
    channel: str, states: list[DeliveryState], after: DeliveryState
) -> None:
    """Not sent yet, or ringing, or on a page; what is known of it stays known. Once only."""
    room = told(channel, *states)
    room.person("accept", "oxygen@0", ITO, 2)
    room.person("accept", "oxygen@0", ITO, 3)
    cancels = [line for line in room.take() if " cancel oxygen@0/ann" in line]
    assert cancels == ["2 cancel oxygen@0/ann/0@0: accepted by ito"]
    delivery = room.system.post.deliveries["oxygen@0/ann/0@0"]
    assert (delivery.state, delivery.withdrawn) == (after, True)
    assert room.timers.due_ms(("timeout", delivery.id)) is None


@pytest.mark.parametrize(
    ("channel", "states"),
    [
        ("sms", [SENT]),
        ("console", [SENT]),
        ("sms", [SENT, DELIVERED]),
        ("voice", [ANSWERED]),
        ("voice", [FAILED]),
        ("voice", [TIMED_OUT]),
    ],
)
def test_what_cannot_be_stopped_or_is_over_is_let_be(
    channel: str, states: list[DeliveryState]
) -> None:
    """And nothing follows it: no time-out, no retry."""
    room = told(channel, *states)
    room.person("accept", "oxygen@0", ITO, 1.5)
    room.run(60)
    assert [line for line in room.take() if "/ann/" in line] == []
    assert room.system.post.deliveries["oxygen@0/ann/0@0"].withdrawn is False


def test_a_message_that_went_out_after_it_was_needless_is_counted_once() -> None:
    """Its channel had begun: a residual page, which screens show."""
    room = Room((by("voice"), ITO), answers=False)
    room.present(WARN, 0)
    room.person("accept", "oxygen@0", ITO, 1)
    post, name = room.system.post, "oxygen@0/ann/0@0"
    assert post.residual == 0
    room.report(name, SENT, 2)
    room.report(name, DELIVERED, 3)
    assert (post.residual, post.deliveries[name].residual) == (1, True)


def test_what_was_out_before_is_no_residual_page() -> None:
    """It was wanted when it was sent."""
    room = told("voice", SENT)
    room.person("accept", "oxygen@0", ITO, 2)
    room.report("oxygen@0/ann/0@0", DELIVERED, 3)
    assert room.system.post.residual == 0


def test_the_companions_acceptance_of_a_high_alarm_hangs_up_on_nobody_but_the_companion() -> None:
    """The physician's telephone goes on ringing."""
    lee = structs.replace(LEE, ways=(Way("voice", "2"),))
    room = Room((by("voice"), lee), answers=False)
    room.present(SPO2_LOW, 0, HIGH)
    for name in ("ann", "lee"):
        room.report(f"oxygen@0/{name}/0@0", SENT, 1)
    room.person("accept", "oxygen@0", ANN, 2)
    room.person("accept", "oxygen@0", LEE, 3)
    assert [line for line in room.take() if "cancel" in line] == [
        "2 cancel oxygen@0/ann/0@0: accepted by ann",
        "3 cancel oxygen@0/lee/0@0: accepted by lee",
    ]
