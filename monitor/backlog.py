"""What waits to be written, and whether recording works: the books of the record's writer.

Jobs wait in one queue a file, so that a file that cannot be written holds up no other. When writing
fails, everything that waits is late: it stays here in order, within bounds, and each one that the
bounds push out is counted. The first failure and the recovery are changes, told once each. Nothing
here knows a thread, a lock, a clock or a disk: `store` brings them.

>>> backlog = Backlog[Job](Limits())
>>> backlog.add(Job(file="s1", at_ms=5, size_bytes=2, queued_s=0.0))
>>> len(backlog.settle(written=[], failed=backlog.take(), reason="disk is full"))
1
>>> backlog.changes()
[Failing(since_ms=5, reason='disk is full')]
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

__all__ = ["Backlog", "Change", "Failing", "Job", "Limits", "Recovered"]


class Failing(NamedTuple):
    """Recording has stopped; `since_ms` is the hub time of the first record that waits."""

    since_ms: int
    reason: str


class Recovered(NamedTuple):
    """Everything that was kept is written: the gap in hub time, and how many records it lost."""

    from_ms: int
    to_ms: int
    lost: int


Change = Failing | Recovered


class Limits(NamedTuple):
    """What may wait: records in one commit, time without a commit, memory while writing fails."""

    batch: int = 256
    stall_s: float = 1.0
    keep_ms: int = 600_000
    keep_records: int = 100_000
    keep_bytes: int = 64 << 20
    body_bytes: int = 1 << 20


@dataclass(slots=True, eq=False, kw_only=True)
class Job:
    """One thing to write to a file (None: the hub's own), by hub time, size and arrival."""

    file: str | None
    at_ms: int
    size_bytes: int
    queued_s: float
    late: bool = False


J = TypeVar("J", bound=Job)


class Backlog(Generic[J]):
    """Queues, the jobs in flight, and the state of recording."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._queues: dict[str | None, deque[J]] = {}
        self._flight: list[J] = []
        self._records, self._bytes = 0, 0
        self._failing: Failing | None = None
        self._late, self._lost, self._to_ms = 0, 0, 0
        self._changes: list[Change] = []

    @property
    def failing(self) -> bool:
        """True from the first failure until everything that was kept is written."""
        return self._failing is not None

    def __bool__(self) -> bool:
        """True while a job waits that is not in flight."""
        return bool(self._queues)

    def waiting(self) -> list[J]:
        """Return everything that is not written: what is in flight first."""
        return [*self._flight, *(job for queue in self._queues.values() for job in queue)]

    def add(self, job: J) -> None:
        """Take a job; while recording fails it is late at once and may push older ones out."""
        self._queues.setdefault(job.file, deque()).append(job)
        self._records += 1
        self._bytes += job.size_bytes
        if self._failing:
            self._mark_late([job])
            self._trim(job.at_ms)

    def take(self) -> list[J]:
        """Put the oldest jobs of each file, at most `limits.batch` a file, in flight."""
        for file in list(self._queues):
            queue = self._queues[file]
            self._flight.extend(queue.popleft() for _ in range(min(len(queue), self._limits.batch)))
            if not queue:
                del self._queues[file]
        return list(self._flight)

    def settle(self, written: Sequence[J], failed: Sequence[J], reason: str = "") -> list[J]:
        """Book the jobs that were in flight: each is either written, or waits again, in order.

        Returns:
            Everything that is late now, also what the bounds then push out; nothing on success.
        """
        self._flight = []
        for job in written:
            self._forget(job)
        for job in reversed(failed):
            self._queues.setdefault(job.file, deque()).appendleft(job)
        if failed:
            late = self.fail(reason)
            self._trim(max(job.at_ms for job in late))
            return late
        if self._failing and not self._late:
            since_ms = self._failing.since_ms
            self._changes.append(Recovered(since_ms, max(self._to_ms, since_ms), self._lost))
            self._failing, self._lost, self._to_ms = None, 0, 0
        return []

    def fail(self, reason: str) -> list[J]:
        """Note that recording fails; return what waits, all of it late now."""
        waiting = self.waiting()
        if self._failing is None and waiting:
            self._failing = Failing(min(job.at_ms for job in waiting), reason)
            self._changes.append(self._failing)
        self._mark_late(waiting)
        return waiting

    def stalled(self, now_s: float) -> bool:
        """Say whether a job has waited longer than `limits.stall_s` and nobody knows it yet."""
        if self._failing:
            return False
        heads = self._flight[:1] or [queue[0] for queue in self._queues.values()]
        return any(now_s - job.queued_s > self._limits.stall_s for job in heads)

    def changes(self) -> list[Change]:
        """Return what has changed since the last call, oldest first."""
        changes, self._changes = self._changes, []
        return changes

    def _mark_late(self, jobs: Iterable[J]) -> None:
        for job in jobs:
            self._late += not job.late
            job.late = True

    def _forget(self, job: J) -> None:
        self._records -= 1
        self._bytes -= job.size_bytes
        if job.late:
            self._late -= 1
            self._to_ms = max(self._to_ms, job.at_ms)

    def _trim(self, now_ms: int) -> None:
        """Drop the oldest of what waits beyond the bounds, and count it."""
        limits = self._limits
        while self._queues:
            file = min(self._queues, key=lambda name: self._queues[name][0].at_ms)
            queue = self._queues[file]
            if (
                queue[0].at_ms >= now_ms - limits.keep_ms
                and self._records <= limits.keep_records
                and self._bytes <= limits.keep_bytes
            ):
                return
            self._forget(queue.popleft())
            self._lost += 1
            if not queue:
                del self._queues[file]
