"""The supervisor's own page: one HTTP POST to each person, when the hub cannot send any.

Each page has its own thread and its own bounds (2 s to connect and for each answer, 4 s in all), so
that one dead server delays nobody. The same guard as the hub's keeps a rehearsal at home. Standard
library only. It never decides whom to page, and never tries twice: the supervisor does.

    send_pages(pages, "watchdog@5", print, token=None)
"""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from http.client import HTTPException, HTTPMessage
from typing import IO, Final

from alerts.envelope import envelope
from alerts.guard import refusal
from alerts.heartbeat import Page

__all__ = ["send_pages"]

_STEP_S: Final = 2.0
_TOTAL_S: Final = 4.0
_REDIRECT: Final = 300


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
    pages: Sequence[Page], alarm: str, say: Callable[[str], None], token: str | None
) -> None:
    """Page everybody at once and return; what became of each page is told to `say` as a line.

    Args:
        pages: whom to page; channels other than `webhook` are told as a line only.
        alarm: names this failure; with the person's place in the list it is the delivery's name.
        say: takes one line; called from several threads.
        token: sent as a bearer token when there is one.
    """
    for place, page in enumerate(pages):
        why = refusal(page.mode, page.channel, page.url)
        if why is not None:
            say(f"did not page {page.contact}: {why}")
        elif page.channel == "webhook":
            arguments = (page, f"{alarm}/{place}", alarm, say, token)
            threading.Thread(target=_send, args=arguments, name="page", daemon=True).start()
        else:
            say(f"{page.contact}: the monitor has stopped, look at the patient now")


def _send(
    page: Page, delivery: str, alarm: str, say: Callable[[str], None], token: str | None
) -> None:
    # The library bounds each wait, not their sum: a watcher tells of a page that takes too long.
    done = threading.Event()
    started_s = time.monotonic()

    def watch() -> None:
        if not done.wait(_TOTAL_S):
            say(f"page to {page.contact} failed: no answer for {_TOTAL_S:g} s")

    threading.Thread(target=watch, name="page-watch", daemon=True).start()
    result = _post(page, delivery, alarm, token)
    done.set()
    if time.monotonic() - started_s < _TOTAL_S:
        say(f"page to {page.contact} {result}")


def _post(page: Page, delivery: str, alarm: str, token: str | None) -> str:
    headers = {"Content-Type": "application/json", "Idempotency-Key": delivery}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    body = json.dumps(envelope(delivery, alarm, page.mode, "high")).encode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
    try:
        if not page.url.startswith(("http://", "https://")):
            return f"failed: {page.url!r} is no http address"
        request = urllib.request.Request(page.url, body, headers)  # noqa: S310 - checked above
        with opener.open(request, timeout=_STEP_S) as answer:
            return "sent" if answer.status < _REDIRECT else f"failed: http {answer.status}"
    except urllib.error.HTTPError as error:
        error.close()
        return f"failed: http {error.code}"
    except (OSError, HTTPException, ValueError) as error:
        return f"failed: {error}"
