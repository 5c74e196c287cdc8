"""Each vendor's bytes become values, flags and no value, as its sources say."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.decoder import Decoder
from devices.frames import crc8
from devices.heard import Heard
from devices.models import VENDORS, Model
from devices.observation import Flag, Metric, Observation, Validity
from devices.strict_json import Malformed
from devices.vendor_berry import BerryMed
from devices.vendor_contec import Cms50D
from devices.vendor_jumper import Jumper500F
from devices.vendor_nonin import Nonin3230
from devices.vendor_o2ring import O2Ring
from devices.vendor_pc60fw import Pc60Fw, framed
from tests.devices.gatt_vectors import captures

NONE = Validity.UNAVAILABLE


def heard(decoder: Decoder, *notifications: str) -> list[Heard]:
    """Return what was heard of these notifications; nothing may be malformed."""
    found = [one for hexed in notifications for one in decoder.feed("", bytes.fromhex(hexed))]
    assert all(isinstance(one, Heard) for one in found)
    return [one for one in found if isinstance(one, Heard)]


def values(one: Heard) -> dict[Metric, float | None]:
    """Return each value in its unit."""
    return {
        o.metric: None if o.value_x100 is None else o.value_x100 / 100 for o in one.observations
    }


def ring(data: str, state: int = 0) -> str:
    """An answer of the O2Ring."""
    said = bytes.fromhex(data)
    frame = bytes((0x55, state, 0xFF, 0, 0, len(said), 0)) + said
    return (frame + bytes((crc8(frame),))).hex()


@pytest.mark.parametrize(
    ("make", "hexed", "expected", "flags", "battery_pct"),
    [
        (Nonin3230, "0a141e0190000161 0048", (97, 72, 4.0), (), None),
        (
            Nonin3230,
            "0a381e000000017f 01ff",
            (None, None, 0),
            (Flag.SEARCHING, Flag.LOW_BATTERY),
            None,
        ),
        (Nonin3230, "0a061e0010000161 0048", (97, 72, 0.16), (Flag.LOW_QUALITY,), None),
        (Nonin3230, "0a041e0010000161 0048", (97, 72, 0.16), (Flag.LOW_QUALITY,), None),
        (Nonin3230, "0a141e0190000161 0112", (97, 274, 4.0), (), None),
        (Jumper500F, "81386344", (99, 56, 6.8), (), None),
        (Jumper500F, "81ff7f00", (None, None, 0), (Flag.SEARCHING,), None),
        (Jumper500F, "81ff6300", (99, None, 0), (), None),
        (BerryMed, "8040004861", (97, 72), (), None),
        (BerryMed, "80404f0861", (97, 136), (), None),
        (BerryMed, "a040107f7f", (None, 127), (Flag.FINGER_OUT,), None),
        (BerryMed, "8040707f7f", (None, None), (Flag.FINGER_OUT, Flag.SEARCHING), None),
        (O2Ring, ring("60 4800 00000000 57 00 05 1e 01"), (96, 72, 3.0), (), 87),
        (
            O2Ring,
            ring("00 0000 00000000 ff 00 05 00 a0"),
            (None, None, 0),
            (Flag.FINGER_OUT,),
            None,
        ),
        (O2Ring, ring("60 4800 00000000 57 00 05 1e 01 00"), (96, 72, 3.0), (), 87),
        (Pc60Fw, framed(bytes.fromhex("0f0801603e00500040")).hex(), (96, 62, 8.0), (), 33),
        (
            Pc60Fw,
            framed(bytes.fromhex("0f08017fff01000200")).hex(),
            (None, None, 0),
            (Flag.FINGER_OUT,),
            0,
        ),
        (
            Pc60Fw,
            framed(bytes.fromhex("0f0801603e00500480")).hex(),
            (96, 62, 8.0),
            (Flag.SEARCHING,),
            67,
        ),
        (Cms50D, "eb010453637f0025", (99, 83), (Flag.FINGER_OUT,), None),
        (Cms50D, "eb0106ff7f7f006f", (None, None), (), None),
    ],
)
def test_one_frame(
    make: Callable[[], Decoder],
    hexed: str,
    expected: tuple[float | None, ...],
    flags: tuple[Flag, ...],
    battery_pct: int | None,
) -> None:
    """SpO2, pulse, perfusion index where it is sent; flags; battery; no value for a code."""
    (one,) = heard(make(), hexed)
    said = values(one)
    order = (Metric.SPO2, Metric.PULSE, Metric.PI)[: len(expected)]
    assert (tuple(said[metric] for metric in order), len(said)) == (expected, len(expected))
    assert (one.flags, one.battery_pct) == (flags, battery_pct)
    for observation in one.observations:
        assert (observation.value_x100 is None) == (observation.validity is NONE)


def test_real_captures_are_read() -> None:
    """A PC-60FW whose check sum was left out of the source, and a Contec with its finger word."""
    ((_, viatom, _),) = captures("NUS notify")
    (one,) = heard(Pc60Fw(), framed(viatom.removeprefix(b"\xaa\x55")).hex())
    assert values(one) == {Metric.SPO2: 96, Metric.PULSE: 62, Metric.PI: 8.0}
    ((_, contec, _),) = captures("notify ff02")
    (one,) = heard(Cms50D(), contec.hex())
    assert values(one) == {Metric.SPO2: 99, Metric.PULSE: 83}


def test_the_waves_between_the_values_are_passed_over() -> None:
    """Each vendor's own."""
    assert heard(Jumper500F(), "80112233445566") == []
    assert heard(Pc60Fw(), framed(bytes.fromhex("0f07023b3835322f")).hex()) == []
    assert heard(Pc60Fw(), framed(bytes.fromhex("f0030303")).hex()) == []
    assert heard(Cms50D(), "eb000348093f") == []
    assert heard(Pc60Fw(), "aa55") == []


def test_frames_come_split_and_joined() -> None:
    """A ring's answer in two notifications; a wave and values in one; packets cut anywhere."""
    answer = ring("60 4800 00000000 57 00 05 1e 01")
    assert len(heard(O2Ring(), answer[:40], answer[40:])) == 1
    assert len(heard(O2Ring(), answer[:6], answer[6:])) == 1
    assert len(heard(Cms50D(), "eb000348093feb010453637f0025")) == 1
    assert len(heard(BerryMed(), "804000", "4861", "8040004861" * 3)) == 1


def test_a_hundred_packets_a_second_are_one_report_unless_something_changes() -> None:
    """BerryMed: the first, then each change at once, then every hundredth."""
    same, other = "8040004861", "8040004860"
    assert len(heard(BerryMed(), same * 100)) == 1
    assert len(heard(BerryMed(), same * 101)) == 2
    assert [values(one)[Metric.SPO2] for one in heard(BerryMed(), same * 10 + other * 10)] == [
        97,
        96,
    ]


@pytest.mark.parametrize(
    ("make", "hexed", "says"),
    [
        (Nonin3230, "09141e019000016100", "length byte and 9 bytes differ"),
        (Nonin3230, "0b141e01900001610048", "length byte and 10 bytes differ"),
        (Jumper500F, "8138", "neither values nor a wave"),
        (Jumper500F, "90386344", "neither values nor a wave"),
        (BerryMed, "0040004861", "no packet begins here"),
        (BerryMed, "8040804861", "no packet begins here"),
        (O2Ring, "550000000002000000", "no frame has this head"),
        (O2Ring, ring("60 4800 00000000 57 00 05 1e 01")[:-2] + "00", "the check sum is wrong"),
        (O2Ring, ring("60 4800 00000000 57 00 05 1e 01", state=1), "the ring refused: state 1"),
        (Pc60Fw, "aa550f0801603e005000c000", "the check sum is wrong"),
        (Pc60Fw, "aa550f00", "no frame has this head"),
        (Cms50D, "eb010453637f0026", "the check sum is wrong"),
        (Cms50D, "eb02", "no frame has this head"),
        (Cms50D, "00", "no frame begins here"),
    ],
)
def test_what_is_no_frame_is_told(make: Callable[[], Decoder], hexed: str, says: str) -> None:
    """By the device's name and its bytes; it is never a value."""
    decoder = make()
    try:
        found = decoder.feed("", bytes.fromhex(hexed))
    except Malformed as error:
        found = (error,)
    assert [one for one in found if isinstance(one, Heard)] == []
    (told,) = (one for one in found if isinstance(one, Malformed))
    assert says in told.detail


def test_a_broken_frame_costs_no_sound_one() -> None:
    """The decoder finds the next by itself."""
    found = BerryMed().feed("", bytes.fromhex("7f8040004861"))
    assert [type(one) for one in found] == [Malformed, Heard]
    found = Pc60Fw().feed("", b"\xaa" + framed(bytes.fromhex("0f0801603e00500040")))
    assert {type(one) for one in found} == {Heard, Malformed}


def test_the_devices_that_must_be_asked() -> None:
    """The ring's question with its check sum, and Contec's "stream"."""
    assert [write.data.hex() for write in O2Ring().poll()] == ["aa17e8000000001b"]
    assert [write.data.hex() for write in Cms50D().poll()] == ["9b011c"]


@pytest.mark.parametrize("model", VENDORS, ids=lambda one: one.id)
@given(data=st.lists(st.binary(max_size=40), max_size=6))
def test_random_bytes_never_raise_anything_but_malformed(model: Model, data: list[bytes]) -> None:
    """And a code for "none" is never a value."""
    decoder = model.decoder()
    for notification in data:
        try:
            found = decoder.feed(model.notify[0], notification)
        except Malformed:
            continue
        for one in found:
            if isinstance(one, Heard):
                assert Observation(Metric.SPO2, 127_00) not in one.observations
