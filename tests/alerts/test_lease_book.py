"""Only a fresh letter of the right hub is taken, and what was open survives a restart."""

import pytest

from alerts.lease import LEASE, RECEIPT, Holding, Lease, decode_receipt, encode, is_signed
from alerts.lease import sign as signed
from alerts.lease_book import CHALLENGE, Answer, Book, BookError
from alerts.lease_table import Act, Answered, Ended, LeaseState
from tests.alerts_hub import OPEN, OTHER, SECRET, Hub


def a_book() -> Book:
    """A watcher of two hubs."""
    return Book({"home": SECRET, "cabin": OTHER})


def told(answer: Answer) -> tuple[int, str]:
    """Status and reason."""
    return answer.status, answer.why


def test_the_first_letter_proves_itself_and_the_second_is_taken() -> None:
    """The receipt is signed, names the letter, and holds the next challenge."""
    book = a_book()
    hub = Hub(book)
    first, second = hub.write(0), hub.write(1)
    receipt = decode_receipt(second.body)
    assert (told(first), told(second), second.opened) == ((409, CHALLENGE), (200, ""), True)
    assert is_signed(SECRET, RECEIPT, second.body, second.signature)
    assert (receipt.hub, receipt.boot, receipt.seq, receipt.taken) == ("home", "aaaaaaaa", 2, True)
    assert (hub.renew(10_000).opened, book.open) == (False, ["home"])


def test_a_forged_letter_gets_no_receipt() -> None:
    """Unknown hub, wrong secret, another hub's letter under this name, and signed nonsense."""
    book = a_book()
    hub = Hub(book)
    hub.renew(0)
    body = encode(Lease(hub="home", name="x", boot="aaaaaaaa", seq=9))
    tried = [
        book.take("nobody", body, signed(SECRET, LEASE, body), 0, "ff"),
        book.take("home", body, signed(OTHER, LEASE, body), 0, "ff"),
        book.take("home", body, signed(SECRET, RECEIPT, body), 0, "ff"),
        book.take("cabin", body, signed(OTHER, LEASE, body), 0, "ff"),
        book.take("home", b"{}", signed(SECRET, LEASE, b"{}"), 0, "ff"),
    ]
    assert [(one.status, one.body) for one in tried] == [
        (403, b""),
        (403, b""),
        (403, b""),
        (403, b""),
        (400, b""),
    ]
    assert tried[3].why == "a letter of home came under the name cabin"
    assert book.entries["home"].seq == 2


def test_a_letter_is_taken_once() -> None:
    """Sent again at once, later, or after a newer one, it renews nothing."""
    book = a_book()
    hub = Hub(book)
    hub.renew(0)
    old = hub.last
    again = hub.send(1)
    hub.renew(10_000)
    hub.last = old
    assert (told(again), told(hub.send(10_001))) == (
        (409, "replayed: letter 2 came after letter 2"),
        (409, "replayed: letter 2 came after letter 3"),
    )
    assert book.pass_time(40_000) == [("home", Act.PAGE), ("home", Act.SOUND)]


def test_a_letter_that_was_held_back_is_of_no_use_later() -> None:
    """It has a higher number, but not the challenge that came after it."""
    book = a_book()
    hub = Hub(book)
    hub.renew(0)
    body = encode(Lease(hub="home", name="x", boot="aaaaaaaa", seq=99, challenge=hub.challenge))
    kept = (body, signed(SECRET, LEASE, body))
    hub.renew(10_000)
    hub.last = kept
    assert told(hub.send(20_000)) == (409, CHALLENGE)


def test_a_letter_of_an_earlier_life_is_refused_and_a_twin_is_named() -> None:
    """A restarted hub takes over; the old letters are worth nothing, a second machine is told."""
    book = a_book()
    first, second = Hub(book), Hub(book, "bbbbbbbb")
    first.renew(0)
    caught = first.last
    assert told(second.renew(5_000)) == (200, "")
    first.last = caught
    assert told(first.send(6_000)) == (409, CHALLENGE)
    assert told(first.renew(7_000)) == (409, "two hubs use the name home: give one of them another")
    assert told(second.renew(8_000)) == (200, "")


def test_a_challenge_stands_until_it_is_answered() -> None:
    """Letters that a stranger sends again cannot push the living hub's challenge away."""
    book = a_book()
    hub, stranger = Hub(book), Hub(book)
    hub.write(0)
    stranger.last = hub.last
    stranger.send(1)
    assert told(hub.write(2)) == (200, "")


def test_a_goodbye_closes_the_lease() -> None:
    """A hub that stops in order is missed by nobody."""
    book = a_book()
    hub = Hub(book)
    hub.renew(0)
    answer = hub.write(1_000, Holding(), goodbye=True)
    assert (answer.status, answer.opened, book.open, book.pass_time(10**9)) == (200, True, [], [])


def test_people_end_what_time_began() -> None:
    """An answer by name, then the owner's end; the siren follows what stands."""
    book = a_book()
    Hub(book).renew(0)
    heard = [book.sounding]
    book.pass_time(30_000)
    heard.append(book.sounding)
    entry = book.entries["home"]
    entry.alarm, entry.turn = "watch:home@5", 1
    assert book.tell("home", 31_000, Answered("Dr Lee")) == (Act.QUIET,)
    heard.append(book.sounding)
    assert (heard, entry.watched.by, entry.alarm) == (
        [False, True, False],
        "Dr Lee",
        "watch:home@5",
    )
    assert book.tell("home", 32_000, Ended("Ann")) == ()
    assert (entry.watched.state, entry.alarm, entry.turn) == (LeaseState.CLOSED, "", 0)


def test_what_was_open_is_open_after_a_restart_and_asks_for_proof() -> None:
    """People, alarm and turn are kept; no letter of before is taken; the grace runs from now."""
    book = a_book()
    hub = Hub(book)
    hub.renew(0)
    book.pass_time(30_000)
    book.entries["home"].alarm, book.entries["home"].turn = "watch:home@5", 2
    again = a_book()
    assert again.recall(book.kept(), 100) == []
    entry = again.entries["home"]
    kept = (entry.watched.state, entry.alarm, entry.turn, entry.lease and entry.lease.holding)
    assert kept == (LeaseState.LAPSED, "watch:home@5", 2, OPEN)
    caught = hub.last
    hub.book = again
    assert told(hub.send(200)) == (409, CHALLENGE)
    assert told(hub.renew(300)) == (200, "")
    assert (entry.watched.state, entry.alarm, entry.turn) == (LeaseState.HELD, "", 0)
    assert caught != hub.last


def test_an_open_hub_that_is_in_the_settings_no_more_is_named() -> None:
    """A closed one is forgotten."""
    book = a_book()
    Hub(book).renew(0)
    assert Book({"cabin": OTHER}).recall(book.kept(), 0) == ["home"]
    assert Book({"home": SECRET}).recall(book.kept(), 0) == []


@pytest.mark.parametrize("kept", [b"", b"{}", b'[{"hub":"\xff"}]'])
def test_what_cannot_be_read_counts_as_open(kept: bytes) -> None:
    """Not knowing is never read as nobody watched."""
    book = a_book()
    with pytest.raises(BookError):
        book.recall(kept, 0)
    book.suspect(["home"], 0)
    assert (book.open, book.pass_time(30_000)) == (
        ["home"],
        [("home", Act.PAGE), ("home", Act.SOUND)],
    )
