"""Who sees a session is on its record once an hour, and changes nothing in it."""

from types import SimpleNamespace
from typing import Any

from alerts.contact import Role
from monitor.engine import Engine
from monitor.events import RecordLooked
from monitor.feed_looks import AGAIN_MS, Looks
from tests.sessions import flat, play, run


def test_a_person_s_look_at_a_session_is_written_once_an_hour() -> None:
    """A page that is opened again is the same look; another person or session is another."""
    looks = Looks()
    times = [
        looks.event(session, by, Role.VIEWER, at_ms) is not None
        for session, by, at_ms in (
            ("s1", "vi", 0),
            ("s1", "vi", AGAIN_MS - 1),
            ("s1", "dr", AGAIN_MS - 1),
            ("s2", "vi", AGAIN_MS - 1),
            ("s1", "vi", AGAIN_MS),
        )
    ]
    assert times == [True, False, True, True, True]


def test_the_hub_is_told_of_a_first_look() -> None:
    """With the time at which it takes it."""
    told: list[tuple[str, RecordLooked]] = []
    who: Any = SimpleNamespace(person="vi", role=Role.VIEWER)
    looks = Looks()
    for now_ms in (5, 6):
        looks.tell(who, "s1", now_ms, lambda session, make: told.append((session, make(9))))
    assert told == [("s1", RecordLooked(at_ms=9, by="vi", as_role=Role.VIEWER, how="feed"))]


def test_the_memory_of_looks_has_an_end() -> None:
    """The oldest is forgotten, and written down once more."""
    looks = Looks()
    for number in range(4_097):
        looks.event("s1", f"p{number}", Role.VIEWER, 0)
    again = [looks.event("s1", name, Role.VIEWER, 1) is not None for name in ("p0", "p4096")]
    assert again == [True, False]


def test_a_look_changes_no_decision() -> None:
    """Put after every event, also by a companion who is gone: the same effects, to the byte."""
    events = play([("dosed", 20), ("stretch", 30, 1000, 85, 70, 31, None)])
    looked = []
    for event in events:
        looked.append(event)
        looked.append(RecordLooked(at_ms=event.at_ms, by="ann", as_role=Role.COMPANION, how="feed"))
    plain, with_looks = Engine(), Engine()
    assert flat(run(with_looks, looked)) == flat(run(plain, events))
    assert with_looks.next_deadline() == plain.next_deadline()
