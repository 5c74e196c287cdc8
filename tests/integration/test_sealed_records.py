"""Records under a key: nothing can be read without it, everything can be proved, nothing stops."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from monitor.backlog import Failing
from monitor.commands.main import app
from monitor.database import StoreError
from monitor.journal import chain
from monitor.journal_file import session_path
from monitor.journal_reader import read_head, read_records
from monitor.records import keys
from monitor.records.keys import KeySource
from monitor.restart import find_open
from monitor.store import Change, Store
from tests.journals import edit, entries, session, write

RECORDS = session()
N = len(RECORDS)
PHRASE = "correct horse battery staple"


@pytest.fixture(autouse=True)
def no_key_stays() -> Iterator[None]:
    """Each test says its own key."""
    yield
    keys.use(KeySource())


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A key, in use."""
    path = tmp_path / "record.key"
    keys.write_key_file(path)
    keys.use(KeySource(path))
    return path


def record(data_dir: Path, changes: list[Change] | None = None) -> Path:
    """Let a store write an open session s1, as the hub does."""
    store = Store(data_dir, chain, (changes if changes is not None else []).append)
    for entry in entries(RECORDS):
        store.append("s1", entry.n, entry.body, entry.stamp)
    assert store.close(30) == 0
    return session_path(data_dir, "s1")


def vigil(*arguments: str | Path, **environment: str) -> Result:
    """Run a command."""
    result = CliRunner().invoke(app, [str(one) for one in arguments], env=environment)
    assert "Traceback" not in result.output
    return result


def texts(path: Path) -> list[bytes]:
    """The texts of a journal's records."""
    return [body for _, body, _ in read_records(path)]


def test_nothing_can_be_read_in_the_files(tmp_path: Path, key_file: Path) -> None:
    """No name, no reading, no word of an event; with the key every byte is as it was written."""
    path = record(tmp_path / "var")
    raw = b"".join(file.read_bytes() for file in (tmp_path / "var" / "sessions").iterdir())
    words = (b"SessionOpened", b"Alex", b"spo2", b"effect", key_file.read_bytes().strip())
    assert [word in raw for word in words] == [False] * 5
    assert texts(path) == [entry.body for entry in entries(RECORDS)]


def test_the_chain_is_followed_without_the_key_and_the_words_with_it(
    tmp_path: Path, key_file: Path
) -> None:
    """Whoever keeps copies need not be able to read them."""
    path = record(tmp_path / "var")
    keys.use(KeySource())
    blind = vigil("verify", path)
    seeing = vigil("verify", path, VIGIL_RECORD_KEY_FILE=str(key_file))
    head = read_head(path)[1].hex()
    said = f"{path}: sealed, and no key is named: hashes are checked, words are not"
    whole = f"{path}: {N} records, unchanged, hash {head}"
    assert [(one.exit_code, one.stdout.splitlines()) for one in (blind, seeing)] == [
        (0, [said, whole]),
        (0, [whole]),
    ]


def test_another_key_no_key_and_a_lost_key_are_clear_errors(tmp_path: Path, key_file: Path) -> None:
    """Exit code 2; nothing is guessed and nothing is shown."""
    path = record(tmp_path / "var")
    other = tmp_path / "other.key"
    keys.write_key_file(other)
    keys.use(KeySource())
    none = vigil("replay", path)
    wrong = vigil("replay", path, VIGIL_RECORD_KEY_FILE=str(other))
    proved = vigil("verify", path, VIGIL_RECORD_KEY_FILE=str(other))
    key_file.unlink()
    lost = vigil("replay", path, VIGIL_RECORD_KEY_FILE=str(key_file))
    phrase = vigil("replay", path, VIGIL_RECORD_PASSPHRASE=PHRASE)
    assert [one.exit_code for one in (none, wrong, proved, lost, phrase)] == [2] * 5
    assert [
        words in one.stderr
        for one, words in (
            (none, "it is sealed: name its key by record.key_file, VIGIL_RECORD_KEY_FILE or"),
            (wrong, "it was sealed with another key"),
            (proved, "it was sealed with another key"),
            (lost, "it cannot be read (No such file or directory); without it no record can be"),
            (phrase, "it was sealed with a key file, not with a passphrase"),
        )
    ] == [True] * 5


@pytest.mark.usefixtures("key_file")
def test_a_session_is_taken_up_again_and_goes_on_sealed(tmp_path: Path) -> None:
    """Recovery reads through the same door; a record that comes again is known."""
    path = record(tmp_path / "var")
    (found,) = find_open(tmp_path / "var")
    store = Store(tmp_path / "var", chain, lambda _: None)
    last = entries(RECORDS)[-1]
    again = store.append("s1", last.n, last.body, last.stamp).result(10)
    more = store.append("s1", last.n + 1, last.body, last.stamp).result(10)
    with pytest.raises(StoreError, match="already holds other bytes"):
        store.append("s1", last.n, b"other", last.stamp).result(10)
    store.close(30)
    assert (found.recovered.last_n, found.faults, again, more) == (N, [], True, True)
    assert (len(texts(path)), b"SessionOpened" in path.read_bytes()) == (N + 1, False)


def test_without_its_key_a_session_is_named_and_its_file_left_alone(
    tmp_path: Path, key_file: Path
) -> None:
    """Nobody is taken for damaged; the hub starts, and everybody is told who is not watched."""
    path = record(tmp_path / "var")
    keys.use(KeySource(key_file.rename(tmp_path / "away.key").with_name("record.key")))
    unreadable: list[str] = []
    found = find_open(tmp_path / "var", unreadable)
    assert (found, len(unreadable), path.exists()) == ([], 1, True)
    assert "session s1 is not watched" in unreadable[0]
    assert "without it no record can be" in unreadable[0]


def test_a_key_that_cannot_be_had_stops_the_recording_and_not_the_watch(
    tmp_path: Path, key_file: Path
) -> None:
    """Like a full disk: said at once, kept in memory, written later, never in plain words."""
    away = key_file.rename(tmp_path / "away.key")
    changes: list[Change] = []
    store = Store(tmp_path / "var", chain, changes.append)
    one, *others = entries(RECORDS)
    recorded = store.append("s1", one.n, one.body, one.stamp).result(10)
    away.rename(key_file)
    for entry in others:
        store.append("s1", entry.n, entry.body, entry.stamp)
    end_s = time.monotonic() + 10
    while len(changes) < 2 and time.monotonic() < end_s:
        time.sleep(0.02)
    assert store.close(30) == 0
    assert (recorded, isinstance(changes[0], Failing), len(changes)) == (False, True, 2)
    path = session_path(tmp_path / "var", "s1")
    assert (len(texts(path)), b"SessionOpened" in path.read_bytes()) == (N, False)


def test_a_passphrase_does_as_well(tmp_path: Path) -> None:
    """Its salt is the installation's, so that many journals cost one stretching."""
    salt_file = tmp_path / "var" / "record.salt"
    keys.use(KeySource(passphrase=PHRASE, salt_file=salt_file))
    path = record(tmp_path / "var")
    copy = shutil.copy(path, tmp_path / "copy.db")
    keys.use(KeySource())
    good = vigil("verify", copy, VIGIL_RECORD_PASSPHRASE=PHRASE)
    bad = vigil("verify", copy, VIGIL_RECORD_PASSPHRASE="another passphrase")
    wanted = vigil("verify", copy, VIGIL_RECORD_KEY_FILE=str(tmp_path / "none.key"))
    assert (good.exit_code, bad.exit_code, wanted.exit_code) == (0, 2, 2)
    assert len(salt_file.read_bytes()) == 16
    assert "it was sealed with another key" in bad.stderr
    assert "it was sealed with a passphrase: say it by" in wanted.stderr


@pytest.mark.usefixtures("key_file")
def test_a_sealed_record_that_was_moved_or_changed_is_found(tmp_path: Path) -> None:
    """By the chain, and by the seal when every hash was made anew."""
    path = record(tmp_path / "var")
    keys.use(KeySource(keys.source().key_file))
    edit(path, "UPDATE records SET body = (SELECT body FROM records WHERE n = 9) WHERE n = 10")
    assert "record 10: its bytes do not fit its hash" in vigil("verify", path).stderr
    with pytest.raises(StoreError, match="record 10: its bytes do not fit its seal"):
        texts(path)


def test_a_journal_that_began_without_a_key_ends_without(tmp_path: Path) -> None:
    """What is half open protects nobody: the key counts for the next session."""
    path = write(tmp_path / "s1.db", RECORDS[:9])
    key = tmp_path / "record.key"
    keys.write_key_file(key)
    keys.use(KeySource(key))
    write(path, RECORDS)
    assert (len(texts(path)), b"SessionOpened" in path.read_bytes()) == (N, True)


def test_a_key_is_made_once_and_checked(tmp_path: Path) -> None:
    """For its owner only, never replaced; `vigil check` says when it cannot be had."""
    key = tmp_path / "record.key"
    made, again = (vigil("records", "key", key) for _ in "ab")
    (tmp_path / "config.toml").write_text('[record]\nkey_file = "none.key"\n', "utf-8")
    checked = vigil("check", "--config", tmp_path / "config.toml")
    assert (made.exit_code, again.exit_code, oct(key.stat().st_mode & 0o777)) == (0, 2, "0o600")
    assert "WITHOUT THIS KEY NOBODY CAN EVER READ THE RECORDS" in made.stdout
    assert "a key that is replaced is lost" in again.stderr
    assert (checked.exit_code, "sessions would be watched and not recorded" in checked.stderr) == (
        2,
        True,
    )


@pytest.mark.usefixtures("key_file")
def test_copies_need_no_key(tmp_path: Path) -> None:
    """A backup of a sealed record is proved by its bytes, and put back under its name."""
    (tmp_path / "config.toml").write_text("", "utf-8")
    path = record(tmp_path / "var")
    config = ("--config", tmp_path / "config.toml")
    copied = vigil("records", "backup", tmp_path / "stick", *config)
    path.unlink()
    back = vigil("records", "restore", tmp_path / "stick/sessions/s1.db", "--by", "x", *config)
    assert (copied.exit_code, back.exit_code, path.exists()) == (0, 0, True)
