"""The record's one writer: takes bytes at once, commits them soon, and says when it cannot.

One thread owns every writing connection, so the event loop never waits for a disk. It drains what
is waiting (at most 256) into one commit for each file. The answer of `append` is True after the
commit and False as soon as recording fails (a write error, or no commit for 1 s): the caller then
acknowledges anyway, because watching beats recording. What could not be written stays in memory
(10 minutes, bounded), is written later in order, and the gap is reported with the number of records
that had to be dropped. This module never reads an event and never alarms: it reports.

    store = Store(data_dir, chain, on_change)
    recorded = store.append("s1", 1, b"{}", clock.stamp())   # a Future[bool]
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Final

from alerts.record_heads import MAX_HEADS
from monitor.backlog import Backlog, Change, Failing, Limits, Recovered
from monitor.database import StoreError, lock_folder
from monitor.hub_file import MAX_PAYLOAD_BYTES, HubFile, Shelf
from monitor.journal_file import Chain, Entry, JournalFile, session_path
from monitor.outage import ClockStamp
from monitor.records.ledger import Line, What
from monitor.records.private import mend
from monitor.store_jobs import Write, answer, answer_conflict, storable

__all__ = ["Change", "Failing", "Limits", "Recovered", "Store", "StoreError"]

_RETRY_S: Final = 0.5
_CLOSING_RETRY_S: Final = 0.05
_CHECK_S: Final = 0.1
_MAX_N: Final = 1 << 63


class Store:
    """The writing side of a data folder. One hub at a time holds it, by a lock on the folder.

    Args:
        data_dir: where `sessions/<session>.db` and `hub.db` are.
        chain: the hash of one record from the hash before it and its body.
        on_change: called with each `Failing` and `Recovered`, in order, from threads of the store;
            it must return at once and raise nothing.
        limits: bounds on what waits.

    Raises:
        StoreError: another process holds the folder.
        OSError: the folder cannot be made.
    """

    def __init__(
        self,
        data_dir: Path,
        chain: Chain,
        on_change: Callable[[Change], None],
        limits: Limits = Limits(),  # noqa: B008 - immutable
    ) -> None:
        self._data_dir, self._chain, self._limits = data_dir, chain, limits
        self._lock_fd = lock_folder(data_dir)
        mend(data_dir)
        self._on_change = on_change
        self._telling = threading.Lock()
        self._wake = threading.Condition()
        self._backlog = Backlog[Write](limits)
        self._deadline_s: float | None = None
        self._journals: dict[str, JournalFile] = {}
        self._hub: HubFile | None = None
        self._heads: dict[str, tuple[int, bytes]] = {}
        self._writer = threading.Thread(target=self._write_on, name="store-writer", daemon=True)
        self._checker = threading.Thread(target=self._check_on, name="store-check", daemon=True)
        self._writer.start()
        self._checker.start()

    def append(self, session: str, n: int, body: bytes, stamp: ClockStamp) -> "Future[bool]":
        """Take record `n` of a session; True once it is committed, False when recording fails.

        `stamp` holds the clocks at which the hub took the event: its `at_ms` is the record's.
        The future has a StoreError when the record holds other bytes under this number.

        Raises:
            StoreError: the session's name or the body's size cannot be recorded, or the store is
                closed.
        """
        session_path(self._data_dir, session)
        if not 1 <= n < _MAX_N:
            raise StoreError(
                f"record number {n} of session {session} is out of range: count from 1"
            )
        if len(body) > self._limits.body_bytes:
            raise StoreError(
                f"record {n} of session {session} has {len(body)} bytes:"
                f" the most is {self._limits.body_bytes}"
            )
        entry = Entry(n, body, stamp)
        return self._take(Write(file=session, at_ms=stamp.at_ms, size_bytes=len(body), entry=entry))

    def close_session(self, session: str, at_ms: int) -> "Future[bool]":
        """Note that a session has ended, after everything that was appended to it before."""
        session_path(self._data_dir, session)
        return self._take(Write(file=session, at_ms=at_ms, size_bytes=0))

    def quarantine(self, topic: str, reason: str, payload: bytes, at_ms: int) -> "Future[bool]":
        """Keep a refused message: counted by topic and reason, its first 4 KiB at hand."""
        cut, size = bytes(payload[:MAX_PAYLOAD_BYTES]), len(payload)
        topic, reason = storable(topic), storable(reason)
        return self._act(at_ms, len(cut), lambda hub: hub.quarantine(topic, reason, cut, size))

    def put(self, shelf: Shelf, key: str, value: bytes, at_ms: int) -> "Future[bool]":
        """Keep a value of the hub's own in `hub.db`."""
        return self._act(at_ms, len(value), lambda hub: hub.put(shelf, key, value))

    def remove(self, shelf: Shelf, key: str, at_ms: int) -> "Future[bool]":
        """Forget a value of the hub's own."""
        return self._act(at_ms, 0, lambda hub: hub.remove(shelf, key))

    def prove(self, way: tuple[str, str, str], wall_ms: int, at_ms: int) -> "Future[bool]":
        """Keep that a way (contact, channel, address's hash) was answered at `wall_ms`."""
        return self._act(at_ms, 0, lambda hub: hub.prove(*way, wall_ms))

    def note(self, line: Line, at_ms: int) -> "Future[bool]":
        """Put a line into the hub's ledger; a look that stands there already is not repeated."""
        return self._act(at_ms, 0, lambda hub: hub.note(line))

    def heads(self) -> dict[str, tuple[int, bytes]]:
        """Return how far each record is, of the sessions that were written to last."""
        with self._wake:
            return dict(self._heads)

    def close(self, timeout_s: float = 5.0) -> int:
        """Write what waits, for at most `timeout_s`; return how many records stay unwritten."""
        with self._wake:
            self._deadline_s = time.monotonic() + timeout_s
            self._wake.notify_all()
        self._writer.join(timeout_s + 1.0)
        self._checker.join(1.0)
        with self._wake:
            left = self._backlog.waiting()
        answer(left, recorded=False)
        if not self._writer.is_alive():
            os.close(self._lock_fd)
        return len(left)

    def _act(self, at_ms: int, size: int, act: Callable[[HubFile], None]) -> "Future[bool]":
        return self._take(Write(file=None, at_ms=at_ms, size_bytes=size, act=act))

    def _take(self, job: Write) -> "Future[bool]":
        with self._wake:
            if self._deadline_s is not None:
                raise StoreError("the store is closed: nothing more can be recorded")
            self._backlog.add(job)
            late = job.late
            self._wake.notify_all()
        if late:
            answer([job], recorded=False)
        return job.future

    def _write_on(self) -> None:
        """Run the writer thread: take a batch, write it, answer, and again."""
        while batch := self._next_batch():
            failed, reason = self._write(batch)
            kept = set(map(id, failed))
            written = [job for job in batch if id(job) not in kept]
            with self._wake:
                late = self._backlog.settle(written, failed, reason)
            answer(written, recorded=True)
            answer(late, recorded=False)
            self._tell()
        for name in [*self._journals, None]:
            self._forget(name)

    def _next_batch(self) -> list[Write]:
        """Wait for jobs; none once the store is closed and nothing is left, or time is up."""
        with self._wake:
            if self._backlog.failing:
                closing = self._deadline_s is not None
                self._wake.wait_for(
                    lambda: not closing and self._deadline_s is not None,
                    _CLOSING_RETRY_S if closing else _RETRY_S,
                )
            self._wake.wait_for(lambda: self._backlog or self._deadline_s is not None)
            if self._deadline_s is not None and time.monotonic() > self._deadline_s:
                return []
            return self._backlog.take()

    def _write(self, batch: list[Write]) -> tuple[list[Write], str]:
        """Write a batch file by file; return what failed, and why the first of it did."""
        failed: list[Write] = []
        reasons: list[str] = []
        by_file: dict[str | None, list[Write]] = {}
        for job in batch:
            by_file.setdefault(job.file, []).append(job)
        for name, jobs in by_file.items():
            try:
                if name is None:
                    self._write_hub(jobs)
                else:
                    self._write_session(name, jobs)
            except (sqlite3.Error, OSError) as error:
                failed.extend(jobs)
                reasons.append(f"{name or 'hub'}.db: {error}")
                self._forget(name)
        return failed, reasons[0] if reasons else ""

    def _write_session(self, session: str, jobs: list[Write]) -> None:
        journal = self._journals.get(session)
        if journal is None:
            journal = JournalFile(session_path(self._data_dir, session), self._chain)
            self._journals[session] = journal
        is_new = journal.head[0] == 0
        conflicts = journal.write([job.entry for job in jobs if job.entry])
        self._advance(session, journal.head)
        if is_new:
            self._enter("opened", session, jobs[-1])
        for job in jobs:
            if job.entry and job.entry in conflicts:
                answer_conflict(session, job, job.entry)
        if any(job.entry is None for job in jobs):
            journal.mark_closed()
            self._enter("closed", session, jobs[-1])
            self._forget(session)

    def _advance(self, session: str, head: tuple[int, bytes]) -> None:
        with self._wake:
            self._heads.pop(session, None)
            self._heads[session] = head
            for oldest in list(self._heads)[:-MAX_HEADS]:
                del self._heads[oldest]

    def _enter(self, what: What, session: str, job: Write) -> None:
        """Let the ledger know of a record's beginning and end, also while the store closes."""
        last_n, head = self._heads[session]
        wall_ms = time.time_ns() // 1_000_000
        line = Line(
            wall_ms=wall_ms, what=what, session=session, by="hub", last_n=last_n, head=head.hex()
        )
        act = Write(file=None, at_ms=job.at_ms, size_bytes=0, act=lambda hub: hub.note(line))
        with self._wake:
            self._backlog.add(act)

    def _write_hub(self, jobs: list[Write]) -> None:
        if self._hub is None:
            self._hub = HubFile(self._data_dir / "hub.db")
        self._hub.begin()
        for job in jobs:
            if job.act:
                job.act(self._hub)
        self._hub.commit()

    def _forget(self, name: str | None) -> None:
        """Close a file, so that the next write opens it anew and learns what it really holds."""
        file: JournalFile | HubFile | None
        if name is None:
            file, self._hub = self._hub, None
        else:
            file = self._journals.pop(name, None)
        if file:
            # A full disk may refuse the copying of the log; the log stays and is read next time.
            with suppress(sqlite3.Error):
                file.close()

    def _check_on(self) -> None:
        """Run the checking thread: a disk that does not answer counts as failed after 1 s."""
        while self._deadline_s is None or self._writer.is_alive():
            late: list[Write] = []
            with self._wake:
                if self._backlog.stalled(time.monotonic()):
                    late = self._backlog.fail(f"no commit for {self._limits.stall_s:g} s")
            answer(late, recorded=False)
            self._tell()
            time.sleep(_CHECK_S)

    def _tell(self) -> None:
        # One at a time, or a recovery told by one thread could overtake its failure.
        with self._telling:
            with self._wake:
                changes = self._backlog.changes()
            for change in changes:
                self._on_change(change)
