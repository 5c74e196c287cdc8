"""What anybody outside the hub could have seen: decisions, sounds, messages, answers, kills.

Times are seconds of the house's own clock, which runs on while the hub is dead. The auditor judges
a run by this log alone, with rules of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from alerts.delivery import DeliveryState
from alerts.message import Message
from alerts.signal import Pattern
from monitor.effects import Effect
from monitor.events import Event

__all__ = [
    "Answered",
    "Bug",
    "Decided",
    "Died",
    "Entry",
    "Learned",
    "Log",
    "Out",
    "Outcomed",
    "Rose",
    "Slept",
    "Sounded",
    "Stopped",
]


@dataclass(frozen=True, slots=True)
class Decided:
    """The hub decided: an event and its effects."""

    at_s: float
    event: Event
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Sounded:
    """The room hears this from now on."""

    at_s: float
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Out:
    """A message was given to a way (`reached` False), or has come to the person."""

    at_s: float
    way: str
    message: Message
    reached: bool


@dataclass(frozen=True, slots=True)
class Outcomed:
    """A way said at once what became of a message."""

    at_s: float
    way: str
    delivery: str
    state: DeliveryState
    reason: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """A way was told to stop a message."""

    at_s: float
    way: str
    delivery: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A person pressed a button."""

    at_s: float
    person: str
    delivery: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Learned:
    """A way learnt later what became of a message, and told the hub (`heard`: one was running)."""

    at_s: float
    way: str
    delivery: str
    state: DeliveryState
    heard: bool


@dataclass(frozen=True, slots=True)
class Slept:
    """The machine slept until now, so many seconds."""

    at_s: float
    for_s: float


@dataclass(frozen=True, slots=True)
class Died:
    """The hub was killed."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Rose:
    """The hub runs again, having found so many records."""

    at_s: float
    records: int


@dataclass(frozen=True, slots=True)
class Bug:
    """Something of ours failed."""

    at_s: float
    what: str


Entry = (
    Decided | Sounded | Out | Outcomed | Learned | Stopped | Answered | Slept | Died | Rose | Bug
)


@dataclass(slots=True)
class Log:
    """The entries in order. `clock` gives the house's seconds."""

    clock: Callable[[], float]
    entries: list[Entry] = field(default_factory=list)

    @property
    def now_s(self) -> float:
        """Seconds of the house's clock."""
        return self.clock()

    def note(self, entry: Entry) -> None:
        """Add one entry."""
        self.entries.append(entry)
