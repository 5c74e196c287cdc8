"""All leases of one watcher: which letter is taken, what stands, and what is kept on the disk.

A letter is taken when it is signed with its hub's secret, its number is the highest of this life of
the hub, and it carries the last challenge. After a restart of either side the first letter is
therefore refused with a new challenge, and the hub sends the next one at once: a letter that was
caught on the way can never be used later. A hub that speaks again in an earlier life is a second
machine under the same name, which could hide the death of the first: it is refused and named.

This module knows no network, no disk and no clock; randomness comes in as an argument.

    answer = book.take("home", body, signature, now_ms, fresh="5f...")
    answer.status, answer.acts      -> 200, ()
    book.pass_time(now_ms)          -> [("home", Act.PAGE), ("home", Act.SOUND)]
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct

from alerts.lease import (
    LEASE,
    RECEIPT,
    Lease,
    LeaseError,
    Receipt,
    decode_lease,
    encode,
    is_signed,
    sign,
)
from alerts.lease_table import (
    Act,
    Ended,
    LeaseState,
    News,
    Renewed,
    Watched,
    begin,
    resume,
    step,
)
from alerts.record_heads import (
    ASK,
    TOLD,
    HeadBook,
    HeadsError,
    HeadsTold,
    RecordHead,
    read_asked,
)

__all__ = ["CHALLENGE", "Answer", "Book", "BookError", "Entry"]

CHALLENGE: Final = "answer the challenge"
"""Why the first letter after a restart is not taken; nothing is wrong with it."""

_OK: Final = 200
_BAD: Final = 400
_FORGED: Final = 403
_NOT_TAKEN: Final = 409
_LIVES: Final = 8


class BookError(ValueError):
    """What was kept on the disk cannot be read; the message says why."""


class Answer(NamedTuple):
    """What a letter gets: HTTP status, body and its signature, what to do, and why it was refused.

    `opened` is True when what is kept on the disk has changed; `faults` of the hub's records are
    for whoever keeps the watcher.
    """

    status: int
    body: bytes = b""
    signature: str = ""
    acts: tuple[Act, ...] = ()
    why: str = ""
    opened: bool = False
    faults: tuple[str, ...] = ()


class Entry(Struct):
    """One hub. `lease` is the last that was taken; since then `alarm` was paged, `turn` times."""

    watched: Watched
    lease: Lease | None = None
    alarm: str = ""
    turn: int = 0
    seq: int = 0
    challenge: str = ""
    lives: tuple[str, ...] = ()
    renewed_ms: int | None = None
    records: HeadBook = msgspec.field(default_factory=HeadBook)


class _Kept(Struct, frozen=True):
    hub: str
    state: LeaseState
    alarm: str
    turn: int
    lease: Lease | None
    heads: tuple[RecordHead, ...] = ()


_KEPT: Final = msgspec.json.Decoder(tuple[_Kept, ...])


class Book:
    """The hubs that this watcher knows, by name, each with its secret."""

    def __init__(self, secrets: Mapping[str, bytes]) -> None:
        self._secrets = dict(secrets)
        self.entries = {hub: Entry(begin()) for hub in self._secrets}

    # --- letters ------------------------------------------------------------------------------

    def take(self, hub: str, body: bytes, signature: str, now_ms: int, fresh: str) -> Answer:
        """Judge one letter.

        Args:
            hub: whose letter it is said to be.
            body: the bytes as they came.
            signature: of the body, hexadecimal.
            now_ms: any steady clock.
            fresh: a random hexadecimal word that was never used, the next challenge.
        """
        secret = self._secrets.get(hub)
        if secret is None:
            return Answer(_FORGED, why=f"no hub {hub!r:.60} is known here")
        if not is_signed(secret, LEASE, body, signature):
            return Answer(_FORGED, why=f"a letter of {hub} is not signed with its secret")
        try:
            lease = decode_lease(body)
        except LeaseError as error:
            return Answer(_BAD, why=str(error))
        if lease.hub != hub:
            return Answer(_FORGED, why=f"a letter of {lease.hub} came under the name {hub}")
        return self._take(self.entries[hub], secret, lease, now_ms, fresh)

    def _take(self, entry: Entry, secret: bytes, lease: Lease, now_ms: int, fresh: str) -> Answer:
        why = _refusal(entry, lease)
        if why:
            entry.challenge = entry.challenge or fresh
            return _answer(secret, lease, entry.challenge, why)
        entry.seq, entry.challenge = lease.seq, fresh
        if entry.lives[-1:] != (lease.boot,):
            entry.lives = (*entry.lives, lease.boot)[-_LIVES:]
        before = entry.watched.state, entry.lease and entry.lease.holding
        entry.lease, entry.renewed_ms = lease, now_ms
        entry.alarm, entry.turn = "", 0
        news: News = Renewed(lease.holding.is_open, lease.ttl_ms)
        entry.watched, acts = step(entry.watched, now_ms, news)
        opened = before != (entry.watched.state, lease.holding)
        faults = tuple(entry.records.take(lease.heads))
        return _answer(secret, lease, fresh)._replace(acts=acts, opened=opened, faults=faults)

    def tell_heads(self, hub: str, body: bytes, signature: str) -> Answer:
        """Answer a hub's question what is known of its records; changes nothing."""
        secret = self._secrets.get(hub)
        if secret is None or not is_signed(secret, ASK, body, signature):
            return Answer(_FORGED, why=f"a question of {hub!r:.60} is not signed with its secret")
        try:
            asked = read_asked(body)
        except HeadsError as error:
            return Answer(_BAD, why=str(error))
        if asked.hub != hub:
            return Answer(_FORGED, why=f"a question of {asked.hub} came under the name {hub}")
        heads = tuple(self.entries[hub].records.heads.values())
        told = msgspec.json.encode(HeadsTold(hub, asked.nonce, heads))
        return Answer(_OK, told, sign(secret, TOLD, told))

    # --- time and people ----------------------------------------------------------------------

    def pass_time(self, now_ms: int) -> list[tuple[str, Act]]:
        """Return what is to be done by now, by hub."""
        acts = []
        for hub, entry in self.entries.items():
            entry.watched, todo = step(entry.watched, now_ms)
            acts += [(hub, act) for act in todo]
        return acts

    def tell(self, hub: str, now_ms: int, news: News) -> tuple[Act, ...]:
        """A named person has said something about one hub that is known here."""
        entry = self.entries[hub]
        entry.watched, acts = step(entry.watched, now_ms, news)
        if isinstance(news, Ended):
            entry.alarm, entry.turn = "", 0
        return acts

    @property
    def open(self) -> list[str]:
        """The hubs that are believed to watch somebody."""
        over = (LeaseState.NEVER_SEEN, LeaseState.CLOSED)
        return [hub for hub, entry in self.entries.items() if entry.watched.state not in over]

    @property
    def sounding(self) -> bool:
        """A hub is silent and nobody has answered."""
        return any(e.watched.state is LeaseState.LAPSED for e in self.entries.values())

    # --- the disk -----------------------------------------------------------------------------

    def kept(self) -> bytes:
        """Return what must survive a restart of the watcher."""
        return msgspec.json.encode(
            [
                _Kept(
                    hub,
                    one.watched.state,
                    one.alarm,
                    one.turn,
                    one.lease,
                    tuple(one.records.heads.values()),
                )
                for hub, one in self.entries.items()
            ]
        )

    def recall(self, kept: bytes, now_ms: int) -> list[str]:
        """Go on from what was kept; return the hubs that were open and are not known any more.

        Raises:
            BookError: it cannot be read; call `suspect` then.
        """
        try:
            hubs = _KEPT.decode(kept)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise BookError(str(error)) from error
        gone = []
        for one in hubs:
            entry = self.entries.get(one.hub)
            if entry is not None:
                entry.watched, _ = resume(one.state, now_ms)
                entry.lease, entry.alarm, entry.turn = one.lease, one.alarm, one.turn
                entry.records = HeadBook(one.heads)
            elif one.state not in (LeaseState.NEVER_SEEN, LeaseState.CLOSED):
                gone.append(one.hub)
        return gone

    def suspect(self, hubs: Iterable[str], now_ms: int) -> None:
        """Nobody can know what was open: each hub counts as open until it is heard."""
        for hub in hubs:
            self.entries[hub].watched, _ = resume(LeaseState.HELD, now_ms)


def _refusal(entry: Entry, lease: Lease) -> str:
    """Say why a signed letter is not taken; empty when it is."""
    now = entry.lives[-1:]
    if now == (lease.boot,) and lease.seq <= entry.seq:
        return f"replayed: letter {lease.seq} came after letter {entry.seq}"
    if not entry.challenge or lease.challenge != entry.challenge:
        return CHALLENGE
    if now != (lease.boot,) and lease.boot in entry.lives:
        return f"two hubs use the name {lease.hub}: give one of them another"
    return ""


def _answer(secret: bytes, lease: Lease, challenge: str, why: str = "") -> Answer:
    receipt = Receipt(lease.hub, lease.boot, lease.seq, not why, challenge, why)
    body = encode(receipt)
    status = _NOT_TAKEN if why else _OK
    return Answer(status, body, sign(secret, RECEIPT, body), why=why)
