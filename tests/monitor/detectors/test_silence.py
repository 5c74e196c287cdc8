"""Silence by stages: since when, by whose phase and facts, and never calmed by what is unknown."""

from alerts.condition import Absent, Off, Present, Priority, Unknown
from devices.checkin import CheckIn
from monitor.session import Phase
from tests.charts import Rig


def test_stages_and_their_deadlines() -> None:
    """Each answer says when it may change by time alone."""
    rig = Rig("SIG-LOST", interval_ms=1_000)
    rig.give(0)
    said = [rig.answer()]
    for at_ms in (15_000, 45_000, 120_000):
        rig.detector.refresh(at_ms - 1)
        rig.detector.refresh(at_ms)
        said.append(rig.answer())
    label = "no oxygen signal for"
    assert said == [
        Absent(until_ms=15_000),
        Present(Priority.LOW, None, f"{label} 15 s", until_ms=45_000),
        Present(Priority.MEDIUM, None, f"{label} 45 s", until_ms=120_000),
        Present(Priority.HIGH, rig.detector.alarm_class, f"{label} 120 s"),
    ]


def test_a_quiet_check_in_moves_the_last_deadline() -> None:
    """The reason and priority stand; only the deadline moves."""
    rig = Rig("SIG-LOST", interval_ms=1_000)
    rig.give(0)
    rig.detector.refresh(45_000)
    rig.chart.quiet_ms = 50_000
    rig.detector.refresh(50_000)
    assert rig.answer() == Present(
        Priority.MEDIUM, None, "no oxygen signal for 45 s", until_ms=300_000
    )


def test_never_before_it_was_required() -> None:
    """Without any sample the phase's begin counts; in a phase without the stream nothing does."""
    rig = Rig("STALE")
    rig.chart.required_since_ms = 7_000
    rig.detector.refresh(7_000)
    assert rig.answer() == Absent(until_ms=17_000)
    rig.chart.required_since_ms = None
    rig.detector.refresh(8_000)
    assert rig.answer() == Absent()
    rig.chart.phase = Phase.ENDED
    rig.detector.refresh(9_000)
    assert rig.answer() == Absent()


def test_a_finger_back_in_time_leaves_no_deadline() -> None:
    """The next time has its own."""
    rig = Rig("SENSOR-OFF")
    rig.chart.oximeter.finger_out_ms = 1_000
    rig.detector.refresh(1_000)
    rig.chart.oximeter.finger_out_ms = None
    rig.detector.refresh(11_000)
    assert rig.answer() == Absent()
    rig.chart.oximeter.finger_out_ms = 60_000
    rig.give(60, None, None)
    assert rig.answer() == Absent()


def test_a_hold_is_unknown_and_has_an_end() -> None:
    """It ends at its instant; a present row keeps its priority meanwhile."""
    rig = Rig("SIG-LOST", interval_ms=1_000)
    rig.give(0)
    rig.chart.held_until_ms = 40_000
    rig.detector.refresh(10_000)
    held = rig.answer()
    rig.detector.refresh(40_000)
    rig.chart.held_until_ms = 80_000
    rig.detector.refresh(50_000)
    assert (held, rig.answer()) == (
        Unknown("paused by cuff", 40_000),
        Present(Priority.LOW, None, "no oxygen signal for 40 s", until_ms=80_000),
    )


def test_a_stage_by_facts_only_counts_what_is_known() -> None:
    """No rating: nothing; rated 3: at that instant; unknown again later: it stays."""
    rig = Rig("SIG-LOST-SED", interval_ms=1_000)
    rig.give(0)
    rig.detector.refresh(12_000)
    before = rig.answer()
    rig.chart.check = CheckIn.parse("W3")
    rig.detector.refresh(12_000)
    rated = rig.answer()
    rig.chart.check = None
    rig.detector.refresh(13_000)
    assert before == Absent(until_ms=45_000)
    assert (
        rated
        == rig.answer()
        == Present(
            Priority.MEDIUM, None, "no oxygen signal in a sedated patient for 12 s", until_ms=45_000
        )
    )


def test_silence_limits_of_a_slow_recording() -> None:
    """max(row, 3 x interval): a sample every 20 s is no loss for 60 s."""
    rig = Rig("STALE", recording=True, interval_ms=20_000)
    rig.give(0)
    assert rig.answer() == Absent(until_ms=60_000)


def test_off_without_an_oximeter_in_the_recording() -> None:
    """It was never promised, and stays off."""
    rig = Rig("STALE", recording=True, oximeter=False)
    rig.detector.refresh(1)
    assert rig.answer() == Off("the recording has no oximeter")


def test_samples_end_it_by_its_own_rule() -> None:
    """STALE at the first sample, SIG-LOST after 10 valid seconds, SENSOR-OFF with its flag."""
    stale, lost, off = (
        Rig(name, interval_ms=1_000) for name in ("STALE", "SIG-LOST", "SENSOR-OFF")
    )
    for rig in (stale, lost, off):
        rig.give(0)
        rig.chart.oximeter.finger_out_ms = 1_000
        rig.detector.refresh(20_000)
        assert rig.is_present()
        rig.give(30)
    ended = [stale.answer(), off.answer()]
    for second in range(31, 40):
        lost.give(second)
    assert lost.is_present()
    lost.give(40)
    assert [*ended, lost.answer()] == [
        Absent("signal is back", 40_000),
        Absent("the finger is back"),
        Absent("signal is back", 55_000),
    ]


def test_a_phase_without_the_oximeter_ends_it() -> None:
    """Whatever its stage."""
    rig = Rig("STALE")
    rig.detector.refresh(50_000)
    rig.chart.phase = Phase.ENDED
    rig.detector.refresh(51_000)
    assert rig.answer() == Absent("the phase does not need the oximeter")


def test_a_stage_counts_in_its_phases_only() -> None:
    """In recovery a loss stays medium, with nothing more to come by time."""
    rig = Rig("SIG-LOST", interval_ms=1_000)
    rig.chart.phase = Phase.RECOVERY
    rig.give(0)
    rig.detector.refresh(120_000)
    assert rig.answer() == Present(Priority.MEDIUM, None, "no oxygen signal for 120 s")
