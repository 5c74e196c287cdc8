"""All open sessions of one hub: whose device is whose, and what comes next.

"one open session per patient, a device in one session at a time, up to 16 sessions on a hub"
(design section 4). Each bed has its own engine; the ward has no clock, records nothing and tells
nobody.

    ward.open(SessionOpened(...))          -> Bed
    ward.bed_of("demo-oximeter")           -> the bed whose session trusts this device
    ward.next_deadline()                   -> 61_000
"""

from collections.abc import Iterable

from msgspec import Struct

from alerts.signal import Pattern
from monitor.effects import Effect, Refused
from monitor.engine import Engine
from monitor.events import Event, Reading, SessionOpened, Tick, Woke
from monitor.session import OVER, Phase

__all__ = ["Bed", "Taps", "Ward", "WardError", "note_tap"]

# Bound on all sessions, those in follow-up included: so many times those that are watched.
_TOTAL = 4
_LOUDNESS = (Pattern.SILENT, Pattern.LOW, Pattern.MEDIUM, Pattern.HIGH)


class WardError(ValueError):
    """A session cannot be opened; the message says why and what to do."""


Taps = dict[tuple[str, str], str]


def note_tap(taps: Taps, event: Event, effects: Iterable[Effect]) -> None:
    """Remember a person's tap by its name, and why it was refused."""
    tap = getattr(event, "tap", None)
    if tap is not None:
        refusals = (effect.reason for effect in effects if isinstance(effect, Refused))
        taps[getattr(event, "by", ""), tap] = next(refusals, "")


class Bed(Struct):
    """One session: its engine, the number of its last record, and the taps that were taken.

    `taps` holds (person, name of the tap) with the refusal, or nothing when it was taken: a broker
    may deliver a message twice, and a page sends again what was not answered. `n` is the
    number given last, `committed` the last one that is known to be on the disk.
    """

    engine: Engine
    opened: SessionOpened
    n: int = 0
    committed: int = 0
    taps: Taps = {}

    @property
    def session(self) -> str:
        """The session's name."""
        return self.opened.session

    @property
    def over(self) -> bool:
        """Nothing is watched any more."""
        return self.engine.chart.phase in OVER

    @property
    def asks_only(self) -> bool:
        """In follow-up: no device is watched, so that the next session may have them."""
        # A bed is placed before its session is opened.
        return self.engine.opened is not None and self.engine.chart.phase is Phase.FOLLOW_UP

    def handle(self, event: Event) -> tuple[Event, list[Effect]] | None:
        """Give the engine one event; return what the record gets, None for an idle tick.

        A tick that had effects is recorded as `Woke`; a duplicate report only moves time.
        """
        at_ms = max(event.at_ms, self.engine.now_ms)
        effects = self.engine.handle(event)
        if isinstance(event, Tick):
            if not effects:
                return None
            event = Woke(at_ms=at_ms)
        self.n += 1
        note_tap(self.taps, event, effects)
        return event, effects

    def repeated(self, event: Event) -> list[Effect] | None:
        """Return what a message that came before is answered with; None when it is new.

        A refused order is refused again, in the words of the first time.
        """
        if isinstance(event, Reading) and self.engine.is_duplicate(event.report):
            return []
        by = getattr(event, "by", "")
        reason = self.taps.get((by, getattr(event, "tap", None) or ""))
        if reason is None:
            return None
        if not reason:
            return []
        return [Refused(at_ms=event.at_ms, what=type(event).__name__, reason=reason, by=by)]


class Ward:
    """The beds, by session."""

    def __init__(self, max_sessions: int = 16) -> None:
        self.beds: dict[str, Bed] = {}
        self._max_sessions = max_sessions
        self._devices: dict[str, Bed] = {}

    def check(self, event: SessionOpened) -> None:
        """See whether this session can be opened beside the others.

        Raises:
            WardError: too many sessions, the patient has one, or a device is in use.
        """
        watched = sum(not bed.asks_only for bed in self.beds.values())
        if watched >= self._max_sessions:
            raise WardError(f"{self._max_sessions} sessions are open; close one first")
        if len(self.beds) >= _TOTAL * self._max_sessions:
            raise WardError(
                f"{len(self.beds) - watched} sessions are in follow-up; close some first"
            )
        for bed in self.beds.values():
            if bed.opened.patient.id == event.patient.id:
                raise WardError(
                    f"patient {event.patient.id} has the open session {bed.session}; close it first"
                )
        if event.session in self.beds:
            raise WardError(f"session {event.session} is open; use another name")
        for device in event.patient.devices:
            bed_of = self._devices.get(device.id)
            if bed_of is not None and not bed_of.asks_only:
                raise WardError(
                    f"device {device.id} is in session {bed_of.session}; close it first"
                )

    def place(self, engine: Engine, opened: SessionOpened, n: int = 0) -> Bed:
        """Put a session into the ward."""
        bed = Bed(engine, opened, n, n)
        self.beds[bed.session] = bed
        self._give_devices(bed)
        return bed

    def _give_devices(self, bed: Bed) -> None:
        """A session in follow-up takes none away from one that is watched (after a restart)."""
        for device in bed.opened.patient.devices:
            if not bed.asks_only or device.id not in self._devices:
                self._devices[device.id] = bed

    def remove(self, bed: Bed) -> None:
        """A session is over: its devices are free."""
        del self.beds[bed.session]
        self._devices = {}
        # What a later session has taken over from one in follow-up goes back to that one.
        for other in self.beds.values():
            self._give_devices(other)

    def bed_of(self, device: str) -> Bed | None:
        """The bed whose session trusts this device."""
        return self._devices.get(device)

    def next_deadline(self) -> int | None:
        """The earliest deadline of all beds, in hub ms."""
        dues = (bed.engine.next_deadline() for bed in self.beds.values())
        return min((due for due in dues if due is not None), default=None)

    def loudest(self) -> Pattern:
        """What the room hears: the loudest pattern of all beds."""
        patterns = (bed.engine.alarms.sound[0] for bed in self.beds.values())
        return max(patterns, key=_LOUDNESS.index, default=Pattern.SILENT)
