"""A reading stays in the outbox until the hub has named it, and is sent until then."""

import pytest

from devices.ack import Ack, Refusal, Span
from devices.payload import digest_of
from simulators.outbox import Outbox, OutboxFullError


def box(count: int) -> Outbox:
    """An outbox with readings 0..count-1."""
    outbox = Outbox("b1")
    for n in range(count):
        outbox.keep(str(n).encode())
    return outbox


def seqs(outbox: Outbox, now_ms: int) -> list[int]:
    """Return what is due when a resend waits 5 s."""
    return [seq for seq, _ in outbox.due(now_ms, 5_000)]


def test_what_was_sent_is_due_again_only_after_a_while() -> None:
    """A PUBACK stops nothing: five seconds without an ack and the reading goes out again."""
    outbox = box(2)
    outbox.sent(0, 1_000)
    assert (seqs(outbox, 1_000), seqs(outbox, 5_999), seqs(outbox, 6_000)) == ([1], [1], [0, 1])


def test_a_new_connection_makes_everything_due() -> None:
    """Nobody knows what became of the old connection's messages."""
    outbox = box(2)
    outbox.sent(0, 1_000)
    outbox.sent(1, 1_000)
    outbox.reconnected()
    assert seqs(outbox, 1_001) == [0, 1]


def test_an_ack_releases_what_it_names_for_this_boot() -> None:
    """Other boots and readings between the spans stay."""
    outbox = box(5)
    released = outbox.cover(Ack((Span("b1", 0, 1), Span("b1", 3, 3), Span("b0", 0, 9))))
    outbox.sent(0, 1)
    assert (released, seqs(outbox, 0), len(outbox), outbox.next_seq) == (3, [2, 4], 2, 5)


def test_a_refused_reading_is_kept_apart_and_not_sent_for_ever() -> None:
    """The device knows which of its messages was refused and why."""
    outbox = box(2)
    refusal = Refusal(digest_of(b"1"), "precision", "finer than 0.01")
    other = Refusal(digest_of(b"other"), "json")
    released = outbox.cover(Ack(refused=(refusal, other)))
    assert (released, seqs(outbox, 0), outbox.refused) == (1, [0], [refusal])


def test_a_full_outbox_says_so_and_keeps_what_it_has() -> None:
    """Nothing old is dropped for something new."""
    outbox = Outbox("b1", limit=1)
    outbox.keep(b"a")
    with pytest.raises(OutboxFullError, match="1 readings wait for the hub's ack"):
        outbox.keep(b"b")
    assert (outbox.due(0, 1), outbox.next_seq) == ([(0, b"a")], 1)
