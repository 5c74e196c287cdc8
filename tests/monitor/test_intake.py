"""What is refused, what is kept and not judged, and what rows may look at."""

import msgspec
import pytest

from alerts.contact import Role
from devices.observation import DeviceKind, DeviceReport, Metric, Mode, Observation, Validity
from monitor.chart import BpReading, Chart
from monitor.events import Reading, TypedReading
from monitor.intake import Intake, Seen, Taken
from monitor.patient import DeviceBinding
from tests.bedside import DEFAULT
from tests.charts import cuff_report, oximeter_report

WALL = 1_700_000_000_000


def intake(*, clock: bool = True) -> Intake:
    """Return the intake of a test session with an oximeter and a cuff."""
    devices = (
        DeviceBinding("ox", DeviceKind.OXIMETER, clock=clock),
        DeviceBinding("cuff", DeviceKind.CUFF),
    )
    return Intake(Chart(DEFAULT, devices, athlete=False), Mode.TEST)


def taken(report: DeviceReport, *, clock: bool = True, wall_ms: int | None = WALL) -> Taken:
    """Take one report alone."""
    return intake(clock=clock).take(Reading(at_ms=5, report=report, wall_ms=wall_ms))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"device": "other"}, "device other is not bound to this session"),
        ({"kind": DeviceKind.CUFF}, "device ox is bound as oximeter"),
        ({"mode": Mode.REAL}, "mode real is not the session's test"),
        ({"stored": True}, "from the device's memory"),
    ],
)
def test_what_is_not_judged(changes: dict[str, object], why: str) -> None:
    """Kept in the record, with its reason; no doubt of the device."""
    report = msgspec.structs.replace(oximeter_report(), **changes)
    assert taken(report) == Taken(unjudged=why)


@pytest.mark.parametrize(
    ("off_ms", "clock", "wall_ms", "why"),
    [
        (5_000, True, WALL, ""),
        (5_001, True, WALL, "dated 5 s in the future"),
        (-300_000, True, WALL, ""),
        (-300_001, True, WALL, "300 s old"),
        (-300_001, False, WALL, ""),
        (-300_001, True, None, ""),
        (None, True, WALL, ""),
    ],
)
def test_a_wrong_time_is_implausible(
    off_ms: int | None, clock: bool, wall_ms: int | None, why: str
) -> None:
    """Only where the device's clock and ours are both believed."""
    report = oximeter_report(measured_ms=None if off_ms is None else WALL + off_ms)
    got = taken(report, clock=clock, wall_ms=wall_ms)
    assert (got.unjudged, got.implausible, got.sample is None) == (why, why, bool(why))


def test_an_oximeter_sample_and_what_it_rejects() -> None:
    """The sample goes on; the impossible value is named."""
    got = taken(oximeter_report(0, 70))
    assert got.sample is not None
    assert (got.sample.pulse, got.implausible) == (70_00, "implausible spo2 0")


def test_a_cuff_reading() -> None:
    """With its own pulse, or the one that a device sends as plain pulse, or none."""
    got = taken(cuff_report(120, 80, 66))
    assert got == Taken(reading=BpReading(5, 120_00, 80_00, 66_00, irregular=False))
    plain = msgspec.structs.replace(
        cuff_report(120, 80),
        observations=(
            Observation(Metric.SBP, 120_00),
            Observation(Metric.DBP, 80_00),
            Observation(Metric.PULSE, 64_00),
        ),
    )
    assert taken(plain).reading == BpReading(5, 120_00, 80_00, 64_00, irregular=False)
    bare = msgspec.structs.replace(plain, observations=plain.observations[:2])
    assert taken(bare).reading == BpReading(5, 120_00, 80_00, None, irregular=False)


@pytest.mark.parametrize(
    ("report", "why"),
    [
        (cuff_report(281, 80), "implausible sbp 281"),
        (cuff_report(49, 30), "implausible sbp 49"),
        (cuff_report(120, 24), "implausible dbp 24"),
        (cuff_report(120, 80, 251), "implausible cuff_pulse 251"),
        (cuff_report(110, 95.01), "blood pressure 110/95.01: less than 15 mmHg apart"),
        (cuff_report(80, 120), "blood pressure 80/120: less than 15 mmHg apart"),
    ],
)
def test_an_implausible_cuff_reading_is_a_failed_attempt(report: DeviceReport, why: str) -> None:
    """Rejected, counted, and never shown as a number."""
    assert taken(report) == Taken(failed=why, implausible=why, unjudged=why)


def test_no_reading() -> None:
    """The device's reason; no value; or a value that the device does not vouch for."""
    failed = msgspec.structs.replace(cuff_report(120, 80), failure="cuff loose", observations=())
    empty = msgspec.structs.replace(cuff_report(120, 80), observations=())
    assert [
        taken(report)
        for report in (failed, empty, cuff_report(210, 130, validity=Validity.INVALID))
    ] == [
        Taken(failed="cuff loose"),
        Taken(failed="the reading has no value"),
        Taken(failed="the reading has no value"),
    ]


def test_a_reading_ends_the_hold_10_s_later() -> None:
    """Never later than it would have ended."""
    room = intake()
    room.chart.held_until_ms = 60_000
    ends = []
    for at_ms in (30_000, 35_000):
        room.take(Reading(at_ms=at_ms, report=cuff_report(120, 80)))
        ends.append(room.chart.held_until_ms)
    assert ends == [40_000, 40_000]


def test_the_same_report_is_known_by_number_or_by_time_and_bytes() -> None:
    """Without number and clock the same bytes may well be sent twice."""
    seen = Seen()
    numbered = oximeter_report(seq=1)
    timed = msgspec.structs.replace(oximeter_report(measured_ms=WALL), digest="abc")
    bare = oximeter_report()
    for report in (numbered, timed, bare):
        assert report not in seen
        assert seen.take(report)
    other_boot = msgspec.structs.replace(numbered, boot_id="b")
    assert [r in seen for r in (numbered, timed, bare, other_boot, "text")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert [seen.take(r) for r in (numbered, timed, bare, other_boot)] == [False, False, True, True]


def test_what_was_seen_is_bounded() -> None:
    """The oldest is forgotten beyond 20,000, its group with its last member."""
    seen = Seen()
    first = msgspec.structs.replace(oximeter_report(seq=1), boot_id="old")
    seen.take(first)
    second = oximeter_report(seq=0)
    seen.take(second)
    for number in range(1, 20_000):
        seen.take(oximeter_report(seq=number))
    assert first not in seen
    assert ("ox", "old") not in seen._groups
    seen.take(oximeter_report(seq=20_000))
    assert second not in seen
    assert oximeter_report(seq=1) in seen


def typed(sbp: int, dbp: int, pulse: int | None = None) -> TypedReading:
    """Return a reading that a person typed."""
    return TypedReading(
        at_ms=5,
        by="ann",
        role=Role.COMPANION,
        sbp_x100=sbp * 100,
        dbp_x100=dbp * 100,
        pulse_x100=None if pulse is None else pulse * 100,
    )


@pytest.mark.parametrize("pulse", [None, 66])
def test_a_typed_reading_is_a_reading(pulse: int | None) -> None:
    """With the pulse or without."""
    made = intake()
    reading = BpReading(5, 128_00, 81_00, None if pulse is None else pulse * 100)
    assert made.typed(typed(128, 81, pulse)) == Taken(reading=reading)
    assert list(made.chart.readings) == [reading]


@pytest.mark.parametrize(
    ("event", "what"),
    [
        (typed(281, 90), "implausible sbp 281"),
        (typed(49, 30), "implausible sbp 49"),
        (typed(120, 24), "implausible dbp 24"),
        (typed(120, 80, 0), "implausible cuff_pulse 0"),
        (typed(95, 165), "blood pressure 95/165: less than 15 mmHg apart"),
        (typed(94, 80), "blood pressure 94/80: less than 15 mmHg apart"),
    ],
)
def test_a_typed_reading_is_held_to_the_same(event: TypedReading, what: str) -> None:
    """What a cuff could not say, a person cannot type: nothing is kept."""
    made = intake()
    got = made.typed(event)
    assert (got, list(made.chart.readings)) == (
        Taken(failed=what, implausible=what, unjudged=what),
        [],
    )


def test_a_typed_reading_ends_the_inflation() -> None:
    """As a device's own reading does: ten seconds after it."""
    made = intake()
    made.chart.held_until_ms = 60_000
    made.typed(typed(128, 81))
    made.inflation_over(50_000)
    assert made.chart.held_until_ms == 10_005


@pytest.mark.parametrize(
    ("off_ms", "received_ms", "why"),
    [
        (-3_600_000, 1_000, ""),
        (-3_600_000, None, ""),
        (-3_900_001, 1_000, "3900 s old"),
        (-3_594_999, 1_000, "3594 s old"),
    ],
)
def test_a_step_of_our_wall_clock_makes_no_live_reading_old(
    off_ms: int, received_ms: int | None, why: str
) -> None:
    """The wall clock went an hour ahead: what is of now by the clock before is taken."""
    door = intake()
    door.chart.wall_before_ms = WALL - 3_600_000 - 1_000
    report = oximeter_report(measured_ms=WALL + off_ms)
    event = Reading(at_ms=1_000, report=report, wall_ms=WALL, received_ms=received_ms)
    assert door.take(event).unjudged == why
