"""Changes to the values of one report: scaled, moved, marked, taken away.

A report is changed only where it is asked to be: its number, time and other flags stay as the
device sent them.

>>> from devices.observation import DeviceKind, Mode
>>> report = DeviceReport(device="ox", kind=DeviceKind.OXIMETER, mode=Mode.TEST,
...     observations=(Observation(Metric.PULSE, 74_00),))
>>> scaled(report, Metric.PULSE, times=2.0).observations[0].value_x100
14800
"""

from msgspec.structs import replace

from devices.observation import DeviceReport, Flag, Metric, Observation, Validity

__all__ = ["PRESSURES", "flagged", "in_units", "questionable", "scaled", "value_of", "without"]

PRESSURES = (Metric.SBP, Metric.DBP, Metric.MAP)
_X100 = 100


def value_of(report: DeviceReport, metric: Metric) -> int | None:
    """Return one value x100 of a report; None: it has none."""
    return next((one.value_x100 for one in report.observations if one.metric is metric), None)


def scaled(
    report: DeviceReport, metric: Metric, *, times: float = 1.0, by_x100: int = 0
) -> DeviceReport:
    """Return the report with one metric `times` as high and `by_x100` more, in whole units."""
    return replace(
        report,
        observations=tuple(
            _moved(one, times, by_x100) if one.metric is metric else one
            for one in report.observations
        ),
    )


def _moved(one: Observation, times: float, by_x100: int) -> Observation:
    if one.value_x100 is None:
        return one
    whole = round((one.value_x100 * times + by_x100) / _X100) * _X100
    # No display has a saturation of more than everything.
    most = 100 * _X100 if one.metric is Metric.SPO2 else whole
    return replace(one, value_x100=max(min(whole, most), 0))


def in_units(
    report: DeviceReport, metrics: tuple[Metric, ...], divisor: float, tenths: int = 1
) -> DeviceReport:
    """Return the report with these metrics divided, to `tenths` hundredths of a unit."""
    return replace(
        report,
        observations=tuple(
            replace(one, value_x100=round(one.value_x100 / divisor / tenths) * tenths)
            if one.metric in metrics and one.value_x100 is not None
            else one
            for one in report.observations
        ),
    )


def flagged(report: DeviceReport, flag: Flag) -> DeviceReport:
    """Return the report with one more flag; twice the same is once."""
    return report if flag in report.flags else replace(report, flags=(*report.flags, flag))


def questionable(report: DeviceReport) -> DeviceReport:
    """Return the report with all values that it has doubted by the device itself."""
    return replace(
        report,
        observations=tuple(
            one if one.value_x100 is None else replace(one, validity=Validity.QUESTIONABLE)
            for one in report.observations
        ),
    )


def without(
    report: DeviceReport, *flags: Flag, validity: Validity = Validity.UNAVAILABLE
) -> DeviceReport:
    """Return the report with no value at all, and these flags in place of its own."""
    nothing = tuple(Observation(one.metric, None, validity) for one in report.observations)
    return replace(report, observations=nothing, flags=flags)
