"""A folder for one measurement, on the disk that the project is on, gone afterwards.

The system's own temporary folder is often memory, where a commit costs nothing.

    with scratch() as folder: ...
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["scratch"]

_VAR = Path(__file__).parent.parent / "var"


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a new empty folder and remove it with all that is in it."""
    _VAR.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_VAR, prefix="bench-") as folder:
        yield Path(folder)
