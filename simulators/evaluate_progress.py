"""Says how far a long evaluation is and how long it will take: a bar, or a line now and then.

The terminal and the clock are the outside things. Where the errors go to a file, a plain line comes
every half a minute.

    with Progress() as progress:
        progress.tell(20, 400)
"""

import sys
import time
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

__all__ = ["Progress", "words"]

_EVERY_S = 30.0


def words(done: float, whole: float, before: float, spent_s: float) -> str:
    """Return a plain line; `before` was done by earlier calls and says nothing of this one's pace.

    >>> words(30, 100, 10, 600)
    'evaluate: 30 of 100, 35 min left'
    """
    told = f"evaluate: {done:g} of {whole:g}"
    if done <= before:
        return told
    return f"{told}, {(whole - done) * spent_s / (done - before) / 60:.0f} min left"


class Progress:
    """One evaluation's progress, on stderr."""

    def __init__(self) -> None:
        columns = (TextColumn("worlds"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._bar = Bar(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty())
        self._task = self._bar.add_task("worlds", total=None)
        self._begun_s = time.monotonic()
        self._told_s = float("-inf")
        self._before: float | None = None

    def __enter__(self) -> Self:
        """Show the bar."""
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the bar away."""
        self._bar.stop()

    def tell(self, done: float, whole: float) -> None:
        """So much of the whole is done."""
        now_s = time.monotonic()
        before = self._before = done if self._before is None else self._before
        self._bar.update(self._task, completed=done, total=whole)
        if self._bar.disable and (now_s - self._told_s >= _EVERY_S or done >= whole):
            self._told_s = now_s
            sys.stderr.write(words(done, whole, before, now_s - self._begun_s) + "\n")
            sys.stderr.flush()
