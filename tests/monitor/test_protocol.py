"""The gate, doses and the ways out: who may, when, and what each refusal says."""

from typing import Any

import msgspec
import pytest

from alerts.contact import Role
from monitor.effects import AlarmChanged, Effect, PhaseChanged, Refused, RowOff
from monitor.engine import Engine
from monitor.events import (
    Discharged,
    DoseConfirmed,
    DoseExtra,
    EmergencyClosed,
    Ended,
    GateOverridden,
    GateSet,
    HandedOver,
    HelpCalled,
    ResetByPerson,
    Tailored,
    Tick,
)
from monitor.plan import Plan
from monitor.session import Phase
from tests.recorded import plan
from tests.sessions import opened
from tests.timeline import DEFAULT, Timeline, only

ANN: dict[str, Any] = {"by": "ann", "role": Role.COMPANION}
DR: dict[str, Any] = {"by": "dr", "role": Role.PHYSICIAN}
PAT: dict[str, Any] = {"by": "p1", "role": Role.PATIENT}
VI: dict[str, Any] = {"by": "vi", "role": Role.VIEWER}
TOLD = [("raised", "END-EARLY", "medium"), ("latched", "END-EARLY", "medium")]
# The patient of these tests takes no insulin.
ITEMS = tuple(one.id for one in plan("default").gate if one.only is None)


def said(effects: list[Effect]) -> list[tuple[str, ...]]:
    """Return lines, changes of phase and refusals as short text."""
    found: list[tuple[str, ...]] = []
    for effect in effects:
        if isinstance(effect, AlarmChanged):
            found.append((effect.transition.value, effect.row, effect.priority.value))
        elif isinstance(effect, PhaseChanged):
            found.append(("phase", effect.phase, effect.reason))
        elif isinstance(effect, Refused):
            found.append(("refused", effect.reason))
    return found


def at_gate() -> Engine:
    """Return a session that was just opened."""
    engine = Engine()
    engine.handle(opened())
    return engine


def test_a_session_opens_at_the_gate_or_in_the_peak() -> None:
    """A plan without phases starts in the peak; rows that cannot work are named once."""
    engine = Engine()
    effects = engine.handle(opened())
    assert said(effects) == [("phase", "gate", "session opened")]
    bare = Engine()
    start = opened()
    patient = msgspec.structs.replace(start.patient, devices=())
    effects = bare.handle(msgspec.structs.replace(start, plan=plan("vitals_only"), patient=patient))
    assert said(effects) == [("phase", "peak", "session opened")]
    off = [e.row for e in effects if isinstance(e, RowOff)]
    rates = ["CONFLICT-PR", "RR-LOW1", "RR-LOW2", "RR-HIGH"]
    assert off == [
        *rates,
        "SIG-BAD",
        "SIG-LOST",
        "SIG-LOST+",
        "SENSOR-OFF",
        "STALE",
        "FROZEN",
        "MOTION",
    ]


def test_a_gate_item_is_passed_held_or_stopped() -> None:
    """By who looks after the patient, for an item of the plan, while the gate is open."""
    engine = at_gate()
    item = ITEMS[0]
    assert said(engine.handle(GateSet(at_ms=1, item=item, state="hold", **ANN))) == []
    assert engine.chart.gate == {item: "hold"}
    for event, why in (
        (GateSet(at_ms=1, item=item, state="pass", **PAT), "a patient may not do this"),
        (
            GateSet(at_ms=1, item="weather", state="pass", **ANN),
            f"the plan has no gate item 'weather'; it has {', '.join(ITEMS)}",
        ),
        (
            GateSet(at_ms=1, item=item, state="fine", **ANN),
            "a gate item is pass, hold or stop, not 'fine'",
        ),
    ):
        assert said(engine.handle(event)) == [("refused", why)]
    assert engine.chart.gate == {item: "hold"}
    engine.handle(DoseConfirmed(at_ms=2, **ANN))
    assert said(engine.handle(GateSet(at_ms=3, item=item, state="pass", **ANN))) == [
        ("refused", "the gate is closed, the session is in onset")
    ]


def test_only_a_physician_overrides_and_only_a_hold() -> None:
    """A stop can never be overridden."""
    engine = at_gate()
    item, stopped = ITEMS[:2]
    engine.handle(GateSet(at_ms=1, item=item, state="hold", **ANN))
    engine.handle(GateSet(at_ms=1, item=stopped, state="stop", **ANN))

    def override(item: str, **by: Any) -> list[tuple[str, ...]]:
        return said(engine.handle(GateOverridden(at_ms=1, item=item, reason="known", **by)))

    assert override(item, **ANN) == [("refused", "only a physician overrides a gate item")]
    for name, state in ((stopped, "stop"), (ITEMS[2], "open")):
        why = f"gate item {name!r} is {state}; only an item on hold is overridden"
        assert override(name, **DR) == [("refused", why)]
    assert override(item, **DR) == []
    assert engine.chart.gate == {item: "pass", stopped: "stop"}
    engine.handle(DoseConfirmed(at_ms=2, **ANN))
    engine.now_ms = 1
    assert override(item, **DR) == [("refused", "the gate is closed, the session is in onset")]


def test_a_dose_is_taken_whatever_the_gate_says() -> None:
    """Before the gate was passed it is DOSE-EARLY, and tells the physician; never a refusal."""
    engine = at_gate()
    assert said(engine.handle(DoseConfirmed(at_ms=5, **VI))) == [
        ("refused", "a viewer may not do this")
    ]
    assert said(engine.handle(DoseConfirmed(at_ms=5, **ANN))) == [
        ("phase", "onset", "dose confirmed"),
        ("raised", "DOSE-EARLY", "medium"),
        ("raised", "NO-BASELINE", "low"),
        ("latched", "DOSE-EARLY", "medium"),
    ]
    assert engine.chart.reports["dose_early"].reason == f"gate items open: {', '.join(ITEMS)}"
    assert said(engine.handle(DoseConfirmed(at_ms=6, **ANN))) == [
        ("refused", "a dose is on record; a further one is entered as an extra dose")
    ]


def test_a_passed_gate_gives_no_early_dose() -> None:
    """Nothing is said but the phase."""
    line = Timeline()
    assert line.phases() == ["-600 gate", "0 onset"]
    assert "dose_early" not in line.engine.chart.reports


@pytest.mark.parametrize("by", [ANN, PAT, DR])
def test_an_extra_dose_is_entered_by_who_knows_of_it(by: dict[str, Any]) -> None:
    """The patient may say so; a viewer may not; without a first dose there is no further one."""
    engine = at_gate()
    extra = DoseExtra(at_ms=1, **by)
    assert said(engine.handle(extra)) == [("refused", "no first dose is on record")]
    engine.handle(DoseConfirmed(at_ms=2, **ANN))
    assert said(engine.handle(DoseExtra(at_ms=3, **VI))) == [
        ("refused", "a viewer may not do this")
    ]
    taken = said(engine.handle(DoseExtra(at_ms=60_000, **by)))
    assert ("joined", "DOSE-EXTRA", "medium") in taken
    assert engine.chart.dose_ms == 60_000


def test_a_hand_over_ends_the_session_by_name() -> None:
    """By who looks after the patient, once."""
    engine = at_gate()
    assert said(engine.handle(HandedOver(at_ms=1, to="crew 7", **PAT))) == [
        ("refused", "a patient may not do this")
    ]
    assert said(engine.handle(HandedOver(at_ms=1, to="crew 7", **ANN))) == [
        ("phase", "ended", "handed over to crew 7 by ann")
    ]
    assert said(engine.handle(HandedOver(at_ms=1, to="crew 7", **ANN))) == [
        ("refused", "the session is ended")
    ]


def test_what_cannot_be_handed_over_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A phase without that step refuses."""
    engine = at_gate()
    monkeypatch.setattr(engine.chart, "phase", Phase.SETUP)
    assert said(engine.handle(HandedOver(at_ms=1, to="crew 7", **ANN))) == [
        ("refused", "nothing to hand over in setup")
    ]


def test_an_emergency_is_closed_by_a_physician() -> None:
    """Only while there is one; the session goes on as extended."""
    engine = at_gate()
    assert said(engine.handle(EmergencyClosed(at_ms=1, **DR))) == [
        ("refused", "there is no emergency, the session is in gate")
    ]
    engine.handle(HelpCalled(at_ms=2, **PAT))
    assert said(engine.handle(EmergencyClosed(at_ms=3, **ANN))) == [
        ("refused", "only a physician closes an emergency")
    ]
    assert said(engine.handle(EmergencyClosed(at_ms=3, **DR))) == [
        ("phase", "extended", "closed by dr")
    ]


def in_recovery(rules: Plan = DEFAULT) -> Timeline:
    """Return a session in its recovery, all well."""
    line = Timeline(rules)
    line.at(121 * 60)
    assert line.engine.chart.phase is Phase.RECOVERY
    line.effects.clear()
    return line


def discharge(line: Timeline, **by: Any) -> list[tuple[str, ...]]:
    """Say that the session can end now."""
    return said(line.engine.handle(Discharged(at_ms=line.now_ms, **(by or ANN))))


def test_a_discharge_needs_recovery_and_a_person() -> None:
    """And all criteria met twice; then the session is over."""
    line = Timeline()
    line.at(60)
    wrong = [("refused", "discharge belongs to recovery, the session is in onset")]
    assert discharge(line) == wrong
    assert line.trial().refused() == [wrong[0][1]]
    line = in_recovery()
    assert discharge(line, **PAT) == [("refused", "a patient may not do this")]
    line.trial()
    assert discharge(line) == [
        ("refused", "all criteria must be met twice, 10 min apart: try first, then again")
    ]
    line.at(line.now_s + 600)
    assert discharge(line) == [("phase", "follow_up", "discharge confirmed by ann")]
    again = "discharge belongs to recovery, the session is in follow_up"
    assert discharge(line) == [("refused", again)]


def test_without_a_follow_up_the_discharge_is_the_end() -> None:
    """A plan that asks nothing afterwards: nothing can be said any more."""
    line = in_recovery(msgspec.structs.replace(DEFAULT, follow_up=None)).trial()
    line.at(line.now_s + 600)
    assert discharge(line) == [("phase", "discharged", "discharge confirmed by ann")]
    assert discharge(line) == [("refused", "the session is discharged")]


def test_no_discharge_with_an_open_alarm_or_stale_values() -> None:
    """R29: open medium or high, latched, or no valid SpO2 in the last minute."""
    line = in_recovery().trial()
    line.spo2(85).at(line.now_s + 40)
    (alarm,) = [a.id for a in line.engine.alarms.book.open.values() if a.family == "oxygen"]
    assert discharge(line) == [("refused", f"an oxygen alarm is open; alarm {alarm} is open")]
    line.spo2(97).at(line.now_s + 120)
    latched = f"alarm {alarm} is latched; a person must reset it"
    assert discharge(line) == [("refused", f"an oxygen alarm is open; {latched}")]
    line.engine.handle(ResetByPerson(at_ms=line.now_ms, alarm=alarm, **DR))
    line.spo2(None).at(line.now_s + 61)
    for open_alarm in line.engine.alarms.book.open.values():
        assert open_alarm.family == "no_signal"
    assert discharge(line) == [("refused", "no valid SpO2 in the last minute")]
    line.spo2(97).at(line.now_s + 600)
    assert discharge(line)[0][1] == "follow_up"


@pytest.mark.parametrize(
    ("by", "reason", "got"),
    [
        (ANN, "", [("phase", "aborted", "ended by ann")]),
        (PAT, "afraid", [("phase", "aborted", "afraid")]),
        (VI, "", TOLD),
    ],
    ids=["companion", "patient", "viewer"],
)
def test_before_the_dose_a_session_is_aborted(
    by: dict[str, Any], reason: str, got: list[tuple[str, ...]]
) -> None:
    """But not by a hub that is being stopped, or by who only looks on."""
    engine = at_gate()
    assert said(engine.handle(Ended(at_ms=1, reason=reason, **by))) == got


def test_after_the_dose_only_a_physician_ends_it() -> None:
    """Anybody else asks for it: END-EARLY, and monitoring goes on."""
    line = Timeline()
    line.at(60)
    engine = line.engine
    asked = engine.handle(Ended(at_ms=line.now_ms, reason="tired", **PAT))
    assert said(asked) == TOLD
    assert engine.chart.reports["end_early"].reason == "p1: tired"
    assert engine.chart.phase is Phase.ONSET
    assert said(engine.handle(Ended(at_ms=line.now_ms, **DR)))[:1] == [
        ("phase", "ended", "ended by dr")
    ]
    assert said(engine.handle(Ended(at_ms=line.now_ms, **DR))) == [
        ("refused", "the session is ended")
    ]


# --- the gate's final words, its hour, and limits for one patient ------------------------------


@pytest.mark.parametrize(
    ("item", "final"),
    [
        (one.id, one.stop_final)
        for one in plan("default").gate
        if one.id != "sound" and one.only is None
    ],
)
def test_a_final_stop_stands_for_the_session(item: str, final: bool) -> None:
    """Neither a pass nor a hold nor a physician takes it back; other stops can be set anew.

    What is proved is set anew by its proof only (`test_proofs`).
    """
    engine = at_gate()
    engine.handle(GateSet(at_ms=1, item=item, state="stop", **ANN))
    why = f"gate item {item!r} was stopped: that stands for this session, no dose today"
    for state in ("pass", "hold"):
        got = said(engine.handle(GateSet(at_ms=2, item=item, state=state, **ANN)))
        assert got == ([("refused", why)] if final else [])
    assert engine.chart.gate[item] == ("stop" if final else "hold")
    override = said(engine.handle(GateOverridden(at_ms=3, item=item, reason="known", **DR)))
    only = f"gate item {item!r} is stop; only an item on hold is overridden"
    assert override == ([("refused", only)] if final else [])


FINAL = ["spo2", "awake", "drugs", "companion", "alarm_chain", "devices", "place"]


def test_which_stops_are_final() -> None:
    """`clinical.md` 1.4: these can never be overridden in the session."""
    assert [one.id for one in plan("default").gate if one.stop_final] == FINAL


def test_a_gate_that_lasts_an_hour_has_lapsed() -> None:
    """GATE-LATE asks for a cancel; nothing can be set any more; a dose is DOSE-EARLY."""
    engine = Timeline(dosed=False).at(-450).bp(120, 80).at(-380).bp(120, 80).gate().engine
    hour_ms = 60 * 60_000
    assert engine.next_deadline() is not None
    before = said(engine.handle(Tick(at_ms=hour_ms - 1)))
    assert [entry for entry in before if entry[1] == "GATE-LATE"] == []
    lapsed = said(engine.handle(Tick(at_ms=hour_ms)))
    assert [entry for entry in lapsed if entry[1] == "GATE-LATE"] == [
        ("raised", "GATE-LATE", "medium")
    ]
    why = "the gate lapsed after 60 min; end this session and open a new one"
    for event in (
        GateSet(at_ms=hour_ms, item=ITEMS[0], state="hold", **ANN),
        GateOverridden(at_ms=hour_ms, item=ITEMS[0], reason="known", **DR),
    ):
        assert said(engine.handle(event)) == [("refused", why)]
    dosed = said(engine.handle(DoseConfirmed(at_ms=hour_ms + 1, **ANN)))
    assert ("raised", "DOSE-EARLY", "medium") in dosed
    assert ("cleared", "GATE-LATE", "medium") in dosed
    assert engine.chart.reports["dose_early"].reason == why


def test_a_dose_taken_in_time_and_told_late_is_no_early_one() -> None:
    """Taken a minute before the hour, entered a minute after it."""
    engine = Timeline(dosed=False).at(-450).bp(120, 80).at(-380).bp(120, 80).gate().engine
    engine.handle(DoseConfirmed(at_ms=61 * 60_000, ago_ms=2 * 60_000, **ANN))
    assert (engine.chart.phase, "dose_early" in engine.chart.reports) == (Phase.ONSET, False)


def tailor(engine: Engine, row: str, limit: int, reason: str = "altitude", **by: Any) -> Any:
    """Set a limit now."""
    event = Tailored(
        at_ms=engine.now_ms, row=row, limit_x100=limit * 100, reason=reason, **(by or DR)
    )
    return engine.handle(event)


@pytest.mark.parametrize(
    ("row", "limit", "reason", "by", "why"),
    [
        ("SPO2-LOW", 88, "x", ANN, "only a physician tailors a limit"),
        ("SPO2-LOW", 88, "x", VI, "a viewer may not do this"),
        ("SPO2-LOW", 88, " ", DR, "a limit is changed with a reason"),
        ("SPO2-LOW", 85, "x", DR, "SPO2-LOW is a whole number from 86 to 92 %, not 85"),
        (
            "SPO2-CRIT",
            70,
            "x",
            DR,
            (
                "row 'SPO2-CRIT' cannot be tailored in this session; "
                "these can: SPO2-LOW, SPO2-WARN, PR-HIGH, BP-HIGH"
            ),
        ),
    ],
)
def test_a_limit_that_is_refused(
    row: str, limit: int, reason: str, by: dict[str, Any], why: str
) -> None:
    """R21, R26: by role, reason and envelope; nothing has changed then."""
    engine = at_gate()
    before = dict(engine.chart.rows)
    assert said(tailor(engine, row, limit, reason, **by)) == [("refused", why)]
    assert (engine.chart.rows, engine.chart.tailored) == (before, {})


def test_a_tailored_limit_holds_at_once() -> None:
    """88 % for 10 s: an alarm by the plan's limits; with the limit at 86, one at 83 only."""
    line = Timeline().at(60)
    (changed,) = tailor(line.engine, "SPO2-LOW", 86)
    assert (changed.before_x100, changed.limit_x100, changed.by) == (90_00, 86_00, "dr")
    line.effects.clear()
    assert only(line.spo2(87).story(until=120), "SPO2-LOW") == []
    assert only(line.spo2(83).story(until=140), "SPO2-LOW") == ["131 upgraded SPO2-LOW high/A"]
    assert only(line.spo2(88).story(until=260), "SPO2-LOW") == ["201 latched SPO2-LOW high/A"]


def test_a_stricter_limit_has_its_whole_delay() -> None:
    """At 90 % since 40 s: the row's 30 s run from the first sample by the new limit."""
    line = Timeline().at(60).spo2(90).at(100)
    for row, limit in (("SPO2-WARN", 94), ("SPO2-LOW", 92)):
        tailor(line.engine, row, limit)
    line.effects.clear()
    assert only(line.story(until=140), "SPO2-LOW") == ["130 upgraded SPO2-LOW high/A"]


def test_a_tailored_pressure() -> None:
    """BP-HIGH from 160: a confirmed 165 is medium."""
    line = Timeline().alone().at(60)
    tailor(line.engine, "BP-HIGH", 160)
    line.effects.clear()
    line.at(100).bp(165, 80).at(170).bp(165, 80)
    assert only(line.story(until=180), "BP-HIGH") == [
        "100 joined BP-HIGH low",
        "170 upgraded BP-HIGH medium",
    ]
