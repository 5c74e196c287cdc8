"""The course of a session: gate, onset, peak, offset, recovery, and the exceptions."""

import pytest

from alerts.contact import Role
from monitor.effects import PromptKind
from monitor.events import (
    EmergencyClosed,
)
from tests.timeline import WELL, Timeline

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
    cuff = [due / MINUTE for _, due in line.asked(PromptKind.CUFF) if due > 0]
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
    assert raised == [
        f"{dose_s} raised DOSE-EXTRA medium",
        f"{dose_s} latched DOSE-EXTRA medium",
    ]
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
