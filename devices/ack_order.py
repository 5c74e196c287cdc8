"""MQTT acknowledgements leave in the order in which the messages came.

The hub may finish its work on messages in any order; brokers may not be told so: one PUBACK out of
order makes an embedded broker drop the connection and its oldest message. This queue holds each
finished message back until all before it are finished. One queue lives as long as one connection,
because packet identifiers mean nothing on the next.

>>> order = AckOrder()
>>> first, second = order.receive(7), order.receive(8)
>>> order.finish(second), order.finish(first)
((), (7, 8))
"""

from collections import deque

__all__ = ["AckOrder"]


class AckOrder:
    """Messages of one connection between receipt and acknowledgement."""

    def __init__(self) -> None:
        self._unfinished: set[int] = set()
        self._queue: deque[tuple[int, int]] = deque()
        self._next = 0

    def __len__(self) -> int:
        """Count the messages received and not yet acknowledged."""
        return len(self._queue)

    def receive(self, mid: int) -> int:
        """Remember a message by its packet identifier; return its number on this connection."""
        number = self._next
        self._next += 1
        self._unfinished.add(number)
        self._queue.append((number, mid))
        return number

    def finish(self, number: int) -> tuple[int, ...]:
        """Return the packet identifiers that may now be acknowledged, oldest first.

        Raises:
            ValueError: this number was finished before, or never received.
        """
        if number not in self._unfinished:
            raise ValueError(f"message {number} is not waiting for an acknowledgement")
        self._unfinished.remove(number)
        due: list[int] = []
        while self._queue and self._queue[0][0] not in self._unfinished:
            due.append(self._queue.popleft()[1])
        return tuple(due)
