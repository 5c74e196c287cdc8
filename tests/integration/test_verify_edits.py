"""`vigil verify` finds every kind of edit, and says each in a line that a person understands."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from monitor.commands.main import app
from monitor.database import StoreError
from monitor.journal import GENESIS, JournalError, chain
from monitor.journal_file import JournalFile
from monitor.journal_reader import read_commits, read_format, read_stored
from monitor.records.checking import Commit, Verdict, examine, seal_of
from tests.journals import edit, entries, head_of, named, session, write

LAST = len(session())
FITS_NOT = "its bytes do not fit its hash: it, or one before it, was changed"


def vigil(*arguments: str | Path) -> Result:
    """Run the command line."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A whole journal of session s1."""
    return write(tmp_path / "s1.db", session())


def found(path: Path, *arguments: str) -> tuple[int, str]:
    """Return the exit code and the last line about a journal, without its name."""
    result = vigil("verify", path, *arguments)
    assert "Traceback" not in result.output
    line = (result.stderr or result.stdout).splitlines()[-1]
    return result.exit_code, line.removeprefix("vigil: ").removeprefix(f"{path}: ")


def put(path: Path, n: int, body: bytes, digest: bytes) -> None:
    """Put a record into a journal."""
    edit(path, ("INSERT INTO records VALUES(?, 5, ?, ?)", n, body, digest))


def swap(path: Path, one: int, other: int) -> None:
    """Let two records change places."""
    edit(
        path,
        ("UPDATE records SET n = -1 WHERE n = ?", one),
        ("UPDATE records SET n = ? WHERE n = ?", one, other),
        ("UPDATE records SET n = ? WHERE n = -1", other),
    )


def double(path: Path) -> None:
    """Tell one record twice, and move the others up."""
    edit(
        path,
        "UPDATE records SET n = -n WHERE n > 9",
        "UPDATE records SET n = 1 - n WHERE n < 0",
        "INSERT INTO records SELECT 10, at_ms, body, hash FROM records WHERE n = 9",
    )


EDITS: list[tuple[str, Callable[[Path], object], str]] = [
    ("cut inside", lambda p: edit(p, "DELETE FROM records WHERE n = 9"), f"record 10: {FITS_NOT}"),
    (
        "cut at the beginning",
        lambda p: edit(p, "DELETE FROM records WHERE n < 9"),
        f"record 9: {FITS_NOT}",
    ),
    (
        "cut at the end, not its commit",
        lambda p: edit(p, ("DELETE FROM records WHERE n = ?", LAST)),
        f"record {LAST}: is missing, and its commit says it was there: the end",
    ),
    (
        "a byte of a body",
        lambda p: edit(
            p, "UPDATE records SET body = CAST(replace(body, 'at_ms', 'at_mz') AS BLOB) WHERE n = 9"
        ),
        f"record 9: {FITS_NOT}",
    ),
    (
        "a hash",
        lambda p: edit(p, "UPDATE records SET hash = zeroblob(32) WHERE n = 9"),
        f"record 9: {FITS_NOT}",
    ),
    ("reordered", lambda p: swap(p, 9, 10), f"record 9: {FITS_NOT}"),
    ("told twice", double, f"record 10: {FITS_NOT}"),
    ("put in at the end", lambda p: put(p, LAST + 1, b"{}", b"no hash"), FITS_NOT),
    (
        "put in at the end with its hash",
        lambda p: put(p, LAST + 1, b"{}", chain(bytes.fromhex(head_of(session())), b"{}")),
        f"record {LAST + 1}: no commit of the file has it: it was added by others",
    ),
    (
        "told again at the end with its hash",
        lambda p: put(
            p,
            LAST + 1,
            entries(session())[-1].body,
            chain(bytes.fromhex(head_of(session())), entries(session())[-1].body),
        ),
        f"record {LAST + 1}: its number was changed: its bytes say record {LAST}",
    ),
    (
        "the last number",
        lambda p: edit(p, ("UPDATE records SET n = ? WHERE n = ?", LAST + 5, LAST)),
        f"record {LAST + 5}: its number was changed: its bytes say record {LAST}",
    ),
    (
        "a time",
        lambda p: edit(p, "UPDATE records SET at_ms = at_ms + 1 WHERE n = 9"),
        "record 9: its time was changed: its bytes say ",
    ),
    (
        "the clocks of a commit",
        lambda p: edit(p, "UPDATE batches SET wall_ms = wall_ms + 60000 WHERE first_n = 8"),
        "record 14: the clocks of its commit do not fit their seal",
    ),
    (
        "the seal of a commit",
        lambda p: edit(p, "UPDATE batches SET seal = NULL WHERE first_n = 8"),
        "record 14: the clocks of its commit do not fit their seal",
    ),
    (
        "a commit taken out",
        lambda p: edit(p, "DELETE FROM batches WHERE first_n = 8"),
        "record 8: no commit of the file has it: it was added by others",
    ),
    (
        "a commit's first record",
        lambda p: edit(p, "UPDATE batches SET first_n = 9 WHERE first_n = 8"),
        "record 8: no commit of the file has it: it was added by others",
    ),
    ("all records", lambda p: edit(p, "DELETE FROM records"), "its commit says it was there"),
    ("a text for a body", lambda p: edit(p, "UPDATE records SET body = 'x' WHERE n = 9"), FITS_NOT),
    ("a text for a hash", lambda p: edit(p, "UPDATE records SET hash = 'x' WHERE n = 9"), FITS_NOT),
]


@pytest.mark.parametrize(("what", "how", "line"), EDITS, ids=[edit[0] for edit in EDITS])
def test_every_edit_is_found(
    journal: Path, what: str, how: Callable[[Path], object], line: str
) -> None:
    """Exit code 1; the line says where and what."""
    how(journal)
    code, said = found(journal)
    assert (code, line in said) == (1, True), (what, said)


def cut_end(path: Path) -> None:
    """Leave out the last commit, as if it had never been."""
    edit(path, ("DELETE FROM batches WHERE last_n = ?", LAST))
    edit(path, "DELETE FROM records WHERE n > (SELECT max(last_n) FROM batches)")


def make_anew(path: Path) -> None:
    """Change a record, and every hash and seal after it: the file fits itself again."""
    bodies = {row.n: row.body for row in read_stored(path)}
    bodies[9] = bodies[9].replace(b'"ox"', b'"xo"')
    before = GENESIS
    hashes = {}
    for n, body in bodies.items():
        before = hashes[n] = chain(before, body)
        edit(path, ("UPDATE records SET body = ?, hash = ? WHERE n = ?", body, before, n))
    for commit in list(read_commits(path)):
        seal = seal_of(hashes[commit.last_n], Commit(*commit[:7]))
        edit(path, ("UPDATE batches SET seal = ? WHERE last_n = ?", seal, commit.last_n))


@pytest.mark.parametrize("how", [cut_end, make_anew])
def test_what_fits_itself_is_found_by_the_head_alone(
    journal: Path, how: Callable[[Path], None]
) -> None:
    """A journal whose end is cut, or whose hashes are made anew, is found by who knows better."""
    head = head_of(session())
    whole = found(journal, "--head", head)
    how(journal)
    alone, with_head = found(journal), found(journal, "--head", head)
    words = "it has no record with the hash of the head that you gave: it was cut off or made anew"
    assert (whole, alone[0], with_head) == (
        (0, "it ends as the head that you gave says"),
        0,
        (1, words),
    )


def test_a_head_of_before_the_end_is_known_and_a_short_one_is_enough(journal: Path) -> None:
    """A report that was made during the session shows an earlier head; 16 digits name it."""
    early = head_of(session()[:9])
    words = "the head that you gave knows it up to record 9; it has gone on since"
    assert found(journal, "--head", early[:16]) == (0, words)


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("no hash", "--head 'no hash' is no hash: write the hexadecimal digits"),
        ("abcd", "--head 'abcd' is too short: write 16 digits or more"),
    ],
)
def test_a_head_that_is_none_is_refused(journal: Path, head: str, line: str) -> None:
    """Exit code 2, before anything is read."""
    code, said = found(journal, "--head", head)
    assert (code, said.startswith(line)) == (2, True)


def test_a_head_belongs_to_one_journal(journal: Path) -> None:
    """Two journals never have the same."""
    code, said = found(journal, str(journal), "--head", head_of(session()))
    assert (code, said) == (2, "--head is the hash of one session: name one journal")


def test_swapped_journals_are_named(tmp_path: Path) -> None:
    """In a data folder a file is called like its session; a copy elsewhere may have any name."""
    path = write(tmp_path / "sessions" / "s2.db", session())
    copy = Path(shutil.copy(path, tmp_path / "night.db"))
    words = "this is the record of session s1, under another name"
    assert found(path) == (1, words)
    assert (found(copy)[0], words in vigil("verify", copy).stdout) == (0, True)


def test_several_journals_are_checked_and_one_bad_one_is_enough(
    journal: Path, tmp_path: Path
) -> None:
    """Each gets its line; exit code 1 when any was changed, 2 when one only cannot be read."""
    bad = edit(write(tmp_path / "s2.db", named("s2", session())), "DELETE FROM records WHERE n = 3")
    none = tmp_path / "none.db"
    codes = [
        vigil("verify", *paths).exit_code
        for paths in ([journal, journal], [journal, bad, none], [none, journal])
    ]
    lines = vigil("verify", bad, journal).output.splitlines()
    assert (codes, len(lines)) == ([0, 1, 2], 3)


def _text(path: Path) -> None:
    path.write_text("no journal")


def _other(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t(x)")


def _later(path: Path) -> None:
    edit(write(path, session()), "PRAGMA user_version = 99")


def _dropped(path: Path) -> None:
    edit(write(path, session()), "DROP TABLE batches")


FOREIGN: list[tuple[Callable[[Path], object], str]] = [
    (lambda _: None, "there is no record at"),
    (Path.mkdir, "is a folder: name one session's .db file"),
    (Path.touch, "cannot be read as a journal: it is empty"),
    (_text, "cannot be read as a journal: it is no SQLite file"),
    (_other, "cannot be read as a journal: it is another program's file"),
    (_dropped, "cannot be read as a journal: its table batches is gone, so it was changed"),
    (_later, "has format 99, and this version reads up to 2: update Vigil"),
]


@pytest.mark.parametrize(("make", "line"), FOREIGN)
def test_what_is_no_journal_is_named(
    tmp_path: Path, make: Callable[[Path], object], line: str
) -> None:
    """Each kind of wrong file has a line of its own; exit code 2."""
    path = tmp_path / "s1.db"
    make(path)
    code, said = found(path)
    assert (code, line in said) == (2, True), said


@pytest.mark.parametrize(("make", "line"), FOREIGN[-3:])
def test_replay_names_them_in_the_same_words(
    tmp_path: Path, make: Callable[[Path], object], line: str
) -> None:
    """What is an SQLite file and no journal of ours; exit code 2."""
    path = tmp_path / "s1.db"
    make(path)
    result = vigil("replay", path)
    assert (result.exit_code, line in result.stderr, "Traceback" in result.output) == (
        2,
        True,
        False,
    )


def test_a_lost_log_is_a_shorter_record_that_the_head_finds(tmp_path: Path) -> None:
    """What was committed and not yet copied into the file lies in its -wal, which belongs to it."""
    journal = JournalFile(tmp_path / "s1.db", chain)
    every = entries(session())
    journal.write(every[:9])
    shutil.copy(tmp_path / "s1.db", tmp_path / "alone.db")
    journal.close()
    code, said = found(tmp_path / "alone.db", "--head", head_of(session()[:9]))
    assert (code > 0, "Traceback" in said) == (True, False)


_WHOLE: list[bytes] = []


def whole(folder: Path) -> bytes:
    """The bytes of one whole journal, made once."""
    if not _WHOLE:
        _WHOLE.append(write(folder / "whole.db", session(3)).read_bytes())
    return _WHOLE[0]


def judged(path: Path) -> Verdict | None:
    """What verify finds in a file; None when it cannot be read."""
    try:
        return examine(read_stored(path), read_commits(path), read_format(path))
    except (StoreError, JournalError):
        return None


@given(data=st.data())
def test_any_byte_and_any_cut_is_found_or_changes_nothing(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A file that passes has every record as it was written, in its place: to the byte."""
    folder = tmp_path_factory.getbasetemp()
    good = whole(folder)
    size = len(good)
    if data.draw(st.booleans(), label="cut"):
        bad = good[: data.draw(st.integers(0, size), label="at")]
    else:
        at = data.draw(st.integers(0, size - 1), label="at")
        flipped = good[at] ^ data.draw(st.integers(1, 255), label="by")
        bad = good[:at] + bytes([flipped]) + good[at + 1 :]
    path = folder / "edited.db"
    path.write_bytes(bad)
    verdict = judged(path)
    if verdict is not None and verdict.fault is None:
        rows = [(row.n, row.at_ms, row.body) for row in read_stored(path)]
        written = [(one.n, one.stamp.at_ms, one.body) for one in entries(session(3))]
        assert rows == written
        assert verdict.head.hex() == head_of(session(3))
