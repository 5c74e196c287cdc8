"""The cuff's state is what was tapped and what came of it, and failures are counted in a row."""

import pytest

from monitor.cuff_cycle import TABLE, CuffCycle, CuffState, CuffStep

S = 1_000
MIN = 60 * S
STEPS = {
    ("idle", "prompted"): "due",
    ("idle", "started"): "started",
    ("idle", "read"): "idle",
    ("idle", "failed"): "failed",
    ("due", "started"): "started",
    ("due", "read"): "idle",
    ("due", "failed"): "failed",
    ("started", "started"): "started",
    ("started", "read"): "idle",
    ("started", "failed"): "failed",
    ("failed", "started"): "started",
    ("failed", "read"): "idle",
    ("failed", "failed"): "failed",
}


def test_the_table_holds_these_steps_and_no_other() -> None:
    """A prompt hides neither a running measurement nor a failure."""
    assert {(a.value, b.value): c.value for (a, b), c in TABLE.items()} == STEPS


def test_a_step_that_is_not_in_the_table_changes_nothing() -> None:
    """A prompt during a measurement is no news of the cuff."""
    cycle = CuffCycle()
    cycle.take(CuffStep.STARTED, 0)
    assert (cycle.take(CuffStep.PROMPTED, S), cycle.state(S)) == (False, CuffState.STARTED)


def test_a_good_cycle() -> None:
    """Asked, started, read: idle again, nothing failed."""
    cycle = CuffCycle()
    states = [cycle.state(0)]
    for at_ms, step in ((0, CuffStep.PROMPTED), (9 * S, CuffStep.STARTED), (50 * S, CuffStep.READ)):
        cycle.take(step, at_ms)
        states.append(cycle.state(at_ms))
    assert (states, cycle.failures) == (
        [CuffState.IDLE, CuffState.DUE, CuffState.STARTED, CuffState.IDLE],
        0,
    )


@pytest.mark.parametrize(("failures", "after"), [(0, CuffState.DUE), (1, CuffState.FAILED)])
def test_a_start_that_nothing_follows_is_asked_for_again(failures: int, after: CuffState) -> None:
    """Three minutes after the tap no measurement can still be running."""
    cycle = CuffCycle()
    for number in range(failures):
        cycle.fail(number * MIN)
    cycle.take(CuffStep.STARTED, 5 * MIN)
    assert (cycle.state(8 * MIN - 1), cycle.state(8 * MIN)) == (CuffState.STARTED, after)


def test_failures_are_counted_in_a_row_and_a_reading_ends_the_row() -> None:
    """The time runs from the first of them; the third rests the arm for ten minutes."""
    cycle = CuffCycle()
    seen = []
    for number in range(3):
        cycle.fail(number * 2 * MIN)
        seen.append((cycle.failures, cycle.failing_since_ms, cycle.retry_ms))
    cycle.take(CuffStep.READ, 7 * MIN)
    seen.append((cycle.failures, cycle.failing_since_ms, cycle.retry_ms))
    assert seen == [(1, 0, MIN), (2, 0, MIN), (3, 0, 10 * MIN), (0, None, MIN)]


def test_two_words_about_one_attempt_count_once() -> None:
    """The device's failure and the tap 20 s later are one attempt; 30 s later is another."""
    cycle = CuffCycle()
    told = [cycle.fail(at_ms) for at_ms in (0, 20 * S, 30 * S)]
    assert (told, cycle.failures) == ([True, False, True], 2)


@pytest.mark.parametrize(
    ("ended_s", "wanted_s", "may_s"),
    [
        ([], 5, 5),
        ([0], 30, 60),
        ([0], 61, 61),
        ([0, 60], 100, 120),
        ([0, 60, 120], 180, 600),
        ([0, 60, 600], 660, 660),
        ([0, 60, 660, 720, 1320, 1380], 1440, 1800),
        ([0, 60, 660, 720, 1320, 1380, 1800], 1920, 1920),
    ],
)
def test_an_arm_has_its_rests(ended_s: list[int], wanted_s: int, may_s: int) -> None:
    """A minute between two, three in 10 min, six in 30; failed ones count like the others."""
    cycle = CuffCycle()
    for number, at_s in enumerate(ended_s):
        if number % 2:
            cycle.fail(at_s * S)
        else:
            cycle.take(CuffStep.READ, at_s * S)
    assert cycle.may_start_ms(wanted_s * S, bounded=True) == may_s * S


def test_in_an_emergency_only_the_pause_is_kept() -> None:
    """Whoever has an emergency is measured as often as it takes."""
    cycle = CuffCycle()
    for at_s in (0, 60, 120):
        cycle.take(CuffStep.READ, at_s * S)
    assert [cycle.may_start_ms(at_s * S, bounded=False) for at_s in (130, 200)] == [
        180 * S,
        200 * S,
    ]
