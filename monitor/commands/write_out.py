"""Write a file of health data: for its owner alone, whole or not at all, never over a record.

write_out(Path("s1.html"), b"<!doctype html>...", [Path("var/sessions/s1.db")])
"""

import os
from collections.abc import Iterable
from pathlib import Path

from monitor.database import StoreError

__all__ = ["write_out"]


def write_out(target: Path, data: bytes, sources: Iterable[Path], *, force: bool = True) -> None:
    """Write `data`; the file is there in full or not at all, and only its owner can read it.

    Args:
        target: where to write.
        data: the whole content.
        sources: records that it was made from; none of them is ever written over.
        force: whether a file that is there already is replaced.

    Raises:
        StoreError: it is a record, it is there already, or it cannot be written.
    """
    if any(target.resolve() == source.resolve() for source in sources):
        raise StoreError(f"{target} is the record itself: choose another file")
    if target.exists() and not force:
        raise StoreError(f"{target} is there already: choose another file, or write --force")
    part = target.with_name(f".{target.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(data)
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StoreError(
            f"{target} cannot be written ({error.strerror}): choose another file"
        ) from error
