"""What the vendors' oximeters have in common: whole numbers, codes for "none", flags.

Every one of them sends SpO2 and pulse as whole numbers and says by some code that it has none. A
code is never a value; which codes, each vendor's file says. Zero is none for all of them
(`clinical.md` 2.0: "127, 0, 0xFF.., NaN are codes, not values").

>>> whole(Metric.SPO2, 97, none=127)
Observation(metric=<Metric.SPO2: 'spo2'>, value_x100=9700, validity=<Validity.VALID: 'valid'>)
"""

from collections.abc import Iterable

from devices.heard import Heard
from devices.observation import DeviceKind, Flag, Metric, Observation, Validity

__all__ = ["oximeter_heard", "perfusion", "whole"]


def whole(metric: Metric, number: int, *, none: int) -> Observation:
    """Return one value; `none` and 0 are the codes for no value."""
    if number in (0, none):
        return Observation(metric, None, Validity.UNAVAILABLE)
    return Observation(metric, number * 100)


def perfusion(tenths: int) -> Observation:
    """Return the perfusion index from tenths of a per cent."""
    return Observation(Metric.PI, tenths * 10)


def oximeter_heard(
    observations: Iterable[Observation],
    flags: Iterable[tuple[bool, Flag]],
    battery_pct: int | None = None,
    notes: tuple[str, ...] = (),
) -> Heard:
    """Return one report with the flags that are up."""
    return Heard(
        kind=DeviceKind.OXIMETER,
        observations=tuple(observations),
        flags=tuple(flag for up, flag in flags if up),
        battery_pct=battery_pct,
        notes=notes,
    )
