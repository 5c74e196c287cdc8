"""Every fault of a simulated home as data: what breaks, from when, for how long.

Times count from the opening of the session or from the dose, in seconds. Faults can be laid over
one another and over any scenario: each changes one thing (the reports of a device, a message, a
person, the hub's surroundings) and knows nothing of the others. A mapping with `fault = "<name>"`
reads as one of them (`read_fault`), so they can stand in a TOML file.

Nothing happens in here: `line` plays the faults of reports, `words` those of messages, `house` the
others.

>>> read_fault({"fault": "freeze", "begins_s": 60, "for_s": 30})
Freeze(begins_s=60.0, for_s=30.0, after='open', device='oximeter')
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from devices.observation import Metric
from simulators.oximeter_model import OffCode

__all__ = [
    "Away",
    "Batch",
    "Battery",
    "BrokerDown",
    "ClipOff",
    "CuffFails",
    "DeviceClock",
    "DropOut",
    "Duplicates",
    "Fault",
    "FaultError",
    "Freeze",
    "HouseFault",
    "HubClock",
    "MessageLate",
    "MessageLost",
    "Misread",
    "Motion",
    "NetworkDown",
    "Reorder",
    "ReportFault",
    "Restart",
    "SlowSender",
    "StuckCuff",
    "Voicemail",
    "WeakPulse",
    "WordFault",
    "WrongUnits",
    "read_fault",
]

Seconds = Annotated[float, Meta(ge=0, le=86_400)]
Share = Annotated[float, Meta(ge=0, le=1)]
Which = Literal["oximeter", "cuff", "any"]


class FaultError(ValueError):
    """A fault that cannot be played; the message says which field and what is allowed."""


class _Fault(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="fault", tag=True
):
    """`begins_s` after the opening or the dose, for `for_s`."""

    begins_s: Seconds = 0.0
    for_s: Seconds = 60.0
    after: Literal["open", "dose"] = "open"


class _OfReports(_Fault, frozen=True, kw_only=True):
    device: Which = "oximeter"


class DropOut(_OfReports, frozen=True, kw_only=True, tag="drop_out"):
    """A share of the reports is lost. `told`: the hub's radio notices the link go and return."""

    share: Share = 1.0
    told: bool = False


class Batch(_OfReports, frozen=True, kw_only=True, tag="batch"):
    """Nothing comes, and all of it at once afterwards; `stored`: marked as from a memory."""

    stored: bool = True


class Freeze(_OfReports, frozen=True, kw_only=True, tag="freeze"):
    """A stuck gateway: the first report's values again and again, under new numbers and times."""


class Duplicates(_OfReports, frozen=True, kw_only=True, tag="duplicates"):
    """Each report comes again, `copies` times, every `after_ms`."""

    copies: Annotated[int, Meta(ge=1, le=10)] = 1
    after_ms: Annotated[int, Meta(ge=0, le=60_000)] = 100


class Reorder(_OfReports, frozen=True, kw_only=True, tag="reorder"):
    """Every second report is late by `by_ms`, so that the next overtakes it."""

    by_ms: Annotated[int, Meta(ge=1, le=60_000)] = 1_500


class SlowSender(_OfReports, frozen=True, kw_only=True, tag="slow_sender"):
    """Each report is late, by more and more: `delay_s` at first, `growth` seconds each second."""

    delay_s: Annotated[float, Meta(ge=0, le=600)] = 5.0
    growth: Annotated[float, Meta(ge=0, le=1)] = 0.0


class DeviceClock(_OfReports, frozen=True, kw_only=True, tag="device_clock"):
    """The device's own clock is wrong by `step_s`; a device that had none gets one that is."""

    step_s: Annotated[float, Meta(ge=-1e9, le=1e9)]


class Battery(_OfReports, frozen=True, kw_only=True, tag="battery"):
    """Reports are flagged; from `empty_after_s` on the device is silent until the end.

    `pct`: the device also says how much is left, and that it is full again at the end.
    """

    empty_after_s: Seconds = 86_400.0
    pct: Annotated[int, Meta(ge=0, le=100)] | None = None


class Misread(_OfReports, frozen=True, kw_only=True, tag="misread"):
    """One metric is shown `times` as high and `by` more (units of the metric).

    Two for a pulse that is counted twice; +65 for an outlier of a cuff. `most` readings at most.
    """

    metric: Metric
    times: Annotated[float, Meta(ge=0, le=10)] = 1.0
    by: Annotated[float, Meta(ge=-300, le=300)] = 0.0
    most: Annotated[int, Meta(ge=1, le=100_000)] = 100_000


class WrongUnits(_OfReports, frozen=True, kw_only=True, tag="wrong_units"):
    """A cuff that measures in kPa; `marked`: and a gateway that knows and converts it.

    An oximeter then sends a saturation of 0.97 where 97 is meant.
    """

    device: Which = "cuff"
    marked: bool = False


class Motion(_OfReports, frozen=True, kw_only=True, tag="motion"):
    """The hand moves all the time: flagged after 2 s, or never; values hold, or drift there."""

    flagged: bool = True
    to_pct: Annotated[float, Meta(ge=1, le=100)] | None = None
    pulse_times: Annotated[float, Meta(ge=0.1, le=10)] = 1.0


class WeakPulse(_OfReports, frozen=True, kw_only=True, tag="weak_pulse"):
    """The signal is too weak: the last values for `hold_s` (S62), then none."""

    hold_s: Annotated[float, Meta(ge=0, le=60)] = 10.0


class ClipOff(_OfReports, frozen=True, kw_only=True, tag="clip_off"):
    """The clip is off the finger, said in the device's own way."""

    code: OffCode = OffCode.FLAG


class StuckCuff(_OfReports, frozen=True, kw_only=True, tag="stuck_cuff"):
    """Every inflation gives the first reading again."""

    device: Which = "cuff"


class CuffFails(_OfReports, frozen=True, kw_only=True, tag="cuff_fails"):
    """Attempts end with an error code, `most` of them at most."""

    device: Which = "cuff"
    reason: Annotated[str, Meta(min_length=1, max_length=100)] = "E2: movement"
    most: Annotated[int, Meta(ge=1, le=1000)] = 1000


class BrokerDown(_Fault, frozen=True, kw_only=True, tag="broker_down"):
    """No report passes; careful publishers keep all and send it when the broker is back."""


class NetworkDown(_Fault, frozen=True, kw_only=True, tag="network_down"):
    """Nothing leaves the house."""


class HubClock(_Fault, frozen=True, kw_only=True, tag="hub_clock"):
    """The hub's wall clock steps by `step_s` at the beginning, and back at the end."""

    step_s: Annotated[float, Meta(ge=-1e9, le=1e9)]


class Restart(_Fault, frozen=True, kw_only=True, tag="restart"):
    """The hub is dead from the beginning, for `for_s`; or from its `at_event`-th event on."""

    at_event: Annotated[int, Meta(ge=1, le=10_000_000)] | None = None


class MessageLost(_Fault, frozen=True, kw_only=True, tag="message_lost"):
    """A share of the messages of one way is handed over and never arrives."""

    channel: str
    share: Share = 1.0


class MessageLate(_Fault, frozen=True, kw_only=True, tag="message_late"):
    """Messages of one way arrive `by_s` later."""

    channel: str
    by_s: Annotated[float, Meta(ge=0, le=3_600)] = 60.0


class Voicemail(_Fault, frozen=True, kw_only=True, tag="voicemail"):
    """A call is picked up by a machine: nobody has heard it."""

    channel: str = "voice"


class Away(_Fault, frozen=True, kw_only=True, tag="away"):
    """Somebody sleeps, has left, or hears no phone: they do nothing."""

    who: Literal["companion", "physician", "backup"] = "companion"


ReportFault = (
    DropOut
    | Batch
    | Freeze
    | Duplicates
    | Reorder
    | SlowSender
    | DeviceClock
    | Battery
    | Misread
    | WrongUnits
    | Motion
    | WeakPulse
    | ClipOff
    | StuckCuff
    | CuffFails
    | BrokerDown
)
WordFault = MessageLost | MessageLate | Voicemail | NetworkDown
HouseFault = NetworkDown | BrokerDown | HubClock | Restart | Away
Fault = ReportFault | WordFault | HouseFault
_FAULT: Any = Fault


def read_fault(told: Mapping[str, object]) -> Fault:
    """Read one fault, e.g. a table of a TOML file.

    Raises:
        FaultError: no such fault, an unknown field, or a value out of its range.
    """
    try:
        fault: Fault = msgspec.convert(told, _FAULT)
    except msgspec.ValidationError as error:
        raise FaultError(f"fault {told.get('fault', '(without a name)')!r}: {error}") from None
    return fault
