"""The chart answers by the catalogue's words: too old is unknown, a hold has its exceptions."""

import pytest

from devices.checkin import CheckIn
from devices.observation import DeviceKind
from monitor.chart import BpReading, Chart
from monitor.patient import DeviceBinding
from monitor.session import Phase
from tests.bedside import DEFAULT, VITALS_ONLY

OX = DeviceBinding("ox", DeviceKind.OXIMETER)
CUFF = DeviceBinding("cuff", DeviceKind.CUFF)
STALE_MS = DEFAULT.check_in_schedule.stale_s * 1000


def chart(*devices: DeviceBinding) -> Chart:
    """Return the chart of a session in its peak."""
    made = Chart(DEFAULT, devices, athlete=False)
    made.phase = Phase.PEAK
    return made


def test_devices_are_found_by_kind() -> None:
    """The first of its kind; none is None."""
    made = chart(OX, CUFF)
    assert (made.bound(DeviceKind.OXIMETER), made.bound(DeviceKind.CUFF)) == (OX, CUFF)
    assert chart().bound(DeviceKind.CUFF) is None


def test_a_stream_is_required_by_phase_and_in_a_recording_only_if_it_is_there() -> None:
    """A real session requires the oximeter whether it is bound or not."""
    assert chart().requires(DEFAULT.oximeter, DeviceKind.OXIMETER)
    made = chart()
    made.phase = Phase.ENDED
    assert not made.requires(DEFAULT.oximeter, DeviceKind.OXIMETER)
    for devices, there in (((), False), ((OX,), True)):
        recorded = Chart(VITALS_ONLY, devices, athlete=False)
        recorded.phase = Phase.PEAK
        assert recorded.requires(VITALS_ONLY.oximeter, DeviceKind.OXIMETER) is there
        assert recorded.promised(DeviceKind.OXIMETER) is there
        assert not recorded.promised(DeviceKind.CUFF)
        assert not recorded.requires(VITALS_ONLY.check_in, None)
    assert chart().promised(DeviceKind.CUFF)
    assert chart().requires(DEFAULT.check_in, None)


def rated(codes: str, due_ms: int | None) -> Chart:
    """Return a chart with one check-in at 0."""
    made = chart(OX)
    made.check, made.check_ms = CheckIn.parse(codes), 0
    made.check_in.due_ms = due_ms
    return made


@pytest.mark.parametrize(
    ("due_ms", "now_ms", "moaas", "until_ms"),
    [
        (None, 10**9, 4, None),
        (60_000, 60_000 + STALE_MS, 4, 60_000 + STALE_MS + 1),
        (60_000, 60_000 + STALE_MS + 1, None, None),
    ],
    ids=["nothing is due", "the last instant", "too old"],
)
def test_a_rating_is_unknown_three_minutes_after_the_next_was_due(
    due_ms: int | None, now_ms: int, moaas: int | None, until_ms: int | None
) -> None:
    """And it says when it becomes so."""
    made = rated("W4 B0 C0 D0 X0", due_ms)
    assert (made.moaas(now_ms), made.moaas_until_ms(now_ms)) == (moaas, until_ms)


def test_nobody_has_rated() -> None:
    """Unknown, and not by time."""
    assert (chart().moaas(0), chart().moaas_until_ms(0)) == (None, None)


def test_a_witness_is_a_count_of_two_minutes_or_a_cuff_of_one() -> None:
    """The count first; a cuff reading may have no pulse."""
    made = chart(OX, CUFF)
    assert made.witnesses(0) == ()
    made.readings.append(BpReading(1_000, 120_00, 80_00, 71_00))
    assert (made.witnesses(61_000), made.witnesses(61_001)) == ((71_00,), ())
    made.counted = (0, 75_00)
    assert (made.witnesses(60_000), made.witnesses(120_000)) == ((75_00, 71_00), (75_00,))
    assert made.witnesses(120_001) == ()
    made.readings.append(BpReading(120_001, 120_00, 80_00))
    assert made.witnesses(120_001) == ()


def held(codes: str = "W4 B0 C0 D0 X0") -> Chart:
    """Return a chart whose no-signal rows are held by a cuff until 60 s."""
    made = rated(codes, None)
    made.held_until_ms = 60_000
    return made


def test_a_hold_ends_by_itself() -> None:
    """At its time it is over; without one there is none."""
    assert (held().held_by_cuff(59_999), held().held_by_cuff(60_000)) == (60_000, None)
    assert chart().held_by_cuff(0) is None


@pytest.mark.parametrize(("codes", "holds"), [("W4 B0", True), ("W3 B0", False), ("W0 B0", False)])
def test_a_sedated_patient_is_never_held(codes: str, holds: bool) -> None:
    """MOAA/S 3 or less."""
    assert (held(codes).held_by_cuff(0) == 60_000) is holds


def test_what_was_held_is_known_afterwards() -> None:
    """From the inflation to the end of its hold, so far; nothing when nothing may be held."""
    made = held()
    assert made.held_span(30_000) is None
    made.inflated_since_ms = 5_000
    assert (made.held_span(30_000), made.held_span(90_000)) == ((5_000, 30_000), (5_000, 60_000))
    made.oxygen_on.add("SPO2-WARN")
    assert made.held_span(90_000) is None


def test_an_oxygen_alarm_is_never_held() -> None:
    """While one is on, and when one was on within 60 s before the inflation."""
    made = held()
    made.oxygen_on.add("SPO2-WARN")
    assert made.held_by_cuff(0) is None
    made.oxygen_on.clear()
    made.oxygen_alarm_ms = -60_000
    assert made.held_by_cuff(0) is None
    made.oxygen_alarm_ms = -60_001
    assert made.held_by_cuff(0) == 60_000
