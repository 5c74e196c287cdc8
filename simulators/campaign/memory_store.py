"""A record in memory with the faults of a disk: full, read-only, slow; and what a kill leaves.

It has the face of `monitor.store.Store` and the same books (`monitor.backlog`), so that the hub
sees the same answers at the same times; only the disk is missing, and the thread. What is committed
outlives the hub; what was not is gone with it.

    store = MemoryStore(loop, disk, on_change)
    recorded = store.append("s1", 1, b"{}", stamp)      # True 2 ms later
    disk.fails = "no space left"                        # now False, until it works again
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from monitor.backlog import Backlog, Change, Job, Limits
from monitor.outage import ClockStamp

__all__ = ["Disk", "MemoryStore", "Page"]

_COMMIT_S = 0.002
_CHECK_S = 0.1
_RETRY_S = 0.5


@dataclass(slots=True)
class Page:
    """One committed record: its number, its bytes and the clocks of its event."""

    n: int
    body: bytes
    stamp: ClockStamp


@dataclass(slots=True)
class Disk:
    """What outlives a hub. `fails` says why nothing can be written; `slow_s` is a commit's time."""

    pages: list[Page] = field(default_factory=list)
    fails: str = ""
    slow_s: float = _COMMIT_S


@dataclass(slots=True, eq=False, kw_only=True)
class _Write(Job):
    page: Page | None = None
    future: "Future[bool]" = field(default_factory=Future)


class MemoryStore:
    """The writing side of one hub's life. All of it happens in the loop."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, disk: Disk, on_change: Callable[[Change], None]
    ) -> None:
        self._loop, self._disk, self._on_change = loop, disk, on_change
        self._limits = Limits()
        self._backlog = Backlog[_Write](self._limits)
        self._writing = False
        self._dead = False
        self._check()

    def append(self, session: str, n: int, body: bytes, stamp: ClockStamp) -> "Future[bool]":
        """Take a record."""
        job = _Write(
            file=session,
            at_ms=stamp.at_ms,
            size_bytes=len(body),
            queued_s=self._loop.time(),
            page=Page(n, body, stamp),
        )
        return self._take(job)

    def close_session(self, session: str, at_ms: int) -> "Future[bool]":
        """Note the end of a session."""
        return self._take(
            _Write(file=session, at_ms=at_ms, size_bytes=0, queued_s=self._loop.time())
        )

    def kill(self) -> None:
        """The process is gone: nothing more is written and nobody is answered."""
        self._dead = True

    def _take(self, job: _Write) -> "Future[bool]":
        self._backlog.add(job)
        if job.late:
            job.future.set_result(False)
        self._write_soon(_RETRY_S if self._backlog.failing else self._disk.slow_s)
        return job.future

    def _write_soon(self, after_s: float) -> None:
        if not self._writing and not self._dead:
            self._writing = True
            batch = [] if self._backlog.failing else self._backlog.take()
            self._loop.call_later(after_s, self._written, batch)

    def _written(self, batch: list[_Write]) -> None:
        self._writing = False
        if self._dead:
            return
        batch = batch or self._backlog.take()
        if self._disk.fails:
            late = self._backlog.settle([], batch, self._disk.fails)
        else:
            self._disk.pages.extend(job.page for job in batch if job.page is not None)
            late = self._backlog.settle(batch, [])
        self._answer([] if self._disk.fails else batch, recorded=True)
        self._answer(late, recorded=False)
        self._tell()
        if self._backlog:
            self._write_soon(_RETRY_S if self._disk.fails else self._disk.slow_s)

    def _check(self) -> None:
        """A disk that does not answer counts as failed after 1 s."""
        if self._dead:
            return
        if self._backlog.stalled(self._loop.time()):
            late = self._backlog.fail(f"no commit for {self._limits.stall_s:g} s")
            self._answer(late, recorded=False)
            self._tell()
        self._loop.call_later(_CHECK_S, self._check)

    def _answer(self, jobs: list[_Write], *, recorded: bool) -> None:
        for job in jobs:
            if not job.future.done():
                job.future.set_result(recorded)

    def _tell(self) -> None:
        for change in self._backlog.changes():
            self._on_change(change)
