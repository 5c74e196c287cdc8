"""`vigil records`: copies are proved, deletions are on record, and nothing is lost in silence."""

import asyncio
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from monitor.clock import HubClock
from monitor.commands.main import app
from monitor.control import ControlServer
from monitor.database import StoreError
from monitor.house_records import keep_records, ledger_requests
from monitor.hub_file import read_ledger
from monitor.journal import chain
from monitor.journal_file import open_sessions
from monitor.records import desk, shelf
from monitor.records.ledger import Line, check_ledger, read
from monitor.store import Store
from monitor.ward import Ward
from tests.journals import WALL_MS, edit, entries, head_of, named, session, write

RECORDS = session()
N = len(RECORDS)


def record(data_dir: Path, *names: str, over: bool = True) -> None:
    """Let a store write these sessions, as the hub does."""
    store = Store(data_dir, chain, print)
    for name in names:
        for entry in entries(named(name, RECORDS)):
            store.append(name, entry.n, entry.body, entry.stamp)
        if over:
            store.close_session(name, 99)
    assert store.close(30) == 0


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A house with two closed sessions, `s1` and `s2`."""
    (tmp_path / "config.toml").write_text("", "utf-8")
    record(tmp_path / "var", "s1", "s2")
    return tmp_path


def vigil(base: Path, *arguments: str | Path, **more: Any) -> Result:
    """Run a command of this house."""
    words = [*(str(one) for one in arguments), "--config", str(base / "config.toml")]
    result = CliRunner().invoke(app, ["records", *words], **more)
    assert "Traceback" not in result.output
    return result


def ledger(base: Path) -> list[tuple[str, str, str]]:
    """What, whose record, and by whom; the chain of the ledger fits."""
    rows = read_ledger(base / "var" / "hub.db")
    assert check_ledger(rows) is None
    lines = [read(body) for _, body, _ in rows]
    return [(line.what, line.session, line.by) for line in lines]


def test_records_are_listed_with_what_was_deleted_and_what_is_lost(base: Path) -> None:
    """A journal that is gone was deleted on record, or is lost: exit code 1."""
    listed = vigil(base, "list")
    lines = listed.stdout.splitlines()
    assert (listed.exit_code, len(lines)) == (0, 2)
    assert lines[0].startswith(f"s1  closed  {N} records  ")
    assert lines[0].endswith("  last 2023-11-14 22:14 UTC")
    vigil(base, "delete", "s1", "--by", "Dr Berg", "--reason", "asked for", "--yes")
    (base / "var" / "sessions" / "s2.db").unlink()
    after = vigil(base, "list")
    assert (after.exit_code, after.stderr) == (
        1,
        "s2  LOST: it was recorded, and nobody deleted it on record\n",
    )
    assert "by Dr Berg: asked for" in after.stdout
    assert head_of(RECORDS) in after.stdout


def test_a_deletion_stands_in_the_ledger_before_the_file_is_gone(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be written down is not deleted; what was not removed yet is said."""

    def full(*_: object) -> None:
        raise StoreError("the ledger could not be written: full")

    with monkeypatch.context() as patched:
        patched.setattr("monitor.commands.records.note", full)
        refused = vigil(base, "delete", "s1", "--by", "x", "--reason", "y", "--yes")
    there = (base / "var" / "sessions" / "s1.db").exists()
    assert (refused.exit_code, there) == (2, True)
    with monkeypatch.context() as patched:
        patched.setattr("monitor.commands.records.take_away", full)
        vigil(base, "delete", "s1", "--by", "x", "--reason", "y", "--yes")
    listed = vigil(base, "list").stdout
    assert "AND IS STILL THERE: delete it again" in listed
    again = vigil(base, "delete", "s1", "--by", "x", "--reason", "y", "--yes")
    assert (again.exit_code, ledger(base)[-2:]) == (0, [("deleted", "s1", "x")] * 2)


def test_who_says_no_deletes_nothing(base: Path) -> None:
    """The command asks first; a session that is not there, or is open, is refused."""
    no = vigil(base, "delete", "s1", "--by", "x", "--reason", "y", input="n\n")
    none = vigil(base, "delete", "s9", "--by", "x", "--reason", "y", "--yes")
    record(base / "var", "s3", over=False)
    is_open = vigil(base, "delete", "s1", "s3", "--by", "x", "--reason", "y", "--yes")
    assert [(one.exit_code, one.stderr.splitlines()[-1]) for one in (no, none, is_open)] == [
        (2, "vigil: nothing was deleted"),
        (2, "vigil: there is no record of session s9: `vigil records list` names them"),
        (2, "vigil: session s3 is open: close it first; nothing was deleted"),
    ]
    assert len(list((base / "var" / "sessions").glob("*.db"))) == 3


def test_a_backup_is_verified_and_can_be_put_back(base: Path) -> None:
    """For its owner only, also on top of an older copy; put back it is over, and nobody's watch."""
    target = base / "stick"
    first = vigil(base, "backup", target)
    again = vigil(base, "backup", target, "s1")
    modes = {
        str(path.relative_to(target)): oct(path.stat().st_mode & 0o777)
        for path in target.rglob("*")
    }
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert modes == {
        "sessions": "0o700",
        "sessions/s1.db": "0o600",
        "sessions/s2.db": "0o600",
        "hub.db": "0o600",
    }
    copy = target / "sessions" / "s1.db"
    there = vigil(base, "restore", copy, "--by", "Dr Berg")
    vigil(base, "delete", "s1", "--by", "Dr Berg", "--reason", "moved", "--yes")
    back = vigil(base, "restore", copy, "--by", "Dr Berg")
    path = base / "var" / "sessions" / "s1.db"
    assert (there.exit_code, f"session s1 has a record at {path}" in there.stderr) == (2, True)
    assert back.stdout == f"s1: {N} records put back, unchanged, hash {head_of(RECORDS)}\n"
    assert vigil(base, "list").exit_code == 0
    assert ledger(base)[-2:] == [("deleted", "s1", "Dr Berg"), ("restored", "s1", "Dr Berg")]


def test_an_open_session_is_copied_while_it_is_written_and_never_opened_by_its_copy(
    tmp_path: Path,
) -> None:
    """A backup of a session that runs, put back elsewhere, is the record of one that is over."""
    (tmp_path / "config.toml").write_text("", "utf-8")
    store = Store(tmp_path / "var", chain, print)
    half = entries(RECORDS)[: N // 2]
    for entry in half:
        store.append("s1", entry.n, entry.body, entry.stamp).result(10)
    path = tmp_path / "var" / "sessions" / "s1.db"
    verdict = shelf.back_up(path, tmp_path / "stick" / "s1.db")
    for entry in entries(RECORDS)[N // 2 :]:
        store.append("s1", entry.n, entry.body, entry.stamp)
    store.close(30)
    grown = shelf.back_up(path, tmp_path / "stick" / "s1.db")
    shelf.put_back(tmp_path / "stick" / "s1.db", tmp_path / "other")
    assert (verdict.count, grown.count, open_sessions(tmp_path / "other")) == (N // 2, N, [])


def test_what_is_damaged_is_not_backed_up_and_not_put_back(base: Path) -> None:
    """The others are; the exit code says that one was not."""
    edit(base / "var" / "sessions" / "s1.db", "DELETE FROM records WHERE n = 3")
    result = vigil(base, "backup", base / "stick")
    copies = sorted(path.name for path in (base / "stick" / "sessions").iterdir())
    bad = edit(write(base / "s5.db", named("s5", RECORDS)), "DELETE FROM records WHERE n = 3")
    restored = vigil(base, "restore", bad, "--by", "x")
    text = base / "text.db"
    text.write_text("no journal")
    foreign = vigil(base, "restore", text, "--by", "x")
    assert (result.exit_code, copies) == (2, ["s2.db"])
    assert "was not backed up: record 4: its bytes do not fit its hash" in result.stderr
    assert (restored.exit_code, foreign.exit_code) == (2, 2)
    assert "it is no SQLite file" in foreign.stderr


def test_another_record_is_never_overwritten(base: Path) -> None:
    """A folder that holds a session of the same name and another record keeps it."""
    write(base / "stick" / "sessions" / "s1.db", named("another", RECORDS))
    result = vigil(base, "backup", base / "stick", "s1")
    assert (result.exit_code, "holds another record under this name" in result.stderr) == (2, True)


def test_pruning_takes_what_has_had_its_time(base: Path) -> None:
    """By the settings or by the command; first it can be looked at."""
    never = vigil(base, "prune", "--by", "x")
    (base / "config.toml").write_text("[record]\nkeep_days = 30\n", "utf-8")
    look = vigil(base, "prune", "--by", "x", "--dry-run")
    young = vigil(base, "prune", "--by", "x", "--keep-days", "36500")
    old = vigil(base, "prune", "--by", "x")
    assert (never.exit_code, "kept for ever" in never.stderr) == (2, True)
    assert look.stdout.splitlines()[-1] == "2 of 2 records are older than 30 days"
    assert young.stdout == "0 of 2 records are older than 36500 days\n"
    assert old.stdout.splitlines()[-1] == "2 of 2 records are older than 30 days"
    assert (list((base / "var" / "sessions").glob("*.db*")), ledger(base)[-1]) == (
        [],
        ("deleted", "s2", "x"),
    )


def test_the_ledger_is_shown_and_a_broken_one_is_named(base: Path) -> None:
    """Oldest first; damage says which command proves it."""
    shown = vigil(base, "ledger").stdout.splitlines()
    edit(base / "var" / "hub.db", "UPDATE ledger SET body = x'ff' WHERE n = 1")
    broken = vigil(base, "ledger")
    assert (len(shown), "opened  s1  by hub" in shown[0]) == (4, True)
    assert (broken.exit_code, "see `vigil verify" in broken.stderr) == (2, True)


def test_replay_is_a_look_that_stands_in_the_ledger_once_an_hour(base: Path) -> None:
    """A copy elsewhere has no ledger."""
    path = base / "var" / "sessions" / "s1.db"
    copy = shutil.copy(path, base / "copy.db")
    for file in (path, path, copy):
        assert CliRunner().invoke(app, ["replay", str(file)]).exit_code == 0
    looks = [line for line in ledger(base) if line[0] == "looked"]
    assert [(what, name) for what, name, _ in looks] == [("looked", "s1")]


class House:
    """A hub with a store, and what it answers about the ledger; nobody watches."""

    def __init__(self, data_dir: Path) -> None:
        self.store = Store(data_dir, chain, lambda _: None)
        parts: Any = SimpleNamespace(clock=HubClock(), ward=Ward(), store=self.store)
        self.hub = parts
        self.requests = ledger_requests(self.hub)

    async def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """What the control socket says."""
        return await self.requests[request["do"]](request)


async def test_beside_a_running_hub_the_hub_writes_the_ledger(base: Path) -> None:
    """One process writes hub.db: commands ask it."""
    data_dir = base / "var"
    house = House(data_dir)
    server = ControlServer(data_dir, house.answer)
    await server.start()
    try:
        result = await asyncio.to_thread(
            vigil, base, "delete", "s1", "--by", "Dr Berg", "--reason", "asked for", "--yes"
        )
        nonsense = await house.answer({"do": "note", "line": {"what": "eaten"}})
    finally:
        await server.close()
        house.store.close(30)
    assert (result.exit_code, nonsense["ok"]) == (0, False)
    assert ledger(base)[-1] == ("deleted", "s1", "Dr Berg")


async def test_the_hub_prunes_by_its_settings(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At its start: what is old, over and on record; without a set clock nothing."""
    stamp = HubClock().stamp()
    monkeypatch.setattr(HubClock, "stamp", lambda _: stamp_with(stamp, synced=False))
    house = House(base / "var")
    task = asyncio.create_task(keep_records(house.hub, base / "var", 30))
    await asyncio.sleep(0.3)
    before = len(shelf.kept(base / "var"))
    task.cancel()
    monkeypatch.setattr(HubClock, "stamp", lambda _: stamp_with(stamp, synced=True))
    task = asyncio.create_task(keep_records(house.hub, base / "var", 30))
    async with asyncio.timeout(10):
        while shelf.kept(base / "var"):  # noqa: ASYNC110 - a folder has no event
            await asyncio.sleep(0.02)
    task.cancel()
    house.store.close(30)
    assert (before, ledger(base)[-2:]) == (2, [("deleted", "s1", "hub"), ("deleted", "s2", "hub")])


def stamp_with(stamp: Any, *, synced: bool) -> Any:
    """The same instant with a wall clock that is set, or not."""
    return type(stamp)(
        at_ms=stamp.at_ms,
        boot_id=stamp.boot_id,
        boottime_ms=stamp.boottime_ms,
        wall_ms=WALL_MS,
        wall_synced=synced,
    )


def test_a_ledger_that_cannot_be_written_is_said(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process holds the folder and answers nothing, or refuses."""
    store = Store(base / "var", chain, print)
    line = Line(wall_ms=1, what="deleted", session="s1", by="x")
    with pytest.raises(StoreError, match="another hub records in"):
        desk.note(base / "var", line)
    store.close(30)
    monkeypatch.setattr(desk, "ask", lambda *_: {"ok": False, "error": "no"})
    with pytest.raises(StoreError, match="the ledger could not be written: no"):
        desk.note(base / "var", line)
