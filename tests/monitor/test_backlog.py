"""What waits to be written is kept in order, bounded and counted; each change is told once."""

import pytest

from monitor.backlog import Backlog, Failing, Job, Limits, Recovered


def job(at_ms: int, file: str | None = "s1", size_bytes: int = 1, queued_s: float = 0.0) -> Job:
    """Return a job whose hub time names it."""
    return Job(file=file, at_ms=at_ms, size_bytes=size_bytes, queued_s=queued_s)


def times(jobs: list[Job]) -> list[int]:
    """Return the hub times that name the jobs."""
    return [job.at_ms for job in jobs]


def test_jobs_are_taken_in_order_up_to_a_batch_for_each_file() -> None:
    """A file with much to write does not hold up another."""
    backlog = Backlog[Job](Limits(batch=2))
    for at_ms in (1, 2, 3):
        backlog.add(job(at_ms))
    backlog.add(job(4, file=None))
    first = backlog.take()
    backlog.settle(first, [])
    second = backlog.take()
    backlog.settle(second, [])
    assert (times(first), times(second), bool(backlog), backlog.changes()) == (
        [1, 2, 4],
        [3],
        False,
        [],
    )


def test_a_failure_keeps_the_order_and_is_told_once() -> None:
    """Two failed attempts are one failure, from the first record that waits."""
    backlog = Backlog[Job](Limits(batch=2))
    for at_ms in (10, 20, 30):
        backlog.add(job(at_ms))
    late = [backlog.settle([], backlog.take(), "full"), backlog.settle([], backlog.take(), "still")]
    assert ([times(jobs) for jobs in late], times(backlog.take()), backlog.changes()) == (
        [[10, 20, 30], [10, 20, 30]],
        [10, 20],
        [Failing(10, "full")],
    )


def test_recovery_comes_with_the_last_late_job_and_names_the_gap() -> None:
    """New jobs are late while it fails; the gap ends with the last of them."""
    backlog = Backlog[Job](Limits(batch=2))
    backlog.add(job(10))
    backlog.settle([], backlog.take(), "full")
    backlog.add(job(20))
    backlog.add(job(30))
    seen = [backlog.changes()]
    backlog.settle(backlog.take(), [])
    seen.append(backlog.changes())
    backlog.settle(backlog.take(), [])
    seen.append(backlog.changes())
    assert (seen, backlog.failing) == ([[Failing(10, "full")], [], [Recovered(10, 30, 0)]], False)


def test_one_file_may_fail_while_another_is_written() -> None:
    """What was written is not written again."""
    backlog = Backlog[Job](Limits())
    backlog.add(job(10, "a"))
    backlog.add(job(11, "b"))
    first, second = backlog.take()
    backlog.settle([second], [first], "broken")
    assert (times(backlog.waiting()), backlog.failing) == ([10], True)


@pytest.mark.parametrize(
    ("limits", "kept"),
    [
        (Limits(keep_ms=15), [15, 20, 30]),
        (Limits(keep_records=2), [20, 30]),
        (Limits(keep_bytes=15), [30]),
        (Limits(keep_bytes=5), []),
    ],
    ids=["by age", "by number", "by size", "not even one fits"],
)
def test_the_oldest_are_dropped_beyond_the_bounds_and_counted(
    limits: Limits, kept: list[int]
) -> None:
    """While recording fails memory is bounded, whichever file a job belongs to."""
    backlog = Backlog[Job](limits)
    jobs = [job(10), job(20), job(15, file="s2"), job(30)]
    for one in jobs:
        one.size_bytes = 10
    backlog.add(jobs[0])
    backlog.settle([], backlog.take(), "full")
    for one in jobs[1:]:
        backlog.add(one)
    left = sorted(times(backlog.waiting()))
    backlog.changes()
    backlog.settle(backlog.take(), [])
    assert (left, backlog.changes()) == (kept, [Recovered(10, 30, 4 - len(kept))])


def test_a_bound_that_bites_at_the_failure_still_names_every_late_job() -> None:
    """Whoever waits for a dropped job is answered too."""
    backlog = Backlog[Job](Limits(keep_records=1))
    backlog.add(job(10))
    backlog.add(job(20))
    late = backlog.settle([], backlog.take(), "full")
    assert (times(late), times(backlog.waiting())) == ([10, 20], [20])


@pytest.mark.parametrize("in_flight", [False, True])
def test_a_job_that_waits_too_long_is_a_stall_until_it_is_known(in_flight: bool) -> None:
    """Exactly the stall limit is still in time; a known failure is no stall."""
    backlog = Backlog[Job](Limits(stall_s=1.0))
    backlog.add(job(10, queued_s=5.0))
    if in_flight:
        backlog.take()
    seen = [backlog.stalled(6.0), backlog.stalled(6.1)]
    late = backlog.fail("no commit")
    seen.append(backlog.stalled(9.0))
    assert (seen, times(late), backlog.changes()) == (
        [False, True, False],
        [10],
        [Failing(10, "no commit")],
    )


def test_nothing_waiting_is_neither_a_stall_nor_a_failure() -> None:
    """An idle hub records nothing and that is fine."""
    backlog = Backlog[Job](Limits())
    assert (backlog.stalled(1e9), backlog.fail("x"), backlog.failing) == (False, [], False)
