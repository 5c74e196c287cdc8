"""What our own devices and people write to MQTT: the exact inverse of the decoders.

Only senders use this (simulators, tests, a bridge beside the hub); the hub reads with `inbound`.
For every report without a digest, `decode_reading(encode_reading(r)) == r`.

>>> encode_status(online=True)
b'{"online":true}'
"""

from decimal import Decimal
from typing import Any

import msgspec

from devices.command import Command
from devices.observation import DeviceReport, Metric

__all__ = ["encode_check_in", "encode_command", "encode_reading", "encode_status"]

_ENCODER = msgspec.json.Encoder(decimal_format="number", order="deterministic")

_FIELD = {metric: str(metric) for metric in Metric} | {Metric.CUFF_PULSE: "pulse"}


def encode_reading(report: DeviceReport) -> bytes:
    """Return a report as the JSON of `vigil/v1/reading/<device>`; values in %, /min and mmHg."""
    told: dict[str, Any] = {"mode": report.mode, "kind": report.kind}
    for name in ("boot_id", "seq", "measured_ms", "failure"):
        value = getattr(report, name)
        if value is not None:
            told[name] = value
    if report.flags:
        told["flags"] = report.flags
    if report.stored:
        told["stored"] = True
    for seen in report.observations:
        told[_FIELD[seen.metric]] = None if seen.value_x100 is None else _plain(seen.value_x100)
    return _ENCODER.encode(told)


def encode_status(*, online: bool, reason: str = "", battery_pct: int | None = None) -> bytes:
    """Return a device's status; publish it retained, and as the last will with online=False.

    `battery_pct` is 0 to 100; None leaves it out.
    """
    told: dict[str, Any] = {"online": online}
    if reason:
        told["reason"] = reason
    if battery_pct is not None:
        told["battery_pct"] = battery_pct
    return _ENCODER.encode(told)


def encode_check_in(*, session: str, mode: str, codes: str, **more: Any) -> bytes:
    """Return a check-in; `more` may hold `measured_ms`, `corrects` and `id`."""
    return _ENCODER.encode({"session": session, "mode": mode, "codes": codes, **more})


def encode_command(command: Command) -> bytes:
    """Return a command's order; the person goes into the topic."""
    return _ENCODER.encode(command.order)


def _plain(value_x100: int) -> int | Decimal:
    whole, rest = divmod(value_x100, 100)
    return Decimal(value_x100).scaleb(-2).normalize() if rest else whole
