"""What the faults around the hub mean at one time: network, broker, wall clock, people, the hub.

It answers questions about a time and changes nothing; a world asks and acts. A restart begins at
its time, or with an event by its number, and then lasts as long as it says.

>>> house = House()
>>> house.begin(kinds.NetworkDown(for_s=60), at_ms=5_000)
>>> house.network(5_000), house.network(65_000)
(False, True)
"""

from typing import TypeVar

from simulators.faults import kinds

__all__ = ["House"]

_Kind = TypeVar("_Kind", bound=kinds.HouseFault)


class House:
    """All faults around one hub."""

    def __init__(self) -> None:
        self._on: list[tuple[int, int, kinds.HouseFault]] = []
        self._restarts: list[kinds.Restart] = []

    def begin(self, fault: kinds.HouseFault, at_ms: int) -> None:
        """Let a fault be at work from `at_ms`, or a restart wait for its event."""
        if isinstance(fault, kinds.Restart) and fault.at_event is not None:
            self._restarts.append(fault)
            return
        self._on.append((at_ms, at_ms + round(fault.for_s * 1000), fault))

    def count_event(self, number: int, at_ms: int) -> None:
        """The hub has just taken its `number`-th event: restarts that wait for it begin.

        One whose event had passed before the fault began comes with the next: none is left out.
        """
        for fault in [one for one in self._restarts if (one.at_event or 0) <= number]:
            self._restarts.remove(fault)
            self._on.append((at_ms, at_ms + round(fault.for_s * 1000), fault))

    def network(self, at_ms: int) -> bool:
        """Whether anything can leave the house."""
        return not self._at(at_ms, kinds.NetworkDown)

    def broker(self, at_ms: int) -> bool:
        """Whether the broker takes messages."""
        return not self._at(at_ms, kinds.BrokerDown)

    def alive(self, at_ms: int) -> bool:
        """Whether the hub runs."""
        return not self._at(at_ms, kinds.Restart)

    def is_away(self, who: str, at_ms: int) -> bool:
        """Whether this person (companion, physician, backup) does nothing now."""
        return any(fault.who == who for fault in self._at(at_ms, kinds.Away))

    def wall_step_ms(self, at_ms: int) -> int:
        """By how much the hub's wall clock is wrong."""
        return sum(round(fault.step_s * 1000) for fault in self._at(at_ms, kinds.HubClock))

    def next_change_ms(self, after_ms: int) -> int | None:
        """When something here next begins or ends; None: never."""
        times = [time for begins, ends, _ in self._on for time in (begins, ends)]
        return min((time for time in times if time > after_ms), default=None)

    def _at(self, at_ms: int, kind: type[_Kind]) -> list[_Kind]:
        return [
            fault
            for begins, ends, fault in self._on
            if isinstance(fault, kind) and begins <= at_ms < ends
        ]
