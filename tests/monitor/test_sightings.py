"""What is measured or seen is judged once, by who may say it, while the session is watched."""

from typing import Any

import msgspec
import pytest

from alerts.contact import Role
from devices.checkin import CheckIn
from devices.observation import pulse_bpm, spo2_pct
from monitor.effects import AlarmChanged, Effect, Prompted, PromptKind, Refused, Unjudged
from monitor.engine import Engine
from monitor.events import (
    CheckedIn,
    CheckInCorrected,
    CuffFailed,
    CuffStarted,
    DeviceStatus,
    Ended,
    PulseCounted,
    Reading,
    Tick,
    TypedReading,
)
from tests.recorded import plan
from tests.sessions import Play, opened, play, run

WELL = CheckIn.parse("W5 B0 C0 D0 X0")
BY: dict[str, Any] = {"by": "ann", "role": Role.COMPANION}


def no(effects: list[Effect]) -> list[tuple[str, str]]:
    """Return every refusal and every report that was not judged."""
    found = []
    for effect in effects:
        if isinstance(effect, Refused):
            found.append((effect.what, effect.reason))
        elif isinstance(effect, Unjudged):
            found.append((effect.device, effect.reason))
    return found


def rows(effects: list[Effect]) -> list[tuple[str, str]]:
    """Return every line."""
    return [(e.transition.value, e.row) for e in effects if isinstance(e, AlarmChanged)]


def dosed(*, same_arm: bool = False) -> Play:
    """Return a session just after the dose."""
    session = Play(opened(same_arm=same_arm))
    for event in play([("dosed", 130)])[1:]:
        session.add(event)
    session.now_ms = session.engine.now_ms + 100
    session.seq = 10_000
    session.effects.clear()
    return session


def test_a_report_counts_once() -> None:
    """The second is a duplicate, also after the session is over."""
    session = dosed()
    report = session.oximeter((spo2_pct(96), pulse_bpm(70)))
    event = Reading(at_ms=session.now_ms, report=report)
    assert no(session.engine.handle(event)) == []
    assert session.engine.is_duplicate(report)
    assert no(session.engine.handle(event)) == [("ox", "duplicate")]
    session.engine.handle(Ended(at_ms=session.now_ms, by="dr", role=Role.PHYSICIAN))
    assert no(session.engine.handle(event)) == [("ox", "duplicate")]


def test_after_the_end_a_report_is_kept_and_not_judged() -> None:
    """It says why."""
    session = dosed()
    session.engine.handle(Ended(at_ms=session.now_ms, by="dr", role=Role.PHYSICIAN))
    session.read(session.oximeter((spo2_pct(50),)))
    assert no(session.effects) == [("ox", "the session is ended")]
    assert rows(session.effects) == []


def test_what_is_not_of_this_session_is_kept_and_not_judged() -> None:
    """Another mode, or a device that is not bound."""
    session = dosed()
    session.odd("mode")
    session.odd("unknown")
    assert [device for device, _ in no(session.effects)] == ["ox", "another"]
    assert rows(session.effects) == []


def test_a_cuff_that_no_phase_requires_is_read_all_the_same() -> None:
    """A recording has no schedule; nothing is asked for."""
    start = opened()
    session = Play(msgspec.structs.replace(start, plan=plan("vitals_only")))
    session.effects.clear()
    session.cuff(165, 80, None)
    assert rows(session.effects) == [("raised", "BP-WARN")]
    assert session.engine.chart.cuff.due_ms is None


def test_a_high_pressure_is_measured_again_early() -> None:
    """Once it is confirmed, the next reading is due within 10 minutes of it."""
    session = dosed()
    session.cuff(190, 100, None)
    session.stretch(120, 1000, 97, 70, 31, None)
    session.cuff(190, 100, None)
    due_ms = session.engine.chart.cuff.due_ms
    assert due_ms is not None
    assert due_ms <= session.engine.now_ms + 10 * 60_000


def test_implausible_values_are_said_at_the_second_and_end_by_good_ones() -> None:
    """IMPLAUSIBLE is low, and clears when plausible values have come for a while."""
    session = dosed()
    for _ in range(2):
        session.odd("absurd")
    assert rows(session.effects) == [("raised", "IMPLAUSIBLE")]
    session.effects.clear()
    session.stretch(65, 1000, 97, 70, 31, None)
    assert ("cleared", "IMPLAUSIBLE") in rows(session.effects)


def test_a_failed_cuff_is_no_reading() -> None:
    """The prompt stays open."""
    session = dosed()
    session.cuff(120, 80, "loose")
    assert [r.sbp_x100 for r in session.engine.chart.readings] == [120_00]
    session.cuff(130, 80, None)
    assert [r.sbp_x100 for r in session.engine.chart.readings] == [120_00, 130_00]


def test_a_link_is_of_a_bound_device() -> None:
    """LINK-DOWN 15 s after the cuff has gone; a stranger's status is kept and not judged."""
    session = dosed()
    engine, at_ms = session.engine, session.now_ms
    gone = DeviceStatus(at_ms=at_ms, device="cuff", online=False, reason="last will")
    assert rows(engine.handle(gone)) == []
    at_ms += 15_000
    assert ("raised", "LINK-DOWN") in rows(engine.handle(Tick(at_ms=at_ms)))
    back = DeviceStatus(at_ms=at_ms, device="cuff", online=True)
    assert rows(engine.handle(back)) == [("cleared", "LINK-DOWN")]
    stranger = DeviceStatus(at_ms=at_ms, device="toaster", online=False)
    assert engine.handle(stranger) == [
        Unjudged(
            at_ms=at_ms,
            device="toaster",
            reason="device 'toaster' is not bound to this session",
        )
    ]


@pytest.mark.parametrize(
    "event",
    [
        CheckedIn(at_ms=0, check=WELL, **BY),
        CheckInCorrected(at_ms=0, check=WELL, **BY),
        PulseCounted(at_ms=0, pulse_x100=70_00, **BY),
        TypedReading(at_ms=0, sbp_x100=120_00, dbp_x100=80_00, **BY),
        CuffFailed(at_ms=0, **BY),
        CuffStarted(at_ms=0, **BY),
    ],
    ids=lambda event: type(event).__name__,
)
def test_only_who_looks_after_the_patient_says_so(event: Any) -> None:
    """The patient and a viewer may not; nobody may once the session is over."""
    session = dosed()
    engine = session.engine
    event = msgspec.structs.replace(event, at_ms=session.now_ms)
    what = type(event).__name__
    for role in (Role.PATIENT, Role.VIEWER):
        other = msgspec.structs.replace(event, role=role)
        assert no(engine.handle(other)) == [(what, f"a {role.value} may not do this")]
    engine.handle(Ended(at_ms=session.now_ms, by="dr", role=Role.PHYSICIAN))
    assert no(engine.handle(event)) == [(what, "the session is ended")]


def test_a_check_in_is_corrected_for_a_minute() -> None:
    """Without one, or 60.001 s later, a new one is asked for."""
    why = [("CheckInCorrected", "a check-in can be corrected for 60 s; enter a new one")]
    session = dosed()
    engine, at_ms = session.engine, session.now_ms

    def correct(at_ms: int) -> list[Effect]:
        return engine.handle(CheckInCorrected(at_ms=at_ms, check=WELL, **BY))

    assert no(correct(at_ms)) == why
    sedated = CheckIn.parse("W3 B0 C0 D0 X0")
    engine.handle(CheckedIn(at_ms=at_ms, check=sedated, **BY))
    assert engine.chart.moaas(at_ms) == 3
    assert no(correct(at_ms + 60_000)) == []
    assert engine.chart.moaas(at_ms + 60_000) == 5
    assert no(correct(at_ms + 120_001)) == why


def test_a_check_in_that_says_all_is_well_ends_what_is_over() -> None:
    """`answers_quiet` reaches the ladders of alarms whose condition is gone."""
    session = dosed()
    session.stretch(12, 1000, 85, 70, 31, None)
    cares = session.engine.alarms.cares
    (care,) = [care for care in cares.values() if care.family == "oxygen"]
    while care.gone_ms is None:
        session.stretch(1, 1000, 97, 70, 31, None)
    assert care.standing.ended is None
    session.check("W5 B0 C0 D0 X0", corrected=False)
    assert care.standing.ended == "seen awake and breathing quietly"


def test_a_counted_pulse_is_a_witness() -> None:
    """For two minutes."""
    session = dosed()
    at_ms = session.now_ms
    session.engine.handle(PulseCounted(at_ms=at_ms, pulse_x100=72_00, **BY))
    assert session.engine.chart.witnesses(at_ms + 120_000) == (72_00,)


@pytest.mark.parametrize("same_arm", [False, True])
def test_a_started_cuff_holds_on_the_same_arm_only(same_arm: bool) -> None:
    """For at most a minute."""
    session = dosed(same_arm=same_arm)
    at_ms = session.now_ms
    session.engine.handle(CuffStarted(at_ms=at_ms, **BY))
    assert session.engine.chart.held_until_ms == (at_ms + 60_000 if same_arm else None)


def test_a_started_cuff_without_a_cuff_changes_nothing() -> None:
    """A session may have no cuff bound."""
    start = opened()
    patient = msgspec.structs.replace(start.patient, devices=start.patient.devices[:1])
    engine = Engine()
    run(engine, [msgspec.structs.replace(start, patient=patient)])
    engine.handle(CuffStarted(at_ms=1, **BY))
    assert engine.chart.held_until_ms is None


def test_a_typed_reading_does_what_a_cuffs_reading_does() -> None:
    """It is judged, ends the prompt, and moves the next due time."""
    session = dosed()
    session.wait(1_250_000)
    at_ms = session.now_ms
    session.add(TypedReading(at_ms=at_ms, sbp_x100=205_00, dbp_x100=90_00, **BY))
    assert ("upgraded", "BP-CRIT") in rows(session.effects)
    assert session.engine.chart.readings[-1].at_ms == at_ms
    assert session.engine.chart.cuff.due_ms == at_ms + 5 * 60_000


def test_a_typed_reading_that_cannot_be_is_refused() -> None:
    """It says what and what to do; no reading, no failed attempt."""
    session = dosed()
    event = TypedReading(at_ms=session.now_ms, sbp_x100=80_00, dbp_x100=120_00, **BY)
    reason = "blood pressure 80/120: less than 15 mmHg apart; look at the cuff and type it again"
    assert no(session.engine.handle(event)) == [("TypedReading", reason)]
    assert session.engine.chart.cuff_cycle.failures == 0


def test_a_failed_attempt_is_asked_for_again() -> None:
    """A minute later, from the third on after ten; the device and the tap are one attempt."""
    session = dosed()
    # The cuff of the gate has had its rest.
    session.wait(600_000)
    session.effects.clear()
    start_ms = session.now_ms
    asked = []
    for at_s, tap in ((0, True), (10, False), (100, True), (200, True)):
        session.now_ms = start_ms + at_s * 1000
        if tap:
            session.add(CuffFailed(at_ms=session.now_ms, reason="loose", **BY))
        else:
            session.cuff(120, 80, "leak")
        asked += [
            (e.at_ms - start_ms, e.due_ms - e.at_ms, e.reason)
            for e in session.effects
            if isinstance(e, Prompted) and e.prompt is PromptKind.CUFF
        ]
        session.effects.clear()
    assert asked == [
        (0, 60_000, "failed: loose"),
        (100_000, 60_000, "failed: loose"),
        (200_000, 600_000, "failed: loose"),
    ]
    assert session.engine.chart.cuff_cycle.failures == 3


def test_a_failure_whose_row_asks_itself_is_asked_once() -> None:
    """A row that waits for its second reading gives the prompt; a failure by tap has a name."""
    session = dosed()
    session.wait(600_000)
    session.cuff(172, 80, None)
    session.wait(61_000)
    session.effects.clear()
    session.add(CuffFailed(at_ms=session.now_ms, **BY))
    prompts = [e for e in session.effects if isinstance(e, Prompted)]
    assert [(e.due_ms - e.at_ms, e.reason[:7]) for e in prompts] == [(60_000, "BP-WARN")]
    session = dosed()
    session.add(CuffFailed(at_ms=session.now_ms, **BY))
    reasons = [e.reason for e in session.effects if isinstance(e, Prompted)]
    assert reasons == ["failed: told by ann"]
