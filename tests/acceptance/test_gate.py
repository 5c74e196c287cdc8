"""The gate and the dose: what is refused, what is an alarm, what is frozen."""

import pytest

from alerts.contact import Role
from monitor.effects import BaselineFrozen, PromptKind
from monitor.events import (
    GateOverridden,
    GateSet,
)
from tests.timeline import Timeline

# --- gate and dose ----------------------------------------------------------------------------


def test_a_dose_entered_later_counts_from_when_it_was_taken() -> None:
    """Taken 300 s ago: the peak begins 15 min from now."""
    line = Timeline(dosed=False).at(-300).bp(120, 80).at(-240).bp(120, 80).gate().at(0).dose(300)
    assert line.at(1_000).phases()[1:] == ["0 onset", "900 peak"]


def test_a_dose_before_the_gate_was_passed_is_a_fact_and_an_alarm() -> None:
    """DOSE-EARLY names the open items; the session runs on as ONSET."""
    line = Timeline(dosed=False).at(-300).bp(120, 80).at(-240).bp(120, 80)
    line.at(0).gate("place", "spo2").dose()
    assert line.phases()[-1] == "0 onset"
    assert line.story(until=1, skip={"NO-BASELINE"}) == [
        "0 raised DOSE-EARLY medium",
        "0 latched DOSE-EARLY medium",
    ]
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
                "mood, drugs, health, companion, alarm_chain, sound, devices, place, locked_away"
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
        line.gate(*[i for i in line.engine.chart.plan.gate_ids if i != "pulse"], state=state)
    line.send(GateOverridden(at_ms=line.now_ms, by="dr", role=role, item="pulse", reason="x"))
    assert line.refused() == ([] if reason is None else [reason])
    assert line.engine.chart.gate.get("pulse") == ("pass" if reason is None else state)


def test_the_baselines_are_frozen_at_the_dose() -> None:
    """Medians of the last five minutes and the mean of the gate's readings, said once."""
    line = Timeline(dosed=False).alone(PromptKind.CUFF)
    line.at(-300).bp(122, 81).at(-240).bp(120, 80).gate().at(0).dose()
    line.at(100).spo2(90).at(300)
    frozen = [(e.metric, e.value_x100) for e in line.effects if isinstance(e, BaselineFrozen)]
    assert frozen == [("spo2", 9700), ("pulse", 7000), ("sbp", 12100), ("dbp", 8050)]


def test_no_baseline_is_said() -> None:
    """Without an oximeter before the dose, rows that compare are off, and that is an alarm."""
    line = Timeline(dosed=False).silence().gate().at(0).dose()
    assert "0 raised NO-BASELINE low" in line.story(until=1)
