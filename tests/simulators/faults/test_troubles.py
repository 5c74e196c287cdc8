"""All faults of a world begin when it says, whatever kinds they are and however many."""

from numpy.random import default_rng

from alerts.delivery import DeliveryState
from simulators.carried import Carried
from simulators.chain import Fate
from simulators.faults import kinds
from simulators.faults.troubles import Troubles
from tests.simulators.faults.stream import oximeter

SENT = Fate(500, DeliveryState.SENT)
THERE = Fate(9_000, DeliveryState.DELIVERED)


def lost(troubles: Troubles, at_ms: int) -> bool:
    """Whether a report of that time is lost."""
    troubles.line.carry(Carried(at_ms, "oximeter", oximeter(1)))
    return troubles.line.due(at_ms) == []


def test_faults_count_from_the_opening_or_from_the_first_dose() -> None:
    """A dose at 10 min begins what counts from it; a second dose begins nothing again."""
    troubles = Troubles(
        (
            kinds.DropOut(begins_s=60, for_s=10),
            kinds.DropOut(begins_s=60, for_s=10, after="dose"),
        ),
        default_rng(1),
    )
    troubles.opened(5_000)
    troubles.dosed(600_000)
    troubles.dosed(700_000)
    times = (64_999, 65_000, 75_000, 660_000, 760_000)
    assert [lost(troubles, at_ms) for at_ms in times] == [False, True, False, True, False]


def test_one_fault_may_break_several_things() -> None:
    """Without a network nothing is sent and the house knows; without a broker nothing is read."""
    troubles = Troubles((), default_rng(1))
    troubles.begin(kinds.NetworkDown(for_s=9), 0)
    troubles.begin(kinds.BrokerDown(for_s=9), 0)
    assert (
        troubles.house.network(0),
        troubles.house.broker(0),
        troubles.message("sms", (SENT, THERE), 0),
        lost(troubles, 0),
    ) == (False, False, (Fate(1_000, DeliveryState.FAILED, "no network"),), True)


def test_faults_of_messages_are_laid_over_one_another() -> None:
    """Late, then taken by a machine: in order of time; before and after, nothing."""
    troubles = Troubles((), default_rng(1))
    troubles.begin(kinds.MessageLate(channel="voice", by_s=60, for_s=9), 1_000)
    troubles.begin(kinds.Voicemail(for_s=9), 1_000)
    machine = Fate(12_000, DeliveryState.FAILED, "voicemail")
    assert [troubles.message("voice", (SENT, THERE), at_ms) for at_ms in (0, 1_000, 10_000)] == [
        (SENT, THERE),
        (SENT, machine),
        (SENT, THERE),
    ]


def test_people_and_the_hub_are_faults_too() -> None:
    """A sleeping companion and a restart answer from the house."""
    faults = (kinds.Away(begins_s=1, for_s=9), kinds.Restart(begins_s=2, for_s=9))
    troubles = Troubles(faults, default_rng(1))
    troubles.opened(0)
    house = troubles.house
    assert (house.is_away("companion", 1_000), house.alive(1_000), house.alive(2_000)) == (
        True,
        True,
        False,
    )
