"""What one session tells its screens: after the commit, what changed, and what was missed."""

from functools import partial
from typing import Any

import msgspec
import pytest

from alerts.condition import Priority
from alerts.signal import Pattern
from devices.observation import DeviceKind, DeviceReport, Mode, spo2_pct
from monitor.effects import Refused, Send, Sound, TestSound
from monitor.events import Reading, Tick
from monitor.feed_lines import lines_of
from monitor.feed_room import FeedRoom, State
from monitor.patient import Patient

ALEX = Patient("alex", "Alex")
REFUSED = Refused(at_ms=5, what="dose", reason="no")
LINE = {"effect": "Refused", "at_ms": 5, "what": "dose", "reason": "no"}


def state(n: int, **fields: Any) -> State:
    """A session's state after record `n`."""
    return {"at_ms": n * 1000, "record": n, "phase": "gate", **fields}


def told(message: bytes | None) -> Any:
    """A message as a client reads it."""
    return None if message is None else msgspec.json.decode(message)


def delta(seq: int, patch: dict[str, Any], lines: list[Any] | None = None) -> dict[str, Any]:
    """A delta as a client reads it."""
    return {
        "type": "delta",
        "session": "s1",
        "seq": seq,
        "at_ms": seq * 1000,
        "patch": patch,
        "lines": lines or [],
    }


def room_at(seq: int = 0) -> FeedRoom:
    """A room that somebody watches."""
    room = FeedRoom("s1", ALEX, seq)
    room.look(state(seq))
    return room


def step(room: FeedRoom, n: int, **fields: Any) -> Any:
    """Decide and commit record `n`; return what is told."""
    room.decided(n, Tick(at_ms=n * 1000), (), state(n, **fields))
    room.committed()
    return told(room.delta(None))


def test_nothing_is_told_before_its_commit() -> None:
    """Decided is not told; committed is, with what changed and nothing else."""
    room = room_at()
    room.decided(1, Tick(at_ms=1000), (REFUSED,), state(1, phase="onset"))
    before = (room.delta(None), room.settled, room.seq)
    room.committed()
    assert (before, told(room.delta(None)), room.settled) == (
        (None, False, 0),
        delta(1, {"at_ms": 1000, "record": 1, "phase": "onset"}, [LINE]),
        True,
    )


def test_what_is_committed_together_is_told_together() -> None:
    """One delta with the last number, the last values and all lines; the rest waits."""
    room = room_at()
    for n in (1, 2, 3):
        room.decided(n, Tick(at_ms=n * 1000), (REFUSED,), state(n, moaas=n))
    room.committed()
    room.committed()
    assert told(room.delta(None)) == delta(
        2, {"at_ms": 2000, "record": 2, "moaas": 2}, [LINE, LINE]
    )
    room.committed()
    assert told(room.delta(None)) == delta(3, {"at_ms": 3000, "record": 3, "moaas": 3}, [LINE])


def test_a_commit_too_many_is_no_harm() -> None:
    """A commit of before the room's time has no decision here."""
    room = room_at()
    room.committed()
    assert (room.delta(None), room.settled) == (None, True)


def test_who_was_away_hears_what_it_missed() -> None:
    """From any number that is at hand; from another one there is only a snapshot."""
    room = room_at()
    room.snapshot()
    for n in (1, 2, 3):
        step(room, n, moaas=n)
    missed = [told(message)["seq"] for message in room.since(1) or ()]
    assert (missed, room.since(3), room.since(0), room.since(4)) == ([2, 3], [], None, None)


def test_who_joins_while_things_happen_misses_nothing() -> None:
    """What was told while its snapshot was under way comes after it."""
    room = room_at()
    number = room.number
    step(room, 1)
    step(room, 2)
    after = [told(message)["seq"] for message in room.after(number) or ()]
    assert (after, room.after(room.number)) == ([1, 2], [])


def test_what_is_kept_is_bounded() -> None:
    """By count, and by bytes: then the oldest are dropped and their clients get a snapshot."""
    room = room_at()
    for n in range(1, 700):
        step(room, n)
    many = room.since(98), len(room.since(99) or ())
    room = room_at()
    for n in range(1, 11):
        step(room, n, text="x" * 20_000 + str(n))
    assert (
        many,
        room.since(5),
        len(room.since(6) or ()),
        room.after(5),
        len(room.after(6) or ()),
    ) == ((None, 600), None, 4, None, 4)


def test_what_changes_by_time_alone_is_told_with_the_last_number() -> None:
    """Only when something other than the time itself changed, and nothing is under way."""
    room = FeedRoom("s1", ALEX)
    nobody = room.passed(0, state(0))
    room.look(state(0, moaas=4))
    same = room.passed(9000, {**state(0, moaas=4), "at_ms": 9000, "record": 7})
    room.decided(1, Tick(at_ms=1000), (), state(1, moaas=4))
    busy = room.passed(9000, state(1, moaas=None))
    room.committed()
    room.delta(None)
    by_time = told(room.passed(9000, state(9, moaas=None)))
    assert (nobody, same, busy, by_time) == (
        None,
        None,
        None,
        delta(1, {"at_ms": 9000, "record": 9, "moaas": None}) | {"at_ms": 9000},
    )
    again = [told(message)["at_ms"] for message in room.since(1) or ()]
    assert again == [9000]


def test_a_dropped_change_by_time_is_not_passed_over() -> None:
    """Who has seen the record but maybe not the change after it gets a snapshot."""
    room = room_at()
    step(room, 1, text="x" * 60_000)
    room.passed(1500, state(1, text="y" * 60_000))
    step(room, 2, text="z" * 60_000)
    assert (room.since(1), room.since(2)) == (None, [])


def test_while_nobody_watches_no_state_is_needed() -> None:
    """Whoever comes then gets a snapshot, also with the number that they saw last."""
    room = room_at()
    step(room, 1)
    room.decided(2, Tick(at_ms=2000), (REFUSED,), None)
    room.committed()
    assert (room.delta(None), room.state, room.seq, room.since(1), room.since(2)) == (
        None,
        None,
        2,
        None,
        None,
    )
    with pytest.raises(ValueError, match="room s1 has no state: look at the session first"):
        room.snapshot()
    room.look(state(2))
    assert told(room.snapshot()) == {
        "type": "snapshot",
        "session": "s1",
        "seq": 2,
        "state": state(2),
        "history": {"bin_ms": 5000, "start_ms": 0}
        | {name: [] for name in ("spo2", "pulse", "bp", "alarms", "marks")},
        "lines": [LINE],
        "first_line": 0,
    }


def test_who_comes_between_a_decision_and_its_commit_hears_of_it() -> None:
    """The state is then made anew, and the next delta holds what changed since the snapshot."""
    room = FeedRoom("s1", ALEX)
    room.decided(1, Tick(at_ms=1000), (), None)
    room.look(state(1, moaas=4))
    room.committed()
    looked = told(room.delta(partial(state, 1, moaas=3)))
    assert looked == delta(1, {"moaas": 3})
    room.decided(2, Tick(at_ms=2000), (), None)
    room.committed()
    assert (room.delta(lambda: None), room.state) == (None, None)


def test_the_past_is_drawn_and_listed_and_told_to_nobody() -> None:
    """The last 200 lines of before the start are in the first snapshot."""
    room = FeedRoom("s1", ALEX, 300)
    report = DeviceReport(
        device="ox", kind=DeviceKind.OXIMETER, mode=Mode.TEST, observations=(spo2_pct(97),)
    )
    room.past(Reading(at_ms=0, report=report), ())
    for _ in range(205):
        room.past(Tick(at_ms=1), (REFUSED,))
    room.look(state(300))
    shown = told(room.snapshot())
    assert (shown["history"]["spo2"], shown["lines"], shown["seq"]) == ([9700], [LINE] * 200, 300)


def test_earlier_lines_are_told_when_they_are_asked_for() -> None:
    """Two hundred at a time back to the first that is kept; beyond it there are none."""
    room = FeedRoom("s1", ALEX)
    for n in range(450):
        room.past(Tick(at_ms=n), (Refused(at_ms=n, what="dose", reason="no"),))
    room.look(state(1))

    def asked(number: int) -> tuple[int, list[int]]:
        first, lines = room.lines_before(number)
        return first, [line["at_ms"] for line in lines]

    assert told(room.snapshot())["first_line"] == 250
    assert [asked(n) for n in (250, 50, 0, 9_999)] == [
        (50, list(range(50, 250))),
        (0, list(range(50))),
        (0, []),
        (250, list(range(250, 450))),
    ]
    assert len(room.all_lines()) == 450
    for n in range(450, 7_000):
        room.past(Tick(at_ms=n), (Refused(at_ms=n, what="dose", reason="no"),))
    assert (asked(1_000), asked(1_100)) == ((1_000, []), (1_000, list(range(1_000, 1_100))))


def test_lines_tell_no_address_and_no_sound() -> None:
    """Where a person is reached is the channel's business; what sounds is in the state."""
    send = Send(
        at_ms=1,
        delivery="d",
        alarm="a",
        contact="ann",
        way=0,
        channel="webhook",
        address="https://example.org/secret",
        priority=Priority.HIGH,
        rung="companion",
    )
    beeps = TestSound(at_ms=1, bursts=3)  # a number on a screen would prove no ear
    lines = lines_of(Tick(at_ms=1), [send, Sound(at_ms=1, pattern=Pattern.HIGH), beeps, REFUSED])
    assert ([line["effect"] for line in lines], lines[0]["address"]) == (["Send", "Refused"], "")
