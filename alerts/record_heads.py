"""What a watcher outside remembers of a hub's records: how far each one was, and its last hash.

A hub tells with each lease the heads of its sessions' records. A record that is later found
shorter, or with another hash at the same number, was changed inside the house: nobody there can
make the watcher forget. A session is told by a mark, not by its name, which may say whose it is.
Whoever holds the hub's secret may ask for the heads, in a signed letter of its own kind. This
module knows no network, no clock and no record.

>>> book = HeadBook()
>>> book.take([RecordHead(mark_of("s1"), 7, "aa"), RecordHead(mark_of("s1"), 5, "bb")])
['its record 7e137d5406664a08 is shorter than before: it had 7 records and has 5']
"""

import hashlib
from collections.abc import Iterable
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

__all__ = [
    "ASK",
    "ASK_PATH",
    "MAX_HEADS",
    "TOLD",
    "HeadBook",
    "HeadsAsked",
    "HeadsError",
    "HeadsTold",
    "RecordHead",
    "mark_of",
    "read_asked",
    "read_told",
]

ASK_PATH: Final = "/v1/heads"
"""Where a watcher tells what it knows."""

ASK: Final = b"vigil heads asked v1\n"
TOLD: Final = b"vigil heads told v1\n"

MAX_HEADS: Final = 64
"""In one lease: the sessions that are open or were written to last."""

_MOST_KEPT: Final = 512

_HubId = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class HeadsError(ValueError):
    """Bytes are no question about heads, or no answer to one."""


class RecordHead(Struct, frozen=True):
    """One session's record: its mark, the number of its last record and that one's hash."""

    mark: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]
    n: Annotated[int, Meta(ge=1, le=2**53)]
    head: Annotated[str, Meta(pattern=r"^[0-9a-f]{2,64}$")]


class HeadsAsked(Struct, frozen=True):
    """Which hub asks; `nonce` is a word used once, which the answer must repeat."""

    hub: _HubId
    nonce: Annotated[str, Meta(pattern=r"^[0-9a-f]{16,64}$")]


class HeadsTold(Struct, frozen=True):
    """What the watcher knows of this hub's records."""

    hub: _HubId
    nonce: str
    heads: tuple[RecordHead, ...] = ()


_ASKED: Final = msgspec.json.Decoder(HeadsAsked)
_TOLD: Final = msgspec.json.Decoder(HeadsTold)


def mark_of(session: str) -> str:
    """Return a session's mark: 16 hexadecimal digits that do not tell its name."""
    return hashlib.sha256(b"vigil session\n" + session.encode()).hexdigest()[:16]


def read_asked(body: bytes) -> HeadsAsked:
    """Read a question.

    Raises:
        HeadsError: it is none.
    """
    try:
        return _ASKED.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise HeadsError(f"no question about heads: {error}") from error


def read_told(body: bytes) -> HeadsTold:
    """Read an answer.

    Raises:
        HeadsError: it is none.
    """
    try:
        return _TOLD.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise HeadsError(f"no answer about heads: {error}") from error


class HeadBook:
    """The heads of one hub, the most advanced of each record; the newest 512 records."""

    def __init__(self, heads: Iterable[RecordHead] = ()) -> None:
        self.heads = {head.mark: head for head in heads}
        self._said: dict[str, RecordHead] = {}

    def take(self, heads: Iterable[RecordHead]) -> list[str]:
        """Take what a lease tells; return what is wrong with it, each fault once."""
        faults = []
        for head in heads:
            known = self.heads.get(head.mark)
            if known is None or head.n > known.n:
                # Put anew at the end: the record that was written last is forgotten last.
                self.heads.pop(head.mark, None)
                self.heads[head.mark] = head
            elif head != known and self._said.get(head.mark) != head:
                self._said[head.mark] = head
                faults.append(_fault(known, head))
        for forgotten in list(self.heads)[:-_MOST_KEPT]:
            del self.heads[forgotten]
            self._said.pop(forgotten, None)
        return faults


def _fault(known: RecordHead, head: RecordHead) -> str:
    if head.n < known.n:
        what = f"is shorter than before: it had {known.n} records and has {head.n}"
    else:
        what = f"was changed: its record {head.n} has another hash than before"
    return f"its record {head.mark} {what}"
