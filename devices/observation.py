"""One value that a device or a person sent, exactly as it was sent.

A value is an integer in units of 0.01 of its metric's unit (97 % is 9700), so that nothing is
rounded before it is judged. A device report is one message with all its observations.

This module never judges: whether a value is live, plausible or alarming is the monitor's business.

>>> spo2_pct(97).value_x100
9700
"""

from enum import StrEnum

from msgspec import Struct

__all__ = [
    "METRICS",
    "DeviceKind",
    "DeviceReport",
    "Flag",
    "Metric",
    "MetricInfo",
    "Mode",
    "Observation",
    "Validity",
    "pulse_bpm",
    "spo2_pct",
]


class Mode(StrEnum):
    """What a reading or a session is for (IEEE 11073-10207 GenerationMode)."""

    REAL = "real"
    DEMO = "demo"
    TEST = "test"


class Validity(StrEnum):
    """What the device itself says of one value (after IEEE 11073-10207 MeasurementValidity)."""

    VALID = "valid"
    QUESTIONABLE = "questionable"
    INVALID = "invalid"
    UNAVAILABLE = "unavailable"


class Flag(StrEnum):
    """What a device says of its own signal. The first six make an oximeter sample invalid."""

    FINGER_OUT = "finger_out"
    SEARCHING = "searching"
    LOW_QUALITY = "low_quality"
    MOTION = "motion"
    ARTEFACT = "artefact"
    LOW_PERFUSION = "low_perfusion"
    CUFF_LOOSE = "cuff_loose"
    IRREGULAR_PULSE = "irregular_pulse"
    POSITION = "position"
    LOW_BATTERY = "low_battery"
    FROM_KPA = "from_kpa"


class DeviceKind(StrEnum):
    """The streams that a session can be promised by a device."""

    OXIMETER = "oximeter"
    CUFF = "cuff"


class Metric(StrEnum):
    """What is measured. Units and codes are in METRICS."""

    SPO2 = "spo2"
    PULSE = "pulse"
    PI = "pi"
    RR = "rr"
    SBP = "sbp"
    DBP = "dbp"
    MAP = "map"
    CUFF_PULSE = "cuff_pulse"


class MetricInfo(Struct, frozen=True):
    """Unit (UCUM), LOINC and MDC code (IEEE 11073-10101), and the plausible range.

    Outside `low_x100..high_x100` (inclusive) a value is rejected, never judged: catalogue row
    IMPLAUSIBLE (`clinical.md` 2.5).
    """

    unit: str
    loinc: str
    mdc: int
    low_x100: int
    high_x100: int


METRICS: dict[Metric, MetricInfo] = {
    Metric.SPO2: MetricInfo("%", "59408-5", 150456, 1_00, 100_00),
    Metric.PULSE: MetricInfo("/min", "8867-4", 149530, 1_00, 250_00),
    Metric.PI: MetricInfo("%", "61006-3", 150448, 0, 100_00),
    Metric.RR: MetricInfo("/min", "9279-1", 151562, 0, 120_00),
    Metric.SBP: MetricInfo("mm[Hg]", "8480-6", 150021, 50_00, 280_00),
    Metric.DBP: MetricInfo("mm[Hg]", "8462-4", 150022, 25_00, 180_00),
    Metric.MAP: MetricInfo("mm[Hg]", "8478-0", 150023, 20_00, 220_00),
    Metric.CUFF_PULSE: MetricInfo("/min", "8867-4", 149546, 1_00, 250_00),
}


class Observation(Struct, frozen=True, omit_defaults=True):
    """One value. `value_x100` is None when the device said that it has no value."""

    metric: Metric
    value_x100: int | None
    validity: Validity = Validity.VALID


class DeviceReport(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One message of one device, with all its observations.

    `measured_ms` is the device's own clock (Unix milliseconds) or None for a device without one.
    `(device, boot_id, seq)` names a report for ever; without them `digest`, a hash of the bytes,
    does together with `measured_ms`. `stored` marks a value from the device's memory: it is kept
    in the record and never judged as live. `failure` is a cuff's reason for having no reading.
    """

    device: str
    kind: DeviceKind
    mode: Mode
    observations: tuple[Observation, ...] = ()
    measured_ms: int | None = None
    boot_id: str | None = None
    seq: int | None = None
    digest: str | None = None
    flags: tuple[Flag, ...] = ()
    stored: bool = False
    failure: str | None = None


def spo2_pct(value: float) -> Observation:
    """Return an SpO2 observation from per cent; exact to 0.01."""
    return Observation(Metric.SPO2, round(value * 100))


def pulse_bpm(value: float) -> Observation:
    """Return a pulse-rate observation from beats per minute; exact to 0.01."""
    return Observation(Metric.PULSE, round(value * 100))
