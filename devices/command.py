"""What people send over MQTT: check-ins and commands, each with the session and mode it is for.

A command is a strict tagged union on `do`. This module says what was asked, in the words it was
asked in; whether the person may do it and what follows is the monitor's business. A retained
message is refused here: an "accept" of last week must never take an alarm of today.

`id` is the sender's name for one tap. The broker may deliver a message twice, so a sender that
wants its extra dose counted once gives an id, and the hub answers a repetition with the first
answer.

>>> decode_command("ann", b'{"session":"s1","mode":"test","do":"help"}').order
Help(session='s1', mode=<Mode.TEST: 'test'>, id=None)
"""

from typing import Annotated, Any

from msgspec import Meta, Struct

from devices.chain_orders import Heard, Rehearse, SoundTest
from devices.checkin import CheckIn, CheckInError
from devices.follow_orders import AllWell, NextDay
from devices.gate_orders import Gate, GateAnswer, Override
from devices.help_orders import CancelHelp, Help
from devices.judge_orders import JudgeAlarm
from devices.notice_orders import EndPeak, Notice, Ok
from devices.observation import Mode
from devices.order import AgoMs, AlarmId, Mmhg, OfTen, OrderBase, PulseBpm, RowId, Said
from devices.payload import Text, Whole
from devices.reach_orders import CalledBack
from devices.strict_json import Malformed, Reason, fit, read_json
from devices.topic import Name

__all__ = [
    "Accept",
    "Acknowledge",
    "AllWell",
    "Annotate",
    "CalledBack",
    "CancelHelp",
    "CloseEmergency",
    "Command",
    "CuffFailed",
    "CuffStarted",
    "Discharge",
    "Dose",
    "End",
    "EndPeak",
    "ExtraDose",
    "Gate",
    "GateAnswer",
    "HandOver",
    "Heard",
    "Help",
    "JudgeAlarm",
    "NextDay",
    "Notice",
    "Ok",
    "Order",
    "Override",
    "PersonCheckIn",
    "PulseCount",
    "Reading",
    "Rehearse",
    "Reject",
    "Reset",
    "SoundTest",
    "Tailor",
    "decode_check_in",
    "decode_command",
]


class _OnAlarm(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True):
    alarm: AlarmId


class Accept(_OnAlarm, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="accept"):
    """Take responsibility for one alarm."""


class Acknowledge(
    _OnAlarm, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="acknowledge"
):
    """Pause the sound of one alarm."""


class Reject(_OnAlarm, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="reject"):
    """Say that one cannot take an alarm."""


class Reset(_OnAlarm, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="reset"):
    """End the latched rows of one alarm."""


class Dose(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="dose"):
    """The lozenge was placed `ago_ms` before now, at most 10 minutes."""

    ago_ms: AgoMs = 0


class ExtraDose(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="extra_dose"):
    """An unplanned further dose, `ago_ms` before now, at most 10 minutes."""

    ago_ms: AgoMs = 0


class CuffStarted(
    OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="cuff_started"
):
    """The start button of the cuff was pressed."""


class CuffFailed(
    OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="cuff_failed"
):
    """The cuff showed no reading."""

    reason: Text = ""


class Reading(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="reading"):
    """A reading typed off a cuff, whole mmHg and beats per minute."""

    sbp: Mmhg
    dbp: Mmhg
    pulse: PulseBpm | None = None


class Tailor(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="tailor"):
    """Another limit for one row in this session, in the metric's unit, with a reason."""

    row: RowId
    limit: Annotated[int, Meta(ge=0, le=400)]
    reason: Said


class PulseCount(
    OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="pulse_count"
):
    """The pulse counted at the wrist, whole beats per minute."""

    pulse: PulseBpm


class Annotate(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="annotate"):
    """Free text for the record."""

    text: Said


class HandOver(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="hand_over"):
    """Responsibility passes to somebody outside, by name."""

    to: Said


class CloseEmergency(
    OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="close_emergency"
):
    """The emergency is over; the session goes on."""


class Discharge(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="discharge"):
    """A trial of discharge with what the companion saw; without any answer those of the last trial.

    `nausea` is 0 to 10. The second trial that meets all criteria, 10 min after the first, is the
    discharge.
    """

    walk: bool | None = None
    drink: bool | None = None
    nausea: OfTen | None = None
    oriented: bool | None = None
    feels_normal: bool | None = None
    no_ideation: bool | None = None
    stays: bool | None = None


class End(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="end"):
    """Close the session."""

    reason: Text = ""


Order = (
    Accept
    | Acknowledge
    | Reject
    | Reset
    | Gate
    | GateAnswer
    | Override
    | Dose
    | ExtraDose
    | CuffStarted
    | CuffFailed
    | Reading
    | Tailor
    | PulseCount
    | Help
    | CancelHelp
    | Annotate
    | HandOver
    | CloseEmergency
    | Discharge
    | CalledBack
    | JudgeAlarm
    | Rehearse
    | SoundTest
    | Heard
    | Notice
    | Ok
    | EndPeak
    | AllWell
    | NextDay
    | End
)
_ORDER: Any = Order


class Command(Struct, frozen=True):
    """One order of one person; the person is the topic's, so a broker's ACL can hold it."""

    person: str
    order: Order


class _Tapped(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    session: Name
    mode: Mode
    codes: Annotated[str, Meta(max_length=100)]
    measured_ms: Whole | None = None
    corrects: bool = False
    id: Name | None = None
    first_tap_ms: Whole | None = None
    took_ms: Whole | None = None


class PersonCheckIn(Struct, frozen=True, kw_only=True):
    """One check-in of one person. `corrects` replaces their last one (allowed for 60 s).

    `first_tap_ms` and `took_ms`: from its opening to the first tap, and until all was answered.
    """

    person: str
    session: str
    mode: Mode
    check: CheckIn
    measured_ms: int | None = None
    corrects: bool = False
    id: str | None = None
    first_tap_ms: int | None = None
    took_ms: int | None = None


def decode_check_in(person: str, payload: bytes, *, retained: bool = False) -> PersonCheckIn:
    """Return one check-in, e.g. codes "W4 B0 C0 D1 X0" (`devices/checkin.py`).

    Raises:
        Malformed: RETAINED; what `read_json` and `fit` say; CHECK_IN, naming the wrong code.
    """
    _fresh(retained)
    told = fit(read_json(payload), _Tapped)
    try:
        check = CheckIn.parse(told.codes)
    except CheckInError as error:
        raise Malformed(Reason.CHECK_IN, str(error)) from None
    return PersonCheckIn(
        person=person,
        session=told.session,
        mode=told.mode,
        check=check,
        measured_ms=told.measured_ms,
        corrects=told.corrects,
        id=told.id,
        first_tap_ms=told.first_tap_ms,
        took_ms=told.took_ms,
    )


def decode_command(person: str, payload: bytes, *, retained: bool = False) -> Command:
    """Return one order, e.g. `{"session":"s1","mode":"demo","do":"accept","alarm":"spo2@5"}`.

    Raises:
        Malformed: RETAINED; what `read_json` and `fit` say.
    """
    _fresh(retained)
    order: Order = fit(read_json(payload), _ORDER)
    return Command(person, order)


def _fresh(retained: bool) -> None:
    if retained:
        raise Malformed(
            Reason.RETAINED, "a person's message must not be retained; publish it with retain off"
        )
