"""Everything that the engine asks of the world: the only way out of it.

An effect is a decision with its reason; shells carry it out and never decide. Every "no" is an
effect too (`Refused`, `Unjudged`, `Skipped`, `RowOff`), so that it reaches the journal and the
screen. Fields are documented in `docs/effects.md`.

>>> Refused(at_ms=1, what="dose", reason="gate is not passed").reason
'gate is not passed'
"""

from enum import StrEnum

from msgspec import Struct

from alerts.condition import AlarmClass, Kind, Priority, Transition
from alerts.signal import Pattern, SignalState

__all__ = [
    "AlarmChanged",
    "BaselineFrozen",
    "CancelSend",
    "Effect",
    "PhaseChanged",
    "PromptKind",
    "Prompted",
    "Refused",
    "RowOff",
    "Send",
    "SignalChanged",
    "Skipped",
    "Sound",
    "Unjudged",
]


class _Base(Struct, frozen=True, omit_defaults=True, kw_only=True, tag_field="effect", tag=True):
    at_ms: int


class AlarmChanged(_Base, frozen=True, kw_only=True):
    """One line of an alarm's life. `row` is the catalogue row that this line is about.

    `priority` and `alarm_class` are the alarm's after this line; `value_x100` and `limit_x100` are
    what was seen and what it was held against, in 0.01 of the row's unit (None: no number).
    """

    id: str
    family: str
    row: str
    transition: Transition
    priority: Priority
    alarm_class: AlarmClass | None
    kind: Kind
    value_x100: int | None = None
    limit_x100: int | None = None
    reason: str = ""
    by: str | None = None
    p0: bool = False


class SignalChanged(_Base, frozen=True, kw_only=True):
    """How one alarm is shown from now on; `until_ms` bounds a pause or a lease."""

    id: str
    state: SignalState
    until_ms: int | None = None
    reason: str = ""


class Sound(_Base, frozen=True, kw_only=True):
    """What the hub's own speaker plays from now on; `alarm` is the alarm that it speaks for."""

    pattern: Pattern
    alarm: str | None = None


class Send(_Base, frozen=True, kw_only=True):
    """Tell one person by one way. Sent is not heard: only a person's answer ends the ladder.

    `delivery` names this attempt for ever. `late` marks a message that was due during an outage,
    `may_repeat` one that may already have gone out before a kill.
    """

    delivery: str
    alarm: str
    contact: str
    way: int
    channel: str
    address: str
    priority: Priority
    rung: str
    attempt: int = 1
    text: str = ""
    late: bool = False
    may_repeat: bool = False


class CancelSend(_Base, frozen=True, kw_only=True):
    """Stop one message that is still under way, with the reason."""

    delivery: str
    reason: str


class Skipped(_Base, frozen=True, kw_only=True):
    """A rung of a ladder that told nobody, and why."""

    alarm: str
    rung: str
    reason: str


class PromptKind(StrEnum):
    """What the companion is asked to do."""

    CUFF = "cuff"
    CHECK_IN = "check_in"


class Prompted(_Base, frozen=True, kw_only=True):
    """Ask the companion for something, due at `due_ms`."""

    prompt: PromptKind
    due_ms: int
    reason: str


class PhaseChanged(_Base, frozen=True, kw_only=True):
    """The session went from one phase to another, and why."""

    before: str
    phase: str
    reason: str


class BaselineFrozen(_Base, frozen=True, kw_only=True):
    """A baseline that rows compare with from now on; None when there is none, with the reason."""

    metric: str
    value_x100: int | None
    reason: str


class RowOff(_Base, frozen=True, kw_only=True):
    """A row cannot work in this session, and why. Said once."""

    row: str
    why: str


class Unjudged(_Base, frozen=True, kw_only=True):
    """A report is kept in the record and was not judged, and why."""

    device: str
    reason: str


class Refused(_Base, frozen=True, kw_only=True):
    """A command was refused, and why; nothing else changed."""

    what: str
    reason: str
    by: str | None = None


Effect = (
    AlarmChanged
    | SignalChanged
    | Sound
    | Send
    | CancelSend
    | Skipped
    | Prompted
    | PhaseChanged
    | BaselineFrozen
    | RowOff
    | Unjudged
    | Refused
)
