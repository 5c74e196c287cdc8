"""A screen's picture is what the engine holds: values with times, alarms by rank, no verdict."""

import msgspec
import pytest

from alerts.condition import AlarmClass, Priority
from alerts.contact import Role
from alerts.signal import Pattern, SignalState
from devices.observation import Mode
from monitor import gate_views, presence, reach_views, views
from monitor.cuff_cycle import CuffState
from monitor.engine import Engine
from monitor.events import (
    Accepted,
    Acknowledged,
    ClockSettled,
    DoseExtra,
    MonitorDown,
    ResetByPerson,
)
from monitor.off_rows import off_rows
from monitor.patient_taps import PatientCheckView
from monitor.reach_views import ToldView
from monitor.snapshot import (
    AlarmView,
    PromptView,
    RowView,
    Snapshot,
    StreamView,
    ValueView,
    alarms,
    snapshot,
)
from tests.recorded import plan
from tests.sessions import Play, opened, play
from tests.words import ENGLISH

ITEMS = tuple(one.id for one in plan("default").gate if one.only is None)


def test_without_a_session_there_is_no_picture() -> None:
    """It says what to do first."""
    with pytest.raises(ValueError, match=r"^no session is open in this engine: handle Session"):
        snapshot(Engine(), 0, ENGLISH, record=0, recording=True)


def test_a_new_session_knows_nothing_and_says_so() -> None:
    """None is "not known"; the gate's items are open."""
    engine = Engine()
    engine.handle(opened())
    assert snapshot(engine, 5, ENGLISH, record=1, recording=True) == Snapshot(
        session="s1",
        mode=Mode.TEST,
        at_ms=5,
        phase="gate",
        dose_ms=None,
        patient_name="Alex",
        values={},
        alarms=(),
        prompts=(),
        told=(),
        streams={name: StreamView(None, None) for name in ("oximeter", "cuff", "check_in")},
        gate=dict.fromkeys(ITEMS, "open"),
        moaas=None,
        sound=Pattern.SILENT,
        record=1,
        recording=True,
        emergency_number="112",
        plan=views.plan(engine),
        limits=engine.limits.now(),
        gate_items=gate_views.gate_items(engine),
        off=off_rows(engine.board),
        infos=views.infos(engine, 5),
        discharge=views.discharge(engine, 5),
        cards={},
        cuff=views.CuffView(CuffState.IDLE, None, 0),
        check_in=views.CheckInView(None, None, None, None),
        patient_check=PatientCheckView(None, None, None, "schedule"),
        presence=presence.view(engine),
        news2=None,
        residue=(),
        people=views.people(opened().patient),
        on_call=reach_views.on_call(engine),
        residual=0,
        verdicts={},
        call_backs=(),
        rehearsal=None,
        sound_proof=reach_views.SoundProofView(waits=False, asked_ms=None, wrong=0, proved_ms=None),
        follow_up=(),
    )


def fallen() -> Play:
    """Return a session with a fall of SpO2 that the companion has accepted, and a raised BP."""
    session = Play(opened())
    for event in play([("dosed", 130), ("stretch", 12, 1000, 85, 75, 31, None)])[1:]:
        session.add(event)
    session.now_ms = session.engine.now_ms
    session.seq = 10_000
    session.check("W4 B0 C0 D0 X0", corrected=False)
    session.cuff(170, 80, None)
    session.answer(Accepted, 0, Role.COMPANION)
    session.answer(Accepted, 1, Role.COMPANION)
    return session


def test_a_session_in_trouble() -> None:
    """Each value has its time; the highest alarm is first, its highest row first."""
    engine = fallen().engine
    now_ms = engine.now_ms
    got = snapshot(engine, now_ms, ENGLISH, record=99, recording=False)
    dose_ms = engine.chart.dose_ms or 0
    assert (got.record, got.recording, got.phase, got.dose_ms) == (99, False, "onset", dose_ms)
    assert got.values == {
        "spo2": ValueView(86_00, dose_ms + 12_000),
        "pulse": ValueView(75_00, dose_ms + 12_000),
        "sbp": ValueView(170_00, dose_ms + 13_500),
        "dbp": ValueView(80_00, dose_ms + 13_500),
        "cuff_pulse": ValueView(70_00, dose_ms + 13_500),
    }
    oxygen, pressure = got.alarms
    assert oxygen == AlarmView(
        id=f"oxygen@{dose_ms + 5_000}",
        family="oxygen",
        rows=(
            RowView("SPO2-LOW", Priority.HIGH, oxygen.rows[0].reason, 85_00, 88_00, True, False),
            RowView("SPO2-FAST", Priority.MEDIUM, oxygen.rows[1].reason, 85_00, 91_50, True, False),
        ),
        priority=Priority.HIGH,
        alarm_class=AlarmClass.A,
        signal=SignalState.ACCEPTED,
        raised_ms=dose_ms + 5_000,
        accepted_by="ann",
        accepted_until_ms=dose_ms + 314_100,
    )
    assert (pressure.family, pressure.priority, pressure.alarm_class) == (
        "pressure_high",
        Priority.LOW,
        None,
    )
    assert got.streams == {
        "oximeter": StreamView(dose_ms + 12_000, dose_ms + 12_000),
        "cuff": StreamView(dose_ms + 13_500, dose_ms + 13_500),
        "check_in": StreamView(dose_ms + 12_600, dose_ms + 12_600),
    }
    assert got.gate == dict.fromkeys(ITEMS, "pass")
    assert got.moaas == 4
    told = [one for one in got.told if one.alarm == oxygen.id]
    assert told[0] == ToldView(
        delivery=f"{oxygen.id}/ann/0@{dose_ms + 5_000}",
        alarm=oxygen.id,
        contact="ann",
        channel="console",
        state="cancelled",
        at_ms=dose_ms + 5_000,
        provable=False,
        residual=False,
        detail="",
    )
    assert all(isinstance(prompt, PromptView) for prompt in got.prompts)


def test_an_alarm_whose_condition_is_gone_is_shown_latched() -> None:
    """Until a person resets it."""
    session = fallen()
    session.stretch(130, 1000, 97, 75, 31, None)
    (oxygen,) = [a for a in picture(session).alarms if a.family == "oxygen"]
    assert [(row.row, row.present, row.latched) for row in oxygen.rows] == [
        ("SPO2-LOW", False, True)
    ]
    reset = ResetByPerson(
        at_ms=session.engine.now_ms, by="dr", role=Role.PHYSICIAN, alarm=oxygen.id
    )
    session.engine.handle(reset)
    assert [a for a in picture(session).alarms if a.family == "oxygen"] == []


def picture(session: Play) -> Snapshot:
    """Return what a screen shows now."""
    return snapshot(session.engine, session.engine.now_ms, ENGLISH, record=1, recording=True)


def test_a_cuff_without_a_pulse_shows_none() -> None:
    """A value that was not measured is not there."""
    session = Play(opened())
    session.cuff(120, 80, None)
    reading = session.engine.chart.readings[-1]
    session.engine.chart.readings[-1] = msgspec.structs.replace(reading, pulse_x100=None)
    assert [*picture(session).values] == ["sbp", "dbp"]


def test_a_picture_is_json_and_back() -> None:
    """What goes to a screen is what was taken."""
    got = picture(fallen())
    assert msgspec.json.decode(msgspec.json.encode(got), type=Snapshot) == got


def test_after_an_outage_of_unknown_length_the_time_since_the_dose_is_at_least() -> None:
    """Until the clock is set; a dose that was taken after the outage has its time."""
    engine = fallen().engine
    flags = []
    for event in (
        MonitorDown(at_ms=engine.now_ms + 1_000, down_ms=None),
        ClockSettled(at_ms=engine.now_ms + 60_000, gap_ms=50_000),
        MonitorDown(at_ms=engine.now_ms + 61_000, down_ms=None),
        DoseExtra(at_ms=engine.now_ms + 90_000, by="ann", role=Role.COMPANION),
    ):
        engine.handle(event)
        flags.append(
            snapshot(engine, engine.now_ms, ENGLISH, record=1, recording=True).dose_at_least
        )
    assert flags == [True, False, True, False]


def test_a_paused_alarm_says_until_when() -> None:
    """An alarm that a person has taken, or that sounds, has no such time."""
    session = Play(opened())
    for event in play([("dosed", 130), ("stretch", 12, 1000, 85, 75, 31, None)])[1:]:
        session.add(event)
    session.now_ms = session.engine.now_ms
    sounding = [one.paused_until_ms for one in alarms(session.engine)]
    session.answer(Acknowledged, 0, Role.COMPANION)
    acknowledged_ms = session.engine.now_ms
    paused = [one.paused_until_ms for one in alarms(session.engine)]
    session.answer(Accepted, 0, Role.COMPANION)
    taken = [one.paused_until_ms for one in alarms(session.engine)]
    cares = session.engine.alarms.cares.values()
    assert (sounding, taken, len(cares)) == ([None], [None], 1)
    assert paused == [acknowledged_ms + 120_000]
