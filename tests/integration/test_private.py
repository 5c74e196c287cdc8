"""Records are for their owner only, whatever the umask; what is loose is found and mended."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.journal import chain
from monitor.records.private import loose, mend, private_file, private_folder
from monitor.store import Store
from tests.journals import entries, session


@pytest.fixture(params=[0o000, 0o022, 0o777], ids=["open", "usual", "shut"])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run with this umask."""
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    """The modes of everything in a folder."""
    return {str(p.relative_to(folder)): oct(p.stat().st_mode & 0o777) for p in folder.rglob("*")}


@pytest.mark.usefixtures("umask")
def test_what_a_hub_writes_is_for_its_owner(tmp_path: Path) -> None:
    """Journals, the hub's own file, their logs, and every folder on the way."""
    store = Store(tmp_path / "deep" / "var", chain, print)
    for entry in entries(session())[:2]:
        store.append("s1", entry.n, entry.body, entry.stamp)
    store.put("meta", "k", b"v", 1).result(10)
    found = modes(tmp_path / "deep")
    store.close(30)
    files = ("hub.db", "hub.db-shm", "hub.db-wal", "lock")
    journal = ("s1.db", "s1.db-shm", "s1.db-wal")
    assert found == {
        "var": "0o700",
        "var/sessions": "0o700",
        **{f"var/{name}": "0o600" for name in files},
        **{f"var/sessions/{name}": "0o600" for name in journal},
    }


def test_what_others_can_read_is_named_and_mended(tmp_path: Path) -> None:
    """A copy that somebody put there, an older folder; links are left alone."""
    data_dir = tmp_path / "var"
    private_file(data_dir / "sessions" / "s1.db")
    (data_dir / "sessions" / "s1.db").chmod(0o644)
    (data_dir / "sessions").chmod(0o755)
    (data_dir / "hub.db").touch(0o600)
    (data_dir / "away").symlink_to("/etc/hostname")
    before = loose(data_dir)
    left = mend(data_dir)
    assert (before, left, loose(data_dir), loose(tmp_path / "none")) == (
        [
            f"{data_dir}/sessions can be read by others (0755): chmod 700 it",
            f"{data_dir}/sessions/s1.db can be read by others (0644): chmod 600 it",
        ],
        [],
        [],
        [],
    )


def test_the_data_folder_itself_is_named_and_left(tmp_path: Path) -> None:
    """It may be shared with others for another reason: who keeps the machine decides."""
    (tmp_path / "hub.db").touch(0o600)
    tmp_path.chmod(0o755)
    assert (mend(tmp_path), loose(tmp_path)) == (
        [],
        [f"{tmp_path} can be read by others (0755): chmod 700 it"],
    )


def test_what_belongs_to_somebody_else_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub starts all the same."""
    tmp_path.chmod(0o700)
    (tmp_path / "hub.db").touch(0o644)
    (tmp_path / "hub.db").chmod(0o644)

    def no(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", no)
    assert mend(tmp_path) == [tmp_path / "hub.db"]


def test_a_log_that_is_left_is_tightened_with_its_file(tmp_path: Path) -> None:
    """Its rows are health data as well; a folder that is there keeps its mode."""
    tmp_path.chmod(0o750)
    log = tmp_path / "s1.db-wal"
    log.touch()
    log.chmod(0o644)
    private_file(tmp_path / "s1.db")
    private_folder(tmp_path)
    assert (modes(tmp_path), oct(tmp_path.stat().st_mode & 0o777)) == (
        {"s1.db": "0o600", "s1.db-wal": "0o600"},
        "0o750",
    )
