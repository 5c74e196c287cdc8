"""What waits for the record's writer, and how its sender hears what became of it.

Each job is answered once, whoever is first: the writer after its commit, or the checker when the
disk does not answer. Nothing is written here.

    job = Write(file="s1", at_ms=5, size_bytes=2, entry=entry)
    answer([job], recorded=True)
"""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Final

from monitor.backlog import Job
from monitor.database import StoreError
from monitor.hub_file import HubFile
from monitor.journal_file import Entry

__all__ = ["Write", "answer", "answer_conflict", "storable"]

# An answer runs its caller's callbacks at once, and one of them may append again.
_ANSWERING: Final = threading.RLock()


@dataclass(slots=True, eq=False, kw_only=True)
class Write(Job):
    """A record of a session, an act on `hub.db`, or (neither) the end of a session."""

    queued_s: float = field(default_factory=time.monotonic)
    entry: Entry | None = None
    act: Callable[[HubFile], None] | None = None
    future: "Future[bool]" = field(default_factory=Future)

    def __post_init__(self) -> None:
        # From now on nobody can cancel it: a commit under way cannot be taken back.
        self.future.set_running_or_notify_cancel()


def storable(text: str) -> str:
    """Replace lone surrogates, which SQLite cannot hold."""
    return text.encode("utf-8", "replace").decode()


def answer(jobs: Iterable[Write], *, recorded: bool) -> None:
    """Answer callers; one that was answered at its failure keeps that answer."""
    for job in jobs:
        with _ANSWERING:
            if not job.future.done():
                job.future.set_result(recorded)


def answer_conflict(session: str, job: Write, entry: Entry) -> None:
    """Tell a caller that the record holds other bytes under its number."""
    with _ANSWERING:
        if not job.future.done():
            job.future.set_exception(
                StoreError(
                    f"record {entry.n} of session {session} already holds other bytes:"
                    " two hubs write one session, or a number was used twice"
                )
            )
