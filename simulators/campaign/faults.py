"""What breaks in a run: faults as data, with a beginning and an end, in seconds after the trouble.

A fault changes one outside thing and never the hub. Faults that can be at work together may be
paired; two of one kind (two disks, two kills) may not.

>>> FAULTS["ntfy dead"].kind
<FaultKind.WAY: 'way'>
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from types import MappingProxyType

from simulators.campaign.behaviour import WAYS, WELL, Behaviour

__all__ = ["FAULTS", "NONE", "Fault", "FaultKind", "pairs"]


class FaultKind(StrEnum):
    """Which outside thing a fault changes."""

    NOTHING = "nothing"
    WAY = "way"
    NETWORK = "network"
    BROKER = "broker"
    DISK = "disk"
    WALL = "wall"
    SLEEP = "sleep"
    KILL = "kill"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `ways` behave as `behaviour` says; the other fields belong to the other kinds.

    `begins_s` and `ends_s` count from the start of the scene. `for_s` is how long the machine
    sleeps or the hub stays dead; `power` says that the machine boots anew.
    """

    name: str
    kind: FaultKind
    begins_s: float = -5.0
    ends_s: float = 10_000.0
    ways: tuple[str, ...] = ()
    behaviour: Behaviour = WELL
    disk: str = ""
    slow_s: float = 0.0
    step_ms: int = 0
    for_s: float = 0.0
    power: bool = False


NONE = Fault("no fault", FaultKind.NOTHING)

_REMOTE = tuple(name for name, facts in WAYS.items() if facts.remote)
_USED = ("page", "ntfy", "sms", "voice")


def _way(name: str, what: str, behaviour: Behaviour) -> Fault:
    return Fault(f"{name} {what}", FaultKind.WAY, ways=(name,), behaviour=behaviour)


def _faults() -> tuple[Fault, ...]:
    dead, hanging = Behaviour(refuses="refused"), Behaviour(hangs=True)
    ways = [_way(name, "dead", dead) for name in _USED]
    ways += [_way(name, "hanging", hanging) for name in _USED]
    ways += [
        _way("ntfy", "slow", Behaviour(slow_s=3.4)),
        _way("sms", "without receipts", Behaviour(no_receipt=True)),
        _way("voice", "is voicemail", Behaviour(voicemail=True)),
        _way("sms", "says everything twice", Behaviour(twice=True)),
        _way("ntfy", "answers late", Behaviour(answer_late_s=200.0)),
        _way("sms", "answers to nothing", Behaviour(wrong=True)),
    ]
    return (
        *ways,
        Fault("network down", FaultKind.NETWORK, ways=_REMOTE, behaviour=Behaviour(refuses="dns")),
        Fault("broker down", FaultKind.BROKER),
        Fault("disk full", FaultKind.DISK, disk="database or disk is full"),
        Fault("disk read-only", FaultKind.DISK, ends_s=120, disk="attempt to write a readonly db"),
        Fault("slow journal", FaultKind.DISK, slow_s=5.0),
        Fault("clock +1 h", FaultKind.WALL, begins_s=20, step_ms=3_600_000),
        Fault("clock -1 h", FaultKind.WALL, begins_s=20, step_ms=-3_600_000),
        Fault("suspend 60 s", FaultKind.SLEEP, begins_s=40, for_s=60),
        Fault("suspend 10 min", FaultKind.SLEEP, begins_s=40, for_s=600),
        Fault("kill, back in 3 s", FaultKind.KILL, begins_s=40, for_s=3),
        Fault("kill at the alarm", FaultKind.KILL, begins_s=0.05, for_s=3),
        Fault("power cut of 90 s", FaultKind.KILL, begins_s=40, for_s=90, power=True),
    )


FAULTS: MappingProxyType[str, Fault] = MappingProxyType({fault.name: fault for fault in _faults()})
"""Every single fault by its name."""


def pairs() -> list[tuple[Fault, Fault]]:
    """Return every pair that can be at work together, in the order of the table."""
    return [
        (one, other)
        for one, other in combinations(FAULTS.values(), 2)
        if not _exclude_each_other(one, other)
    ]


def _exclude_each_other(one: Fault, other: Fault) -> bool:
    if one.kind is FaultKind.WAY and other.kind is FaultKind.WAY:
        return one.ways == other.ways
    if {one.kind, other.kind} == {FaultKind.NETWORK, FaultKind.WAY}:
        # A way that the network has taken cannot misbehave besides.
        way = one if one.kind is FaultKind.WAY else other
        return WAYS[way.ways[0]].remote
    return one.kind is other.kind
