"""The supervisor's own page goes out by every way that the hub has, to fakes of the services."""

import threading
import time
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from alerts import pager as pager_module
from alerts.channel_settings import ChannelSettings
from alerts.heartbeat import Page
from alerts.pager import PageWays, send_pages
from simulators.services.faults import Faults
from simulators.services.mail import FakeMail
from simulators.services.ntfy import FakeNtfy
from simulators.services.ntfy_server import TOKEN as NTFY_TOKEN
from simulators.services.pagerduty import FakePagerDuty
from simulators.services.pagerduty_account import ROUTING_KEY
from simulators.services.twilio import FakeTwilio
from simulators.services.twilio_account import TOKEN as TWILIO_TOKEN
from simulators.services.twilio_people import Person
from tests.integration.hub_house import free_port
from tests.integration.hub_house import pager as web_pager
from tests.integration.waiting import eventually

pytestmark = pytest.mark.integration

STOPPED = "TEST - not a real alarm: The monitor has stopped. Look at the patient now."
TEXT = f"{STOPPED} No answer is heard."
NUMBER = "+15550111"


def paged(pages: list[Page], ways: PageWays, lines: int, *, by_all: bool = False) -> list[str]:
    """Page, and return what was said once there are so many lines."""
    said: list[str] = []
    send_pages(pages, "watchdog@5", said.append, ways, by_all=by_all)
    eventually(lambda: len(said) == lines)
    # A page thread that goes on would page somebody of another test.
    eventually(lambda: not [t for t in threading.enumerate() if t.name in ("page", "page-way")])
    assert len(said) == lines
    return said


def page(channel: str, address: str = "", contact: str = "Ann", mode: str = "test") -> Page:
    """One way to one person."""
    return Page(contact, channel, address, mode)


def test_a_page_goes_out_by_ntfy_with_its_words_and_without_buttons(tmp_path: Path) -> None:
    """The topic comes from a file and is never said."""
    (tmp_path / "topic").write_text("ann-7f3")
    with FakeNtfy(people=("ignore",)) as service:
        ways = PageWays(ChannelSettings(ntfy=service.settings()), {"ntfy": NTFY_TOKEN}, tmp_path)
        said = paged([page("ntfy", "file:topic")], ways, 1)
        phone = service.server.phone("ann-7f3")
    assert said == ["page to Ann by ntfy sent"]
    assert [(note["message"], note["priority"], note.get("actions")) for note in phone] == [
        (TEXT, 5, None)
    ]


def test_a_page_goes_out_as_text_and_as_a_call_that_says_it_twice() -> None:
    """No key is asked for: nobody could hear it."""
    with FakeTwilio(people={NUMBER: Person(voice=("none",), sms=("",))}) as service:
        ways = PageWays(ChannelSettings(twilio=service.settings()), {"twilio": TWILIO_TOKEN})
        said = paged([page("sms", NUMBER), page("voice", NUMBER)], ways, 2, by_all=True)
        bodies = [seen.form() for seen in service.seen]
    assert said == ["page to Ann by sms sent", "page to Ann by voice sent"]
    assert [bodies[0]["Body"], bodies[1]["Twiml"]] == [
        TEXT,
        f"<Response><Say>{TEXT} {TEXT}</Say></Response>",
    ]


def test_a_page_goes_out_by_pagerduty_and_by_mail() -> None:
    """One incident of severity critical, one mail."""
    with FakePagerDuty(people=("ignore",)) as duty, FakeMail() as mail:
        settings = ChannelSettings(pagerduty=duty.settings(), email=mail.settings())
        pages = [page("pagerduty", ROUTING_KEY), page("email", "ann@example.org")]
        said = paged(pages, PageWays(settings), 2, by_all=True)
        events = [alert.event["payload"] for alert in duty.account.alerts]
        mails = [
            (one.to, message_from_bytes(one.content, policy=SMTP)["Subject"]) for one in mail.mails
        ]
    assert (said, [(event["summary"], event["severity"]) for event in events], mails) == (
        ["page to Ann by pagerduty sent", "page to Ann by email sent"],
        [(TEXT, "critical")],
        [(("ann@example.org",), TEXT)],
    )


def test_a_way_that_fails_starts_the_next_at_once_and_the_first_taken_ends_the_turn() -> None:
    """A dead web server, then a text; the call after it is not placed in the first turn."""
    with FakeTwilio(people={NUMBER: Person(sms=("",))}) as service:
        ways = PageWays(ChannelSettings(twilio=service.settings()), {"twilio": TWILIO_TOKEN})
        dead = f"http://127.0.0.1:{free_port()}/"
        start_s = time.monotonic()
        said = paged([page("webhook", dead), page("sms", NUMBER), page("voice", NUMBER)], ways, 2)
        took_s = time.monotonic() - start_s
        assert (said, len(service.seen), took_s < 1) == (
            ["page to Ann by webhook failed: Connection refused", "page to Ann by sms sent"],
            1,
            True,
        )


def test_one_dead_service_delays_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that never answers has its own 4 s; the other person is paged meanwhile."""
    monkeypatch.setattr(pager_module, "_TOTAL_S", 1.0)
    with FakeNtfy(Faults(hang=True)) as service, web_pager() as web:
        ways = PageWays(ChannelSettings(ntfy=service.settings()))
        pages = [
            page("ntfy", "ann"),
            page("webhook", web.url, "Ben"),
            page("webhook", web.url),
        ]
        start_s = time.monotonic()
        said = paged(pages, ways, 3)
    assert said == [
        "page to Ben by webhook sent",
        "page to Ann by ntfy failed: no answer for 1 s",
        "page to Ann by webhook sent",
    ]
    assert [(at_s - start_s < 0.9, body["text"]) for at_s, body in web.got] == [
        (True, "TEST - not a real alarm: Session needs you"),
        (False, "TEST - not a real alarm: Session needs you"),
    ]


def test_what_cannot_be_paged_has_a_reason_that_names_no_address() -> None:
    """Refused by the mode, not set up, wrong addresses, a service that says no."""
    with FakeTwilio() as twilio, FakeNtfy() as ntfy:
        settings = ChannelSettings(twilio=twilio.settings(), ntfy=ntfy.settings())
        pages = [
            page("webhook", "https://pager.example/secret"),
            page("pagerduty", "x"),
            page("ntfy", "no topic"),
            page("sms", "0155"),
            page("voice", NUMBER),
            page("console"),
            *(page(channel, "x", "Ben", "real") for channel in ("email", "apprise", "pagerduty")),
        ]
        said = paged(pages, PageWays(settings, {"twilio": "wrong"}), 9)
        twilio.take_unexpected()
    home = "only this hub itself and loopback"
    assert [line for line in said if "Ann" in line] == [
        *(
            f"page to Ann by {channel} failed: {why}"
            for channel, why in (
                (
                    "webhook",
                    f"a test session may not reach pager.example by webhook: {home}",
                ),
                ("pagerduty", f"a test session may not reach anybody by pagerduty: {home}"),
                ("ntfy", "the address is no topic: use 1 to 64 letters, digits, - and _"),
                (
                    "sms",
                    (
                        "the address is no E.164 number: write + and country code, then digits"
                        " only, such as +15550100"
                    ),
                ),
                ("voice", "http 401: twilio error 20003"),
            )
        ),
        "Ann: the monitor has stopped, look at the patient now",
    ]
    assert [line for line in said if "Ben" in line] == [
        f"page to Ben by {channel} failed: {channel} is not set up"
        for channel in ("email", "apprise", "pagerduty")
    ]
