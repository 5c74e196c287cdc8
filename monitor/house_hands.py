"""The hands of the running hub: each part takes what the loop decides, by the effect's type.

The loop knows one `Hands`; this one hands effects on to the parts that said what they take. A part
is named once, in the wiring:

    hands.on(CancelSend, lambda bed, effect: sender.cancel(bed, effect))

A part that fails keeps nothing from the others. Nothing here decides anything, and nothing knows a
speaker, a broker or a channel.
"""

from collections.abc import Callable
from typing import Any

from alerts.effects import Send
from alerts.signal import Pattern
from monitor.effects import Effect
from monitor.events import Event
from monitor.ward import Bed

__all__ = ["HouseHands"]


class HouseHands:
    """Lists of who takes what; all of them are called in the hub's loop and never wait.

    Args:
        on_bug: told what failed in a part that was called.

    Attributes:
        sounds: take the loudest pattern of all sessions (speaker, light).
        senders: take a message and the future of its commit.
        decided: take an event with its effects, before the commit.
        done: take the effects after their commit, or when it is known that there is none.
        over: take a session that has ended.
    """

    def __init__(self, on_bug: Callable[[str, Exception], None]) -> None:
        self._on_bug = on_bug
        self._takers: dict[type, list[Callable[[Bed, Any], None]]] = {}
        self.sounds: list[Callable[[Pattern], None]] = []
        self.senders: list[Callable[[Bed, Send, Any], None]] = []
        self.decided: list[Callable[[Bed, Event, list[Effect]], None]] = []
        self.done: list[Callable[[Bed, list[Effect]], None]] = []
        self.over: list[Callable[[Bed], None]] = []

    def on(self, effect: type, take: Callable[[Bed, Any], None]) -> None:
        """Let a part take every effect of this type, at once and before the commit."""
        self._takers.setdefault(effect, []).append(take)

    def sound(self, pattern: Pattern) -> None:
        """Play this from now on."""
        for take in self.sounds:
            self._safely(take, pattern)

    def send(self, bed: Bed, send: Send, committed: Any) -> None:
        """Tell one person."""
        for take in self.senders:
            self._safely(take, bed, send, committed)

    def effects(self, bed: Bed, event: Event, effects: list[Effect]) -> None:
        """Carry out what cannot wait for the commit."""
        for show in self.decided:
            self._safely(show, bed, event, effects)
        for effect in effects:
            for take in self._takers.get(type(effect), ()):
                self._safely(take, bed, effect)

    def committed(self, bed: Bed, effects: list[Effect]) -> None:
        """Publish what was decided."""
        for take in self.done:
            self._safely(take, bed, effects)

    def closed(self, bed: Bed) -> None:
        """A session is over: its last picture goes out."""
        for take in self.over:
            self._safely(take, bed)

    def _safely(self, act: Callable[..., None], *what: Any) -> None:
        """Call one part; what it raises is told as our bug, and the next part is called."""
        try:
            act(*what)
        except Exception as error:  # noqa: BLE001 - told as our bug
            self._on_bug(f"our bug: what was decided could not be carried out: {error!r}", error)
