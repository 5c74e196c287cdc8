"""What a careful device keeps: every reading, until the hub says that it is recorded.

A reading leaves the outbox by an ack that names it, and by nothing else: not by a PUBACK, which is
only the broker's word. What was sent and not named for a while is sent again; the hub knows a
reading by (boot_id, seq) and records it once.

No clock and no broker in here: the caller says what time it is.

>>> box = Outbox("b1")
>>> box.keep(b"first"), box.due(0, 5_000)
(0, [(0, b'first')])
"""

from devices.ack import Ack, Refusal
from devices.payload import digest_of

__all__ = ["Outbox", "OutboxFullError"]


class OutboxFullError(RuntimeError):
    """The hub has named nothing for so long that one more reading cannot be kept."""


class _Kept:
    __slots__ = ("payload", "sent_ms")

    def __init__(self, payload: bytes) -> None:
        self.payload = payload
        self.sent_ms: int | None = None


class Outbox:
    """Readings of one boot of one device, in the order of their `seq`."""

    def __init__(self, boot_id: str, *, limit: int = 50_000) -> None:
        self.boot_id = boot_id
        self.next_seq = 0
        self.refused: list[Refusal] = []
        self._limit = limit
        self._kept: dict[int, _Kept] = {}

    def __len__(self) -> int:
        """Count the readings that no ack has named yet."""
        return len(self._kept)

    def keep(self, payload: bytes) -> int:
        """Keep one reading, written with `next_seq`; return that seq.

        Raises:
            OutboxFullError: `limit` readings wait already; this one was not kept.
        """
        if len(self._kept) >= self._limit:
            raise OutboxFullError(f"{self._limit} readings wait for the hub's ack; is it running?")
        seq = self.next_seq
        self._kept[seq] = _Kept(payload)
        self.next_seq += 1
        return seq

    def due(self, now_ms: int, resend_ms: int) -> list[tuple[int, bytes]]:
        """Return the readings to send now: never sent, or sent `resend_ms` ago and not named."""
        return [
            (seq, kept.payload)
            for seq, kept in self._kept.items()
            if kept.sent_ms is None or now_ms - kept.sent_ms >= resend_ms
        ]

    def sent(self, seq: int, now_ms: int) -> None:
        """Note that the broker has this reading; an ack may already have removed it."""
        if seq in self._kept:
            self._kept[seq].sent_ms = now_ms

    def reconnected(self) -> None:
        """The connection is new: whatever was on its way on the old one is sent again."""
        for kept in self._kept.values():
            kept.sent_ms = None

    def cover(self, ack: Ack) -> int:
        """Let go of what the hub recorded, and of what it refused for good; return how many."""
        before = len(self._kept)
        wrong = {refusal.digest: refusal for refusal in ack.refused}
        for seq, kept in list(self._kept.items()):
            if ack.covers(self.boot_id, seq):
                del self._kept[seq]
            elif wrong and (refusal := wrong.get(digest_of(kept.payload))) is not None:
                self.refused.append(refusal)
                del self._kept[seq]
        return before - len(self._kept)
