"""Does somebody outside still see this hub? The hub's own condition when nothing confirms it.

A confirmation is an answer that proves itself; a request that went out proves nothing. After 30 s
without one the house must know that nobody outside would notice its death (`watch`), and after
120 s this is more than a hiccup (`watch_long`). The words of one blindness do not change with time,
so that it is recorded once. Real time, as sockets have it; this module has no clock.

>>> sight = Sight("lease", now_ms=0)
>>> [said.name for said in sight.look(29_999, "refused")], [
...     said.name for said in sight.look(30_000, "refused")]
([], ['watch:lease'])
>>> [(said.name, said.present) for said in sight.confirmed(31_000)]
[('watch:lease', False), ('watch_long:lease', False)]
"""

from typing import Final, NamedTuple

__all__ = ["BLIND_MS", "LONG_MS", "Said", "Sight"]

BLIND_MS: Final = 30_000
LONG_MS: Final = 120_000

_LIMITS: Final = (("watch", BLIND_MS), ("watch_long", LONG_MS))


class Said(NamedTuple):
    """One condition of the hub that is so from now on, or no longer, and why."""

    name: str
    present: bool
    detail: str


class Sight:
    """One watcher outside, by a word of its own; it counts as seen when this begins.

    Args:
        which: names the watcher in the conditions: `watch:<which>`.
        now_ms: any steady clock.
    """

    def __init__(self, which: str, now_ms: int) -> None:
        self._which = which
        self._seen_ms = now_ms
        self._clear = False
        self._said: set[str] = set()

    def confirmed(self, now_ms: int) -> list[Said]:
        """It sees us. The first time both ends are said: they may stand from before a restart."""
        return self._end(now_ms, "confirmed")

    def idle(self, now_ms: int) -> list[Said]:
        """There is nothing to see: nobody is watched, so nothing needs to be confirmed."""
        return self._end(now_ms, "nobody is watched now")

    def look(self, now_ms: int, why: str) -> list[Said]:
        """Say what has become so by now.

        Args:
            now_ms: the same clock.
            why: what the last attempt got.
        """
        blind_ms = now_ms - self._seen_ms
        new = [
            base for base, limit_ms in _LIMITS if blind_ms >= limit_ms and base not in self._said
        ]
        self._said.update(new)
        self._clear = self._clear and not new
        return [
            Said(f"{base}:{self._which}", True, f"nobody outside has confirmed: {why}")
            for base in new
        ]

    def _end(self, now_ms: int, why: str) -> list[Said]:
        self._seen_ms = now_ms
        if self._clear:
            return []
        self._clear = True
        self._said.clear()
        return [Said(f"{base}:{self._which}", False, why) for base, _ in _LIMITS]
