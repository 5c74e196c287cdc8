"""What our own senders write is what the hub reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.command import Command, Dose, decode_check_in, decode_command
from devices.observation import (
    DeviceKind,
    DeviceReport,
    Flag,
    Metric,
    Mode,
    Observation,
    Validity,
)
from devices.outbound import encode_check_in, encode_command, encode_reading, encode_status
from devices.payload import DeviceStatusReport, decode_reading, decode_status
from devices.strict_json import Malformed

METRICS_OF = {
    DeviceKind.OXIMETER: (Metric.SPO2, Metric.PULSE, Metric.PI, Metric.RR),
    DeviceKind.CUFF: (Metric.SBP, Metric.DBP, Metric.MAP, Metric.CUFF_PULSE),
}


@st.composite
def reports(draw: st.DrawFn) -> DeviceReport:
    """Any report that a device with a counter can send."""
    kind = draw(st.sampled_from(list(DeviceKind)))
    values = draw(st.lists(st.none() | st.integers(1, 100_00), min_size=4, max_size=4))
    kept = draw(st.lists(st.sampled_from(METRICS_OF[kind]), min_size=1, unique=True))
    return DeviceReport(
        device="d",
        kind=kind,
        mode=draw(st.sampled_from(list(Mode))),
        observations=tuple(
            Observation(metric, value)
            if value is not None
            else Observation(metric, None, Validity.UNAVAILABLE)
            for metric, value in zip(METRICS_OF[kind], values, strict=True)
            if metric in kept
        ),
        measured_ms=draw(st.none() | st.integers(0, 2**53)),
        boot_id="b",
        seq=draw(st.integers(0, 2**53)),
        flags=tuple(draw(st.lists(st.sampled_from(list(Flag)), max_size=3))),
        stored=draw(st.booleans()),
        failure=draw(st.none() | st.just("cuff leak")),
    )


@given(reports())
def test_a_report_survives_the_way(report: DeviceReport) -> None:
    """Decoding is the inverse of encoding."""
    assert decode_reading("d", encode_reading(report)) == report


def test_the_bytes_are_plain_json() -> None:
    """Values are numbers in their unit, without needless decimals."""
    report = DeviceReport(
        device="d",
        kind=DeviceKind.OXIMETER,
        mode=Mode.DEMO,
        observations=(Observation(Metric.SPO2, 97_00), Observation(Metric.PULSE, 72_50)),
    )
    assert encode_reading(report) == b'{"kind":"oximeter","mode":"demo","pulse":72.5,"spo2":97}'


def test_status_check_in_and_command_read_back() -> None:
    """Each has its encoder."""
    order = Dose(session="s", mode=Mode.DEMO, ago_ms=5)
    check = decode_check_in(
        "ann", encode_check_in(session="s", mode="demo", codes="W5 B0", corrects=True)
    )
    assert (
        decode_status("d", encode_status(online=True)),
        decode_status("d", encode_status(online=False, reason="gone")),
        decode_command("ann", encode_command(Command("ann", order))),
        (check.check.codes, check.corrects),
    ) == (
        DeviceStatusReport("d", True),
        DeviceStatusReport("d", False, "gone"),
        Command("ann", order),
        ("W5 B0", True),
    )


def test_a_battery_goes_with_the_status() -> None:
    """0 to 100 %, left out when it is not known; more than full is refused."""
    told = [
        decode_status("d", encode_status(online=True, battery_pct=pct)) for pct in (None, 0, 100)
    ]
    assert [one.battery_pct for one in told] == [None, 0, 100]
    with pytest.raises(Malformed):
        decode_status("d", encode_status(online=True, battery_pct=101))
