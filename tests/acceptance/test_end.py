"""How a session ends: by whom, with what refused, and what follows an outage."""

import pytest

from alerts.condition import Priority
from alerts.contact import Role
from monitor.effects import AlarmChanged, BaselineFrozen, PromptKind
from monitor.events import (
    Discharged,
    EmergencyClosed,
    Ended,
    HandedOver,
    HelpCalled,
    HelpCancelled,
    MonitorDown,
    Tick,
)
from tests.timeline import LIMITS, VITALS_ONLY, WELL, Timeline

MINUTE = 60


# --- the end ----------------------------------------------------------------------------------


def ended(line: Timeline, role: Role) -> Timeline:
    """Somebody ends the session now."""
    return line.send(Ended(at_ms=line.now_ms, by="x", role=role, reason="tired"))


def test_only_a_physician_ends_a_session_with_open_criteria() -> None:
    """The companion's word is END-EARLY, and watching goes on."""
    line = ended(Timeline().at(1_500), Role.COMPANION)
    assert line.phases()[-1] == "1200 peak"
    assert line.story(until=1_501) == [
        "1500 raised END-EARLY medium",
        "1500 latched END-EARLY medium",
    ]
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
    """Two trials that meet everything, ten minutes apart: the second is the discharge."""
    line = Timeline().at(121 * MINUTE).trial().at(126 * MINUTE).trial().at(131 * MINUTE)
    assert line.phases()[-1] == "7200 recovery"
    assert line.trial().phases()[-1] == "7860 follow_up"


def test_a_discharge_with_the_answers_of_the_trial_before() -> None:
    """Without new answers those of the last 15 min stand."""
    line = Timeline().at(121 * MINUTE).trial().at(131 * MINUTE)
    assert discharged(line).phases()[-1] == "7860 follow_up"


def test_a_trial_that_is_not_met_starts_over() -> None:
    """Nausea at T+125: the ten minutes run from the next trial that meets everything."""
    line = Timeline().at(121 * MINUTE).trial().at(125 * MINUTE).trial(nausea=4)
    line.at(127 * MINUTE).trial().at(132 * MINUTE).trial()
    assert line.phases()[-1] == "7200 recovery"
    line.at(137 * MINUTE).trial()
    assert line.asked(PromptKind.CUFF)[-1] == (134 * MINUTE, 134 * MINUTE)
    assert line.phases()[-1] == "8220 follow_up"


def test_a_trial_without_a_fresh_pressure_asks_for_one() -> None:
    """The last reading is 20 min old: the companion is asked at once."""
    line = Timeline().at(140 * MINUTE)
    line.effects.clear()
    line.trial().at(140 * MINUTE + 1)
    assert line.asked(PromptKind.CUFF) == [(8_400, 8_400)]


def test_an_emergency_between_two_trials_starts_over() -> None:
    """What was met before it counts no longer."""
    line = Timeline().at(121 * MINUTE).trial().at(122 * MINUTE)
    line.send(HelpCalled(at_ms=line.now_ms, by="ann", role=Role.COMPANION))
    line.send(HelpCancelled(at_ms=line.now_ms, by="ann", role=Role.COMPANION)).reset("panic")
    line.send(EmergencyClosed(at_ms=line.now_ms, by="dr", role=Role.PHYSICIAN))
    assert line.phases()[-3:] == ["7320 emergency", "7320 extended", "7320 recovery"]
    assert line.at(132 * MINUTE).trial().phases()[-1] == "7320 recovery"


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
    line = Timeline(LIMITS)
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
    assert reason in line.refused()[-1]
    assert line.engine.chart.phase is before


def test_after_an_outage_overdue_rows_move() -> None:
    """A check-in that fell due while the hub was down is overdue from restart + 60 s on."""
    line = Timeline().alone().at(290)
    restart_ms = line.now_ms + 300_000
    effects = line.engine.handle(MonitorDown(at_ms=restart_ms, down_ms=300_000))
    effects += line.engine.handle(Tick(at_ms=restart_ms + 60_000))
    overdue = [e for e in effects if isinstance(e, AlarmChanged) and e.row == "CI-MISS-C"]
    # Four minutes after its due time is past as well: it comes at the stage that it has reached.
    assert [(e.at_ms - restart_ms, e.priority) for e in overdue] == [(60_000, Priority.MEDIUM)]


def test_a_recording_takes_its_first_five_minutes_as_baseline() -> None:
    """It begins in the peak, needs no people, and its baseline comes by time alone."""
    line = Timeline(VITALS_ONLY, dosed=False).at(-299)
    frozen = [
        (e.at_ms, e.metric, e.value_x100) for e in line.effects if isinstance(e, BaselineFrozen)
    ]
    assert line.phases() == ["-600 peak"]
    assert frozen == [(300_000, "spo2", 9700), (300_000, "pulse", 7000)]
    assert line.at(0).story(until=10 * MINUTE) == []
