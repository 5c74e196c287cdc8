"""What the alarm system asks of the world: lines of an alarm's life, sounds, messages.

An effect is a decision with its reason; shells carry it out and never decide. Every "no" is an
effect too (`Skipped`), so that it reaches the journal and the screen.

>>> Skipped(at_ms=1, alarm="oxygen@1", rung="physician", reason="no such contact").reason
'no such contact'
"""

from enum import StrEnum

from msgspec import Struct

from alerts.condition import AlarmClass, Kind, Priority, Transition
from alerts.signal import Pattern, SignalState

__all__ = [
    "AlarmChanged",
    "AlertEffect",
    "CancelSend",
    "Send",
    "SignalChanged",
    "Skipped",
    "Sound",
    "Speak",
    "TaskChanged",
    "TaskState",
]


class EffectBase(
    Struct, frozen=True, omit_defaults=True, kw_only=True, tag_field="effect", tag=True
):
    """Every effect has the hub time at which it was decided."""

    at_ms: int


class AlarmChanged(EffectBase, frozen=True, kw_only=True):
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


class SignalChanged(EffectBase, frozen=True, kw_only=True):
    """How one alarm is shown from now on; `until_ms` bounds a pause or a lease."""

    id: str
    state: SignalState
    until_ms: int | None = None
    reason: str = ""


class Sound(EffectBase, frozen=True, kw_only=True):
    """What the hub's own speaker plays from now on; `alarm` is the alarm that it speaks for."""

    pattern: Pattern
    alarm: str | None = None


class Send(EffectBase, frozen=True, kw_only=True):
    """Tell one person by one way. Sent is not heard: only a person's answer ends the ladder.

    `delivery` names this attempt for ever. `late` marks a message that was due during an outage,
    `may_repeat` one that may already have gone out before a kill. `reason` says why this way is
    used, when it is not the rung's own. `purpose` is "alarm", or what else the person is told.
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
    late: bool = False
    may_repeat: bool = False
    reason: str = ""
    purpose: str = "alarm"


class CancelSend(EffectBase, frozen=True, kw_only=True):
    """Stop one message, as far as its way can: do not send it, hang up, take it back; and why."""

    delivery: str
    reason: str


class Skipped(EffectBase, frozen=True, kw_only=True):
    """A rung of a ladder that told nobody, and why."""

    alarm: str
    rung: str
    reason: str


class Speak(EffectBase, frozen=True, kw_only=True):
    """The hub says the first line of this row's card; `call`: and to call the emergency number."""

    alarm: str
    row: str
    call: bool = False


class TaskState(StrEnum):
    """What is known of a call that somebody waits for. A promised or missed one is still open."""

    OPEN = "open"
    PROMISED = "promised"
    MISSED = "missed"
    DONE = "done"
    CLOSED = "closed"


class TaskChanged(EffectBase, frozen=True, kw_only=True):
    """A physician is asked to call the room about an alarm, or has, or has not in time.

    `to` is the person who is asked now, `due_ms` until when (nothing: no longer); `by` has called
    or promised to.
    """

    alarm: str
    row: str
    state: TaskState
    to: str
    due_ms: int | None = None
    by: str | None = None
    reason: str = ""


AlertEffect = (
    AlarmChanged | SignalChanged | Sound | Speak | Send | CancelSend | Skipped | TaskChanged
)
