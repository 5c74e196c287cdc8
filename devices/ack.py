"""Which readings are recorded: the hub's word to a device, stronger than any PUBACK.

A PUBACK says that the broker has the message, and a broker that is killed may lose it. So a device
keeps each reading until an ack of the hub names it. An ack lists exactly what is in the record
(never "everything up to n", which would cover readings that the broker lost on the way), and what
was refused and why, so that a device does not send the same mistake for ever.

This module knows neither the broker nor the record.

>>> ack_for([("b1", 1), ("b1", 2), ("b1", 4)]).covers("b1", 3)
False
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from devices.payload import Text, Whole, digest_of
from devices.strict_json import Malformed, fit, read_json
from devices.topic import Name

__all__ = [
    "MAX_ENTRIES",
    "MAX_REFUSED",
    "Ack",
    "Refusal",
    "Span",
    "ack_for",
    "decode_ack",
    "encode_ack",
    "refusal_of",
]

MAX_ENTRIES = 200
MAX_REFUSED = 40
"""Most spans, digests and refusals of one ack: whatever they hold, it stays below 64 KiB."""

_DETAIL_CHARS = 200

Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]


class Span(Struct, frozen=True, forbid_unknown_fields=True):
    """Recorded readings of one boot, `first` to `last`, both included, none missing between."""

    boot_id: Name
    first: Whole
    last: Whole


class Refusal(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One message that was refused, named by the digest of its bytes."""

    digest: Digest
    reason: Name
    detail: Text = ""


class Ack(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One ack. Readings without (boot_id, seq) are named by their digest."""

    spans: Annotated[tuple[Span, ...], Meta(max_length=MAX_ENTRIES)] = ()
    digests: Annotated[tuple[Digest, ...], Meta(max_length=MAX_ENTRIES)] = ()
    refused: Annotated[tuple[Refusal, ...], Meta(max_length=MAX_REFUSED)] = ()

    def covers(self, boot_id: str, seq: int) -> bool:
        """Say whether this reading is named by this ack."""
        return any(s.boot_id == boot_id and s.first <= seq <= s.last for s in self.spans)


def ack_for(
    recorded: Iterable[tuple[str, int]],
    digests: Iterable[str] = (),
    refused: Iterable[Refusal] = (),
) -> Ack:
    """Return the ack for recorded (boot_id, seq) pairs, in any order, repeated or not.

    Raises:
        ValueError: more than MAX_ENTRIES or MAX_REFUSED of a kind; send several acks.
    """
    seqs: defaultdict[str, set[int]] = defaultdict(set)
    for boot_id, seq in recorded:
        seqs[boot_id].add(seq)
    spans: list[Span] = []
    for boot_id in sorted(seqs):
        for seq in sorted(seqs[boot_id]):
            if spans and spans[-1].boot_id == boot_id and spans[-1].last == seq - 1:
                spans[-1] = Span(boot_id, spans[-1].first, seq)
            else:
                spans.append(Span(boot_id, seq, seq))
    ack = Ack(tuple(spans), tuple(digests), tuple(refused))
    if max(len(ack.spans), len(ack.digests)) > MAX_ENTRIES or len(ack.refused) > MAX_REFUSED:
        raise ValueError(
            f"an ack holds at most {MAX_ENTRIES} spans, {MAX_ENTRIES} digests and {MAX_REFUSED} "
            f"refusals, not {len(ack.spans)}, {len(ack.digests)} and {len(ack.refused)}; split it"
        )
    return ack


def refusal_of(payload: bytes, error: Malformed) -> Refusal:
    """Return the entry that tells a device why this message of its was refused."""
    # A detail may quote the message: unprintable characters would make the ack itself malformed.
    detail = "".join(c if c.isprintable() else "?" for c in error.detail[:_DETAIL_CHARS])
    return Refusal(digest_of(payload), error.reason, detail)


def encode_ack(ack: Ack) -> bytes:
    """Return the JSON of `vigil/v1/ack/<device>`."""
    return msgspec.json.encode(ack)


def decode_ack(payload: bytes) -> Ack:
    """Return what the hub said.

    Raises:
        Malformed: what `read_json` and `fit` say.
    """
    return fit(read_json(payload), Ack)
