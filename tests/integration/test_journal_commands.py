"""`vigil replay` and `vigil verify` on real journals: exit codes, reasons, kinds of damage."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from monitor.commands.main import app
from monitor.effects import AlarmChanged
from monitor.engine import Engine
from monitor.events import Tick
from monitor.journal import GENESIS, Record, chain, encode
from monitor.journal_file import Entry, JournalFile
from monitor.outage import ClockStamp
from tests.sessions import play

pytestmark = pytest.mark.integration


def vigil(*arguments: str | Path) -> Result:
    """Run the command line."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def session() -> list[Record]:
    """Return what a hub records of a short session that opened at 0."""
    engine = Engine()
    events = play([("dosed", 20), ("stretch", 30, 1000, 85, 70, 31, None)])
    return [Record(n, e, tuple(engine.handle(e))) for n, e in enumerate(events, start=1)]


def write(path: Path, records: list[Record]) -> Path:
    """Write a journal as the hub does."""
    with closing(JournalFile(path, chain)) as journal:
        journal.write(
            [
                Entry(
                    record.n,
                    encode(record),
                    ClockStamp(
                        at_ms=record.event.at_ms,
                        boot_id="boot",
                        boottime_ms=record.event.at_ms,
                        wall_ms=0,
                        wall_synced=False,
                    ),
                )
                for record in records
            ]
        )
    return path


def head_of(records: list[Record]) -> str:
    """Return the hash that names the whole record."""
    before = GENESIS
    for record in records:
        before = chain(before, encode(record))
    return before.hex()


def edit(path: Path, sql: str, *values: object) -> Path:
    """Change a journal behind the hub's back."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql, values)
    return path


def test_a_journal_replays_to_the_same_bytes(tmp_path: Path) -> None:
    """Exit code 0; the lines are those of the record, times from its opening."""
    records = session()
    path = write(tmp_path / "s1.db", records)
    result = vigil("replay", path, "--json")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (
        0,
        f"{path}: {len(records)} records replay to the same bytes",
    )
    recorded = [e for r in records for e in r.effects if isinstance(e, AlarmChanged)]
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(line["record"], line["at_ms"], line["id"]) for line in lines] == [
        ("s1", e.at_ms, e.id) for e in recorded
    ]
    assert len(lines) > 0


def test_other_words_are_said_and_are_no_difference(tmp_path: Path) -> None:
    """Exit code 0."""
    records = [
        msgspec.structs.replace(
            record,
            effects=tuple(
                msgspec.structs.replace(e, reason="otherwise") if isinstance(e, AlarmChanged) else e
                for e in record.effects
            ),
        )
        for record in session()
    ]
    path = write(tmp_path / "s1.db", records)
    result = vigil("replay", path)
    assert result.exit_code == 0
    assert (
        result.stderr.splitlines()[-1] == f"{path}: {len(records)} records replay with other words"
    )


def test_the_first_difference_is_exit_code_1_with_its_reason(tmp_path: Path) -> None:
    """What was recorded and what is decided now."""
    records = session()
    records[5] = msgspec.structs.replace(records[5], event=Tick(at_ms=records[5].event.at_ms))
    at = next(r.n for r in records if any(isinstance(e, AlarmChanged) for e in r.effects)) - 1
    records[at] = msgspec.structs.replace(records[at], effects=())
    path = write(tmp_path / "s1.db", records)
    result = vigil("replay", path, "--json")
    assert result.exit_code == 1
    last = result.stderr.splitlines()[-1]
    assert last.startswith(f"{path}: record {at + 1} differs: now effect=")
    assert last.endswith(", recorded nothing")


def test_an_empty_journal_is_named(tmp_path: Path) -> None:
    """There is nothing to compare."""
    path = write(tmp_path / "s1.db", session()[:1])
    edit(path, "DELETE FROM records")
    result = vigil("replay", path)
    assert (result.exit_code, result.stdout.count("raised")) == (2, 0)
    assert f"{path} holds no record; name the journal of a session" in result.stderr


def test_a_record_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """By replay, exit code 2; by verify as a change, also when its hash was made anew."""
    path = write(tmp_path / "s1.db", session()[:3])
    edit(path, "UPDATE records SET body = ? WHERE n = 3", b"{}")
    result = vigil("replay", path)
    assert result.exit_code == 2
    assert f"vigil: {path}: record 3: Object missing required field `n`" in result.stderr
    two = head_of(session()[:2])
    edit(path, "UPDATE records SET hash = ? WHERE n = 3", chain(bytes.fromhex(two), b"{}"))
    result = vigil("verify", path)
    assert result.exit_code == 1
    assert f"{path}: record 3: the clocks of its commit do not fit their seal" in result.stderr


def test_an_unchanged_journal_is_named_by_its_last_hash(tmp_path: Path) -> None:
    """Exit code 0: compare the hash with the one that was written down."""
    records = session()
    path = write(tmp_path / "s1.db", records)
    result = vigil("verify", path)
    assert (result.exit_code, result.stdout, result.stderr) == (
        0,
        f"{path}: {len(records)} records, unchanged, hash {head_of(records)}\n",
        "",
    )


def test_a_changed_record_is_exit_code_1(tmp_path: Path) -> None:
    """How far the record is good, and what is wrong with the next."""
    records = session()
    path = write(tmp_path / "s1.db", records)
    edit(path, "UPDATE records SET body = replace(body, 'at_ms', 'at__s') WHERE n = 40")
    edit(path, "UPDATE records SET body = CAST(body AS BLOB) WHERE n = 40")
    result = vigil("verify", path)
    good = f"{path}: the first 39 records are unchanged (hash {head_of(records[:39])})\n"
    assert (result.exit_code, result.stdout) == (1, good)
    assert result.stderr == (
        f"{path}: record 40: its bytes do not fit its hash: it, or one before it, was changed\n"
    )


def test_a_missing_record_is_exit_code_1(tmp_path: Path) -> None:
    """Left out in silence."""
    records = session()
    path = write(tmp_path / "s1.db", records)
    edit(path, "DELETE FROM records WHERE n = ?", len(records) - 1)
    result = vigil("verify", path)
    assert result.exit_code == 1
    assert f"record {len(records)}: its bytes do not fit its hash" in result.stderr


@pytest.mark.parametrize("command", ["verify", "replay"])
def test_what_is_no_journal_is_named(command: str, tmp_path: Path) -> None:
    """No file, a text, a database of something else, a file cut short: exit code 2."""
    none = vigil(command, tmp_path / "none.db")
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE t(x)")
    cut = write(tmp_path / "cut.db", session())
    cut.write_bytes(cut.read_bytes()[:5_000])
    for result in (none, vigil(command, other), vigil(command, cut)):
        assert (result.exit_code, result.stdout) in ((2, ""), (2, HEADER))
        assert result.stderr.startswith("vigil: ")
        assert "Traceback" not in result.stderr


HEADER = "record\ttime\talarm\twhat\tpriority\treason\n"


@pytest.mark.parametrize("column", ["body", "hash"])
def test_text_in_place_of_bytes_is_a_change_not_a_crash(column: str, tmp_path: Path) -> None:
    """SQLite would keep a text in a column of bytes."""
    path = write(tmp_path / "s1.db", session()[:3])
    edit(path, f"UPDATE records SET {column} = 'text' WHERE n = 2")  # noqa: S608 - two names
    result = vigil("verify", path)
    assert (result.exit_code, result.exception.__class__) == (1, SystemExit)
    assert f"{path}: record 2: its bytes do not fit its hash" in result.stderr
