"""What the outside watcher keeps on its disk: one small file, replaced as a whole, for its owner.

A full disk stops no watching: the fault is told, and the next change is tried again. This module
knows no lease; it keeps bytes.

    file = OutsideFile(Path("watch/leases.json"))
    file.keep(book.kept())
    file.fault                   # empty while it works
"""

import os
from contextlib import suppress
from pathlib import Path

__all__ = ["OutsideFile"]


class OutsideFile:
    """One file; `fault` says why it could not be written last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.fault = ""

    def read(self) -> bytes | None:
        """Return what was kept, or None when there never was anything.

        Raises:
            OSError: it is there and cannot be read.
        """
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return None

    def keep(self, content: bytes) -> None:
        """Keep this in place of what was kept before; never raises."""
        new = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_CREAT | os.O_TRUNC | os.O_WRONLY
            with os.fdopen(os.open(new, flags, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
            folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            self.fault = f"{self._path} cannot be written: {error}"
            with suppress(OSError):
                new.unlink()
        else:
            self.fault = ""
