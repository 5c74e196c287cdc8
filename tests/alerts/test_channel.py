"""Outcomes are SENT or FAILED with a named reason; the mode guard answers before any channel."""

from asyncio import gather

from alerts.channel import OneWay, Outcome, failed, refused_by_mode, sent
from alerts.condition import Priority
from alerts.delivery import DeliveryState
from alerts.message import Message


def message(mode: str) -> Message:
    """Return a message to a pager outside the house."""
    return Message(
        delivery="d1",
        alarm="oxygen@5",
        contact="Ann",
        address="https://pager.example/",
        priority=Priority.HIGH,
        first_line="Look now.",
        mode=mode,
    )


def test_sent_and_failed_are_all_that_a_channel_says() -> None:
    """Both words carry what is known and nothing more."""
    assert (sent(), failed("refused")) == (
        Outcome(DeliveryState.SENT, ""),
        Outcome(DeliveryState.FAILED, "refused"),
    )


def test_a_real_message_is_not_held_back() -> None:
    """None means that the channel goes on."""
    assert refused_by_mode(message("real"), "webhook") is None


def test_a_demo_message_fails_with_the_reason() -> None:
    """The refusal is an ordinary failure with its reason, so that the record shows it."""
    assert refused_by_mode(message("demo"), "webhook") == failed(
        "a demo session may not reach pager.example by webhook: only this hub itself and loopback"
    )


async def test_a_way_without_answers_has_nothing_to_stop() -> None:
    """A channel that only sends takes every order of a channel and does nothing by it."""
    way = OneWay()
    came: list[object] = list(await gather(way.cancel("d1"), way.run(), way.close()))
    assert came == [None, None, None]
