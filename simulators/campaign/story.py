"""A log read as a story: lives of the hub, lines of alarms, messages with their fate.

Only puts in order what the log says; judges nothing and decides nothing.

    story = Story(log)
    story.awake(72.0)                  # was a hub running and its machine awake?
    story.outs[0].sends                # what the hub said of this message when it decided it
"""

from dataclasses import dataclass, field

from alerts.delivery import DeliveryState
from alerts.effects import AlarmChanged, Send, Skipped
from alerts.signal import Pattern
from monitor.effects import Refused
from simulators.campaign.log import (
    Answered,
    Bug,
    Decided,
    Died,
    Learned,
    Log,
    Out,
    Outcomed,
    Rose,
    Slept,
    Sounded,
    Stopped,
)

__all__ = ["Line", "Sent", "Story"]

_LOUDNESS = {Pattern.SILENT: 0, Pattern.LOW: 1, Pattern.MEDIUM: 2, Pattern.HIGH: 3}
_FAILED = (DeliveryState.FAILED, DeliveryState.TIMED_OUT)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an alarm's life, at the house's second for which it was decided.

    What became due while no hub ran was decided at its return, for its own time.
    """

    at_s: float
    what: AlarmChanged


@dataclass(slots=True)
class Sent:
    """One message that was given to a way. `decided_s` is when the hub decided it."""

    at_s: float
    way: str
    out: Out
    send: Send | None
    decided_s: float


@dataclass(slots=True)
class Story:
    """Everything by its kind, in order.

    `fails` and `proofs` are (time, delivery), `said` the reasons of everything that was not done,
    `sounds` how loud it is from then on, `gaps` the times without a hub that is awake.
    """

    log: Log
    lines: list[Line] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    reached: list[Out] = field(default_factory=list)
    handed_over: list[Outcomed] = field(default_factory=list)
    fails: list[tuple[float, str]] = field(default_factory=list)
    proofs: list[tuple[float, str]] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)
    said: list[tuple[float, str]] = field(default_factory=list)
    sounds: list[tuple[float, int]] = field(default_factory=list)
    gaps: list[tuple[float, float]] = field(default_factory=list)
    bugs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        decided: dict[str, tuple[float, Send]] = {}
        for entry in self.log.entries:
            if isinstance(entry, Decided):
                self._decided(entry, decided)
            elif isinstance(entry, Out):
                self._out(entry, decided)
            elif isinstance(entry, Outcomed | Learned):
                self._fate(entry)
            elif isinstance(entry, Answered):
                self.answers.append(entry)
            elif isinstance(entry, Sounded):
                self.sounds.append((entry.at_s, _LOUDNESS[entry.pattern]))
            elif isinstance(entry, Bug):
                self.bugs.append(f"{entry.at_s:.2f} {entry.what}")
            else:
                self._away(entry)

    def _out(self, entry: Out, decided: dict[str, tuple[float, Send]]) -> None:
        if entry.reached:
            self.reached.append(entry)
            return
        at_s, send = decided.get(entry.message.delivery, (entry.at_s, None))
        self.sent.append(Sent(entry.at_s, entry.way, entry, send, at_s))

    def _fate(self, entry: Outcomed | Learned) -> None:
        if entry.state in _FAILED:
            self.fails.append((entry.at_s, entry.delivery))
        elif isinstance(entry, Outcomed):
            self.handed_over.append(entry)
        else:
            self.proofs.append((entry.at_s, entry.delivery))

    def _away(self, entry: Slept | Died | Rose | Stopped) -> None:
        if isinstance(entry, Slept):
            self.gaps.append((entry.at_s - entry.for_s, entry.at_s))
        elif isinstance(entry, Died):
            self.gaps.append((entry.at_s, float("inf")))
            self.sounds.append((entry.at_s, 0))
        elif isinstance(entry, Rose):
            self.gaps[-1] = (self.gaps[-1][0], entry.at_s)

    def _decided(self, entry: Decided, decided: dict[str, tuple[float, Send]]) -> None:
        for effect in entry.effects:
            if isinstance(effect, AlarmChanged):
                ago_s = (entry.event.at_ms - effect.at_ms) / 1000
                self.lines.append(Line(entry.at_s - ago_s, effect))
            elif isinstance(effect, Send):
                decided[effect.delivery] = (entry.at_s, effect)
            elif isinstance(effect, Refused | Skipped):
                self.said.append((entry.at_s, effect.reason))

    def awake(self, at_s: float) -> bool:
        """Whether a hub ran and its machine was awake at this instant."""
        return not any(begins <= at_s < ends for begins, ends in self.gaps)

    def next_awake(self, at_s: float) -> float:
        """This instant, or the end of the gap it lies in."""
        return next((ends for begins, ends in self.gaps if begins <= at_s < ends), at_s)

    def loudness(self, first_s: float, last_s: float) -> int:
        """The loudest that was heard at some time of this window: 0 silent to 3 high."""
        before = [loud for at_s, loud in self.sounds if at_s <= first_s][-1:]
        within = [loud for at_s, loud in self.sounds if first_s < at_s <= last_s]
        return max([*before, *within], default=0)
