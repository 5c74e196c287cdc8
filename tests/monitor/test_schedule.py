"""When something is due: it stands until it is done, and a phase brings it nearer only."""

import pytest

from monitor.plan import Schedule
from monitor.schedule import Due
from monitor.session import Phase

MIN = 60_000
CUFF = Schedule(at_min=(20, 40), every_min={Phase.RECOVERY: 30}, early_s=300)


def due(phase: Phase, now_min: float, dose_min: int | None = 0) -> Due:
    """Return a cuff's schedule that entered a phase."""
    new = Due(CUFF)
    new.enter(phase, round(now_min * MIN), None if dose_min is None else dose_min * MIN)
    return new


@pytest.mark.parametrize(
    ("phase", "now_min", "dose_min", "due_min"),
    [
        (Phase.GATE, 0, None, None),
        (Phase.ONSET, 0, 0, 20),
        (Phase.ONSET, 20, 0, 40),
        (Phase.ONSET, 40, 0, None),
        (Phase.RECOVERY, 120, 0, 150),
        (Phase.RECOVERY, 15, 0, 20),
        (Phase.RECOVERY, 0, None, 30),
    ],
)
def test_entering_a_phase(
    phase: Phase, now_min: int, dose_min: int | None, due_min: int | None
) -> None:
    """The next fixed minute or the next interval, whichever is first."""
    expected = None if due_min is None else due_min * MIN
    assert due(phase, now_min, dose_min).due_ms == expected


def test_a_phase_brings_nearer_and_never_pushes_away() -> None:
    """What is due stays due until it is done."""
    cuff = due(Phase.ONSET, 0)
    cuff.enter(Phase.PEAK, 20 * MIN, 0)
    stays = cuff.due_ms
    cuff.enter(Phase.RECOVERY, -15 * MIN, 0)
    assert (stays, cuff.due_ms) == (20 * MIN, 15 * MIN)


@pytest.mark.parametrize(("at_min", "due_min"), [(14.99, 20), (15, 40), (34.99, 40), (35, None)])
def test_a_reading_counts_five_minutes_early(at_min: float, due_min: int | None) -> None:
    """A little earlier it is one more reading, and the due time stands."""
    cuff = due(Phase.ONSET, 0)
    cuff.satisfy(round(at_min * MIN), 0)
    assert cuff.due_ms == (None if due_min is None else due_min * MIN)


def test_an_interval_runs_from_the_reading() -> None:
    """Not from when it would have been due."""
    cuff = due(Phase.RECOVERY, 120)
    cuff.satisfy(130 * MIN, 0)
    assert cuff.due_ms == 160 * MIN


def test_nothing_is_due_after_the_end() -> None:
    """Whatever was due."""
    cuff = due(Phase.ONSET, 0)
    cuff.stop()
    assert cuff.due_ms is None


def test_earlier_than_planned() -> None:
    """A row may ask earlier, never later."""
    cuff = Due(CUFF)
    got = []
    for at_min in (10, 12, 8):
        cuff.at_latest(at_min * MIN)
        got.append(cuff.due_ms)
    assert got == [10 * MIN, 10 * MIN, 8 * MIN]


def test_why_it_is_due_then() -> None:
    """The reason goes with the due time; what is done is as planned again."""
    cuff = due(Phase.ONSET, 0)
    got = [cuff.reason]
    cuff.at_latest(15 * MIN, "BP-SEV: every 5 min")
    cuff.at_latest(16 * MIN, "BP-WARN: every 10 min")
    got.append(cuff.reason)
    cuff.satisfy(15 * MIN, 0)
    got.append(cuff.reason)
    assert got == ["schedule", "BP-SEV: every 5 min", "schedule"]


def test_what_would_come_too_soon_waits() -> None:
    """Nothing becomes due by it, and nothing earlier."""
    cuff = Due(CUFF)
    got = []
    for due_min, may_min in ((None, 5), (10, 5), (10, 12)):
        cuff.due_ms = None if due_min is None else due_min * MIN
        cuff.not_before(may_min * MIN)
        got.append(cuff.due_ms)
    assert got == [None, 10 * MIN, 12 * MIN]


def test_the_minutes_of_a_patient_at_high_risk_count_from_then_on() -> None:
    """Known before the first phase, or in the middle of one."""
    risky = Schedule(at_min=(20, 40), high_risk_min=(10, 30), early_s=300)
    before, within = Due(risky), Due(risky)
    before.add_high_risk(0, None)
    seen = [before.due_ms]
    before.enter(Phase.ONSET, 0, 0)
    within.enter(Phase.ONSET, 0, 0)
    seen += [before.due_ms, within.due_ms]
    within.add_high_risk(0, 0)
    assert [*seen, within.due_ms] == [None, 10 * MIN, 20 * MIN, 10 * MIN]
