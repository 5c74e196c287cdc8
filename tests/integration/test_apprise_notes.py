"""Notes go out through the real package at low priority only; nothing of it shows an address."""

import asyncio
import json
import logging
import sys

import pytest

from alerts.apprise_notes import AppriseNotes
from alerts.channel import Outcome, failed, sent
from alerts.condition import Priority
from alerts.message import Message
from simulators.services.exchange import Reply, Seen
from simulators.services.faults import Faults
from simulators.services.http import Service

# A plugin that apprise loads imports a module that Python itself has marked for removal.
pytestmark = [
    pytest.mark.integration,
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
]


class Anything:
    """Takes whatever comes."""

    def answer(self, seen: Seen, at_ms: int) -> Reply:
        """Answer."""
        del seen, at_ms
        return Reply(200)


def message(address: str, priority: Priority = Priority.LOW, mode: str = "real") -> Message:
    """Return a message."""
    return Message(
        delivery="d1",
        alarm="stock@5",
        contact="Ann",
        address=address,
        priority=priority,
        first_line="The cuff's battery is low.",
        mode=mode,
        link="https://hub.home/",
    )


async def send(notes: AppriseNotes, note: Message) -> Outcome:
    """Send one, and let its thread end."""
    outcome = await notes.send(note)
    for thread in notes._threads.alive():
        await asyncio.to_thread(thread.join, 10)
    return outcome


async def test_a_note_arrives_with_preview_and_link_only() -> None:
    """One address, one POST, no word of the patient or of the finding."""
    with Service(Anything()) as service:
        address = service.url.replace("http", "json")
        outcome = await send(AppriseNotes(), message(address, mode="demo"))
        came = [json.loads(seen.body) for seen in service.seen]
    assert (outcome, [(note["title"], note["message"]) for note in came]) == (
        sent("apprise says so"),
        [("Vigil", "DEMO - not a real alarm: Session needs you\nhttps://hub.home/")],
    )


@pytest.mark.parametrize("priority", [Priority.HIGH, Priority.MEDIUM])
async def test_what_anybody_waits_for_is_refused(priority: Priority) -> None:
    """It may be eleven seconds late without saying so."""
    assert await AppriseNotes().send(message("json://localhost", priority)) == failed(
        "apprise carries low priority only: it may be late without saying so"
    )


async def test_a_failure_has_a_name_and_no_log_has_the_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A server's error, a nameless scheme, two addresses in one."""
    caplog.set_level(logging.DEBUG)
    none = failed("the address is not exactly one apprise URL")
    with Service(Anything(), Faults(status=500)) as service:
        address = service.url.replace("http", "json")
        outcomes = [
            await send(AppriseNotes(), message(each))
            for each in (f"{address}/s3cret", "nope://s3cret", f"{address}/,{address}/s3cret")
        ]
    assert (outcomes, "s3cret" in caplog.text) == (
        [failed("apprise says failure"), none, none],
        False,
    )


async def test_a_service_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """And when too many hang, the next note is not begun."""
    monkeypatch.setattr("alerts.apprise_notes._MOST_THREADS", 1)
    with Service(Anything(), Faults(hang=True)) as service:
        notes = AppriseNotes(total_s=0.3)
        address = service.url.replace("http", "json")
        first = await notes.send(message(address))
        second = await notes.send(message(address))
    for thread in notes._threads.alive():
        await asyncio.to_thread(thread.join, 10)
    assert (first, second) == (
        failed("timed out"),
        failed("1 notes already wait for their services"),
    )


async def test_without_the_package_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The extra is optional."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert await send(AppriseNotes(), message("json://localhost")) == failed(
        "apprise is not installed: pip install 'vigil[apprise]'"
    )


async def test_a_mistake_of_our_own_is_raised_where_it_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A thread's error is not lost with the thread."""

    def broken(*_: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr("alerts.apprise_notes._notify", broken)
    with pytest.raises(ZeroDivisionError):
        await AppriseNotes().send(message("json://localhost"))


async def test_a_rehearsal_stays_at_home() -> None:
    """Also with a scheme whose host is not the one that is asked."""
    for address in ("json://pager.example", "mailto://localhost?smtp=mail.example.org"):
        outcome = await AppriseNotes().send(message(address, mode="demo"))
        assert outcome.reason.startswith("a demo session may not reach")
