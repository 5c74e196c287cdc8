"""The supervisor's own page: every person at once, each by one way after the other.

A way that fails starts the person's next way in the same instant, and the first that a service has
taken ends the turn. Taken is not heard: the supervisor pages again every 120 s until the hub beats,
and from the second turn on by all ways of everybody. Each
attempt has its own thread and its own bounds (2 s to connect and for each answer, 4 s in all), so
that one dead server delays nobody else. The same guard as the hub's keeps a rehearsal at home.
Standard library only. It never decides whom to page, and names no address and no secret.

    send_pages(pages, "watchdog@5", print, PageWays(settings, secrets, base))
"""

import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Final

from alerts.channel_settings import ChannelSettings
from alerts.email_smtp import Attempt
from alerts.guard import refusal
from alerts.heartbeat import Page
from alerts.http_wire import Request
from alerts.secret_file import SecretError, address_of
from alerts.stopped_page import mail_for, request_for, why_refused

__all__ = ["PageWays", "send_pages"]

_STEP_S: Final = 2.0
_TOTAL_S: Final = 4.0
_MAX_BODY_BYTES: Final = 64 * 1024
_AT_HOME: Final = frozenset({"console", "page"})

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class PageWays:
    """How to page: the services, their secrets by name, and the folder of `file:` addresses."""

    settings: ChannelSettings = field(default_factory=ChannelSettings)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    base: Path = Path()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could lead a rehearsal out of the house: it is a failure."""

    def redirect_request(
        self,
        req: urllib.request.Request,  # noqa: ARG002
        fp: IO[bytes],  # noqa: ARG002
        code: int,  # noqa: ARG002
        msg: str,  # noqa: ARG002
        headers: HTTPMessage,  # noqa: ARG002
        newurl: str,  # noqa: ARG002
    ) -> None:
        """Follow nothing."""
        return


def send_pages(
    pages: Sequence[Page], alarm: str, say: Say, ways: PageWays, *, by_all: bool = False
) -> None:
    """Page everybody and return at once; what became of each page is told to `say` as a line.

    Args:
        pages: the ways to people, of each person in order.
        alarm: names this failure; with a page's place in the list it is the delivery's name.
        say: takes one line; called from several threads.
        ways: the services.
        by_all: use every way of a person, also after one that was taken.
    """
    people: dict[tuple[str, str], list[tuple[str, Page]]] = {}
    for place, page in enumerate(pages):
        people.setdefault((page.contact, page.mode), []).append((f"{alarm}/{place}", page))
    for person in people.values():
        threading.Thread(
            target=_page_person, args=(person, say, ways, by_all), name="page", daemon=True
        ).start()


def _page_person(person: list[tuple[str, Page]], say: Say, ways: PageWays, by_all: bool) -> None:
    """Go through the ways of one person until a service has taken the page, or through all."""
    for delivery, page in person:
        if page.channel in _AT_HOME:
            # Whoever reads the terminal is told; it proves nothing, so the other ways follow.
            say(f"{page.contact}: the monitor has stopped, look at the patient now")
            continue
        why = _bounded(page, delivery, ways)
        if not why:
            say(f"page to {page.contact} by {page.channel} sent")
            if not by_all:
                return
        else:
            say(f"page to {page.contact} by {page.channel} failed: {why}")


def _bounded(page: Page, delivery: str, ways: PageWays) -> str:
    """Try one way for 4 s at most; return why the page was not taken, or nothing."""
    url = ways.settings.urls.get(page.channel)
    try:
        address = address_of(page.url, ways.base)
    except SecretError as error:
        return str(error)
    if why := refusal(page.mode, page.channel, address if url is None else url):
        return why
    told: list[str] = []

    def run() -> None:
        told.append(_try(page, address, delivery, ways))

    # The library bounds each wait, not their sum, and a name service not at all.
    attempt = threading.Thread(target=run, name="page-way", daemon=True)
    attempt.start()
    attempt.join(_TOTAL_S)
    return told[0] if told else f"no answer for {_TOTAL_S:g} s"


def _try(page: Page, address: str, delivery: str, ways: PageWays) -> str:
    try:
        if page.channel == "email":
            return _mail(page, address, delivery, ways)
        request = request_for(
            page.channel, address, page.mode, delivery, ways.settings, ways.secrets
        )
        return request if isinstance(request, str) else _ask(page.channel, request)
    except Exception as error:  # noqa: BLE001 - our bug in one way must not end the others
        return f"our bug: {type(error).__name__}"


def _mail(page: Page, address: str, delivery: str, ways: PageWays) -> str:
    mail = mail_for(address, page.mode, delivery, ways.settings, datetime.now(UTC))
    if isinstance(mail, str) or ways.settings.email is None:
        return str(mail)
    attempt = Attempt(ways.settings.email, ways.secrets.get("email", ""), _STEP_S)
    return attempt.send(address, mail)


def _ask(channel: str, request: Request) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
    try:
        asked = urllib.request.Request(  # noqa: S310 - http and https only, see `stopped_page`
            request.url, request.body or None, dict(request.headers), method=request.method
        )
        with opener.open(asked, timeout=_STEP_S) as answer:
            return why_refused(channel, answer.status, answer.read(_MAX_BODY_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            return why_refused(channel, error.code, error.read(_MAX_BODY_BYTES))
    except (HTTPException, ValueError):
        # Their words repeat the address, which may be a secret.
        return "bad address, or no HTTP"
    except OSError as error:
        return _why(error)


def _why(error: OSError) -> str:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        return "timed out"
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror
    return type(reason).__name__ if isinstance(reason, Exception) else "no connection"
