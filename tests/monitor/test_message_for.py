"""A message has the card's line, its marks, its person, and a link that names no patient."""

from alerts.condition import Priority
from alerts.contact import Contact, Role, Way
from alerts.effects import Send, Speak
from alerts.message import Message
from devices.notice import Thing
from monitor.engine import Engine
from monitor.events import HelpCalled, Noticed
from monitor.message_for import message_for, spoken_line
from monitor.ward import Bed
from tests.sessions import opened
from tests.words import ENGLISH


def bed() -> Bed:
    """A session in which help was called."""
    engine, first = Engine(), opened()
    engine.handle(first)
    engine.handle(HelpCalled(at_ms=1_000, by="ann", role=Role.COMPANION))
    return Bed(engine, first)


def send(alarm: str, contact: str) -> Send:
    """A second attempt, decided late, that may be a repeat."""
    return Send(
        at_ms=2_000,
        delivery=f"{alarm}/{contact}/0@1000",
        alarm=alarm,
        contact=contact,
        way=0,
        channel="webhook",
        address="http://127.0.0.1/d",
        priority=Priority.HIGH,
        rung="physician",
        attempt=2,
        late=True,
        may_repeat=True,
        purpose="callback",
    )


def test_only_a_physician_is_told_the_name_of_a_private_row() -> None:
    """SI-2: the card's line says nothing of it; the companion's message is that line alone."""
    one = bed()
    what = Thing.INTENT
    one.engine.handle(Noticed(at_ms=1_500, by="ann", role=Role.COMPANION, what=what))
    told = [message_for(one, send("stay@1500", who), ENGLISH) for who in ("ann", "dr", "bo")]
    line = "Please stay with Alex. Do not leave them alone."
    assert [one.first_line for one in told] == [line, f"{line} (SI-2)", f"{line} (SI-2)"]
    assert [one.private for one in told] == [True, True, True]


def test_a_message_says_what_the_alarm_is_now_and_to_whom() -> None:
    """The link is the page of the person's role."""
    assert message_for(bed(), send("panic@1000", "dr"), ENGLISH, "https://hub.home") == Message(
        delivery="panic@1000/dr/0@1000",
        alarm="panic@1000",
        contact="Dr Berg",
        address="http://127.0.0.1/d",
        priority=Priority.HIGH,
        first_line="Somebody called for help. Go to Alex now.",
        mode="test",
        late=True,
        may_repeat=True,
        attempt=2,
        link="https://hub.home/",
        person="dr",
        session="s1",
        purpose="callback",
    )


def test_without_an_address_of_the_hub_there_is_no_link() -> None:
    """The companion's page has an address of its own when there is one."""
    one = bed()
    assert [
        message_for(one, send("panic@1000", "ann"), ENGLISH).link,
        message_for(one, send("panic@1000", "ann"), ENGLISH, "https://hub.home/").link,
    ] == ["", "https://hub.home/companion.html"]


def test_an_alarm_that_is_over_and_a_person_who_is_gone_keep_their_names() -> None:
    """The family's line, the id of a person whom nobody knows any more, the wall's page."""
    got = message_for(bed(), send("oxygen@5", "gone"), ENGLISH, "https://hub.home")
    assert (got.contact, got.first_line, got.link) == (
        "gone",
        message_for(bed(), send("oxygen@5", "dr"), ENGLISH).first_line,
        "https://hub.home/",
    )


def test_who_is_on_call_now_is_called_by_name() -> None:
    """Somebody who came with a hand-over stands in no patient's file."""
    one = bed()
    new = Contact("kim", Role.PHYSICIAN, "Dr Kim", (Way("console"),))
    one.engine.alarms.post.contacts = (*one.engine.alarms.post.contacts, new)
    assert message_for(one, send("panic@1000", "kim"), ENGLISH).contact == "Dr Kim"


def test_a_spoken_line_is_the_cards_with_its_mark_and_whom_to_call() -> None:
    """The number is said once; without the order to call it is not."""
    one = bed()
    lines = [
        spoken_line(one, Speak(at_ms=5, alarm="panic@1000", row="PANIC", call=call), ENGLISH)
        for call in (True, False)
    ]
    line = "TEST - not a real alarm: Somebody called for help. Go to Alex now."
    assert lines == [f"{line} Call 112 now.", line]


def test_a_line_that_names_the_number_does_not_repeat_it() -> None:
    """An alarm that is over keeps its row's line."""
    said = spoken_line(
        bed(), Speak(at_ms=5, alarm="breathing@5", row="RR-NONE", call=True), ENGLISH
    )
    assert said.count("112") == 1
