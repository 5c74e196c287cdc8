"""Messages take as long and get lost as often as the sources say."""

import pytest
from numpy.random import default_rng

from alerts.delivery import DeliveryState
from simulators.chain import WAYS, Chain, Fate, UnknownWayError, WayModel

SENT, DELIVERED = DeliveryState.SENT, DeliveryState.DELIVERED


@pytest.mark.parametrize(
    ("channel", "within_ms", "lost", "told"),
    [
        ("ntfy", (1_000, 3_000), 0.01, False),
        ("sms", (5_000, 20_000), 0.03, True),
        ("page", (100, 200), 0.0, True),
    ],
)
def test_times_and_losses(
    channel: str, within_ms: tuple[int, int], lost: float, told: bool
) -> None:
    """Push 1-3 s, 1 % lost, unproved; text 5-20 s, 3 % lost; a page in the room at once (6.4)."""
    chain = Chain(default_rng(1))
    all_fates = [chain.fates(channel) for _ in range(5_000)]
    arrived = [fates[1] for fates in all_fates if len(fates) > 1]
    times = [fate.after_ms for fate in arrived]
    assert {fates[0].state for fates in all_fates} == {SENT}
    assert {(fate.state, fate.told) for fate in arrived} == {(DELIVERED, told)}
    assert (min(times) >= within_ms[0], max(times) <= within_ms[1]) == (True, True)
    assert 1 - len(arrived) / 5_000 == pytest.approx(lost, abs=0.006)


def test_without_a_network_a_remote_way_fails_and_a_page_does_not() -> None:
    """Nothing leaves the house; in the house all is as it was."""
    chain = Chain(default_rng(1))
    assert chain.fates("sms", network=False) == (Fate(1_000, DeliveryState.FAILED, "no network"),)
    assert [fate.state for fate in chain.fates("page", network=False)] == [SENT, DELIVERED]


def test_an_outage_changes_no_later_message() -> None:
    """Whether the network was there or not, the next message has the same fate."""
    well, ill = Chain(default_rng(1)), Chain(default_rng(1))
    well.fates("sms")
    ill.fates("sms", network=False)
    assert well.fates("ntfy") == ill.fates("ntfy")


def test_a_machine_picks_up() -> None:
    """Handed over, and after 12 s known to be voicemail: nobody has heard it."""
    ways = {"voice": WayModel(800, (6_000, 14_000), machine_share=1.0)}
    assert Chain(default_rng(1), ways).fates("voice") == (
        Fate(800, SENT),
        Fate(12_000, DeliveryState.FAILED, "voicemail"),
    )


def test_an_unknown_way_lists_the_known_ones() -> None:
    """The error names what was asked for and what there is."""
    with pytest.raises(UnknownWayError, match="no way is called 'pigeon': use page, console, ntfy"):
        Chain(default_rng(1)).fates("pigeon")


def test_only_the_room_needs_no_network() -> None:
    """Page and console are in the house."""
    assert {name for name, way in WAYS.items() if not way.remote} == {"page", "console"}
