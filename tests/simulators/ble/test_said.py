"""A simulated report as a device's bytes: what the hub hears of them is what was meant."""

import pytest

from devices.blp_heard import heard_cuff
from devices.heard import Heard
from devices.observation import (
    DeviceKind,
    DeviceReport,
    Flag,
    Metric,
    Mode,
    Observation,
    Validity,
)
from devices.plx_heard import heard_oximeter
from simulators.ble.said import sent, spo2_report

OX, CUFF = DeviceKind.OXIMETER, DeviceKind.CUFF


def report(
    kind: DeviceKind,
    *said: Observation,
    flags: tuple[Flag, ...] = (),
    failure: str | None = None,
) -> DeviceReport:
    """One report."""
    return DeviceReport(
        device="d", kind=kind, mode=Mode.DEMO, observations=said, flags=flags, failure=failure
    )


def heard(one: DeviceReport) -> Heard:
    """What the hub hears of it."""
    uuid, data = sent(one)
    found = (heard_oximeter if one.kind is OX else heard_cuff)(uuid, data)
    assert found is not None
    return found


def test_an_oximeter_is_heard_as_it_was_meant() -> None:
    """Values, perfusion index, and the flags that a status bit stands for."""
    said = (
        Observation(Metric.SPO2, 97_00),
        Observation(Metric.PULSE, 71_50),
        Observation(Metric.PI, 1_25),
    )
    got = heard(report(OX, *said, flags=(Flag.MOTION, Flag.LOW_BATTERY)))
    assert (got.observations, got.flags) == (said, (Flag.ARTEFACT,))
    assert heard(spo2_report(96, 70)).observations[0] == Observation(Metric.SPO2, 96_00)


@pytest.mark.parametrize("worth", [Validity.QUESTIONABLE, Validity.INVALID])
def test_what_a_value_is_worth_goes_with_it(worth: Validity) -> None:
    """And no value is none."""
    got = heard(report(OX, Observation(Metric.SPO2, 97_00, worth)))
    assert got.observations[0] == Observation(Metric.SPO2, 97_00, worth)
    none = heard(report(OX, Observation(Metric.SPO2, None, Validity.UNAVAILABLE)))
    assert none.observations[0] == Observation(Metric.SPO2, None, Validity.UNAVAILABLE)


def test_a_cuff_is_heard_as_it_was_meant() -> None:
    """A mean with more digits than twelve bits hold comes with fewer."""
    got = heard(
        report(
            CUFF,
            Observation(Metric.SBP, 131_00),
            Observation(Metric.DBP, 84_00),
            Observation(Metric.MAP, 99_67),
            Observation(Metric.PULSE, 70_00),
            flags=(Flag.IRREGULAR_PULSE,),
        )
    )
    assert [one.value_x100 for one in got.observations] == [131_00, 84_00, 99_70, 70_00]
    assert got.flags == (Flag.IRREGULAR_PULSE,)


def test_a_failed_reading_is_no_number() -> None:
    """With the reason that a status bit can say."""
    got = heard(report(CUFF, flags=(Flag.CUFF_LOOSE,), failure="leak"))
    assert (got.observations, got.failure) == ((), "no reading: the cuff is loose")


def test_what_no_device_could_send_is_refused() -> None:
    """A number beyond twelve bits in any step."""
    with pytest.raises(ValueError, match="beyond what a device"):
        sent(report(CUFF, Observation(Metric.SBP, 312_345)))
