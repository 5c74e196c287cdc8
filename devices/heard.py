"""What one Bluetooth notification said, in the words of the house, before it has an identity.

The decoders of all devices end here: values in hundredths with their validity, flags, the device's
own clock if it sent one. The hub adds whose device it is, the mode and a number (`report`). A value
that the device does not have is `None` with a validity that says why; it is never a number.

Never judges a value, and never makes one: a number finer than 0.01 is refused, not rounded. Only
kPa are converted, as `clinical.md` 2.0 says ("multiplied by 7.50062 and marked").

>>> value(Metric.SPO2, Decimal("97.7"))
Observation(metric=<Metric.SPO2: 'spo2'>, value_x100=9770, validity=<Validity.VALID: 'valid'>)
"""

from decimal import ROUND_HALF_EVEN, Decimal

from msgspec import Struct

from devices.blp import Unit
from devices.gatt_bytes import DateTime
from devices.medfloat import Number, Special, x100
from devices.observation import (
    DeviceKind,
    DeviceReport,
    Flag,
    Metric,
    Mode,
    Observation,
    Validity,
)
from devices.payload import MMHG_PER_KPA
from devices.strict_json import Malformed, Reason

__all__ = ["Heard", "Identity", "pressure", "report", "value"]

_LARGEST_X100 = 2**31
_HUNDREDTH = Decimal("0.01")
_NO_NUMBER = {
    Special.NAN: Validity.UNAVAILABLE,
    Special.NRES: Validity.UNAVAILABLE,
    Special.PLUS_INFINITY: Validity.INVALID,
    Special.MINUS_INFINITY: Validity.INVALID,
    Special.RESERVED: Validity.INVALID,
}


class Heard(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One report of a device that does not yet say which device.

    `at` is the device's own clock, without a zone. `stored` comes from its memory; `mode` is DEMO
    or TEST when the device itself says that the value is no patient's. `failure` is a cuff's reason
    for having no reading. `battery_pct` is 0 to 100. `inflating` is a cuff's word that a
    measurement is under way. `notes` are for the log: what the device says beside the values.
    """

    kind: DeviceKind
    observations: tuple[Observation, ...] = ()
    flags: tuple[Flag, ...] = ()
    at: DateTime | None = None
    stored: bool = False
    mode: Mode | None = None
    failure: str | None = None
    battery_pct: int | None = None
    inflating: bool = False
    notes: tuple[str, ...] = ()

    @property
    def reports(self) -> bool:
        """Whether there is something to record as a reading."""
        return bool(self.observations or self.flags or self.failure)


class Identity(Struct, frozen=True):
    """Who sent it: `(device, boot_id, seq)` names the report for ever."""

    device: str
    mode: Mode
    boot_id: str
    seq: int


def report(heard: Heard, who: Identity, measured_ms: int | None = None) -> DeviceReport:
    """Return the report to be judged; `measured_ms` is the device's clock as Unix milliseconds."""
    return DeviceReport(
        device=who.device,
        kind=heard.kind,
        mode=heard.mode or who.mode,
        observations=heard.observations,
        measured_ms=measured_ms,
        boot_id=who.boot_id,
        seq=who.seq,
        flags=heard.flags,
        stored=heard.stored,
        failure=heard.failure,
    )


def value(metric: Metric, number: Number, validity: Validity = Validity.VALID) -> Observation:
    """Return one observation; a special has no value and says so.

    Raises:
        Malformed: reason `precision`: finer than 0.01, or beyond 2^31 hundredths.
    """
    if isinstance(number, Special):
        return Observation(metric, None, _NO_NUMBER[number])
    hundredths = x100(number)
    if hundredths is None or abs(hundredths) > _LARGEST_X100:
        raise Malformed(
            Reason.PRECISION, f"{metric.value} {number} cannot be kept in hundredths as it is"
        )
    return Observation(metric, hundredths, validity)


def pressure(
    metric: Metric, number: Number, unit: Unit, validity: Validity = Validity.VALID
) -> Observation:
    """Return a pressure in mmHg; kPa are multiplied by 7.50062 and rounded half to even at 0.01.

    Raises:
        Malformed: reason `precision`.
    """
    if unit is Unit.KPA and isinstance(number, Decimal):
        number = (number * MMHG_PER_KPA).quantize(_HUNDREDTH, ROUND_HALF_EVEN)
    return value(metric, number, validity)
