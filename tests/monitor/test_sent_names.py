"""A message keeps its name outside, and news of it finds its session, also after a restart."""

from alerts.contact import Role
from monitor.engine import Engine
from monitor.events import HelpCalled
from monitor.sent_names import KEEP, SentName, SentNames
from monitor.ward import Bed
from tests.sessions import opened


def bed() -> Bed:
    """A session in which help was called: two people are told at once."""
    engine, first = Engine(), opened()
    engine.handle(first)
    engine.handle(HelpCalled(at_ms=1_000, by="ann", role=Role.COMPANION))
    return Bed(engine, first)


def test_two_sessions_with_one_name_are_told_apart() -> None:
    """The first keeps it, the second has its session behind it; each is found again."""
    names = SentNames({})
    given = [
        names.give("s1", "d", "sms"),
        names.give("s2", "d", "voice"),
        names.give("s1", "d", "sms"),
    ]
    assert given == ["d", "d~s2", "d"]
    assert [names.of("s1", "d"), names.of("s2", "d"), names.of("", "e")] == ["d", "d~s2", "e"]
    assert [names.find(name) for name in ("d", "d~s2", "e")] == [
        SentName("s1", "d", "sms"),
        SentName("s2", "d", "voice"),
        None,
    ]


def test_after_a_restart_a_name_is_found_in_the_post_of_its_session() -> None:
    """Plain or with its session behind it; a session that is over has none."""
    one = bed()
    delivery, kept = next(iter(one.engine.alarms.post.deliveries.items()))
    names = SentNames({"s1": one})
    wanted = SentName("s1", delivery, kept.channel)
    assert [names.find(delivery), names.find(f"{delivery}~s1"), names.find(f"{delivery}~s9")] == [
        wanted,
        wanted,
        None,
    ]


def test_the_oldest_names_are_forgotten_first() -> None:
    """Memory is bounded."""
    names = SentNames({})
    for number in range(KEEP + 1):
        names.give("s1", f"d{number}", "sms")
    assert [names.find("d0"), names.find("d1")] == [None, SentName("s1", "d1", "sms")]
