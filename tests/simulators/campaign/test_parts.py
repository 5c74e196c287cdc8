"""The campaign's data: scenes of the plan's rows, faults that can be paired, the ladder anew."""

import pytest

from alerts.condition import AlarmClass, Priority
from alerts.contact import Role
from alerts.delivery import Verdict
from alerts.escalation import rungs_of
from alerts.message import Message
from simulators.campaign.behaviour import WAYS
from simulators.campaign.faults import FAULTS, FaultKind, pairs
from simulators.campaign.matrix import Cell, Row, cells, kill_cells, runs_of, total
from simulators.campaign.people import CONTACTS, PEOPLE, People
from simulators.campaign.rules import again_s, rungs, stops
from simulators.campaign.run import Kill, Run
from simulators.campaign.scenes import SCENES
from tests.bedside import DEFAULT


def test_every_scene_is_about_a_row_of_the_plan() -> None:
    """Its family is the row's own, and every priority, a P0 and a call-back are among them."""
    families = {row.id: row.family for row in DEFAULT.rows}
    assert {name: scene.family for name, scene in SCENES.items()} == {
        name: families[name] for name in SCENES
    }
    assert {scene.priority for scene in SCENES.values()} == set(Priority)
    informed = {row.id for row in DEFAULT.rows if row.p0}
    assert {name for name, scene in SCENES.items() if scene.p0} == informed & set(SCENES)


def test_the_auditors_ladder_is_the_plans() -> None:
    """Two people wrote it down from the protocol; where they differ one of them is wrong."""
    for priority in Priority:
        for alarm_class in AlarmClass:
            theirs = rungs_of(DEFAULT.ladder, priority, alarm_class)
            assert rungs(priority.value, alarm_class.value) == tuple(
                (rung.at_s, rung.to) for rung in theirs
            )


@pytest.mark.parametrize(
    ("since_s", "is_one"),
    [(299, False), (300, True), (301, False), (419.97, True), (480, False), (1020, True)],
)
def test_the_times_of_the_repeats(since_s: float, is_one: bool) -> None:
    """From 300 s on, every 120 s."""
    assert again_s(since_s) is is_one


@pytest.mark.parametrize(
    ("by", "priority", "to", "ends"),
    [
        (Role.COMPANION, "high", Role.COMPANION, True),
        (Role.COMPANION, "high", Role.PHYSICIAN, False),
        (Role.COMPANION, "medium", Role.PHYSICIAN, True),
        (Role.BACKUP, "high", Role.PHYSICIAN, True),
    ],
)
def test_whose_acceptance_ends_what(by: Role, priority: str, to: Role, ends: bool) -> None:
    """A companion cannot end the calls to the physician about a high alarm."""
    assert stops(by, priority, to) is ends


def test_faults_that_exclude_each_other_are_no_pair() -> None:
    """Not two of one thing, nor a way that the network has taken; all others are pairs."""
    names = {frozenset((one.name, other.name)) for one, other in pairs()}
    assert len(names) == len(pairs())
    assert frozenset(("ntfy dead", "voice dead")) in names
    assert frozenset(("ntfy dead", "ntfy hanging")) not in names
    assert frozenset(("network down", "ntfy dead")) not in names
    assert frozenset(("network down", "page dead")) in names
    assert frozenset(("disk full", "slow journal")) not in names
    assert {fault.kind for fault in FAULTS.values()} == set(FaultKind) - {FaultKind.NOTHING}


def test_people_answer_once_for_each_alarm() -> None:
    """By the first message that reaches them; the deaf never."""
    message = Message(
        delivery="oxygen@1/lee/0@1",
        alarm="oxygen@1",
        contact="Dr Lee",
        address="",
        priority=Priority.HIGH,
        first_line="",
        mode="real",
        person="lee",
    )
    people = People(PEOPLE["physician"])
    assert people.answer(message, "ntfy") == (40.0, Verdict.ACCEPT)
    assert people.answer(message, "sms") is None
    assert People(PEOPLE["deaf"]).answer(message, "ntfy") is None
    assert {way.channel for contact in CONTACTS for way in contact.ways} <= set(WAYS)


def test_the_cells_hold_every_scene_with_every_fault_and_pair() -> None:
    """Two casts for single faults, one for pairs; a kill cell kills at each of its records."""
    singles, both = cells(), cells(singles=False, both=True)
    assert len(singles) == 2 * (1 + len(FAULTS))
    assert [len(runs_of(cell)) for cell in singles] == [len(SCENES)] * len(singles)
    assert len(both) == len(pairs())
    assert both[0].name == " + ".join(fault.name for fault in both[0].faults)
    first = kill_cells(100)[0]
    assert runs_of(first)[0] == Run(
        SCENES["SPO2-LOW"], (), PEOPLE["physician"], Kill(first.kills[0], committed=True)
    )
    assert [cell.name for cell in kill_cells(100)[:2]] == [
        "SPO2-LOW: a kill at each of 4 records, after its commit",
        "SPO2-LOW: a kill at each of 4 records, before its commit",
    ]


def test_the_sum_of_rows() -> None:
    """Runs, lost alarms, problems."""
    rows = [Row("a", "deaf", runs=3, lost=1, problems=["x"]), Row("b", "deaf", runs=2)]
    assert total(rows) == (5, 1, 1)
    assert Cell((), "deaf").name == ""
