"""The course of a session: gate, onset, peak, offset, recovery, and the exceptions."""

import pytest

from alerts.contact import Role
from monitor.effects import BaselineFrozen, PromptKind
from monitor.events import (
    Discharged,
    EmergencyClosed,
    Ended,
    GateOverridden,
    GateSet,
    HandedOver,
    MonitorDown,
    Tick,
)
from tests.timeline import VITALS_ONLY, WELL, Timeline

MINUTE = 60


def test_a_session_without_events_goes_by_the_clock() -> None:
    """T+20, T+75 with the criteria met, T+120; nothing is said by any row."""
    line = Timeline().at(121 * MINUTE)
    assert line.phases() == [
        "-600 gate",
        "0 onset",
        "1200 peak",
        "4500 offset",
        "7200 recovery",
    ]
    assert line.story(until=122 * MINUTE) == []


def test_what_is_asked_and_when() -> None:
    """Cuff prompts at their minute, check-ins asked a minute before; both after the last dose."""
    line = Timeline().at(151 * MINUTE)
    cuff = [due / MINUTE for _, due in line.asked(PromptKind.CUFF)]
    checks = [due / MINUTE for _, due in line.asked(PromptKind.CHECK_IN)]
    ahead = {due - at for at, due in line.asked(PromptKind.CHECK_IN)}
    assert cuff == [20, 40, 60, 75, 90, 120, 150]
    assert checks == [5, 10, 20, 30, 40, 50, 60, 70, 80, 95, 110, 125, 140]
    assert ahead == {60}


@pytest.mark.parametrize(
    ("pressures", "codes", "phase"),
    [
        ([(120, 80)], WELL, "4500 offset"),
        ([(125, 85)], WELL, "4500 offset"),
        ([(126, 80)], WELL, "7200 extended"),
        ([(120, 86)], WELL, "7200 extended"),
        ([(120, 80)], "W3 B0 C0 D0 X0", "7200 extended"),
        ([(120, 80)], None, "7200 extended"),
        ([None], WELL, "7200 extended"),
    ],
)
def test_what_keeps_the_peak_open(
    pressures: list[tuple[int, int] | None], codes: str | None, phase: str
) -> None:
    """A BP of the last 20 min, no more than 5 up, and a fresh rating of 4; else EXTENDED."""
    line = Timeline().at(41 * MINUTE).alone(PromptKind.CUFF)
    if codes is None:
        line.alone()
    else:
        line.says = codes
    line.at(74 * MINUTE)
    line.effects.clear()
    pressure = pressures[0]
    if pressure is not None:
        line.bp(*pressure)
    line.at(121 * MINUTE)
    assert line.phases()[0] == phase


def test_a_high_pressure_keeps_the_peak_open() -> None:
    """Under 160 and 100, even when it does not rise."""
    line = Timeline()
    line.pressure = (160, 80, 70)
    line.at(100 * MINUTE)
    assert line.phases()[-1] == "1200 peak"
    line.pressure = (159, 80, 70)
    line.bp(159, 80)
    assert line.phases()[-1] == "6000 offset"


def test_one_pressure_alone_cannot_end_the_peak() -> None:
    """There is nothing to compare with."""
    line = Timeline().alone(PromptKind.CUFF).at(74 * MINUTE).bp(120, 80).at(76 * MINUTE)
    assert line.engine.course.peak_open(line.now_ms) == "only one blood pressure since the dose"
    assert line.bp(120, 80).phases()[-1] == "4560 offset"


def test_extended_ends_when_the_criteria_are_met() -> None:
    """At the reading that meets them; never before T+120."""
    line = Timeline().at(41 * MINUTE).alone(PromptKind.CUFF).at(121 * MINUTE)
    assert line.phases()[-1] == "7200 extended"
    assert line.at(125 * MINUTE).bp(120, 80).phases()[-1] == "7500 recovery"


def test_an_emergency_closed_early_waits_in_extended_until_120() -> None:
    """Closed at T+30 with the criteria met: RECOVERY begins at T+120, at that very second."""
    line = Timeline().at(1_500).check("W0 B0 C0 D0 X0").at(1_560).check(WELL).at(1_620).check(WELL)
    line.at(1_800)
    line.send(EmergencyClosed(at_ms=line.now_ms, by="dr", role=Role.PHYSICIAN))
    line.at(121 * MINUTE)
    assert line.phases()[-3:] == ["1500 emergency", "1800 extended", "7200 recovery"]


@pytest.mark.parametrize(
    ("dose_s", "phases"),
    [
        (600, ["1800 peak", "5100 offset", "7800 recovery"]),
        (3_000, ["1200 peak", "7500 offset", "10200 recovery"]),
        (5_000, ["1200 peak", "4500 offset", "5000 peak", "9500 offset", "12200 recovery"]),
    ],
)
def test_an_extra_dose_restarts_the_clocks(dose_s: int, phases: list[str]) -> None:
    """All times run from the last dose; the phase never goes back to ONSET."""
    line = Timeline().at(dose_s).extra_dose()
    raised = [x for x in line.story(until=dose_s + 1) if "DOSE" in x]
    assert raised == [f"{dose_s} raised DOSE-EXTRA medium"]
    again = Timeline().at(dose_s).extra_dose().at(dose_s + 121 * MINUTE)
    assert again.phases()[2:] == phases


@pytest.mark.parametrize(
    ("dosed", "ago_s", "reason"),
    [
        (False, 0, "no first dose is on record"),
        (True, 601, "the dose was taken 601 s ago; up to 600 s back can be entered"),
        (True, -1, "the dose was taken -1 s ago; up to 600 s back can be entered"),
    ],
)
def test_an_extra_dose_that_cannot_be(dosed: bool, ago_s: int, reason: str) -> None:
    """It is refused with its reason and changes nothing."""
    line = Timeline(dosed=dosed).at(700).extra_dose(ago_s)
    assert line.refused()[-1] == reason
    assert line.story(until=701, skip={"NO-BASELINE"}) == []


# --- gate and dose ----------------------------------------------------------------------------


def test_a_dose_entered_later_counts_from_when_it_was_taken() -> None:
    """Taken 300 s ago: the peak begins 15 min from now."""
    line = Timeline(dosed=False).at(-300).bp(120, 80).at(-240).bp(120, 80).gate().at(0).dose(300)
    assert line.at(1_000).phases()[1:] == ["0 onset", "900 peak"]


def test_a_dose_before_the_gate_was_passed_is_a_fact_and_an_alarm() -> None:
    """DOSE-EARLY names the open items; the session runs on as ONSET."""
    line = Timeline(dosed=False).at(0).gate("place", "spo2").dose()
    assert line.phases()[-1] == "0 onset"
    assert line.story(until=1, skip={"NO-BASELINE"}) == ["0 raised DOSE-EARLY medium"]
    report = line.engine.chart.reports["dose_early"]
    assert report.reason == "gate items open: spo2, place"


@pytest.mark.parametrize(
    ("ago_s", "reason"),
    [
        (601, "the dose was taken 601 s ago; up to 600 s back can be entered"),
        (-1, "the dose was taken -1 s ago; up to 600 s back can be entered"),
    ],
)
def test_a_dose_that_cannot_be(ago_s: int, reason: str) -> None:
    """Up to ten minutes back; the session stays at the gate."""
    line = Timeline(dosed=False).at(0).gate().dose(ago_s)
    assert (line.refused(), line.phases()) == ([reason], ["-600 gate"])


def test_a_second_first_dose_is_refused() -> None:
    """A further dose is DOSE-EXTRA, not a first dose."""
    line = Timeline().at(60).dose()
    assert line.refused() == ["a dose is on record; a further one is entered as an extra dose"]


@pytest.mark.parametrize(
    ("item", "state", "role", "reason"),
    [
        ("place", "pass", Role.VIEWER, "a viewer may not do this"),
        ("place", "fine", Role.COMPANION, "a gate item is pass, hold or stop, not 'fine'"),
        (
            "weather",
            "pass",
            Role.COMPANION,
            (
                "the plan has no gate item 'weather'; it has blood_pressure, pulse, spo2, awake, "
                "companion, alarm_chain, place"
            ),
        ),
    ],
)
def test_gate_items_that_are_refused(item: str, state: str, role: Role, reason: str) -> None:
    """Each with its reason."""
    line = Timeline(dosed=False).at(0)
    line.send(GateSet(at_ms=line.now_ms, by="x", role=role, item=item, state=state))
    assert (line.refused(), line.engine.chart.gate) == ([reason], {})


@pytest.mark.parametrize(
    ("state", "role", "reason"),
    [
        ("hold", Role.PHYSICIAN, None),
        ("hold", Role.BACKUP, None),
        ("hold", Role.COMPANION, "only a physician overrides a gate item"),
        (
            "stop",
            Role.PHYSICIAN,
            "gate item 'pulse' is stop; only an item on hold is overridden",
        ),
        (
            None,
            Role.PHYSICIAN,
            "gate item 'pulse' is open; only an item on hold is overridden",
        ),
    ],
)
def test_a_physician_overrides_a_hold_and_never_a_stop(
    state: str | None, role: Role, reason: str | None
) -> None:
    """A stop stands for the session."""
    line = Timeline(dosed=False).at(0)
    if state is not None:
        line.gate(*[i for i in line.engine.chart.plan.gate if i != "pulse"], state=state)
    line.send(GateOverridden(at_ms=line.now_ms, by="dr", role=role, item="pulse", reason="x"))
    assert line.refused() == ([] if reason is None else [reason])
    assert line.engine.chart.gate.get("pulse") == ("pass" if reason is None else state)


def test_the_baselines_are_frozen_at_the_dose() -> None:
    """Medians of the last five minutes and the mean of the gate's readings, said once."""
    line = Timeline(dosed=False).at(-300).bp(122, 81).at(-240).bp(120, 80).gate().at(0).dose()
    line.at(100).spo2(90).at(300)
    frozen = [(e.metric, e.value_x100) for e in line.effects if isinstance(e, BaselineFrozen)]
    assert frozen == [("spo2", 9700), ("pulse", 7000), ("sbp", 12100), ("dbp", 8050)]


def test_no_baseline_is_said() -> None:
    """Without an oximeter before the dose, rows that compare are off, and that is an alarm."""
    line = Timeline(dosed=False).silence().gate().at(0).dose()
    assert "0 raised NO-BASELINE low" in line.story(until=1)


# --- the end ----------------------------------------------------------------------------------


def ended(line: Timeline, role: Role) -> Timeline:
    """Somebody ends the session now."""
    return line.send(Ended(at_ms=line.now_ms, by="x", role=role, reason="tired"))


def test_only_a_physician_ends_a_session_with_open_criteria() -> None:
    """The companion's word is END-EARLY, and watching goes on."""
    line = ended(Timeline().at(1_500), Role.COMPANION)
    assert line.phases()[-1] == "1200 peak"
    assert line.story(until=1_501) == ["1500 raised END-EARLY medium"]
    assert ended(line, Role.PHYSICIAN).phases() == ["1501 ended"]


def test_a_session_without_a_dose_is_aborted() -> None:
    """Nobody needs a physician to stop before the dose."""
    assert ended(Timeline(dosed=False).at(0), Role.COMPANION).phases()[-1] == "0 aborted"


def test_nothing_is_required_after_the_end() -> None:
    """Silence is no alarm any more, and what still comes is refused."""
    line = ended(Timeline().at(1_500), Role.PHYSICIAN)
    line.effects.clear()
    assert line.silence().story(until=5_000) == []
    line.send(Tick(at_ms=line.now_ms)).spo2(50).sample().check(WELL).dose()
    assert line.refused()[-3:] == ["the session is ended"] * 3
    assert ended(line, Role.PHYSICIAN).refused()[-1] == "the session is ended"


def test_a_hand_over_ends_the_session() -> None:
    """To the ambulance, from an emergency."""
    line = Timeline().at(1_500).check("W0 B0 C0 D0 X0")
    line.send(HandedOver(at_ms=line.now_ms, by="ann", role=Role.COMPANION, to="ambulance 7"))
    assert line.phases()[-1] == "1500 ended"


def discharged(line: Timeline, role: Role = Role.COMPANION) -> Timeline:
    """Somebody confirms the discharge now."""
    return line.send(Discharged(at_ms=line.now_ms, by="ann", role=role))


def test_discharge_from_recovery() -> None:
    """With every alarm closed and vitals at hand."""
    assert discharged(Timeline().at(135 * MINUTE)).phases()[-1] == "8100 discharged"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("early", "discharge belongs to recovery, the session is in offset"),
        ("open", "alarm oxygen@8620000 is open"),
        ("latched", "alarm oxygen@8610000 is latched; a person must reset it"),
        ("unseen", "no valid SpO2 in the last minute"),
        ("viewer", "a viewer may not do this"),
    ],
)
def test_discharge_is_refused(name: str, reason: str) -> None:
    """Each with its reason; the session goes on."""
    line = Timeline()
    if name == "early":
        line.at(100 * MINUTE)
    elif name == "open":
        line.at(7_900).spo2(95).at(7_950).spo2(93).at(8_000).spo2(91).at(8_100)
    elif name == "latched":
        line.at(7_900).spo2(95).at(7_950).spo2(93).at(8_000).spo2(88).at(8_005)
        line.spo2(87).at(8_050).spo2(97).at(8_150)
        reason = f"alarm {next(iter(line.engine.alarms.book.open.values())).id} is latched;"
    elif name == "unseen":
        line.at(8_000).silence().at(8_061)
    else:
        line.at(8_000)
    before = line.engine.chart.phase
    discharged(line, Role.VIEWER if name == "viewer" else Role.COMPANION)
    assert line.refused()[-1].startswith(reason)
    assert line.engine.chart.phase is before


def test_after_an_outage_overdue_rows_move() -> None:
    """A check-in that fell due while the hub was down is overdue from restart + 60 s on."""
    line = Timeline().alone().at(290)
    line.engine.handle(MonitorDown(at_ms=line.now_ms + 300_000, down_ms=300_000))
    assert line.engine.chart.check_in.due_ms == line.now_ms + 360_000


def test_a_recording_takes_its_first_five_minutes_as_baseline() -> None:
    """It begins in the peak, needs no people, and its baseline comes by time alone."""
    line = Timeline(VITALS_ONLY, dosed=False).at(-299)
    frozen = [
        (e.at_ms, e.metric, e.value_x100) for e in line.effects if isinstance(e, BaselineFrozen)
    ]
    assert line.phases() == ["-600 peak"]
    assert frozen == [(300_000, "spo2", 9700), (300_000, "pulse", 7000)]
    assert line.at(0).story(until=10 * MINUTE) == []
