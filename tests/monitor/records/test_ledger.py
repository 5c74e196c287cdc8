"""The ledger shows every edit, writes a look once an hour, and knows what is lost."""

import pytest

from monitor.journal import GENESIS, ChainFault, JournalError, chain
from monitor.records.ledger import LOOK_MS, Ledger, Line, What, check_ledger, encode, is_again, read


def line(what: What, session: str = "s1", wall_ms: int = 5, by: str = "dr") -> Line:
    """One line of this session."""
    return Line(wall_ms=wall_ms, what=what, session=session, by=by)


def rows(*lines: Line) -> list[tuple[int, bytes, bytes]]:
    """What hub.db holds of these lines."""
    found, before = [], GENESIS
    for n, one in enumerate(lines, start=1):
        body = encode(one)
        before = chain(before, body)
        found.append((n, body, before))
    return found


def test_a_line_has_one_spelling_and_comes_back() -> None:
    """Defaults are left out; nonsense is refused."""
    one = line("deleted")
    assert (encode(one), read(encode(one))) == (
        b'{"wall_ms":5,"what":"deleted","session":"s1","by":"dr"}',
        one,
    )
    with pytest.raises(JournalError, match="is no line of a ledger"):
        read(b"\xff")


def test_every_edit_of_the_ledger_shows() -> None:
    """A line that was changed, taken out, or replaced by what is no bytes."""
    good = rows(line("opened"), line("closed"), line("deleted"))
    changed = [good[0], (2, encode(line("looked")), good[1][2]), good[2]]
    what = "its bytes do not fit its hash: it, or one before it, was changed"
    broken = [(1, "text", good[0][2])]
    assert [
        check_ledger(good),
        check_ledger(changed),
        check_ledger([good[0], good[2]]),
        check_ledger(broken),  # type: ignore[arg-type]
    ] == [
        None,
        ChainFault(2, what),
        ChainFault(2, "is missing: line 3 comes after line 1"),
        ChainFault(1, what),
    ]


@pytest.mark.parametrize(
    ("now", "before", "again"),
    [
        (line("looked"), [line("looked")], True),
        (line("looked", wall_ms=5 + LOOK_MS), [line("looked")], False),
        (line("looked"), [line("looked", by="ann")], False),
        (line("looked"), [], False),
        (line("deleted"), [line("deleted")], False),
        (line("looked", wall_ms=1), [line("looked")], False),
    ],
)
def test_a_look_is_written_once_an_hour(now: Line, before: list[Line], again: bool) -> None:
    """By person, session and way; everything else each time."""
    assert is_again(now, before) is again


def test_what_is_missing_was_deleted_or_is_lost() -> None:
    """A session that was restored or opened again is no longer deleted."""
    ledger = Ledger(
        [
            *(line("opened", name) for name in ("a", "b", "c", "d")),
            line("closed", "a"),
            line("deleted", "b"),
            line("deleted", "c"),
            line("restored", "c"),
            line("looked", "e"),
        ]
    )
    assert (ledger.lost(["d"]), ledger.ended, ledger.deleted) == (
        ["a", "c", "e"],
        {"a": line("closed", "a")},
        {"b": line("deleted", "b")},
    )
