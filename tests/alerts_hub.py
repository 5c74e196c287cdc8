"""A hub that writes leases to a watcher's book, for the tests of what a watcher takes."""

import itertools
from typing import Any

from alerts.lease import LEASE, Holding, Lease, Person, decode_receipt, encode
from alerts.lease import sign as signed
from alerts.lease_book import CHALLENGE, Answer, Book

__all__ = ["OPEN", "OTHER", "SECRET", "Hub"]

SECRET, OTHER = b"0123456789abcdef", b"fedcba9876543210"
OPEN = Holding(("test",), (Person("Dr Lee", "test"),))


class Hub:
    """A hub that writes letters; `last` is the bytes of the last one with its signature."""

    def __init__(self, book: Book, boot: str = "aaaaaaaa", name: str = "home") -> None:
        self.book, self.boot, self.name = book, boot, name
        self.seq, self.challenge = 0, ""
        self.last = (b"", "")
        self._fresh = (f"{n:08x}" for n in itertools.count(int(boot, 16)))

    def write(self, now_ms: int, holding: Holding = OPEN, **fields: Any) -> Answer:
        """One letter, with the challenge that is known; keeps the receipt's."""
        self.seq += 1
        lease = Lease(
            hub=self.name,
            name="Vigil hub",
            boot=self.boot,
            seq=fields.pop("seq", self.seq),
            challenge=self.challenge,
            holding=holding,
            **fields,
        )
        body = encode(lease)
        self.last = (body, signed(SECRET, LEASE, body))
        answer = self.send(now_ms)
        if answer.body:
            self.challenge = decode_receipt(answer.body).challenge
        return answer

    def send(self, now_ms: int) -> Answer:
        """The last letter, as anybody on the line could send it again."""
        return self.book.take(self.name, *self.last, now_ms, next(self._fresh))

    def renew(self, now_ms: int, holding: Holding = OPEN, **fields: Any) -> Answer:
        """Two letters when the first is asked to prove itself, as a hub does."""
        answer = self.write(now_ms, holding, **fields)
        return self.write(now_ms, holding, **fields) if answer.why == CHALLENGE else answer
