"""Every message of the live feed, both ways, as strict types: what is not one of them is refused.

All messages are JSON objects in text frames, told apart by `type`. Times are hub time in integer
milliseconds, values integers in units of 0.01. What a client sends is read without loopholes: a
key twice, an unknown key, NaN or a number of 400 digits is refused. A refusal is told to its sender
and never logged: what was sent may hold a token.

This module opens no connection; `docs/feed.md` and `docs/asyncapi.yaml` are made from it.

>>> read_words('{"type":"resync","session":"s1","since":3}')
Resync(session='s1', since=3)
>>> read_words("{}")
Traceback (most recent call last):
monitor.feed_words.Unreadable: the message fits no type: Object missing required field `type`
"""

from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from alerts.contact import Role
from devices.strict_json import Malformed, read_json
from devices.topic import Name
from monitor.history import HistoryView
from monitor.message_words import AnswerOrder, Here, MessageOver, MessageSent, Seen
from monitor.question_words import Ask, Told

__all__ = [
    "MAX_MESSAGE_BYTES",
    "AnswerOrder",
    "Ask",
    "CheckInOrder",
    "CorrectOrder",
    "Delta",
    "Denied",
    "FromClient",
    "FromHub",
    "Gone",
    "Heartbeat",
    "Hello",
    "Here",
    "MessageOver",
    "MessageSent",
    "OpenOrder",
    "OrderGiven",
    "Reply",
    "Resync",
    "Seen",
    "SessionLine",
    "SnapshotSent",
    "Told",
    "Unreadable",
    "Welcome",
    "encode",
    "read_words",
]

MAX_MESSAGE_BYTES = 8 * 1024
"""The longest message that a client may send; a note of 2,000 characters fits."""

RecordNumber = Annotated[int, Meta(ge=0, le=2**53)]
Token = Annotated[str, Meta(max_length=200)]
TapMs = Annotated[int, Meta(ge=0, le=86_400_000)]
State = Annotated[dict[str, Any], Meta(extra_json_schema={"$ref": "#/components/schemas/Snapshot"})]
Line = Annotated[dict[str, Any], Meta(extra_json_schema={"$ref": "#/components/schemas/Line"})]
OrderFields = Annotated[
    dict[str, Any], Meta(extra_json_schema={"$ref": "#/components/schemas/Order"})
]


class Unreadable(ValueError):  # noqa: N818 - what the message is
    """A message that is none of ours; the words say why, to its sender alone."""


class _In(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    pass


class Hello(_In, frozen=True, tag="hello"):
    """The first message, within 5 s: who it is, and what it has seen of each session.

    A client that sent the header `Authorization: Bearer <token>` needs no hello. A token never
    belongs into an address.
    """

    token: Token
    since: Annotated[dict[Name, RecordNumber], Meta(max_length=64)] = {}


class Resync(_In, frozen=True, tag="resync"):
    """Ask for what came after record `since` of a session: the missed deltas, or a snapshot."""

    session: Name
    since: RecordNumber


class OrderGiven(_In, frozen=True, tag="order"):
    """One order of a person. `ref` comes back in the reply.

    `order` has `do` and the fields of that order. With an `id` of its own, an order that is sent
    again after a lost connection counts once.
    """

    ref: Annotated[str, Meta(max_length=64)]
    order: OrderFields
    session: Name | None = None


class OpenOrder(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="do", tag="open"
):
    """Open a session for a patient, by the plan of the patient's file or another one."""

    patient: Name
    plan: Name | None = None


class CheckInOrder(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="do", tag="check_in"
):
    """The companion looked and tapped, e.g. `W4 B0 C0 D1 X0` (`devices/checkin.py`).

    `first_tap_ms` and `took_ms` are the page's own times since the check-in was opened: to the
    first tap, and until all was answered for the first time.
    """

    codes: Annotated[str, Meta(max_length=100)]
    first_tap_ms: TapMs | None = None
    took_ms: TapMs | None = None
    id: Name | None = None


class CorrectOrder(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="do", tag="correct"
):
    """The last check-in was tapped wrong; allowed for 60 s after it."""

    codes: Annotated[str, Meta(max_length=100)]
    id: Name | None = None


class _Out(Struct, frozen=True, kw_only=True, tag_field="type"):
    pass


class SessionLine(Struct, frozen=True, kw_only=True):
    """One session that the person may see."""

    session: str
    patient: str
    name: str
    mode: str
    phase: str


class Welcome(_Out, frozen=True, kw_only=True, tag="welcome"):
    """Who the hub holds the client for, and what there is to see.

    `secure` says that the browser can trust this connection: only then has it wake lock.
    `speed` is hub time over real time.
    """

    person: str
    name: str
    role: Role
    hub: str
    now_ms: int
    speed: float
    sessions: list[SessionLine]
    secure: bool


class SnapshotSent(_Out, frozen=True, kw_only=True, tag="snapshot"):
    """All that a screen shows of one session, as of record `seq`.

    `lines` are the last 200, oldest first, from line `first_line` on; `ask` tells those before.
    """

    session: str
    seq: int
    state: State
    history: HistoryView
    lines: list[Line]
    first_line: int = 0


class Delta(_Out, frozen=True, kw_only=True, tag="delta"):
    """What has changed by record `seq` and those before it that no message told yet.

    `patch` holds whole values of those keys of the state that changed. It is sent after the commit,
    or when it is known that there is none (then the heartbeat says `recording: false`). A delta
    with the number of the last one tells what changed by time alone.
    """

    session: str
    seq: int
    at_ms: int
    patch: dict[str, Any]
    lines: list[Line]


class Heartbeat(_Out, frozen=True, kw_only=True, tag="heartbeat"):
    """Each second, so that silence is visible; `sessions` has the number of the last record told.

    A screen that has heard nothing for 4 s shows no value any more.
    """

    now_ms: int
    recording: bool
    record_fault: str
    sessions: dict[str, int]


class Reply(_Out, frozen=True, kw_only=True, tag="reply"):
    """The answer to one order, after its commit; `recorded` says whether that worked.

    A refused order has `error`, and what is refused by the session itself is recorded as well.
    """

    ref: str
    ok: bool
    recorded: bool
    error: str | UnsetType = UNSET
    session: str | UnsetType = UNSET
    phase: str | UnsetType = UNSET
    mode: str | UnsetType = UNSET
    plan: str | UnsetType = UNSET
    note: str | UnsetType = UNSET


class Gone(_Out, frozen=True, kw_only=True, tag="gone"):
    """A session is over; its last delta came before."""

    session: str
    phase: str


class Denied(_Out, frozen=True, kw_only=True, tag="denied"):
    """The hub closes the connection now, and why."""

    error: str


FromClient = Hello | Resync | OrderGiven | Ask | Seen | Here
FromHub = (
    Welcome
    | SnapshotSent
    | Delta
    | Heartbeat
    | MessageSent
    | MessageOver
    | Reply
    | Told
    | Gone
    | Denied
)

_ENCODER = msgspec.json.Encoder()
_FROM_CLIENT: Any = FromClient


def encode(message: FromHub) -> bytes:
    """Return a message as it is sent."""
    return _ENCODER.encode(message)


def read_words(text: str | bytes) -> FromClient:
    """Read what a client sent.

    Raises:
        Unreadable: it is none of our messages.
    """
    try:
        value = read_json(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
    except Malformed as error:
        raise Unreadable(f"the message is no plain JSON ({error.reason.value})") from None
    try:
        words: FromClient = msgspec.convert(value, _FROM_CLIENT, builtin_types=(Decimal,))
    except msgspec.ValidationError as error:
        raise Unreadable(f"the message fits no type: {error}") from None
    return words
