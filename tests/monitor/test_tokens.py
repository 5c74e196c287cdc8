"""Invitations: what is kept of a token, when one ends, and how full the book may be."""

import hashlib

import msgspec
import pytest

from alerts.contact import Role
from monitor.tokens import LONGEST_MS, Invitation, NotLetIn, TokenBook, digest, token_text

TOKEN = token_text(bytes(range(32)))


def invitation(
    name: str, token: str, *, patient: str | None = None, ends: int = 1000
) -> Invitation:
    """One invitation, made at 0."""
    return Invitation(name, digest(token), "ann", "Ann", Role.COMPANION, patient, 0, ends)


def refusal(book: TokenBook, token: str, now_ms: int) -> str:
    """Why a token is refused."""
    with pytest.raises(NotLetIn) as caught:
        book.match(token, now_ms)
    return str(caught.value)


def test_a_token_is_43_characters_of_32_random_bytes() -> None:
    """It fits a web address without escapes, and other sizes are refused."""
    assert TOKEN == "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
    with pytest.raises(ValueError, match="32 random bytes, not 16"):
        token_text(bytes(16))


def test_only_the_hash_is_kept() -> None:
    """What is written down of an invitation holds nothing of its token."""
    kept = msgspec.json.encode(invitation("1f", TOKEN))
    assert (digest(TOKEN), TOKEN.encode() in kept) == (
        hashlib.sha256(TOKEN.encode()).hexdigest(),
        False,
    )


def test_any_text_can_be_asked_for() -> None:
    """Half of a UTF-16 pair, an emoji, nothing: each is refused like any wrong token."""
    book = TokenBook()
    book.add(invitation("1f", TOKEN), 0)
    wanted = "this link is not known here, or was revoked; ask for a new one"
    assert {refusal(book, text, 0) for text in ("", "\ud83d", "🙂", TOKEN[:-1])} == {wanted}


def test_a_token_counts_until_its_end_and_not_after_a_revocation() -> None:
    """The last millisecond counts; then it has expired; a revoked one is not known."""
    book = TokenBook()
    one = invitation("1f", TOKEN)
    book.add(one, 0)
    assert (book.match(TOKEN, 999), book.living("1f", 999), book.living("1f", 1000)) == (
        one,
        True,
        False,
    )
    assert refusal(book, TOKEN, 1000) == "this link has expired; ask for a new one"
    assert (book.remove("1f"), book.remove("1f"), book.living("1f", 0)) == (one, None, False)
    assert "revoked" in refusal(book, TOKEN, 0)


def test_a_clock_that_fell_back_locks_nobody_out() -> None:
    """Before its making, an invitation counts: a hub without a battery clock wakes in the past."""
    book = TokenBook()
    one = invitation("1f", TOKEN)
    book.add(one, 0)
    assert book.match(TOKEN, -5_000_000) == one


def test_nothing_lasts_longer_than_a_day() -> None:
    """24 h are taken, a millisecond more is not."""
    book = TokenBook()
    book.add(invitation("a", "a", ends=LONGEST_MS), 0)
    with pytest.raises(ValueError, match="24 hours at most"):
        book.add(invitation("b", "b", ends=LONGEST_MS + 1), 0)
    assert [one.id for one in book.all()] == ["a"]


def test_the_end_of_a_session_ends_what_was_for_its_patient() -> None:
    """Five minutes remain to see the end; other patients' and everybody's links stay."""
    book = TokenBook()
    ends = 9_000_000
    for name, patient in (("a", "alex"), ("b", "sam"), ("c", None)):
        book.add(invitation(name, name, patient=patient, ends=ends), 0)
    book.add(invitation("d", "d", patient="alex", ends=310_000), 0)
    changed = book.session_over("alex", 10_000)
    assert [one.id for one in changed] == ["a"]
    assert [(one.id, one.expires_ms) for one in book.all()] == [
        ("a", 310_000),
        ("b", ends),
        ("c", ends),
        ("d", 310_000),
    ]


def test_the_book_is_bounded_and_the_dead_go_first() -> None:
    """500 living ones fill it; as soon as one has expired there is room again."""
    book = TokenBook()
    for number in range(500):
        book.add(invitation(str(number), str(number), ends=1000 + number), 0)
    with pytest.raises(ValueError, match="500 invitations; revoke one first"):
        book.add(invitation("x", "x", ends=5000), 999)
    book.add(invitation("y", "y", ends=5000), 1000)
    assert (len(book.all()), book.all()[-1].id) == (500, "y")
