"""A watcher remembers the most advanced head of each record and notices one that went back."""

import msgspec
import pytest

from alerts.lease import is_signed, sign
from alerts.lease_book import Book
from alerts.record_heads import (
    ASK,
    TOLD,
    HeadBook,
    HeadsAsked,
    HeadsError,
    HeadsTold,
    RecordHead,
    mark_of,
    read_asked,
    read_told,
)
from tests.alerts_hub import SECRET, Hub

ONE, TWO = mark_of("s1"), mark_of("s2")


def test_a_record_may_only_grow() -> None:
    """The longest is kept; a shorter one and another hash are each said once."""
    book = HeadBook([RecordHead(ONE, 3, "aa")])
    said = [
        book.take([RecordHead(ONE, n, head), RecordHead(TWO, 1, "11")])
        for n, head in ((3, "aa"), (7, "bb"), (7, "cc"), (7, "cc"), (5, "dd"), (8, "ee"))
    ]
    assert said == [
        [],
        [],
        [f"its record {ONE} was changed: its record 7 has another hash than before"],
        [],
        [f"its record {ONE} is shorter than before: it had 7 records and has 5"],
        [],
    ]
    assert book.heads == {TWO: RecordHead(TWO, 1, "11"), ONE: RecordHead(ONE, 8, "ee")}


def test_the_newest_records_are_remembered() -> None:
    """A watcher's memory has an end: 512 records of a hub."""
    book = HeadBook()
    for number in range(600):
        book.take([RecordHead(f"{number:016x}", 1, "aa")])
    assert list(book.heads) == [f"{number:016x}" for number in range(88, 600)]


def test_a_session_is_told_by_a_mark() -> None:
    """Not by its name, and always by the same."""
    assert ("7e137d5406664a08", mark_of("s2")) == (ONE, TWO)


def test_what_is_no_letter_about_heads_is_refused() -> None:
    """With the reason."""
    for read, words in ((read_asked, "no question"), (read_told, "no answer")):
        with pytest.raises(HeadsError, match=words):
            read(b"\xff{")


def question(**fields: str) -> tuple[bytes, str]:
    """A signed question."""
    body = msgspec.json.encode(HeadsAsked(**({"hub": "home", "nonce": "0" * 16} | fields)))
    return body, sign(SECRET, ASK, body)


def test_the_hub_that_has_the_secret_may_ask() -> None:
    """The answer is signed, repeats the question's word and has every head that leases told."""
    book = Book({"home": SECRET, "cabin": b"x" * 16})
    hub = Hub(book)
    heads = (RecordHead(ONE, 3, "aa"),)
    hub.renew(0, heads=heads)
    answer = book.tell_heads("home", *question())
    assert (answer.status, is_signed(SECRET, TOLD, answer.body, answer.signature)) == (200, True)
    assert read_told(answer.body) == HeadsTold("home", "0" * 16, heads)
    again = Book({"home": SECRET})
    again.recall(book.kept(), 0)
    assert again.tell_heads("home", *question()).body == answer.body


def test_a_stranger_learns_nothing() -> None:
    """No such hub, another secret, nonsense, another hub's name."""
    book = Book({"home": SECRET})
    body, signature = question()
    other, other_signature = question(hub="cabin")
    nonsense = b"nonsense"
    answers = [
        book.tell_heads("barn", body, signature),
        book.tell_heads("home", body, "0" * 64),
        book.tell_heads("home", nonsense, sign(SECRET, ASK, nonsense)),
        book.tell_heads("home", other, other_signature),
    ]
    assert [(one.status, one.body, bool(one.why)) for one in answers] == [
        (403, b"", True),
        (403, b"", True),
        (400, b"", True),
        (403, b"", True),
    ]


def test_a_lease_with_a_record_that_went_back_is_taken_and_said() -> None:
    """Watching goes on; whoever keeps the watcher is told."""
    book = Book({"home": SECRET})
    hub = Hub(book)
    hub.renew(0, heads=(RecordHead(ONE, 3, "aa"),))
    answer = hub.renew(1, heads=(RecordHead(ONE, 2, "bb"),))
    words = f"its record {ONE} is shorter than before: it had 3 records and has 2"
    assert (answer.status, answer.faults) == (200, (words,))
