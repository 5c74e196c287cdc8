"""Invitations as secrets: made from given random bytes, kept as hashes, matched in constant time.

A token is 256 random bits. Nobody can guess one, so its plain SHA-256 is enough: slow hashes and
salts protect words that people choose. The book holds no token, and an invitation's id tells
nothing of it. An invitation ends after at most 24 h by the wall clock, soon after its patient's
session, or when it is revoked. A wall clock that has fallen back (a small computer after a power
cut) makes an invitation last longer and locks nobody out.

This module draws no random number and reads no clock.

>>> book = TokenBook()
>>> invitation = Invitation("1f", digest("secret"), "ann", "Ann", Role.VIEWER, None, 0, 1_000)
>>> book.add(invitation, now_ms=0)
>>> book.match("secret", now_ms=10).person
'ann'
>>> book.match("secret", now_ms=1_000)
Traceback (most recent call last):
monitor.tokens.NotLetIn: this link has expired; ask for a new one
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from msgspec import Struct, structs

from alerts.contact import Role

__all__ = ["LONGEST_MS", "Invitation", "NotLetIn", "TokenBook", "digest", "token_text"]

LONGEST_MS = 24 * 3_600_000
"""No invitation lasts longer: 24 h."""

AFTER_SESSION_MS = 300_000
"""How long the pages may still show the end of a session: 5 min."""

TOKEN_BYTES = 32
_MOST = 500


class NotLetIn(PermissionError):  # noqa: N818 - what the person is told
    """The token opens nothing; the message says what to do and holds nothing of the token."""


class Invitation(Struct, frozen=True):
    """One person's right to connect. Times are wall-clock ms; `patient` None: every session.

    `sha256` is the hash of the token, in hexadecimal digits.
    """

    id: str
    sha256: str
    person: str
    name: str
    role: Role
    patient: str | None
    made_ms: int
    expires_ms: int


def token_text(random_bytes: bytes) -> str:
    """Return a token of 43 letters, digits, - and _ from 32 random bytes.

    Raises:
        ValueError: too few bytes to be safe without a slow hash.
    """
    if len(random_bytes) != TOKEN_BYTES:
        raise ValueError(f"a token is made of {TOKEN_BYTES} random bytes, not {len(random_bytes)}")
    return urlsafe_b64encode(random_bytes).rstrip(b"=").decode("ascii")


def digest(token: str) -> str:
    """Return what is kept of a token. Any text has a digest, also one that is no UTF-8."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class TokenBook:
    """All invitations, by id; at most 500, the dead ones first to go."""

    def __init__(self) -> None:
        self._book: dict[str, Invitation] = {}

    def add(self, invitation: Invitation, now_ms: int) -> None:
        """Keep an invitation.

        Raises:
            ValueError: the book is full of living ones, or it would last longer than 24 h.
        """
        if invitation.expires_ms - invitation.made_ms > LONGEST_MS:
            raise ValueError("an invitation lasts 24 hours at most")
        if len(self._book) >= _MOST:
            self._book = {one.id: one for one in self._book.values() if one.expires_ms > now_ms}
        if len(self._book) >= _MOST:
            raise ValueError(f"there are {_MOST} invitations; revoke one first")
        self._book[invitation.id] = invitation

    def match(self, token: str, now_ms: int) -> Invitation:
        """Return the invitation of a token. Every entry is compared, whichever it is.

        Raises:
            NotLetIn: no such token, or it has expired.
        """
        wanted = digest(token)
        found: Invitation | None = None
        for one in self._book.values():
            if hmac.compare_digest(one.sha256, wanted):
                found = one
        if found is None:
            raise NotLetIn("this link is not known here, or was revoked; ask for a new one")
        if found.expires_ms <= now_ms:
            raise NotLetIn("this link has expired; ask for a new one")
        return found

    def living(self, invitation_id: str, now_ms: int) -> bool:
        """Whether an invitation still counts."""
        one = self._book.get(invitation_id)
        return one is not None and one.expires_ms > now_ms

    def all(self) -> tuple[Invitation, ...]:
        """Return every invitation, dead ones included, in the order of their making."""
        return tuple(self._book.values())

    def remove(self, invitation_id: str) -> Invitation | None:
        """Revoke an invitation; None when there is none of this id."""
        return self._book.pop(invitation_id, None)

    def session_over(self, patient: str, now_ms: int) -> tuple[Invitation, ...]:
        """End what was for this patient alone, 5 min from now; return what has changed."""
        changed = tuple(
            structs.replace(one, expires_ms=now_ms + AFTER_SESSION_MS)
            for one in self._book.values()
            if one.patient == patient and one.expires_ms > now_ms + AFTER_SESSION_MS
        )
        self._book |= {one.id: one for one in changed}
        return changed
