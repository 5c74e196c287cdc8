"""Each fault of messages does to one message what it says, and only on its way."""

import pytest
from numpy.random import default_rng

from alerts.delivery import DeliveryState
from simulators.chain import Fate
from simulators.faults import kinds
from simulators.faults.words import troubled

SENT = Fate(500, DeliveryState.SENT)
THERE = Fate(9_000, DeliveryState.DELIVERED)
FAILED = Fate(1_000, DeliveryState.FAILED, "no network")
MACHINE = Fate(12_000, DeliveryState.FAILED, "voicemail")


@pytest.mark.parametrize(
    ("fault", "channel", "becomes"),
    [
        (kinds.MessageLost(channel="sms"), "sms", (SENT,)),
        (kinds.MessageLost(channel="sms"), "ntfy", (SENT, THERE)),
        (kinds.MessageLost(channel="sms", share=0.0), "sms", (SENT, THERE)),
        (
            kinds.MessageLate(channel="sms", by_s=60),
            "sms",
            (SENT, Fate(69_000, DeliveryState.DELIVERED)),
        ),
        (kinds.Voicemail(), "voice", (SENT, MACHINE)),
        (kinds.Voicemail(), "sms", (SENT, THERE)),
        (kinds.NetworkDown(), "sms", (FAILED,)),
        (kinds.NetworkDown(), "pigeon", (FAILED,)),
        (kinds.NetworkDown(), "page", (SENT, THERE)),
    ],
)
def test_one_fault(fault: kinds.WordFault, channel: str, becomes: tuple[Fate, ...]) -> None:
    """Lost, late, taken by a machine, refused; another way is not touched."""
    assert troubled((SENT, THERE), channel, fault, default_rng(1)) == becomes


def test_a_message_that_never_arrives_meets_no_machine() -> None:
    """What is lost on the way is picked up by nobody."""
    assert troubled((SENT,), "voice", kinds.Voicemail(), default_rng(1)) == (SENT,)
