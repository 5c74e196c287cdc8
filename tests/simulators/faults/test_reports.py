"""Each fault alone does to a stream of reports what it says, within its time and on its device."""

import msgspec
import pytest
from msgspec.structs import replace

from devices.observation import Flag, Metric, Validity
from simulators.carried import Carried, LinkNews
from simulators.faults import kinds
from simulators.faults.kinds import ReportFault
from simulators.faults.values import flagged, value_of
from simulators.oximeter_model import OffCode
from tests.simulators.faults.stream import cuff, oximeter, played, reports, stream

Lines = list[tuple[int, int | None]]


def seconds_and_numbers(fault: ReportFault, seconds: int = 10) -> Lines:
    """Which report arrives in which second, with a fault from second 3 on."""
    return [(at_s, one.seq) for at_s, one in reports(played([(fault, 3)], stream(seconds)))]


def spo2s(fault: ReportFault, begins_s: int, seconds: int = 10) -> list[int | None]:
    """The saturations (%) in the order of arrival."""
    got = reports(played([(fault, begins_s)], stream(seconds)))
    values = [value_of(one, Metric.SPO2) for _, one in got]
    return [None if value is None else value // 100 for value in values]


def test_without_a_fault_everything_passes() -> None:
    """As it came, at its time."""
    assert played([], stream(5)) == stream(5)


def test_drop_out() -> None:
    """From its beginning to before its end nothing comes."""
    assert [at for at, _ in seconds_and_numbers(kinds.DropOut(for_s=4))] == [0, 1, 2, 7, 8, 9]


def test_a_partial_drop_out_loses_its_share() -> None:
    """About 30 % of 2,000."""
    got = played([(kinds.DropOut(for_s=9_999, share=0.3), 0)], stream(2_000))
    assert 1_330 < len(got) < 1_470


@pytest.mark.parametrize(
    ("device", "names"), [("oximeter", ["oximeter"]), ("any", ["oximeter", "cuff"])]
)
def test_a_drop_out_that_the_radio_notices(device: str, names: list[str]) -> None:
    """News that the device is gone after 4 s, and back at the end; none of a gap of 4 s."""
    fault = kinds.DropOut(for_s=10, told=True, device=device)  # type: ignore[arg-type]
    news = [one for one in played([(fault, 3)], stream(20)) if isinstance(one.what, LinkNews)]
    assert news == [
        *(Carried(7_000, name, LinkNews(online=False, reason="radio link lost")) for name in names),
        *(
            Carried(13_000, name, LinkNews(online=True, reason="radio link is back"))
            for name in names
        ),
    ]
    short = played([(kinds.DropOut(for_s=4, told=True), 3)], stream(9))
    assert [one for one in short if isinstance(one.what, LinkNews)] == []


def test_batch() -> None:
    """What was kept comes at the end, 20 ms apart, in order, as stored; after a broker as new."""
    got = reports(played([(kinds.Batch(for_s=3), 3)], stream(8)))
    assert [(at_s, one.seq, one.stored) for at_s, one in got] == [
        *((number, number, False) for number in (0, 1, 2)),
        (6, 6, False),
        (6, 3, True),
        (6, 4, True),
        (6, 5, True),
        (7, 7, False),
    ]
    live = reports(played([(kinds.Batch(for_s=3, stored=False), 3)], stream(8)))
    down = reports(played([(kinds.BrokerDown(for_s=3), 3)], stream(8)))
    assert ({one.stored for _, one in live}, down) == ({False}, live)


def test_freeze() -> None:
    """The values of the first report under the numbers of the others."""
    got = reports(played([(kinds.Freeze(for_s=4), 3)], stream(8)))
    assert [one for _, one in got[3:7]] == [oximeter(number, spo2=83) for number in (3, 4, 5, 6)]
    assert got[7][1] == oximeter(7, spo2=87)


def test_duplicates() -> None:
    """The very same report again, 100 ms later."""
    got = played([(kinds.Duplicates(for_s=2, copies=2), 3)], stream(6))
    assert [one.at_ms for one in got if one.what == oximeter(3, spo2=83)] == [3_000, 3_100, 3_200]
    assert len(got) == 10


def test_reorder() -> None:
    """Each second report overtakes the one before it."""
    assert seconds_and_numbers(kinds.Reorder(for_s=4), 9) == [
        (0, 0),
        (1, 1),
        (2, 2),
        (4, 4),
        (4, 3),
        (6, 6),
        (6, 5),
        (7, 7),
        (8, 8),
    ]


def test_slow_sender() -> None:
    """Five seconds late, and with growth later and later."""
    late = seconds_and_numbers(kinds.SlowSender(for_s=2), 6)
    growing = seconds_and_numbers(kinds.SlowSender(for_s=3, delay_s=1, growth=1), 6)
    assert (late[-2:], growing[-1]) == ([(8, 3), (9, 4)], (8, 5))


def test_device_clock() -> None:
    """A device without a clock gets one that is an hour ahead; one that has one is moved back."""
    ahead = reports(played([(kinds.DeviceClock(step_s=3_600, for_s=99), 0)], stream(3)))
    assert [one.measured_ms for _, one in ahead] == [4_600_000, 4_601_000, 4_602_000]
    dated = [Carried(0, "oximeter", replace(oximeter(0), measured_ms=9_000))]
    [(_, back)] = reports(played([(kinds.DeviceClock(step_s=-5, for_s=9), 0)], dated))
    assert back.measured_ms == 4_000


def test_battery() -> None:
    """Flagged, then silent, then another battery."""
    got = reports(played([(kinds.Battery(for_s=6, empty_after_s=3), 3)], stream(12)))
    assert [(at_s, one.flags) for at_s, one in got] == [
        *((second, ()) for second in (0, 1, 2)),
        *((second, (Flag.LOW_BATTERY,)) for second in (3, 4, 5)),
        *((second, ()) for second in (9, 10, 11)),
    ]


def test_a_battery_that_says_how_much_is_left() -> None:
    """News at its beginning, and that it is full at its end."""
    got = played([(kinds.Battery(for_s=6, pct=8), 3)], stream(12))
    news = [one for one in got if isinstance(one.what, LinkNews)]
    assert news == [
        Carried(3_000, "oximeter", LinkNews(online=True, reason="battery", battery_pct=8)),
        Carried(9_000, "oximeter", LinkNews(online=True, reason="battery", battery_pct=100)),
    ]


def test_misread() -> None:
    """A pulse counted twice; an outlier of +65 mmHg once; a report without the metric passes."""
    doubled = kinds.Misread(metric=Metric.PULSE, times=2.0, for_s=9)
    pulses = {value_of(one, Metric.PULSE) for _, one in reports(played([(doubled, 0)], stream(9)))}
    outlier = kinds.Misread(metric=Metric.SBP, by=65, most=1, device="cuff", for_s=999)
    readings = [Carried(at_ms, "cuff", cuff(at_ms)) for at_ms in (1, 2)]
    shown = [value_of(one, Metric.SBP) for _, one in reports(played([(outlier, 0)], readings))]
    failed = [Carried(1, "cuff", replace(cuff(1), observations=(), failure="E2"))]
    assert (pulses, shown, played([(outlier, 0)], failed)) == ({144_00}, [185_00, 120_00], failed)


def test_wrong_units() -> None:
    """120 mmHg comes as 16 and nothing says so; a gateway that knows converts and marks it."""
    reading = [Carried(0, "cuff", cuff(1))]
    [(_, bare)] = reports(played([(kinds.WrongUnits(), 0)], reading))
    [(_, marked)] = reports(played([(kinds.WrongUnits(marked=True), 0)], reading))
    [(_, share)] = reports(played([(kinds.WrongUnits(device="oximeter"), 0)], stream(1)))
    assert [value_of(bare, metric) for metric in (Metric.SBP, Metric.DBP, Metric.CUFF_PULSE)] == [
        16_00,
        10_00,
        71_00,
    ]
    assert (value_of(marked, Metric.SBP), value_of(marked, Metric.DBP), marked.flags) == (
        120_01,
        75_01,
        (Flag.FROM_KPA,),
    )
    assert value_of(share, Metric.SPO2) == 80


def test_flagged_motion() -> None:
    """The values of its start hold, or drift towards 85 %; from the third second on they say so."""
    got = reports(played([(kinds.Motion(for_s=5), 3)], stream(9)))
    assert [(one.flags, value_of(one, Metric.SPO2)) for _, one in got[3:8]] == [
        ((), 83_00),
        ((), 83_00),
        *(((Flag.MOTION,), 83_00),) * 3,
    ]
    assert got[5][1].observations[0].validity is Validity.QUESTIONABLE
    drift = spo2s(kinds.Motion(for_s=30, to_pct=60), 0, 30)
    assert (drift[0], drift[29]) == (76, 60)


def test_unflagged_motion() -> None:
    """Nobody is told, and the pulse is halved."""
    fault = kinds.Motion(for_s=99, flagged=False, pulse_times=0.5)
    got = reports(played([(fault, 0)], stream(20)))
    assert {(one.flags, value_of(one, Metric.PULSE)) for _, one in got} == {((), 36_00)}


def test_motion_of_a_clip_that_is_off_changes_nothing() -> None:
    """Where there is no value, none strays."""
    off = played([(kinds.ClipOff(for_s=9), 0)], stream(3))
    assert played([(kinds.Motion(for_s=9), 0)], off) == off


def test_weak_pulse() -> None:
    """The first values for ten seconds, then none."""
    assert spo2s(kinds.WeakPulse(for_s=12), 3, 16) == [80, 81, 82, *[83] * 10, None, None, 95]
    [*_, (_, last)] = reports(played([(kinds.WeakPulse(for_s=99), 0)], stream(16)))
    assert last.flags == (Flag.LOW_PERFUSION,)


def test_clip_off_in_three_ways() -> None:
    """A flag; values that are marked invalid; the codes of a careless gateway."""
    got = {}
    for code in OffCode:
        [(_, one)] = reports(played([(kinds.ClipOff(code=code), 0)], stream(1)))
        first = one.observations[0]
        got[code] = (one.flags, first.value_x100, first.validity)
    assert got == {
        OffCode.FLAG: ((Flag.FINGER_OUT,), None, Validity.UNAVAILABLE),
        OffCode.NAN: ((), None, Validity.INVALID),
        OffCode.CODES: ((), 127_00, Validity.VALID),
    }


def test_a_stuck_cuff() -> None:
    """Every reading is the first one's; a failure stays one."""
    sent = [
        Carried(0, "cuff", replace(cuff(1), observations=(), failure="E2")),
        Carried(1, "cuff", cuff(2, sbp=130)),
        Carried(2, "cuff", cuff(3, sbp=190)),
    ]
    got = reports(played([(kinds.StuckCuff(), 0)], sent))
    assert [(one.seq, value_of(one, Metric.SBP), one.failure) for _, one in got] == [
        (1, None, "E2"),
        (2, 130_00, None),
        (3, 130_00, None),
    ]


def test_a_cuff_that_fails() -> None:
    """Three error codes, then readings again; the oximeter goes on."""
    sent = [Carried(number, "cuff", cuff(number)) for number in range(4)]
    got = reports(played([(kinds.CuffFails(most=3), 0)], [*sent, *stream(2)]))
    assert [one.failure for _, one in got if one.device == "cuff"] == [*["E2: movement"] * 3, None]
    assert [one for _, one in got if one.device == "oximeter"] == [
        one for _, one in reports(stream(2))
    ]


def test_a_fault_of_one_device_leaves_the_other_alone() -> None:
    """A frozen oximeter freezes no cuff."""
    sent = [Carried(0, "cuff", cuff(1)), Carried(1, "cuff", cuff(2, sbp=190))]
    assert played([(kinds.Freeze(for_s=99), 0)], sent) == sent


def test_faults_can_be_laid_over_one_another() -> None:
    """A frozen value with a low battery, each twice."""
    faults: list[tuple[ReportFault, int]] = [
        (kinds.Freeze(for_s=99), 0),
        (kinds.Battery(for_s=99), 0),
        (kinds.Duplicates(for_s=99), 0),
    ]
    got = [one for _, one in reports(played(faults, stream(2)))]
    frozen = [flagged(oximeter(number, spo2=80), Flag.LOW_BATTERY) for number in (0, 1)]
    assert got == [frozen[0], frozen[0], frozen[1], frozen[1]]


def test_the_wire_format_takes_every_changed_report() -> None:
    """Whatever a fault makes of a report is still one."""
    fault = kinds.WrongUnits(marked=True)
    [(_, one)] = reports(played([(fault, 0)], [Carried(0, "cuff", cuff(1))]))
    assert msgspec.json.decode(msgspec.json.encode(one), type=type(one)) == one
