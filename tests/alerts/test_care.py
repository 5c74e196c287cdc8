"""One alarm in hand: what it shows, and whose acceptance stops which calls."""

import pytest

from alerts.care import MAY_ANSWER, Care
from alerts.condition import Priority
from alerts.contact import Role
from alerts.escalation import Lease, Standing
from alerts.signal import Shown, SignalState
from tests.alerts.room import COMPANION, HIGH, LOW, MEDIUM, PHYSICIAN, E


def test_a_new_alarm_is_on_and_at_the_foot_of_its_ladder() -> None:
    """Nobody has it."""
    care = Care.raised("oxygen@5", "oxygen", 5, HIGH, E)
    assert care == Care("oxygen@5", "oxygen", Standing(5, HIGH, E), SignalState.ON, leases={})
    assert (care.priority, care.rank, care.stopped_by) == (HIGH, 7, None)
    assert care.shown == Shown("oxygen@5", 7, HIGH, SignalState.ON, calmed=False)


def test_cares_share_no_leases() -> None:
    """A lease of one alarm is none of another."""
    one, two = (Care.raised(name, "oxygen", 5, HIGH, E) for name in ("a", "b"))
    one.leases["ann"] = Lease("ann", COMPANION, 0, 9, 7)
    assert two.leases == {}


@pytest.mark.parametrize(
    ("priority", "role", "stopped", "companion", "physician"),
    [
        (LOW, COMPANION, "x", "x", "x"),
        (MEDIUM, COMPANION, "x", "x", "x"),
        (HIGH, COMPANION, None, "x", None),
        (HIGH, PHYSICIAN, "x", "x", "x"),
        (HIGH, Role.BACKUP, "x", "x", "x"),
    ],
)
def test_whose_acceptance_stops_what(
    priority: Priority, role: Role, stopped: str | None, companion: str, physician: str | None
) -> None:
    """The companion stops the ladder of low and medium, and of high only their own calls."""
    care = Care.raised("a", "oxygen", 0, priority, None)
    care.leases["x"] = Lease("x", role, 0, 9, 1)
    got = (care.stopped_by, care.stopped_for(COMPANION), care.stopped_for(PHYSICIAN))
    assert got == (stopped, companion, physician)


def test_these_people_may_answer() -> None:
    """The patient and a viewer see alarms, and answer none."""
    assert {Role.COMPANION, Role.PHYSICIAN, Role.BACKUP, Role.ADMIN} == MAY_ANSWER
