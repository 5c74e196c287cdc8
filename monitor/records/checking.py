"""Is a journal as it was written: the chain of its records, their numbers, times and commits.

Four things must fit: each hash covers its record and all before it; each record holds the number
and the time under which it lies; every record belongs to one commit, whose clocks are sealed with
the hash of its last record; and the last commit ends with the last record. A file whose end was cut
off still fits itself, and so does one whose hashes were all made anew: only a head that was kept
elsewhere finds that, and `compare` says what it found. Nothing is opened and nothing mended here.

>>> commit = Commit(1, 1, 5, "b", 5, 0, 0)
>>> seal_of(b"head", commit) == seal_of(b"head", commit._replace(wall_ms=1))
False
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from msgspec import Struct

from monitor.events import SessionOpened
from monitor.journal import ChainFault, Follower, JournalError, Record, decode
from monitor.records.versions import Outline, outline

__all__ = [
    "FORMAT",
    "Claim",
    "Commit",
    "Opener",
    "Stored",
    "Verdict",
    "compare",
    "examine",
    "seal_of",
]

FORMAT: Final = 2
"""The format of journals that are written now. 1 had no seal on its commits' clocks."""

_SEAL: Final = b"vigil commit v2\n"
_SEALED_FROM: Final = 2

Opener = Callable[[int, bytes], bytes | None]
"""Gives the text of record `n` from its stored bytes; None: there is no key to read it with."""


class Stored(NamedTuple):
    """One record as the file has it."""

    n: int
    at_ms: int
    body: bytes
    digest: bytes


class Commit(NamedTuple):
    """One commit: from which record to which, and the clocks of its last."""

    first_n: int
    last_n: int
    at_ms: int
    boot_id: str
    boottime_ms: int
    wall_ms: int
    wall_synced: int
    seal: bytes | None = None


class Claim(NamedTuple):
    """What somebody else knows of a record: `by` says who. `last_n` None: only the hash.

    The record must end there when it is `final`; otherwise it may have gone on since.
    """

    by: str
    head: bytes
    last_n: int | None = None
    final: bool = False


class Verdict(Struct):
    """What is true of one journal; `met` has the number of each claimed hash that is in it.

    `unread` counts the records that fit and are none of this version; `first_unread` names one.
    """

    count: int = 0
    last_n: int = 0
    head: bytes = b""
    fault: ChainFault | None = None
    session: str = ""
    software: str = ""
    met: dict[bytes, int] = {}
    unread: int = 0
    first_unread: str = ""


def seal_of(digest: bytes, commit: Commit) -> bytes:
    """Bind a commit's clocks to the hash of its last record."""
    # A damaged file may hold anything in place of a number; such a seal then fits nothing.
    clocks = json.dumps(commit[:7], separators=(",", ":"), default=repr).encode()
    return hashlib.sha256(_SEAL + digest + clocks).digest()


def examine(
    rows: Iterable[Stored],
    commits: Iterable[Commit],
    file_format: int = FORMAT,
    opener: Opener = lambda _, body: body,
    claims: Iterable[Claim] = (),
) -> Verdict:
    """Follow a journal from its first record to its last, or to the first that does not fit.

    Args:
        rows: the records by number.
        commits: the commits by number.
        file_format: 1 or 2; what an older format does not hold is not asked for.
        opener: how to read a record that is kept under a key.
        claims: hashes to look out for.
    """
    follower, verdict = Follower(), Verdict(met={})
    heads = [claim.head for claim in claims]
    ledger = _Commits(iter(commits), file_format)
    for row in rows:
        fault = _row(row, follower, verdict, file_format, opener) or ledger.take(row)
        if fault is not None:
            verdict.fault = fault
            return verdict
        verdict.count, verdict.last_n, verdict.head = follower.count, row.n, follower.head
        for head in heads:
            if row.digest.startswith(head):
                verdict.met[head] = row.n
    verdict.fault = follower.end() or ledger.end()
    return verdict


def _row(
    row: Stored, follower: Follower, verdict: Verdict, file_format: int, opener: Opener
) -> ChainFault | None:
    """One record against the chain, its number and its time."""
    try:
        body = opener(row.n, row.body) if isinstance(row.body, bytes) else None
    except ValueError as error:
        # Whether bytes or hash were changed: the chain says it in its own words.
        return follower.take(row.n, row.body, row.digest, None) or ChainFault(row.n, str(error))
    fault = follower.take(row.n, row.body, row.digest, body)
    if fault is not None or body is None:
        return fault
    record: Record | Outline | None
    try:
        record = decode(body)
    except JournalError as error:
        verdict.first_unread = verdict.first_unread or f"record {row.n}: {error}"
        verdict.unread += 1
        record = outline(body)
    return None if record is None else _place(row, record, verdict, file_format)


def _place(
    row: Stored, record: Record | Outline, verdict: Verdict, file_format: int
) -> ChainFault | None:
    """A record lies under its own number and time, and only the first opens a session."""
    if record.n != row.n:
        return ChainFault(row.n, f"its number was changed: its bytes say record {record.n}")
    if file_format >= _SEALED_FROM and record.event.at_ms != row.at_ms:
        return ChainFault(row.n, f"its time was changed: its bytes say {record.event.at_ms} ms")
    if isinstance(record.event, SessionOpened):
        verdict.session, verdict.software = record.event.session, record.event.software
    return None


class _Commits:
    """Walks the commits beside the records."""

    def __init__(self, commits: Iterator[Commit], file_format: int) -> None:
        self._commits = commits
        self._format = file_format
        self._now: Commit | None = None
        self._before_n = 0
        self._sealed = file_format >= _SEALED_FROM

    def take(self, row: Stored) -> ChainFault | None:
        commit = self._now
        if commit is None:
            commit = next(self._commits, None)
            if commit is None or commit.first_n > row.n:
                return ChainFault(row.n, "no commit of the file has it: it was added by others")
            if commit.first_n < row.n or not _is_from(row.n, commit.last_n):
                what = f"its commit says records {commit.first_n} to {commit.last_n}"
                return ChainFault(row.n, f"{what}: one of them was changed")
        self._now = commit if row.n < commit.last_n else None
        if row.n > commit.last_n:
            return ChainFault(commit.last_n, "is missing, and its commit says it was there")
        return None if self._now else self._clocks(row, commit)

    def _clocks(self, row: Stored, commit: Commit) -> ChainFault | None:
        if commit.at_ms != row.at_ms:
            return ChainFault(row.n, "its time and that of its commit differ: one was changed")
        # A session of an older version that went on after an update has seals from then on.
        self._sealed = self._sealed or commit.seal is not None
        if self._sealed and commit.seal != seal_of(row.digest, commit):
            return ChainFault(row.n, "the clocks of its commit do not fit their seal")
        return None

    def end(self) -> ChainFault | None:
        left = self._now or next(self._commits, None)
        if left is None:
            return None
        return ChainFault(left.last_n, "is missing, and its commit says it was there: the end")


def _is_from(n: int, last_n: object) -> bool:
    """A damaged file may hold anything in place of a number."""
    return isinstance(last_n, int) and n <= last_n


def compare(verdict: Verdict, claim: Claim) -> tuple[bool, str]:
    """Hold a journal that fits itself against what somebody else knows of it."""
    n = verdict.met.get(claim.head)
    if n is not None and n == verdict.last_n:
        return True, f"it ends as {claim.by} says"
    if n is not None and not claim.final:
        return True, f"{claim.by} knows it up to record {n}; it has gone on since"
    if n is not None:
        return False, f"it was to end with record {n}, as {claim.by} says, and goes on after it"
    if claim.last_n is not None and claim.last_n > verdict.last_n:
        return False, (
            f"its end is cut off: {claim.by} knows record {claim.last_n},"
            f" the file ends with record {verdict.last_n}"
        )
    if claim.last_n is not None:
        return False, f"it was made anew: its record {claim.last_n} is not the one of {claim.by}"
    return False, f"it has no record with the hash of {claim.by}: it was cut off or made anew"
