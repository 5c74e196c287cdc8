"""What is wrong with the hub itself, by name: kept once, said once, ended when its time is over.

A session that opens later, and one that comes back after a stop, must be told the same as those
that are open, so what stands is kept here. A fault that nobody can see ending (an event that could
not be handled, a loop that was late) ends by itself a minute after it was last seen. Tells nobody
and has no clock.

>>> faults = HubFaults()
>>> faults.say("broker", present=True, detail="refused", at_ms=0)
True
>>> faults.say("broker", present=True, detail="refused", at_ms=9)
False
>>> faults.standing
{'broker': 'refused'}
"""

__all__ = ["PASSING_MS", "HubFaults"]

PASSING_MS = 60_000
"""How long a fault that cannot be seen ending is said after it was last seen, in hub ms."""


class HubFaults:
    """Faults by name. `standing` has the words of each, in the order in which they came."""

    def __init__(self) -> None:
        self.standing: dict[str, str] = {}
        self._until_ms: dict[str, int] = {}

    def say(
        self, name: str, *, present: bool, detail: str, at_ms: int, passing: bool = False
    ) -> bool:
        """Note a fault or its end; True when that is news.

        Args:
            name: which fault, `engine:late` for the cause `late` of `engine`.
            present: whether it is so now.
            detail: why, for people.
            at_ms: hub time.
            passing: it ends by itself, `PASSING_MS` after it was last said.
        """
        self._until_ms.pop(name, None)
        if not present:
            return self.standing.pop(name, None) is not None
        if passing:
            self._until_ms[name] = at_ms + PASSING_MS
        news = self.standing.get(name) != detail
        self.standing[name] = detail
        return news

    def over(self, at_ms: int) -> list[str]:
        """Return the names of passing faults whose time is over; they stand until they are said."""
        return [name for name, until_ms in self._until_ms.items() if until_ms <= at_ms]
