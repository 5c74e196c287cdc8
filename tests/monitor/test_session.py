"""The table of phases: every step that it has, and none that it has not."""

from monitor.session import MONITORED, OVER, RISK_WINDOW, TABLE, Phase, Trigger, step

SPECIAL = {
    ("setup", "opened"): "gate",
    ("setup", "opened_in_peak"): "peak",
    ("gate", "dose"): "onset",
    ("gate", "abort"): "aborted",
    ("onset", "onset_over"): "peak",
    ("peak", "peak_over"): "offset",
    ("peak", "peak_late"): "extended",
    ("peak", "peak_by_word"): "offset",
    ("offset", "offset_over"): "recovery",
    ("offset", "not_awake"): "extended",
    ("offset", "extra_dose"): "peak",
    ("extended", "criteria_met"): "recovery",
    ("extended", "peak_by_word"): "recovery",
    ("extended", "extra_dose"): "peak",
    ("recovery", "discharge"): "discharged",
    ("recovery", "follow"): "follow_up",
    ("follow_up", "followed_up"): "completed",
    ("follow_up", "extra_dose"): "peak",
    ("recovery", "not_awake"): "extended",
    ("recovery", "extra_dose"): "peak",
    ("emergency", "emergency_closed"): "extended",
}
RUNNING = ("gate", "onset", "peak", "offset", "recovery", "extended")


def test_the_whole_table() -> None:
    """Every pair of phase and trigger: where it leads, or nowhere."""
    expected = dict(SPECIAL)
    for phase in (*RUNNING, "follow_up"):
        expected[phase, "class_e"] = "emergency"
    for phase in (*RUNNING, "follow_up", "emergency"):
        expected[phase, "end"] = expected[phase, "handed_over"] = "ended"
    got = {
        (phase.value, trigger.value): to.value
        for phase in Phase
        for trigger in Trigger
        if (to := step(phase, trigger)) is not None
    }
    assert got == expected
    assert len(TABLE) == len(expected)


def test_groups_of_phases() -> None:
    """What is over, what is watched, and where a lost signal becomes high."""
    assert {phase.value for phase in OVER} == {"completed", "discharged", "aborted", "ended"}
    assert {phase.value for phase in MONITORED} == {*RUNNING, "emergency"}
    assert {phase.value for phase in RISK_WINDOW} == {
        "onset",
        "peak",
        "offset",
        "extended",
        "emergency",
    }
