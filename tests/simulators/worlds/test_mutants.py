"""Defects are planted in single rows: in the rules, or between a row and its alarm."""

import msgspec
import pytest

from alerts.condition import AlarmClass, Kind, Priority, Transition
from alerts.effects import AlarmChanged
from monitor.plan import Plan
from simulators.worlds.crew import read_all
from simulators.worlds.mutants import Defect, Mutant, life, own_scenarios, planted, with_loss
from simulators.worlds.onset import Onset
from simulators.worlds.played import Played
from simulators.worlds.scenario import Must, Scenario
from tests.timeline import DEFAULT


def row_of(plan: Plan, row: str) -> dict[str, object]:
    """One row as it would be written."""
    found: dict[str, object] = next(msgspec.to_builtins(one) for one in plan.rows if one.id == row)
    return found


def mutant(row: str, defect: Defect) -> Mutant:
    """A defect that this row can have."""
    found = planted(DEFAULT, row, defect)
    assert found is not None
    return found


def test_delays_are_doubled_and_comparisons_flipped() -> None:
    """Of this row alone; its hysteresis is turned with it."""
    slow, turned = mutant("SPO2-LOW", Defect.DELAY_DOUBLED), mutant("PR-TACHY", Defect.FLIPPED)
    low, fast = row_of(slow.plan, "SPO2-LOW"), row_of(turned.plan, "PR-TACHY")
    assert low["criteria"] == ({"below": 90.0, "delay_s": 60}, {"below": 88.0, "delay_s": 20})
    assert (fast["clear"], "below" in fast["criteria"][0]) == (  # type: ignore[index]
        {"at_least": 130.0, "for_s": 60},
        True,
    )
    others = [one.id for one in DEFAULT.rows if one.id != "SPO2-LOW"]
    assert all(row_of(slow.plan, one) == row_of(DEFAULT, one) for one in others)


def test_a_latch_is_taken_off() -> None:
    """Nothing else of the row changes."""
    found = row_of(mutant("SPO2-LOW", Defect.LATCH_OFF).plan, "SPO2-LOW")
    assert found == {k: v for k, v in row_of(DEFAULT, "SPO2-LOW").items() if k != "latch"}


@pytest.mark.parametrize(
    ("row", "defect"),
    [
        ("SED-2", Defect.DELAY_DOUBLED),
        ("SED-2", Defect.FLIPPED),
        ("SED-2", Defect.UNKNOWN_IS_ABSENT),
        ("SPO2-WARN", Defect.LATCH_OFF),
    ],
)
def test_a_defect_that_a_row_cannot_have_is_no_mutant(row: str, defect: Defect) -> None:
    """No delay, no limit, no value, no latch."""
    assert planted(DEFAULT, row, defect) is None


def test_each_row_has_scenarios_of_its_own() -> None:
    """Those that ask for it alone, the catalogue's first; rows that no plan has are left out."""
    found = own_scenarios(read_all(), DEFAULT)
    assert (found["SPO2-CRIT"][0], found["SPO2-LOW"][:2]) == (
        "apnoea_sudden",
        ["slow_desat_opioid", "apnoea_sudden"],
    )
    unknown = Scenario(name="x", title="x", must=(Must(rows=("NO-ROW",), within_s=1),))
    other = Scenario(name="y", title="y", must=(Must(what="call", onset=Onset(), within_s=1),))
    assert own_scenarios({"x": unknown, "y": other}, DEFAULT) == {}


def line(at_s: int, row: str, transition: Transition) -> AlarmChanged:
    """One line of an alarm."""
    return AlarmChanged(
        at_ms=at_s * 1_000,
        id="oxygen@0",
        family="oxygen",
        row=row,
        transition=transition,
        priority=Priority.HIGH,
        alarm_class=AlarmClass.A,
        kind=Kind.PHYSIOLOGICAL,
    )


def test_a_life_is_what_begins_and_ends_it() -> None:
    """Answers and other rows are no part of it."""
    played = Played("x", 0)
    played.lines = [
        line(1, "A", Transition.JOINED),
        line(2, "B", Transition.RAISED),
        line(3, "A", Transition.ACCEPTED),
        line(4, "A", Transition.LATCHED),
    ]
    assert life(played, "A") == [(1_000, "begun"), (4_000, "latched")]


def test_a_loss_of_signal_is_laid_over_the_row() -> None:
    """Three seconds after it began, for half a minute; without a row or a dose there is none."""
    scenario = Scenario(name="x", title="x")
    played = Played("x", 0)
    played.lines = [line(600, "A", Transition.RAISED)]
    before = with_loss(scenario, played, "A")
    played.seen.marks["dose"] = 0
    lossy = with_loss(scenario, played, "A")
    assert (before, with_loss(scenario, played, "B")) == (None, None)
    assert lossy is not None
    assert [(one.at_min, one.what, one.for_s) for one in lossy.wire] == [(10.05, "invalid", 30.0)]
