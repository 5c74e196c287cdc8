"""What came of one world: all that can be judged afterwards, and the digest of its decisions.

The digest is SHA-256 over the engine's effects in their order: the same scenario, seed and packages
give the same digest, on any number of processes.

    played = play(scenario, 0, rng, plan)
    played.digest                            -> "9f0c..."
    [line.row for line in played.lines]      -> ["SPO2-WARN", "SPO2-LOW"]
"""

from dataclasses import dataclass, field

from msgspec import Struct

from monitor.effects import AlarmChanged, PhaseChanged, Prompted, Refused, Send, Speak
from simulators.worlds.onset import Seen

__all__ = ["Played", "Trace", "Unkept"]


class Trace(Struct, frozen=True):
    """What a plot needs of one second, thinned: values in their units, None where nothing came."""

    at_ms: int
    spo2_pct: float
    shown_pct: float | None
    pulse_bpm: float
    sbp_mmhg: float


class Unkept(Struct, frozen=True):
    """A promise that a checker found broken: which, when, and what happened."""

    checker: str
    at_ms: int
    what: str


@dataclass(slots=True)
class Played:
    """One world, over. Times are hub ms; the session was opened at 0.

    `watched_ms` is for how long the hub watched; `reached` are the messages that came before their
    person, with the time; `ended_in` is the last phase.
    """

    scenario: str
    seed: int
    seen: Seen = field(default_factory=Seen)
    lines: list[AlarmChanged] = field(default_factory=list)
    sends: list[Send] = field(default_factory=list)
    calls: list[Speak] = field(default_factory=list)
    phases: list[PhaseChanged] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    prompts: list[Prompted] = field(default_factory=list)
    reached: list[tuple[int, str]] = field(default_factory=list)
    trace: list[Trace] = field(default_factory=list)
    unkept: list[Unkept] = field(default_factory=list)
    watched_ms: int = 0
    ended_in: str = ""
    digest: str = ""

    @property
    def dose_ms(self) -> int | None:
        """When the dose was confirmed; None: never."""
        return self.seen.marks.get("dose")
