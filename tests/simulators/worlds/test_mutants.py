"""Defects are planted in single rows: in the rules, or between a row and its alarm."""

from typing import Any

import msgspec
import pytest
from numpy.random import default_rng

from alerts.condition import AlarmClass, Kind, Priority, Transition
from alerts.effects import AlarmChanged
from devices.observation import Mode
from monitor.engine import Engine
from monitor.events import SessionOpened
from monitor.plan import Plan
from simulators.worlds.crew import read_all
from simulators.worlds.kit import outfit
from simulators.worlds.losses import with_loss
from simulators.worlds.mutants import Defect, Mutant, life, own_scenarios, planted, why_not
from simulators.worlds.onset import Onset
from simulators.worlds.played import Played
from simulators.worlds.scenario import Must, Ordered, PatientScript, Says, Scenario, Sees
from tests.timeline import DEFAULT

WHO = outfit(PatientScript(), default_rng(0).spawn(4)).who


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
        ("STALE", Defect.UNKNOWN_IS_ABSENT),
        ("ENGINE", Defect.UNKNOWN_IS_ABSENT),
        ("SI-1", Defect.UNKNOWN_IS_ABSENT),
        ("SPO2-WARN", Defect.LATCH_OFF),
    ],
)
def test_a_defect_that_a_row_cannot_have_is_no_mutant(row: str, defect: Defect) -> None:
    """No delay, no limit, nothing that can be unknown, no latch: it is said which."""
    assert planted(DEFAULT, row, defect) is None
    assert why_not(DEFAULT, row, defect) != ""


def test_every_row_can_have_one_defect_at_least() -> None:
    """Clearing off is one of every row, and nothing says that it cannot be."""
    assert {why_not(DEFAULT, row.id, Defect.CLEAR_OFF) for row in DEFAULT.rows} == {""}


def test_a_limit_of_pressure_is_turned_round_with_its_clearing() -> None:
    """The systolic side alone: a diastolic limit has no other way round."""
    high, low = mutant("BP-SEV", Defect.FLIPPED), mutant("BP-LOW3", Defect.FLIPPED)
    severe, very_low = row_of(high.plan, "BP-SEV"), row_of(low.plan, "BP-LOW3")
    assert (severe["sbp_below"], severe["clear_sbp_at_least"]) == (180.0, 175.0)
    assert (very_low["sbp_at_least"], very_low["clear_sbp_below"]) == (80.0, 90.0)
    assert not any(name.startswith(("dbp", "clear_dbp")) for name in severe)


def test_a_rule_that_holds_its_own_comparison_sees_the_mirror_image() -> None:
    """The plan is as it was; the engine is changed before it decides."""
    found = mutant("SPO2-CUM", Defect.FLIPPED)
    assert (found.plan == DEFAULT, found.prepare is None) == (True, False)


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


def test_of_a_row_that_people_end_nobody_looks_any_more() -> None:
    """What was said before it, and what belongs to the gate, is said; nothing after it."""
    says = tuple(Says(name=f"s{n}", at_min=n, codes="W5") for n in (9, 11))
    sees = (Sees(name="sees", at_min=12, codes="W5", for_s=60),)
    order = (Ordered(name="held", at_min=30, after="open", do="help"),)
    scenario = Scenario(name="x", title="x", length_min=20, says=says, sees=sees, order=order)
    played = Played("x", 0)
    played.seen.marks["dose"] = 0
    played.lines = [line(600, "A", Transition.RAISED)]
    alone = with_loss(scenario, played, "A", "report")
    assert alone is not None
    assert (alone.says, alone.sees, alone.order, alone.wire) == (says[:1], (), order, ())
    assert [(one.who, one.at_min, one.for_s) for one in alone.away] == [("companion", 10.05, 1200)]
    assert alone.length_min == 32


def test_a_row_without_a_comparison_of_its_own_sees_a_mirrored_value() -> None:
    """Where 85 comes in, a cumulative row sees what lies as far on the other side of its level."""
    planted_row = mutant("SPO2-CUM", Defect.FLIPPED)
    assert planted_row.prepare is not None
    engine = Engine()
    engine.handle(SessionOpened(at_ms=0, session="s", mode=Mode.TEST, patient=WHO, plan=DEFAULT))
    detector: Any = next(one for one in engine.board.all if one.id == "SPO2-CUM")
    seen: list[int] = []
    detector.on_value = lambda value_x100, _: seen.append(value_x100)
    planted_row.prepare(engine)
    detector.on_value(85_00, None)
    detector.calm()
    assert seen == [95_00]
