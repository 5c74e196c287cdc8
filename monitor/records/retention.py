"""How long records are kept: which ones have had their time. Looks at no clock and removes nothing.

A session that is open is never due, nor one whose end no set clock ever saw: nobody can know how
old that is.

>>> due([("s1", False, 0)], keep_days=1, now_ms=2 * DAY_MS)
['s1']
"""

from collections.abc import Iterable
from typing import Final

__all__ = ["DAY_MS", "due"]

DAY_MS: Final = 86_400_000


def due(
    records: Iterable[tuple[str, bool, int | None]], *, keep_days: int, now_ms: int
) -> list[str]:
    """Return the sessions whose time is over.

    Args:
        records: of each its session, whether it is open, and the wall ms of its last commit.
        keep_days: how long; 0: for ever.
        now_ms: the wall clock.
    """
    if not keep_days:
        return []
    before_ms = now_ms - keep_days * DAY_MS
    return [
        session
        for session, is_open, wall_ms in records
        if not is_open and wall_ms is not None and wall_ms < before_ms
    ]
