"""What the faults of messages make of one message: lost, late, taken by a machine, not sent at all.

The steps of a message (`chain`) go in, and come out as they will be. It knows no other fault.

>>> from simulators.chain import Fate
>>> from alerts.delivery import DeliveryState
>>> steps = (Fate(300, DeliveryState.SENT), Fate(2_000, DeliveryState.DELIVERED))
>>> [fate.after_ms for fate in late(steps, 60_000)]
[300, 62000]
"""

from dataclasses import replace

from numpy.random import Generator

from alerts.delivery import DeliveryState
from simulators.chain import WAYS, Fate
from simulators.faults import kinds

__all__ = ["late", "troubled"]

_MACHINE_MS = 12_000
_REFUSED_MS = 1_000

Fates = tuple[Fate, ...]


def troubled(fates: Fates, channel: str, fault: kinds.WordFault, rng: Generator) -> Fates:
    """Return what becomes of a message of this way while this fault is at work."""
    if isinstance(fault, kinds.NetworkDown):
        remote = channel not in WAYS or WAYS[channel].remote
        refused = Fate(_REFUSED_MS, DeliveryState.FAILED, "no network")
        return (refused,) if remote else fates
    if channel != fault.channel:
        return fates
    if isinstance(fault, kinds.MessageLost):
        lost = float(rng.random()) < fault.share
        return _until_arrival(fates) if lost else fates
    if isinstance(fault, kinds.MessageLate):
        return late(fates, round(fault.by_s * 1000))
    reached = _until_arrival(fates) != fates
    machine = Fate(_MACHINE_MS, DeliveryState.FAILED, "voicemail")
    return (*_until_arrival(fates), machine) if reached else fates


def late(fates: Fates, by_ms: int) -> Fates:
    """Return the steps with the arrival later; what the service said at once stays."""
    return tuple(
        replace(fate, after_ms=fate.after_ms + by_ms)
        if fate.state is DeliveryState.DELIVERED
        else fate
        for fate in fates
    )


def _until_arrival(fates: Fates) -> Fates:
    return tuple(fate for fate in fates if fate.state is not DeliveryState.DELIVERED)
