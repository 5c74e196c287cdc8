"""A reading is exactly what the device sent, or refused by name."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.observation import (
    DeviceKind,
    DeviceReport,
    Flag,
    Metric,
    Mode,
    Observation,
    Validity,
)
from devices.payload import (
    DeviceStatusReport,
    decode_reading,
    decode_status,
    digest_of,
)
from devices.strict_json import Malformed, Reason

NO = Validity.UNAVAILABLE


def oximeter(**fields: Any) -> bytes:
    """Return an oximeter's payload of the test mode."""
    return json.dumps({"mode": "test", "kind": "oximeter", **fields}).encode()


def cuff(**fields: Any) -> bytes:
    """Return a cuff's payload of the test mode."""
    return json.dumps({"mode": "test", "kind": "cuff", **fields}).encode()


def refusal(payload: bytes) -> tuple[Reason, str]:
    """Return why a reading is refused."""
    with pytest.raises(Malformed) as caught:
        decode_reading("d", payload)
    return caught.value.reason, caught.value.detail


def test_a_full_oximeter_reading_is_kept_whole() -> None:
    """Every field arrives, in the fixed order of metrics."""
    payload = oximeter(
        boot_id="b1",
        seq=7,
        measured_ms=1_700_000_000_000,
        stored=True,
        flags=["motion", "low_battery"],
        spo2=97.7,
        pulse=72,
        pi=1.25,
        rr=None,
    )
    assert decode_reading("ox-1", payload) == DeviceReport(
        device="ox-1",
        kind=DeviceKind.OXIMETER,
        mode=Mode.TEST,
        observations=(
            Observation(Metric.SPO2, 97_70),
            Observation(Metric.PULSE, 72_00),
            Observation(Metric.PI, 1_25),
            Observation(Metric.RR, None, NO),
        ),
        measured_ms=1_700_000_000_000,
        boot_id="b1",
        seq=7,
        flags=(Flag.MOTION, Flag.LOW_BATTERY),
        stored=True,
    )


def test_a_reading_without_a_number_of_its_own_is_named_by_its_bytes() -> None:
    """Without (boot_id, seq) the digest of the bytes is the name."""
    payload = cuff(mode="real", sbp=120, dbp=80, map=93.5, pulse=60)
    assert decode_reading("cuff", payload) == DeviceReport(
        device="cuff",
        kind=DeviceKind.CUFF,
        mode=Mode.REAL,
        observations=(
            Observation(Metric.SBP, 120_00),
            Observation(Metric.DBP, 80_00),
            Observation(Metric.MAP, 93_50),
            Observation(Metric.CUFF_PULSE, 60_00),
        ),
        digest=digest_of(payload),
    )


def test_digest_is_the_first_16_hex_of_sha256() -> None:
    """The name of no bytes at all is the well-known one."""
    assert digest_of(b"") == "e3b0c44298fc1c14"


def test_kilopascals_become_mmhg_and_the_pulse_stays() -> None:
    """16 kPa is 120.01 mmHg (x 7.50062, half to even); a pulse has no pressure unit."""
    report = decode_reading("cuff", cuff(unit="kPa", sbp=16, dbp=10.67, map=None, pulse=60))
    assert report.observations == (
        Observation(Metric.SBP, 120_01),
        Observation(Metric.DBP, 80_03),
        Observation(Metric.MAP, None, NO),
        Observation(Metric.CUFF_PULSE, 60_00),
    )
    assert report.flags == (Flag.FROM_KPA,)


@pytest.mark.parametrize(
    ("spo2", "pulse", "expected"),
    [
        (0, 0, (None, None)),
        (127, 127, (None, 127_00)),
        (255, 255, (None, None)),
        (511, 511, (None, None)),
        (127.0, 255.0, (None, None)),
        (126, 254, (126_00, 254_00)),
        (-0.0, 1, (None, 1_00)),
    ],
)
def test_only_the_documented_codes_mean_no_value(
    spo2: float, pulse: float, expected: tuple[int | None, int | None]
) -> None:
    """0, 127, 255, 511 are codes of SpO2; 0, 255, 511 of the pulse, whose 127 is real."""
    seen = decode_reading("ox", oximeter(spo2=spo2, pulse=pulse)).observations
    assert tuple(o.value_x100 for o in seen) == expected
    assert tuple(o.validity for o in seen) == tuple(
        NO if value is None else Validity.VALID for value in expected
    )


@pytest.mark.parametrize(
    ("text", "value_x100"),
    [
        ("300", 300_00),
        ("-5", -5_00),
        ("97.70", 97_70),
        ("97.7000", 97_70),
        ("9.77e1", 97_70),
        ("2147483648", 2**31 * 100),
    ],
)
def test_an_implausible_value_is_passed_on_exactly(text: str, value_x100: int) -> None:
    """Judging is the engine's business; only what cannot be kept exactly is refused."""
    payload = f'{{"mode":"test","kind":"oximeter","spo2":{text}}}'.encode()
    assert decode_reading("ox", payload).observations == (Observation(Metric.SPO2, value_x100),)


@pytest.mark.parametrize(
    ("payload", "reason", "detail"),
    [
        (
            oximeter(spo2=97.701),
            Reason.PRECISION,
            "spo2 97.701 is finer than 0.01; send at most two decimals",
        ),
        (
            cuff(sbp=2**31 + 1),
            Reason.NUMBER,
            "sbp 2147483649 is beyond +-2147483648; send its unit",
        ),
        (
            oximeter(boot_id="b"),
            Reason.IDENTITY,
            "boot_id and seq name a reading together; send both or neither",
        ),
        (
            oximeter(seq=1),
            Reason.IDENTITY,
            "boot_id and seq name a reading together; send both or neither",
        ),
        (
            oximeter(),
            Reason.NOTHING,
            "no value, no flag, no failure; send null for a missing value",
        ),
    ],
)
def test_what_cannot_be_kept_exactly_is_refused(
    payload: bytes, reason: Reason, detail: str
) -> None:
    """The refusal names the field and the remedy."""
    assert refusal(payload) == (reason, detail)


@pytest.mark.parametrize(
    "payload",
    [
        b"[]",
        b"5",
        b"{}",
        oximeter(spo2="97"),
        oximeter(spo2=True),
        oximeter(spo2=[97]),
        oximeter(sbp=120),
        oximeter(spo2=97, colour="blue"),
        oximeter(spo2=97, seq=-1, boot_id="b"),
        oximeter(spo2=97, seq=2**53 + 1, boot_id="b"),
        oximeter(spo2=97, seq=1.5, boot_id="b"),
        oximeter(spo2=97, seq=1, boot_id="a b"),
        oximeter(spo2=97, measured_ms=2**63),
        oximeter(spo2=97, flags=["tired"]),
        oximeter(spo2=97, flags=["motion"] * (len(Flag) + 1)),
        oximeter(spo2=97, stored=1),
        cuff(failure="x" * 501),
        cuff(failure="bell\x07"),
        cuff(sbp=120, unit="bar"),
        oximeter(mode="play", spo2=97),
        b'{"mode":"test","kind":"scale","spo2":97}',
        b'{"kind":"oximeter","spo2":97}',
    ],
)
def test_what_the_schema_does_not_know_is_refused(payload: bytes) -> None:
    """Wrong types, unknown fields, unknown words and numbers out of bounds are all SCHEMA."""
    assert refusal(payload)[0] is Reason.SCHEMA


def test_flags_or_a_failure_alone_say_enough() -> None:
    """A cuff that failed and a finger that is out are reports without values."""
    failed = decode_reading("c", cuff(failure="cuff leak"))
    out = decode_reading("o", oximeter(flags=["finger_out"]))
    assert (failed.failure, failed.observations) == ("cuff leak", ())
    assert (out.flags, out.observations) == ((Flag.FINGER_OUT,), ())


def test_a_retained_reading_is_stored_never_live() -> None:
    """The broker's retain flag means that the reading is old."""
    fresh = decode_reading("o", oximeter(spo2=97))
    old = decode_reading("o", oximeter(spo2=97), retained=True)
    assert (fresh.stored, old.stored) == (False, True)


def test_a_status_says_whether_the_device_is_there() -> None:
    """A status needs `online`; a reason is optional, anything else is refused."""
    assert decode_status("d", b'{"online": true}') == DeviceStatusReport("d", True)
    assert decode_status("d", b'{"online": false, "reason": "gone"}') == DeviceStatusReport(
        "d", False, "gone"
    )
    with pytest.raises(Malformed, match="unknown field `mode`"):
        decode_status("d", b'{"online": true, "mode": "test"}')


@given(st.integers(-(2**31) * 100, 2**31 * 100))
def test_every_hundredth_is_kept_exactly(value_x100: int) -> None:
    """No value of two decimals is rounded on its way in."""
    text = f"{Decimal(value_x100) / 100:f}"
    payload = f'{{"mode":"test","kind":"oximeter","pi":{text}}}'.encode()
    assert decode_reading("o", payload).observations == (Observation(Metric.PI, value_x100),)
