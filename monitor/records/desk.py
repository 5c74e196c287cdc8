"""Where a line reaches the hub's ledger from: through the running hub, or else by our own hand.

One process writes `hub.db`. While a hub runs that is the hub, which is asked through its control
socket; otherwise the folder is locked for this one line. Decides nothing about records.

    note(Path("var"), line)           written, or an error that says why not
    data_dir_of(path)                 the folder that a journal belongs to, None for a copy
"""

from contextlib import closing
from os import close
from pathlib import Path

import msgspec

from monitor.control import ControlError, NoHubError, ask
from monitor.database import StoreError, lock_folder
from monitor.hub_file import HubFile
from monitor.records.ledger import Line

__all__ = ["data_dir_of", "note"]


def note(data_dir: Path, line: Line) -> None:
    """Write one line into the ledger of a data folder.

    Raises:
        StoreError: it could not be written; nothing that hangs on it may be done then.
    """
    try:
        reply = ask(data_dir, {"do": "note", "line": msgspec.to_builtins(line)})
    except NoHubError:
        _write(data_dir, line)
        return
    except ControlError as error:
        raise StoreError(f"the ledger could not be written: {error}") from error
    if not reply.get("ok"):
        raise StoreError(f"the ledger could not be written: {reply.get('error')}")


def data_dir_of(path: Path) -> Path | None:
    """Return the data folder in which a journal lies, None when it is a copy elsewhere."""
    folder = path.absolute().parent
    if folder.name != "sessions" or not (folder.parent / "hub.db").is_file():
        return None
    return folder.parent


def _write(data_dir: Path, line: Line) -> None:
    lock_fd = lock_folder(data_dir)
    try:
        with closing(HubFile(data_dir / "hub.db")) as hub:
            hub.begin()
            hub.note(line)
            hub.commit()
    except OSError as error:
        raise StoreError(f"the ledger could not be written: {error}") from error
    finally:
        close(lock_fd)
