"""What was acknowledged is on the disk; a full or silent disk is told, bridged and mended."""

import hashlib
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from monitor.hub_file import Quarantined, read_contact_proofs, read_quarantine, read_shelf
from monitor.journal_file import (
    GENESIS,
    last_stamp,
    open_sessions,
    read_records,
    session_path,
)
from monitor.outage import ClockStamp
from monitor.store import Change, Failing, Limits, Recovered, Store, StoreError
from tests.integration.waiting import eventually

pytestmark = pytest.mark.integration


def chain(before: bytes, body: bytes) -> bytes:
    """Return the hash of one record, as the journal does."""
    return hashlib.sha256(before + body).digest()


def stamp(at_ms: int) -> ClockStamp:
    """Return the clocks of one instant of a boot called `boot`."""
    return ClockStamp(
        at_ms=at_ms, boot_id="boot", boottime_ms=at_ms + 7, wall_ms=at_ms + 9, wall_synced=True
    )


def bodies(path: Path) -> dict[int, bytes]:
    """Return the records of a journal after checking its whole chain."""
    before, found = GENESIS, {}
    for n, body, digest in read_records(path):
        before = chain(before, body)
        assert digest == before
        found[n] = body
    return found


def test_a_record_is_read_back_with_its_clocks_and_its_chain(tmp_path: Path) -> None:
    """True means committed: another connection sees it, chained, with the last record's clocks."""
    changes: list[Change] = []
    store = Store(tmp_path, chain, changes.append)
    answers = [store.append("s1", n, b"body %d" % n, stamp(n)) for n in range(1, 601)]
    recorded = {answer.result(5) for answer in answers}
    path = session_path(tmp_path, "s1")
    tail = [n for n, _, _ in read_records(path, first_n=599)]
    left = store.close()
    assert (recorded, left, changes, tail, last_stamp(path)) == (
        {True},
        0,
        [],
        [599, 600],
        stamp(600),
    )
    assert bodies(path) == {n: b"body %d" % n for n in range(1, 601)}


def test_the_files_are_for_their_owner_only(tmp_path: Path) -> None:
    """Health data is readable for the hub's user and nobody else."""
    store = Store(tmp_path / "data", chain, print)
    store.append("s1", 1, b"x", stamp(1)).result(5)
    store.put("meta", "k", b"v", 1).result(5)
    modes = {
        path.name: oct(path.stat().st_mode & 0o777)
        for path in [tmp_path / "data", *(tmp_path / "data").rglob("*")]
    }
    store.close()
    assert modes == {
        "data": "0o700",
        "lock": "0o600",
        "sessions": "0o700",
        "s1.db": "0o600",
        "s1.db-wal": "0o600",
        "s1.db-shm": "0o600",
        "hub.db": "0o600",
        "hub.db-wal": "0o600",
        "hub.db-shm": "0o600",
    }


def test_a_restart_goes_on_with_the_chain_and_knows_the_open_sessions(tmp_path: Path) -> None:
    """Sessions without an end are taken up again; an ended one is not."""
    store = Store(tmp_path, chain, print)
    for session in ("open", "ended"):
        store.append(session, 1, b"one", stamp(1))
    store.close_session("ended", 2).result(5)
    store.close()
    again = Store(tmp_path, chain, print)
    same = again.append("open", 1, b"one", stamp(1)).result(5)
    more = again.append("open", 2, b"two", stamp(2)).result(5)
    again.close()
    assert (same, more, bodies(session_path(tmp_path, "open")), open_sessions(tmp_path)) == (
        True,
        True,
        {1: b"one", 2: b"two"},
        ["open"],
    )


def test_a_number_that_holds_other_bytes_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    """Neither in the file nor within one batch can a record be overwritten."""
    store = Store(tmp_path, chain, print)
    store.append("s1", 1, b"one", stamp(1)).result(5)
    clash = store.append("s1", 1, b"other", stamp(2))
    good = store.append("s1", 2, b"two", stamp(3))
    with pytest.raises(StoreError, match="record 1 of session s1 already holds other bytes"):
        clash.result(5)
    recorded = good.result(5)
    store.close()
    assert (recorded, bodies(session_path(tmp_path, "s1"))) == (True, {1: b"one", 2: b"two"})


@pytest.mark.parametrize(
    ("session", "n", "body", "said"),
    [
        ("../x", 1, b"", "cannot be a file name"),
        ("", 1, b"", "cannot be a file name"),
        ("s", 0, b"", "record number 0 of session s is out of range"),
        ("s", 1 << 63, b"", "is out of range"),
        ("s", 1, b"12345", "has 5 bytes: the most is 4"),
    ],
)
def test_what_cannot_be_recorded_is_refused_at_once(
    tmp_path: Path, session: str, n: int, body: bytes, said: str
) -> None:
    """The error names what is wrong before anything waits."""
    store = Store(tmp_path, chain, print, Limits(body_bytes=4))
    with pytest.raises(StoreError, match=said):
        store.append(session, n, body, stamp(1))
    store.close()


def test_one_hub_at_a_time_records_in_a_folder(tmp_path: Path) -> None:
    """A second hub is refused; after the first has closed, it may."""
    store = Store(tmp_path, chain, print)
    with pytest.raises(StoreError, match="another hub records in"):
        Store(tmp_path, chain, print)
    store.close()
    with pytest.raises(StoreError, match="the store is closed"):
        store.append("s1", 1, b"", stamp(1))
    Store(tmp_path, chain, print).close()


def test_refused_messages_are_counted_and_their_last_payload_is_cut(tmp_path: Path) -> None:
    """Quarantine counts by topic and reason; the hub's own values are kept and forgotten."""
    store = Store(tmp_path, chain, print)
    store.quarantine("t", "no JSON", b"{", 1)
    store.quarantine("t", "no JSON", b"x" * 5000, 2)
    store.quarantine("\ud800", "bad UTF-8", b"", 3)
    store.put("meta", "a", b"1", 4)
    store.put("meta", "a", b"2", 5)
    store.put("outbox", "d1", b"m", 6)
    store.remove("outbox", "d1", 7)
    assert store.close(30) == 0
    path = tmp_path / "hub.db"
    seen = (read_quarantine(path), read_shelf(path, "meta"), read_shelf(path, "outbox"))
    assert seen == (
        [
            Quarantined("t", "no JSON", b"x" * 4096, 5000, 2),
            Quarantined("?", "bad UTF-8", b"", 0, 1),
        ],
        {"a": b"2"},
        {},
    )


def test_quarantine_is_bounded(tmp_path: Path) -> None:
    """Beyond 1,000 kinds the rest is still counted, together."""
    store = Store(tmp_path, chain, print)
    for number in range(1003):
        store.quarantine(f"t{number:04}", "r", b"", number)
    # A disk that is slow for 1 s answers False and writes later: the end of the store waits for it.
    assert store.close(30) == 0
    kinds = read_quarantine(tmp_path / "hub.db")
    assert (len(kinds), kinds[0]) == (1001, Quarantined("(others)", "(others)", b"", 0, 3))


@pytest.mark.parametrize(
    "made", ["PRAGMA journal_mode=WAL", "CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB)"]
)
def test_a_file_whose_making_was_cut_off_holds_nothing_yet(tmp_path: Path, made: str) -> None:
    """A hub killed while it made `hub.db` leaves a file that its successor reads and completes."""
    path = tmp_path / "hub.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(made)
    before = (read_quarantine(path), read_shelf(path, "meta"), read_contact_proofs(path))
    store = Store(tmp_path, chain, print)
    store.quarantine("t", "no JSON", b"{", 1)
    assert store.close(30) == 0
    assert (before, read_quarantine(path)) == (
        ([], {}, {}),
        [Quarantined("t", "no JSON", b"{", 1, 1)],
    )


def test_missing_and_broken_files_are_named(tmp_path: Path) -> None:
    """A reader learns which file and what to do; a hub that never started has refused nothing."""
    with pytest.raises(StoreError, match="there is no record at"):
        list(read_records(tmp_path / "none.db"))
    (tmp_path / "sessions").mkdir()
    broken = session_path(tmp_path, "broken")
    broken.write_bytes(b"no database" * 100)
    with pytest.raises(StoreError, match="cannot be read as a journal"):
        list(read_records(broken))
    with pytest.raises(StoreError, match="move it out of the folder if it is no journal"):
        open_sessions(tmp_path)
    assert read_quarantine(tmp_path / "hub.db") == []


_WRITER = """
import hashlib, sys
from pathlib import Path
from monitor.outage import ClockStamp
from monitor.store import Store
store = Store(Path(sys.argv[1]), lambda a, b: hashlib.sha256(a + b).digest(), print)
waiting, n = [], 0
while True:
    n += 1
    stamp = ClockStamp(at_ms=n, boot_id="b", boottime_ms=n, wall_ms=n, wall_synced=False)
    waiting.append((n, store.append("s1", n, b"%d" % n, stamp)))
    while waiting and (waiting[0][1].done() or len(waiting) > 300):
        number, answer = waiting.pop(0)
        if answer.result(5):
            print(number, flush=True)
"""


def test_after_sigkill_every_acknowledged_record_is_there(tmp_path: Path) -> None:
    """Kill -9 in the middle of writing: no acknowledged record is lost, the chain is whole."""
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    with writer.stdout as lines:
        first = [next(lines) for _ in range(500)]
        writer.send_signal(signal.SIGKILL)
        acknowledged = [int(line) for line in [*first, *lines] if line.endswith("\n")]
    killed = writer.wait()
    found = bodies(session_path(tmp_path, "s1"))
    lost = [n for n in acknowledged if found.get(n) != b"%d" % n]
    assert (killed, len(acknowledged) >= 500, lost) == (-signal.SIGKILL, True, [])
    assert list(found) == list(range(1, len(found) + 1))


@contextmanager
def small_disk(folder: Path) -> Iterator[Callable[[], None]]:
    """Give a folder of about 1 MiB and a way to make room in it.

    As root it is a real file system of that size; otherwise the kernel's limit on a file's size
    refuses the writes, which SQLite reports in the same way.
    """
    folder.mkdir()
    mounted = os.geteuid() == 0 and (
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder],
            check=False,
            capture_output=True,
        ).returncode
        == 0
    )
    if mounted:
        try:
            yield lambda: _run("mount", "-o", "remount,size=16m", str(folder))
        finally:
            _run("umount", str(folder))
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, before[1]))
    try:
        yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def test_a_full_disk_is_told_kept_in_memory_and_mended(tmp_path: Path) -> None:
    """Answers are False at once, records wait in order, and the gap is told when there is room."""
    changes: list[Change] = []
    body = bytes(20_000)
    with small_disk(tmp_path / "disk") as make_room:
        store = Store(tmp_path / "disk", chain, changes.append)
        answers = [store.append("s1", n, body, stamp(n * 1000)) for n in range(1, 81)]
        recorded = [answer.result(10) for answer in answers]
        told = eventually(lambda: bool(changes))
        late = store.append("s1", 81, b"late", stamp(81_000))
        failing = (late.result(0), isinstance(changes[0], Failing))
        make_room()
        mended = eventually(lambda: len(changes) == 2)
        again = store.append("s1", 82, b"again", stamp(82_000)).result(5)
        store.close()
        found = bodies(session_path(tmp_path / "disk", "s1"))
    assert (told, failing, mended, again) == (True, (False, True), True, True)
    since_ms = (recorded.index(False) + 1) * 1000
    assert changes[1] == Recovered(since_ms, 81_000, 0)
    assert (list(found), found[81], found[82]) == (list(range(1, 83)), b"late", b"again")


def test_memory_is_bounded_while_the_disk_is_full(tmp_path: Path) -> None:
    """The oldest records are dropped and counted; the newest are written later."""
    changes: list[Change] = []
    with small_disk(tmp_path / "disk") as make_room:
        store = Store(tmp_path / "disk", chain, changes.append, Limits(keep_records=10))
        for n in range(1, 101):
            store.append("s1", n, bytes(20_000), stamp(n * 1000)).result(10)
        eventually(lambda: bool(changes))
        make_room()
        eventually(lambda: len(changes) == 2)
        store.close()
        found = list(bodies(session_path(tmp_path / "disk", "s1")))
    lost = 100 - len(found)
    assert (found[-10:], changes[1][1:]) == (list(range(91, 101)), (100_000, lost))
    assert lost > 0


def test_no_commit_for_a_second_counts_as_failed(tmp_path: Path) -> None:
    """A disk that does not answer is told by name, and the late commit ends the gap."""
    changes: list[Change] = []
    go_on = threading.Event()

    def slow_chain(before: bytes, body: bytes) -> bytes:
        go_on.wait(10)
        return chain(before, body)

    store = Store(tmp_path, slow_chain, changes.append, Limits(stall_s=0.2))
    recorded = store.append("s1", 1, b"one", stamp(5)).result(5)
    late = store.append("s1", 2, b"two", stamp(6)).result(0)
    go_on.set()
    mended = eventually(lambda: len(changes) == 2)
    store.close()
    assert (recorded, late, mended, changes, bodies(session_path(tmp_path, "s1"))) == (
        False,
        False,
        True,
        [Failing(5, "no commit for 0.2 s"), Recovered(5, 6, 0)],
        {1: b"one", 2: b"two"},
    )


def test_closing_gives_up_on_a_broken_file_and_counts_what_it_leaves(tmp_path: Path) -> None:
    """A hub that stops is never held up by a disk; one broken session holds up no other."""
    changes: list[Change] = []
    store = Store(tmp_path, chain, changes.append)
    path = session_path(tmp_path, "broken")
    path.parent.mkdir()
    path.write_bytes(b"no database" * 100)
    broken = [store.append("broken", n, b"", stamp(n)).result(5) for n in (1, 2)]
    store.append("good", 1, b"one", stamp(3))
    left = store.close(timeout_s=1.0)
    assert (broken, left, bodies(session_path(tmp_path, "good"))) == (
        [False, False],
        2,
        {1: b"one"},
    )
    assert changes == [Failing(1, "broken.db: file is not a database")]
