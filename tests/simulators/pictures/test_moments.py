"""A picture's session is a real one, told once at its moment, the same each time."""

import pytest

from alerts.condition import Priority
from monitor.feed_words import SnapshotSent
from monitor.texts_dir import read_texts
from simulators.pictures.moments import (
    Moment,
    after_dose,
    alarmed,
    asked,
    shifted,
    silent,
    until,
)
from simulators.worlds.crew import generator, read_all, shipped_plan


def told(name: str, moment: Moment) -> SnapshotSent:
    """The session of a scenario, seed 0, at its moment."""
    return until(read_all()[name], moment, generator(name, 0), shipped_plan(), read_texts())


def test_a_session_is_told_so_long_after_its_dose() -> None:
    """With its past from before the dose; the same scenario is told in the same words."""
    first, again = told("quiet_normal", after_dose(3)), told("quiet_normal", after_dose(3))
    state = first.state
    assert first == again
    assert 180_000 <= state["at_ms"] - state["dose_ms"] < 240_000
    assert first.history.start_ms < state["dose_ms"]
    assert {line["effect"] for line in first.lines if "effect" in line} >= {"PhaseChanged"}


def test_a_session_is_told_with_its_alarm() -> None:
    """Nobody has it yet, or somebody has."""
    fresh = told("apnoea_obese", alarmed(Priority.HIGH, 9)).state
    taken = told("slow_desat_opioid", alarmed(Priority.HIGH, 30, accepted=True)).state
    tops = [
        (one["alarms"][0]["priority"], one["alarms"][0]["accepted_by"]) for one in (fresh, taken)
    ]
    assert tops == [("high", None), ("high", "sam")]
    assert fresh["at_ms"] - fresh["alarms"][0]["raised_ms"] >= 9_000


def test_a_session_is_told_without_a_signal() -> None:
    """The newest value is as old as was asked for."""
    state = told("finger_off_seen", silent(46)).state
    assert state["at_ms"] - state["values"]["spo2"]["at_ms"] >= 46_000


def test_a_session_is_told_when_the_patient_is_asked() -> None:
    """After the peak, and the tap is still due."""
    state = told("uneventful_normal", asked()).state
    assert state["patient_check"]["from_ms"] <= state["at_ms"] <= state["patient_check"]["due_ms"]


def test_a_moment_that_never_comes_is_said() -> None:
    """By the name of the scenario."""
    with pytest.raises(LookupError, match=r"^the moment for a picture never comes in steady_drop$"):
        told("steady_drop", alarmed(Priority.HIGH, 12))


def test_several_sessions_stand_at_one_time() -> None:
    """All times move together, readings of the cuff too; nothing else changes but the names."""
    one = told("quiet_normal", after_dose(3))
    moved = shifted(one, 20_000_000, "s4", "P-1045")
    by_ms = 20_000_000 - one.state["at_ms"]
    assert (moved.session, moved.state["session"], moved.state["patient_name"]) == (
        "s4",
        "s4",
        "P-1045",
    )
    assert moved.state["at_ms"] == 20_000_000
    assert moved.state["dose_ms"] == one.state["dose_ms"] + by_ms
    assert moved.history.start_ms == one.history.start_ms + by_ms
    assert moved.history.bp == [(at + by_ms, sbp, dbp) for at, sbp, dbp in one.history.bp]
    assert moved.history.spo2 == one.history.spo2
    assert shifted(moved, one.state["at_ms"], "s", one.state["patient_name"]).history == one.history
