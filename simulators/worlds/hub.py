"""The hub of a simulated world: the real engine, its deadlines kept in virtual time, and restarts.

What is due before an event happens before it. A killed hub decides nothing; when it rises, it is
rebuilt from the records of the killed one by the real recovery and told for how long it was away.

It has no clock and no disk: records are kept in memory, and only where a kill is to come.

    hub = VirtualHub(ear.hear, keeps_records=True)
    hub.give(reading)
    hub.kill(at_ms=60_000)
    hub.rise(at_ms=75_000)
"""

from collections.abc import Callable, Sequence

from monitor.effects import Effect
from monitor.engine import Engine
from monitor.events import Event, MonitorDown, Tick
from monitor.journal import Record
from monitor.recovery import recover

__all__ = ["Heard", "VirtualHub"]

Heard = Callable[[Event, Sequence[Effect], Engine], None]


class VirtualHub:
    """One hub with one session."""

    def __init__(
        self,
        heard: Heard,
        *,
        keeps_records: bool = False,
        prepare: Callable[[Engine], None] | None = None,
    ) -> None:
        """`prepare` may change an engine after its first event, and one that took over from it."""
        self.engine = Engine()
        self.alive = True
        self._heard = heard
        self._prepare = prepare
        self._records: list[Record] | None = [] if keeps_records else None
        self._killed_ms = 0

    def give(self, event: Event) -> bool:
        """Let all that is due before it happen, then this; False: the hub is dead."""
        if not self.alive:
            return False
        if self.engine.opened is not None:
            self.wake(event.at_ms)
        self._take(event)
        return True

    @property
    def next_ms(self) -> int | None:
        """When something may happen by itself; None: never, or it is dead."""
        return self.engine.next_deadline() if self.alive else None

    def wake(self, before_ms: int) -> None:
        """Let all deadlines before this time happen, each at its own time."""
        while (due_ms := self.next_ms) is not None and due_ms < before_ms:
            self._take(Tick(at_ms=due_ms))

    def kill(self, at_ms: int) -> None:
        """The process is gone; what it had decided is recorded."""
        self.wake(at_ms)
        self.alive = False
        self._killed_ms = at_ms

    def rise(self, at_ms: int) -> None:
        """A new process takes over from the records.

        Raises:
            ValueError: this hub kept no records.
        """
        if self._records is None:
            raise ValueError("this hub kept no records: make it with keeps_records=True")
        self.engine = recover(self._records).engine
        if self._prepare is not None:
            self._prepare(self.engine)
        self.alive = True
        self._take(MonitorDown(at_ms=at_ms, down_ms=at_ms - self._killed_ms))

    def _take(self, event: Event) -> None:
        is_first = self.engine.opened is None
        effects = self.engine.handle(event)
        if is_first and self._prepare is not None:
            self._prepare(self.engine)
        if self._records is not None and not (isinstance(event, Tick) and not effects):
            self._records.append(Record(len(self._records) + 1, event, tuple(effects)))
        self._heard(event, effects, self.engine)
