"""What the hub shows, as a person or a screen outside reads it from MQTT.

The hub publishes its snapshot each second; this is the reader's side of that message. It reads only
what people act on and screens show, ignores fields that it does not know, and never guesses a
missing one. `changes` tells two boards apart in sentences, for a log on a terminal.

>>> read_board(b'{"session":"s1","mode":"demo","at_ms":5,"phase":"gate"}').phase
'gate'
"""

import msgspec
from msgspec import Struct

from alerts.condition import AlarmClass, Priority, Transition, rank
from alerts.rehearsal import RehearsalChanged, Stand
from alerts.sound_proof import TestSound
from devices.observation import Metric, Mode
from monitor.effects import AlarmChanged, Effect, PromptKind, Refused

__all__ = [
    "Board",
    "BoardError",
    "Item",
    "Line",
    "Prompt",
    "Row",
    "Seen",
    "Tap",
    "Told",
    "Trials",
    "changes",
    "effect_line",
    "read_board",
    "read_effect",
]

_SAID = {step: step.value.replace("_", " ") for step in Transition} | {
    Transition.RAISED: "ALARM",
    Transition.ACCEPTED: "ACCEPTED",
}
"""What a line of an alarm's life is called in the log; the two that matter most are loud."""

MARKS = {Priority.HIGH: "!!!", Priority.MEDIUM: "!!", Priority.LOW: "!"}
"""Priority in characters: colour alone is never enough."""


class BoardError(ValueError):
    """A snapshot could not be read; the message says where."""


class Value(Struct, frozen=True):
    """The newest value of one metric, x100 of its unit, and the hub time of its arrival."""

    value_x100: int | None
    at_ms: int


class Row(Struct, frozen=True):
    """One catalogue row inside an alarm."""

    row: str
    priority: Priority
    reason: str = ""
    value_x100: int | None = None
    limit_x100: int | None = None
    present: bool = True
    latched: bool = False


class Seen(Struct, frozen=True):
    """One open alarm as it is shown; `signal` is on, acknowledged, accepted or latched."""

    id: str
    family: str
    priority: Priority
    raised_ms: int
    signal: str = "on"
    alarm_class: AlarmClass | None = None
    rows: tuple[Row, ...] = ()
    accepted_by: str | None = None

    @property
    def rank(self) -> int:
        """Higher is more urgent."""
        return rank(self.priority, self.alarm_class)

    @property
    def takers(self) -> tuple[str, ...]:
        """Who has accepted; the hub writes several names with commas."""
        return () if self.accepted_by is None else tuple(self.accepted_by.split(", "))

    @property
    def is_over(self) -> bool:
        """Only latched rows are left: it may be reset."""
        return bool(self.rows) and not any(row.present for row in self.rows)

    @property
    def reason(self) -> str:
        """The words of the highest row."""
        if not self.rows:
            return self.family
        return max(self.rows, key=lambda row: (row.priority.rank, row.present)).reason


class Prompt(Struct, frozen=True):
    """What the companion is asked to do, and by when."""

    prompt: PromptKind
    due_ms: int


class Told(Struct, frozen=True):
    """One message to one person, and what is known of it."""

    delivery: str
    contact: str
    channel: str
    state: str
    at_ms: int
    alarm: str


class Item(Struct, frozen=True):
    """One item of the gate; `proof`: what alone passes it, no word does; `final`: a stop for good.

    `note`: why it is where it is.
    """

    state: str
    proof: str | None = None
    final: bool = False
    note: str = ""


class Trials(Struct, frozen=True):
    """Since which trial the criteria of discharge were all met."""

    met_since_ms: int | None = None


class Question(Struct, frozen=True):
    """A question of the follow-up: `question` or `next_day`; None: not asked, or not answered."""

    name: str
    asked_ms: int | None = None
    answered_ms: int | None = None

    @property
    def waits(self) -> bool:
        """Asked, and nobody has answered."""
        return self.asked_ms is not None and self.answered_ms is None


class Tap(Struct, frozen=True):
    """The patient's own tap: shown from `from_ms` on, due at `due_ms`; None: nothing is asked."""

    from_ms: int | None = None
    due_ms: int | None = None


class Board(Struct, frozen=True):
    """One snapshot. Times are hub milliseconds; `record` is the last record's number."""

    session: str
    mode: Mode
    at_ms: int
    phase: str
    dose_ms: int | None = None
    patient_name: str = ""
    values: dict[str, Value] = {}
    alarms: tuple[Seen, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    told: tuple[Told, ...] = ()
    gate: dict[str, str] = {}
    gate_items: dict[str, Item] = {}
    record: int = 0
    recording: bool = True
    discharge: Trials = Trials()
    follow_up: tuple[Question, ...] = ()
    patient_check: Tap = Tap()

    def value(self, metric: Metric, max_age_ms: int) -> int | None:
        """Return a metric's newest value (x100), or None when it is missing or too old."""
        found = self.values.get(metric)
        return found.value_x100 if found and self.at_ms - found.at_ms <= max_age_ms else None


class Line(Struct, frozen=True):
    """One sentence of the log; `style` is a priority's name, `refused`, or empty."""

    at_ms: int
    text: str
    style: str = ""


_DECODER = msgspec.json.Decoder(Board)
_EFFECT: msgspec.json.Decoder[Effect] = msgspec.json.Decoder(Effect)


def read_board(payload: bytes) -> Board:
    """Return what one snapshot message shows.

    Raises:
        BoardError: it is no snapshot, and where it is not.
    """
    try:
        return _DECODER.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BoardError(f"the hub's snapshot cannot be read: {error}") from error


def changes(before: Board | None, after: Board) -> list[Line]:
    """Return what happened between two boards: phases, the record, messages to people."""
    if before is None:
        return [Line(after.at_ms, f"session {after.session} is open, phase {after.phase}")]
    lines = []
    if before.phase != after.phase:
        lines.append(Line(after.at_ms, f"phase {before.phase} -> {after.phase}"))
    if before.recording and not after.recording:
        lines.append(Line(after.at_ms, "RECORDING HAS STOPPED; watching goes on", "high"))
    states = {told.delivery: told.state for told in before.told}
    lines.extend(
        Line(told.at_ms, f"{told.contact} by {told.channel}: {told.state} ({told.alarm})")
        for told in after.told
        if states.get(told.delivery) != told.state
    )
    return lines


def read_effect(payload: bytes) -> Effect:
    """Return one decision that the hub published beside its snapshots.

    Raises:
        BoardError: it is no effect, and why not.
    """
    try:
        return _EFFECT.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BoardError(f"the hub's line cannot be read: {error}") from error


def effect_line(effect: Effect) -> Line | None:
    """Return the log line of an alarm, a rehearsal or a refusal; None for what a board shows."""
    if isinstance(effect, Refused):
        by = f" ({effect.by})" if effect.by else ""
        return Line(effect.at_ms, f"refused: {effect.what}{by}: {effect.reason}", "refused")
    if isinstance(effect, RehearsalChanged):
        done = effect.way is None and effect.state is not Stand.RUNNING
        return Line(effect.at_ms, f"test alarm {effect.state}: {effect.reason}") if done else None
    if isinstance(effect, TestSound):
        return Line(effect.at_ms, f"test sound: {effect.bursts} beeps")
    if not isinstance(effect, AlarmChanged):
        return None
    words = f"{MARKS[effect.priority]} {effect.family.replace('_', ' ')} {_SAID[effect.transition]}"
    return Line(effect.at_ms, f"{words}: {effect.row}, {effect.reason}", effect.priority.value)
