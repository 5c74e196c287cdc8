"""`make evaluate` keeps what it has played: a stop loses nothing, changed code is told apart."""

import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from simulators import evaluate_work
from simulators.evaluate_progress import Progress, words
from simulators.evaluate_tree import DirtyTreeError, tree_name
from simulators.evaluate_work import Piece, play_all, work
from simulators.worlds.blocks import Block, read_block
from simulators.worlds.ledger import Ledger
from tests.house import ROOT
from tests.integration.waiting import eventually

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
BLOCK = Block("dose_before_gate", 0, 1)


def git(folder: Path, *args: str) -> None:
    """Run git in a folder."""
    name = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", "-C", str(folder), *name, *args], check=True, capture_output=True)


def test_pieces_are_played_once_and_kept(tmp_path: Path) -> None:
    """The second call plays nothing, and says so; a piece has the verdicts of its worlds."""
    ledger = Ledger(tmp_path / "deep" / "down")
    pieces = [Piece(BLOCK.key, 2, block=BLOCK), Piece("again.x", again=BLOCK.scenario)]
    told: list[tuple[float, float]] = []
    for _ in range(2):
        assert play_all(pieces, ledger, jobs=2, told=lambda *one: told.append(one))
    first = read_block(BLOCK, ledger.get(BLOCK.key) or b"")[0]
    assert (told[0], told[2:]) == ((0, 3), [(3, 3), (3, 3)])
    assert msgspec.json.decode(ledger.get("again.x") or b"") == first.digest
    assert (ledger.get("nothing"), ledger.has("nothing")) == (None, False)


def test_without_time_nothing_is_begun(tmp_path: Path) -> None:
    """And what is missing is said."""
    pieces = [Piece(BLOCK.key, block=BLOCK)]
    done = play_all(pieces, Ledger(tmp_path), jobs=1, told=lambda *_: None, minutes=0)
    assert (done, list(tmp_path.iterdir())) == (False, [])


def test_recordings_and_defects_are_pieces_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A section of the page; for each defect whether it was caught."""
    path = tmp_path / "fall.csv"
    path.write_text("t_s,spo2\n" + "".join(f"{t},97\n" for t in range(99)), encoding="utf-8")
    section = msgspec.json.decode(work(Piece("r", recording=str(path))))
    monkeypatch.setattr(evaluate_work, "hunt", lambda _row: {})
    assert (section[0], work(Piece("d", row="SED-4"))) == ("## Recordings: fall.csv", b"{}")


def test_a_stop_leaves_what_was_played_and_the_next_call_goes_on(tmp_path: Path) -> None:
    """Ctrl-C: exit 130, whole files only; then the page of what there is."""
    keep, out = tmp_path / "keep", tmp_path / "page.md"
    call = [sys.executable, "-m", "simulators.evaluate", "--dirty", "--part", "0.0001"]
    call += ["--jobs", "2", "--keep", str(keep), "--out", str(out)]
    # What runs in the background is deaf to Ctrl-C, and whatever it starts would be as well.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(call, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, before)
    with process:
        eventually(lambda: len(list(keep.glob("*/again.*.json"))) >= 3, 60)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=120)
    kept = {one.name for one in keep.glob("*/*")}
    assert (process.returncode, "call again to go on" in errors, out.exists()) == (130, True, False)
    assert (len(kept) > 3, [one for one in kept if not one.endswith(".json")]) == (True, [])
    subprocess.run([*call, "--so-far"], cwd=ROOT, check=True, capture_output=True)
    assert "stopped after" in out.read_text("utf-8")
    assert {one.name for one in keep.glob("*/*")} == kept


def test_changed_code_is_no_commits(tmp_path: Path) -> None:
    """A page may be changed; code may not, unless that is said; without git there is no commit."""
    with pytest.raises(DirtyTreeError, match="there is no git here"):
        tree_name(tmp_path)
    git(tmp_path, "init")
    (tmp_path / "monitor").mkdir()
    (tmp_path / "requirements.lock").write_text("a\n")
    (tmp_path / "monitor" / "a.py").write_text("a = 1\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "a")
    (tmp_path / "README.md").write_text("changed\n")
    clean = tree_name(tmp_path)
    (tmp_path / "monitor" / "a.py").write_text("a = 2\n")
    with pytest.raises(DirtyTreeError, match=r"no commit's \(monitor/a.py\): commit it, or say"):
        tree_name(tmp_path)
    dirty = tree_name(tmp_path, allow_dirty=True)
    (tmp_path / "monitor" / "a.py").write_text("a = 3\n")
    assert (len(clean), dirty.startswith(f"{clean}-dirty-")) == (12, True)
    assert tree_name(tmp_path, allow_dirty=True) != dirty


def test_without_a_terminal_a_line_tells_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """At the beginning and at the end; what was done before says nothing of the pace."""
    with Progress() as progress:
        for done in (0, 1, 2):
            progress.tell(done, 2)
    lines = capsys.readouterr().err.splitlines()
    assert (lines[0], len(lines), lines[-1].split(",")[0]) == (
        "evaluate: 0 of 2",
        2,
        "evaluate: 2 of 2",
    )
    assert words(30, 100, 10, 600) == "evaluate: 30 of 100, 35 min left"
