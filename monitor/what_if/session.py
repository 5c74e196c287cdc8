"""One session under two plans: which alarms and rows were gained, lost, earlier or later.

verdict = ask(recorded, plan, software="1.0")
verdict.alarms                     -> (Change(name="oxygen", before=None, after=Half(...)), ...)
"""

from msgspec import Struct

from alerts.condition import Priority
from monitor.plan import Plan
from monitor.what_if.compare import Change, compared
from monitor.what_if.recorded import Recorded
from monitor.what_if.rerun import Rerun, rerun
from monitor.what_if.spells import Spells, spells_of

__all__ = ["Asked", "ask", "badness"]


class Asked(Struct, frozen=True):
    """What another plan would have done with one session.

    `refused` are orders that only the other plan refuses, by kind (a limit outside its envelope,
    for example); `no_longer` answers that had nothing left to be about; `off` the rows that could
    not work, with their reason; `rerun_before` tells that the first run was made anew because
    another version of the software recorded the session.
    """

    session: str
    patient: str
    plan: str
    opened_ms: int
    watched_ms: int
    alarms: tuple[Change, ...]
    rows: tuple[Change, ...]
    refused: dict[str, int]
    no_longer: dict[str, int]
    off: dict[str, str]
    rerun_before: bool


def ask(recorded: Recorded, plan: Plan, software: str) -> Asked:
    """Run one session by another plan and compare it with what was decided.

    Args:
        recorded: the session.
        plan: the other plan; patient, devices and people stay as they were.
        software: this version's name, as `SessionOpened.software` has it.

    Raises:
        EventOrderError: the record's events are out of order.
    """
    opened = recorded.opened
    anew = opened.software != software
    before = rerun(recorded.events, opened.plan, recorded.vain) if anew else recorded.run
    after = rerun(recorded.events, plan, recorded.vain)
    first, second = _spells(before), _spells(after)
    return Asked(
        session=opened.session,
        patient=opened.patient.id,
        plan=f"{opened.plan.name} {opened.plan.version}".strip(),
        opened_ms=opened.at_ms,
        watched_ms=recorded.watched_ms,
        alarms=tuple(compared(first.alarms, second.alarms)),
        rows=tuple(compared(first.rows, second.rows)),
        refused={
            what: count - before.refused.get(what, 0)
            for what, count in sorted(after.refused.items())
            if count > before.refused.get(what, 0)
        },
        no_longer=dict(sorted(after.no_longer.items())),
        off={row: why for row, why in sorted(after.off.items()) if before.off.get(row) != why},
        rerun_before=anew,
    )


def badness(asked: Asked) -> tuple[int, int, int, int, int, int]:
    """Order sessions by what a clinician must look at first; the highest is the worst.

    High alarms that are lost, then made lower, then medium ones lost, then by how many ms high ones
    come later in all, then high and medium ones gained.
    """
    high, medium = Priority.HIGH.rank, Priority.MEDIUM.rank
    lost = [one.before.priority.rank for one in asked.alarms if one.before and one.is_lost]
    gained = [one.after.priority.rank for one in asked.alarms if one.after and one.is_gained]
    both = [one for one in asked.alarms if one.before is not None and one.after is not None]
    were_high = [one for one in both if one.before and one.before.priority.rank == high]
    return (
        lost.count(high),
        sum(one.step < 0 for one in were_high),
        lost.count(medium),
        sum(max(one.shift_ms or 0, 0) for one in were_high),
        gained.count(high),
        gained.count(medium),
    )


def _spells(run: Rerun) -> Spells:
    return spells_of(run.lines, run.end_ms)
