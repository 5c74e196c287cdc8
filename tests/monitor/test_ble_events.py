"""What Bluetooth news mean to a session: a reading or none, live or from memory, there or lost."""

from decimal import Decimal

import pytest

from devices.ble_words import LinkNews
from devices.blp import BloodPressure
from devices.blp_heard import heard_blood_pressure
from devices.gatt_bytes import DateTime
from devices.heard import Heard, Identity
from devices.link import Where
from devices.observation import DeviceKind, Mode, spo2_pct
from monitor.ble_events import OnlineWatch, measured_ms, reading_of

NOON = DateTime(2026, 11, 24, 12, 0, 0)
NOON_UTC_MS = 1_795_521_600_000
MINUTE_MS = 60_000
WHO = Identity("bp-1", Mode.TEST, "ble-1", 3)


def cuff(at: DateTime | None = NOON) -> Heard:
    """A reading of 120/80 with its time."""
    said = BloodPressure(systolic=Decimal(120), diastolic=Decimal(80), mean=Decimal(93), at=at)
    return heard_blood_pressure(said)


@pytest.mark.parametrize(
    ("at", "zone_min", "expected_ms"),
    [
        (NOON, 0, NOON_UTC_MS),
        (NOON, 60, NOON_UTC_MS - 60 * MINUTE_MS),
        (NOON, -300, NOON_UTC_MS + 300 * MINUTE_MS),
        (DateTime(2026, 2, 30, 0, 0, 0), 0, None),
        (DateTime(1, 1, 1, 0, 0, 0), 60, None),
    ],
)
def test_a_device_clock_is_read_in_the_zone_it_was_set_in(
    at: DateTime, zone_min: int, expected_ms: int | None
) -> None:
    """East, west, and days that no calendar has."""
    assert measured_ms(at, zone_min) == expected_ms


@pytest.mark.parametrize(
    ("zone_min", "wall_ms", "measured", "stored"),
    [
        (0, NOON_UTC_MS + 5 * MINUTE_MS, NOON_UTC_MS, False),
        (0, NOON_UTC_MS + 5 * MINUTE_MS + 1, NOON_UTC_MS, True),
        (0, NOON_UTC_MS - MINUTE_MS, NOON_UTC_MS, False),
        (0, None, NOON_UTC_MS, False),
        (None, NOON_UTC_MS + 60 * MINUTE_MS, None, False),
    ],
)
def test_an_old_reading_comes_from_memory(
    zone_min: int | None, wall_ms: int | None, measured: int | None, stored: bool
) -> None:
    """Older than five minutes by a clock that is believed; kept and never judged."""
    made = reading_of(cuff(), WHO, zone_min, wall_ms)
    assert made is not None
    assert (made.measured_ms, made.stored, made.seq, made.boot_id) == (measured, stored, 3, "ble-1")


def test_a_device_without_a_time_is_heard_now_and_a_battery_is_no_reading() -> None:
    """An oximeter's report has no clock of its own."""
    heard = Heard(kind=DeviceKind.OXIMETER, observations=(spo2_pct(97),))
    made = reading_of(heard, WHO, 0, NOON_UTC_MS)
    assert made is not None
    assert (made.measured_ms, made.stored) == (None, False)
    assert reading_of(Heard(kind=DeviceKind.CUFF, battery_pct=5), WHO, 0, 0) is None


def told(kind: DeviceKind, *states: Where) -> list[bool | None]:
    """What is said of a link that goes through these states."""
    watch = OnlineWatch(kind)
    return [watch.changed(LinkNews("d", where, "")) for where in states]


def test_an_oximeter_is_lost_until_it_is_there_and_each_change_is_said_once() -> None:
    """Connecting is neither; a quiet link is one."""
    states = (Where.SEARCHING, Where.CONNECTING, Where.SUBSCRIBING, Where.QUIET, Where.STREAMING)
    assert told(DeviceKind.OXIMETER, *states) == [False, None, None, True, None]
    lost = (Where.QUIET, Where.WAITING, Where.SEARCHING, Where.NO_RADIO)
    assert told(DeviceKind.OXIMETER, *lost) == [True, False, None, None]


def test_a_cuff_that_sleeps_is_not_lost_but_one_that_cannot_be_reached_is() -> None:
    """Nor is it lost before it was ever seen; without a radio it is."""
    asleep = (Where.SEARCHING, Where.QUIET, Where.STREAMING, Where.CALMING, Where.SEARCHING)
    assert told(DeviceKind.CUFF, *asleep) == [None, True, None, None, None]
    assert told(DeviceKind.CUFF, Where.CONNECTING, Where.WAITING, Where.SEARCHING) == [
        None,
        False,
        None,
    ]
    assert told(DeviceKind.CUFF, Where.NO_RADIO, Where.OFF) == [False, None]
