"""The chain of messages from the hub to a person: how long each way takes, and what gets lost.

A push takes 1 to 3 s and 1 % are lost; a text 5 to 20 s and 3 % (`clinical.md` 6.4). A telephone
is picked up after some rings, by a person or by a machine; a page in the room is there at once.
What is lost was handed over all the same: only a time-out tells. Some ways prove that a message has
arrived; of the others the hub never learns it, though the person has it.

It sends nothing: it says what will become of a message, drawn from the generator it was given.

>>> from numpy.random import default_rng
>>> [fate.state.value for fate in Chain(default_rng(1)).fates("page")]
['sent', 'delivered']
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from numpy.random import Generator

from alerts.delivery import DeliveryState

__all__ = ["WAYS", "Chain", "Fate", "UnknownWayError", "WayModel"]

_REFUSED_MS = 1_000
_MACHINE_MS = 12_000


class UnknownWayError(LookupError):
    """No way has that name; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class WayModel:
    """How a way behaves: handed over after `sent_ms`, there within `there_ms`, so many lost.

    `proves`: the hub is told of the arrival. `remote`: it needs the network. `machine_share` of
    calls are picked up by a machine (0..1).
    """

    sent_ms: int
    there_ms: tuple[int, int]
    lost_share: float = 0.0
    proves: bool = True
    remote: bool = True
    machine_share: float = 0.0


WAYS: MappingProxyType[str, WayModel] = MappingProxyType(
    {
        "page": WayModel(50, (100, 200), remote=False),
        "console": WayModel(1, (10, 20), proves=False, remote=False),
        "ntfy": WayModel(300, (1_000, 3_000), 0.01, proves=False),
        "pagerduty": WayModel(400, (1_000, 3_000), 0.01, proves=False),
        "sms": WayModel(500, (5_000, 20_000), 0.03),
        "voice": WayModel(800, (6_000, 14_000)),
        "email": WayModel(1_000, (5_000, 60_000), 0.01, proves=False),
    }
)
"""Times of push and text are those of `clinical.md` 6.4; the others are a design choice."""


@dataclass(frozen=True, slots=True)
class Fate:
    """One step of a message, so long after it was handed over; `told`: the hub learns of it.

    DELIVERED means that the person has it, whether anybody learns that or not.
    """

    after_ms: int
    state: DeliveryState
    detail: str = ""
    told: bool = True


class Chain:
    """All ways of one home, when nothing is broken but what always may be."""

    def __init__(self, rng: Generator, ways: Mapping[str, WayModel] = WAYS) -> None:
        self._rng = rng
        self._ways = ways

    def fates(self, channel: str, *, network: bool = True) -> tuple[Fate, ...]:
        """Return what becomes of a message that is handed over now, in order of time.

        Raises:
            UnknownWayError: no way of that name.
        """
        way = self._ways.get(channel)
        if way is None:
            raise UnknownWayError(f"no way is called {channel!r}: use {', '.join(self._ways)}")
        # All is drawn whatever happens, so that an outage changes no other message.
        there_ms = int(self._rng.integers(way.there_ms[0], way.there_ms[1] + 1))
        chance, machine = float(self._rng.random()), float(self._rng.random())
        if way.remote and not network:
            return (Fate(_REFUSED_MS, DeliveryState.FAILED, "no network"),)
        sent = Fate(way.sent_ms, DeliveryState.SENT)
        if machine < way.machine_share:
            return sent, Fate(_MACHINE_MS, DeliveryState.FAILED, "voicemail")
        if chance < way.lost_share:
            return (sent,)
        arrived = Fate(max(there_ms, way.sent_ms), DeliveryState.DELIVERED, told=way.proves)
        return sent, arrived
