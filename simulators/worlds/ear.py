"""Takes down what one engine decides: lines, messages, calls, phases, and the digest over them all.

It changes nothing and drops nothing; the checkers that watch a world hear the same.

    ear = Ear(played, checkers)
    ear.hear(event, effects, engine)
"""

import hashlib
from collections.abc import Sequence
from typing import Protocol

import msgspec

from alerts.condition import Transition
from monitor.effects import (
    AlarmChanged,
    Effect,
    PhaseChanged,
    Prompted,
    Refused,
    Send,
    Speak,
)
from monitor.engine import Engine
from monitor.events import Event
from simulators.worlds.played import Played, Unkept

__all__ = ["Checker", "Ear"]

_BEGINS = (Transition.RAISED, Transition.JOINED, Transition.UPGRADED)
_KEPT = {
    AlarmChanged: "lines",
    Send: "sends",
    Speak: "calls",
    PhaseChanged: "phases",
    Refused: "refused",
    Prompted: "prompts",
}


class Checker(Protocol):
    """Something that watches a world, event by event, and says which promise was broken."""

    def hear(self, event: Event, effects: Sequence[Effect], engine: Engine) -> list[Unkept]:
        """Take one event with its effects; return what is newly broken."""
        ...  # pragma: no cover - a protocol has no body


class Ear:
    """Writes into one `Played`."""

    def __init__(self, played: Played, checkers: Sequence[Checker] = ()) -> None:
        self._played = played
        self._checkers = checkers
        self._hash = hashlib.sha256()
        self._encoder = msgspec.json.Encoder()

    def hear(self, event: Event, effects: Sequence[Effect], engine: Engine) -> None:
        """Take one event and what the engine made of it."""
        if effects:
            self._hash.update(self._encoder.encode(effects))
            for effect in effects:
                kept = _KEPT.get(type(effect))
                if kept is not None:
                    getattr(self._played, kept).append(effect)
                if isinstance(effect, AlarmChanged) and effect.transition in _BEGINS:
                    self._played.seen.present.append((effect.at_ms, effect.row))
        for checker in self._checkers:
            self._played.unkept.extend(checker.hear(event, effects, engine))

    @property
    def digest(self) -> str:
        """SHA-256 over all effects so far."""
        return self._hash.hexdigest()
