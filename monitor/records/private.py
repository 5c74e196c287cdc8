"""Health data is for its owner: files 0600 in folders 0700, whatever the umask, also older ones.

Looks at modes and sets them, reads no content. What belongs to somebody else is named and left as
it is: whoever runs the hub cannot change it.

    private_file(path)                    there and for its owner only
    loose(Path("var"))                    -> ["var/sessions/s1.db can be read by others (0644)"]
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

__all__ = ["loose", "mend", "private_file", "private_folder"]

_FILE: Final = 0o600
_FOLDER: Final = 0o700
_OTHERS: Final = 0o077
_LOGS: Final = ("-wal", "-shm", "-journal")


def private_folder(folder: Path) -> None:
    """Make a folder, and those above it, for its owner only; one that is there keeps its mode.

    Raises:
        OSError: it cannot be made.
    """
    if folder.is_dir():
        return
    private_folder(folder.parent)
    folder.mkdir(mode=_FOLDER, exist_ok=True)
    # The umask may have taken even the owner's own rights.
    folder.chmod(_FOLDER)


def private_file(path: Path) -> None:
    """Make a file, empty when it is new, that only its owner can read; its log files likewise.

    Raises:
        OSError: it cannot be made or opened.
    """
    private_folder(path.parent)
    fd = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, _FILE)
    try:
        if stat.S_IMODE(os.fstat(fd).st_mode) != _FILE and os.fstat(fd).st_uid == os.geteuid():
            os.fchmod(fd, _FILE)
    finally:
        os.close(fd)
    for log in (path.with_name(path.name + suffix) for suffix in _LOGS):
        if log.exists():
            _tighten(log)


def loose(data_dir: Path) -> list[str]:
    """Name what others can read of a data folder: the records and what lies beside them."""
    return [
        f"{path} can be read by others ({stat.S_IMODE(path.stat().st_mode):04o}):"
        f" chmod {_wanted(path):o} it"
        for path in _all(data_dir)
        if path.stat().st_mode & _OTHERS
    ]


def mend(data_dir: Path) -> list[Path]:
    """Take away the rights of others on records; return what could not be mended."""
    return [
        path
        for path in _all(data_dir)
        if path != data_dir and path.stat().st_mode & _OTHERS and not _tighten(path)
    ]


def _all(data_dir: Path) -> Iterator[Path]:
    """The folder, its files, and the records; nothing that a link leads to."""
    if not any((data_dir / name).exists() for name in ("hub.db", "sessions", "lock")):
        return  # No hub has ever lived there.
    yield data_dir
    for folder in (data_dir, data_dir / "sessions"):
        if folder != data_dir and folder.is_dir():
            yield folder
        for path in sorted(folder.iterdir() if folder.is_dir() else ()):
            if path.is_file() and not path.is_symlink():
                yield path


def _wanted(path: Path) -> int:
    return _FOLDER if path.is_dir() else _FILE


def _tighten(path: Path) -> bool:
    try:
        path.chmod(_wanted(path))
    except PermissionError:
        return False
    return True
