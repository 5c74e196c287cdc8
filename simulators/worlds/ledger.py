"""The folder in which an evaluation keeps what it has played: one file for each finished piece.

A piece is there whole or not at all (written beside, then renamed), so that a stop at any moment
leaves a folder from which the next call goes on. The folder is the outside thing; it belongs to one
commit, and what lies in it is never mixed with another's.

    ledger = Ledger(Path("var/evaluate/0a1b2c3"))
    ledger.put("apnoea_sudden.0-9", b"[...]")
    ledger.get("apnoea_sudden.0-9")     -> b"[...]"
"""

import os
from pathlib import Path

__all__ = ["Ledger"]

_END = ".json"


class Ledger:
    """All pieces of one evaluation, by name."""

    def __init__(self, folder: Path) -> None:
        """The folder is made when it is missing.

        Raises:
            OSError: it cannot be made.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def put(self, key: str, piece: bytes) -> None:
        """Keep a piece.

        Raises:
            OSError: the disk is full or the folder has gone.
        """
        beside = self.folder / f"{key}.{os.getpid()}.new"
        beside.write_bytes(piece)
        beside.replace(self.folder / f"{key}{_END}")

    def get(self, key: str) -> bytes | None:
        """Return a piece; None: it is not there yet."""
        try:
            return (self.folder / f"{key}{_END}").read_bytes()
        except FileNotFoundError:
            return None

    def has(self, key: str) -> bool:
        """Whether a piece is there."""
        return (self.folder / f"{key}{_END}").is_file()
