"""`vigil verify` against those who know better: the hub's own ledger and the watcher outside."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner

from alerts.deadman import Deadman, DeadmanSettings
from alerts.heads_asked import ask_heads
from alerts.lease import Holding
from alerts.outside import Outside, OutsideSettings
from alerts.record_heads import HeadsError, RecordHead, mark_of
from monitor.commands.main import app
from monitor.journal import chain
from monitor.store import Store
from tests.journals import edit, entries, head_of, session

SECRET = "a-secret-of-the-two"
LAST = len(session())
HALF = LAST // 2


def record(data_dir: Path) -> Path:
    """Let a store write session s1 and end it, as the hub does."""
    store = Store(data_dir, chain, print)
    for entry in entries(session()):
        written = store.append("s1", entry.n, entry.body, entry.stamp)
        if entry.n == HALF:
            # Two commits at least.
            assert written.result(10)
    store.close_session("s1", 99).result(10)
    assert store.heads() == {"s1": (LAST, bytes.fromhex(head_of(session())))}
    assert store.close(30) == 0
    return data_dir / "sessions" / "s1.db"


def verify(*arguments: str | Path) -> tuple[int, str]:
    """Return the exit code and the last line."""
    result = CliRunner().invoke(app, ["verify", *(str(one) for one in arguments)])
    assert "Traceback" not in result.output
    return result.exit_code, (result.stderr or result.stdout).splitlines()[-1]


def cut(path: Path) -> Path:
    """Cut the end off a journal, with its commits: it still fits itself."""
    edit(
        path,
        "DELETE FROM batches WHERE rowid = (SELECT max(rowid) FROM batches)",
        "DELETE FROM records WHERE n > (SELECT max(last_n) FROM batches)",
    )
    return path


def test_the_ledger_beside_it_knows_how_a_record_ended(tmp_path: Path) -> None:
    """A journal that was cut after the session's end is found without anybody's help."""
    path = record(tmp_path)
    whole = verify(path)
    code, line = verify(cut(path))
    assert whole == (0, f"{path}: it ends as the hub's ledger says")
    words = f"{path}: its end is cut off: the hub's ledger knows record {LAST}, the file ends with"
    assert (code, line.startswith(words)) == (1, True)


def test_the_ledger_itself_is_verified(tmp_path: Path) -> None:
    """Every line that was changed shows; a file that is none is named."""
    path = record(tmp_path)
    hub_file = path.parent.parent / "hub.db"
    code, line = verify(hub_file)
    assert (code, line.startswith(f"{hub_file}: 2 lines of the ledger, unchanged, hash ")) == (
        0,
        True,
    )
    edit(hub_file, "UPDATE ledger SET body = CAST(replace(body, 'hub', 'dr') AS BLOB) WHERE n = 1")
    words = "its bytes do not fit its hash: it, or one before it, was changed"
    assert verify(hub_file) == (1, f"{hub_file}: line 1 of the ledger: {words}")
    hub_file.write_bytes(b"no database" * 100)
    assert verify(hub_file)[0] == 2


@contextmanager
def watcher(folder: Path) -> Iterator[tuple[str, asyncio.AbstractEventLoop]]:
    """A real watcher with a loop of its own; gives its address and that loop."""
    settings = OutsideSettings({"home": SECRET.encode()}, folder, port=0, speaker=False)
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()

    async def made() -> tuple[Outside, int]:
        outside = Outside(settings, lambda _: {}, lambda _: None, str)
        return outside, await outside.start()

    outside, port = asyncio.run_coroutine_threadsafe(made(), loop).result(10)
    try:
        yield f"http://127.0.0.1:{port}", loop
    finally:
        asyncio.run_coroutine_threadsafe(outside.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def renew(url: str, loop: asyncio.AbstractEventLoop, head: RecordHead) -> None:
    """Let a hub tell the watcher how far its record is."""

    async def once() -> str:
        settings = DeadmanSettings("home", "Vigil hub", url, SECRET)
        deadman = Deadman(settings, Holding, lambda *_: None, lambda: (head,))
        why = await deadman._renew(Holding())
        await deadman.leave()
        return why

    assert asyncio.run_coroutine_threadsafe(once(), loop).result(10) == ""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[Path, str, asyncio.AbstractEventLoop]]:
    """A recorded session and a watcher that its settings name."""
    with watcher(tmp_path / "watch") as (url, loop):
        (tmp_path / "secret").write_text(SECRET)
        (tmp_path / "secret").chmod(0o600)
        (tmp_path / "config.toml").write_text(
            f'[watch]\nurl = "{url}"\nsecret_file = "secret"\n', "utf-8"
        )
        yield record(tmp_path / "var"), url, loop


def test_the_watcher_knows_what_was_cut_off(
    house: tuple[Path, str, asyncio.AbstractEventLoop],
) -> None:
    """It was told the last hash while the session ran; nobody in the house can take that back."""
    path, url, loop = house
    config = ("--watcher", "--config", path.parent.parent.parent / "config.toml")
    copy = Path(shutil.copy(path, path.parent.parent / "copy.db"))
    unknown = verify(copy, *config)
    renew(url, loop, RecordHead(mark_of("s1"), LAST, head_of(session())))
    whole = verify(copy, *config)
    edit(copy, ("DELETE FROM records WHERE n > ?", 0), "DELETE FROM batches")
    empty = verify(copy.rename(copy.with_name("s1.db")), *config)
    words = f"the watcher knows record {LAST}, the file ends with record 0"
    assert (unknown, whole, empty) == (
        (1, f"{copy}: the watcher knows nothing of session s1"),
        (0, f"{copy}: it ends as the watcher says"),
        (1, f"{copy.with_name('s1.db')}: its end is cut off: {words}"),
    )


def test_who_cannot_be_asked_is_said(
    house: tuple[Path, str, asyncio.AbstractEventLoop], tmp_path: Path
) -> None:
    """No watcher in the settings, another secret, nobody there: exit code 2, nothing is guessed."""
    path, url, _ = house
    with pytest.raises(HeadsError, match=r"refuses \(http 403\)"):
        ask_heads(url, "home", b"another secret of 16")
    with pytest.raises(HeadsError, match="gives no answer"):
        ask_heads("http://127.0.0.1:1", "home", SECRET.encode())
    (tmp_path / "config.toml").write_text("", "utf-8")
    code, line = verify(path, "--watcher", "--config", tmp_path / "config.toml")
    assert (code, line) == (
        2,
        "vigil: nobody outside watches this hub: config.toml names no watch.url",
    )
