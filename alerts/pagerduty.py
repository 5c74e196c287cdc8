"""PagerDuty: one page is one incident, which PagerDuty's own people and timers carry further.

What is proved: SENT means that PagerDuty took the event, not that anybody was told. With a token of
the REST API (`secret`) the hub asks who acknowledged the incident, and that is the person's answer,
with the name that PagerDuty has for them in the detail; without a token this way proves SENT only.
There is no "I cannot" in PagerDuty. An incident that a person resolves without acknowledging it is
FAILED, because nobody has taken anything. The service honours our key, so that a repeat of a page
after a restart or by the ladder's retry rings nobody twice; each new step of the ladder has a key
of its own, because a page under the key of an acknowledged incident would be silent. An answered
page is resolved at once: its work is done, and no timer of PagerDuty may ring for it later. An
answer to a page from before a restart is not seen; the hub's pages after it are new ones.

    pages = PagerDuty(PagerDutySettings(), rest_token, on_news)
    outcome = await pages.send(message)     # message.address is the routing key: SENT, or FAILED
    await pages.run()                       # asks until cancelled
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import structlog

from alerts.asking import Asking, now_ms
from alerts.channel import News, OnNews, Outcome, failed, sent
from alerts.delivery import DeliveryState, Verdict
from alerts.guard import refusal
from alerts.http_way import CONNECT_S, TOTAL_S, HttpWay
from alerts.message import Message
from alerts.pagerduty_wire import (
    Incident,
    Page,
    PagerDutySettings,
    find_incident,
    key_fault,
    page_key,
    read_incident,
    resolve,
    trigger,
    why_refused,
)

__all__ = ["KEPT", "PagerDuty"]

KEPT: Final = 500
"""So many pages are remembered, the oldest forgotten first."""

# After this long nobody waits for an answer any more, and between questions about an older page.
_FOLLOWED_MS: Final = 3_600_000
_FRESH_MS: Final = 300_000
_OK: Final = 200
# Failures after which the service may have taken the event all the same.
_PERHAPS_OUT: Final = ("timed out", "connection lost")

log = structlog.get_logger("vigil.pagerduty")


@dataclass(slots=True)
class _Sent:
    delivery: str
    routing_key: str
    key: str
    at_ms: int
    open: bool = True
    unresolved: bool = False


class PagerDuty(Asking):
    """A channel to the services of one PagerDuty account.

    Args:
        settings: the service region.
        secret: a read-only token of the REST API; empty for none.
        on_news: told who acknowledged.
        total_s: time for one request.
    """

    name: Final = "pagerduty"

    def __init__(
        self,
        settings: PagerDutySettings,
        secret: str,
        on_news: OnNews,
        total_s: float = TOTAL_S,
    ) -> None:
        why_not = "not asked yet" if secret else "no REST token"
        super().__init__(self.name, settings.poll_ms, why_not, _FRESH_MS)
        self._settings, self._token, self._on_news = settings, secret, on_news
        self._http = HttpWay(min(CONNECT_S, total_s), total_s)
        self._pages: OrderedDict[str, _Sent] = OrderedDict()
        self._keys: OrderedDict[str, str] = OrderedDict()

    async def close(self) -> None:
        """Close all connections."""
        await self._http.close()

    async def send(self, message: Message) -> Outcome:
        """Open the incident; never raises for what the network or the service does."""
        for url in (self._settings.base_url, self._settings.rest_url):
            if why := refusal(message.mode, self.name, url):
                return failed(why)
        if fault := key_fault(message.address):
            return failed(f"the address {fault}")
        key = self._key(message)
        text, link = message.preview, message.link
        page = Page(message.address, key, text, message.priority.value, link)
        # Remembered before it is out: a request that was given up may have rung all the same.
        self._pages[message.delivery] = _Sent(message.delivery, message.address, key, now_ms())
        _bound(self._pages)
        reply = await self._http.ask(trigger(self._settings, page))
        if why := reply.why or why_refused(reply.status, reply.body):
            if not why.startswith(_PERHAPS_OUT):
                self._pages.pop(message.delivery, None)
            return failed(why)
        self.wake.set()
        return sent("taken by PagerDuty")

    async def cancel(self, delivery: str) -> None:
        """Resolve the incident, so that PagerDuty tells nobody any more; `run` tries again."""
        page = self._pages.get(delivery)
        if page is not None and page.open:
            await self._close(page)

    async def run(self) -> None:
        """Ask who has acknowledged, and resolve what could not be resolved, until cancelled.

        Without a token nothing is asked.
        """
        while True:
            at_ms = now_ms()
            fresh = [p for p in self._pages.values() if at_ms - p.at_ms < _FOLLOWED_MS]
            for page in [page for page in fresh if page.unresolved]:
                await self._close(page)
            # A page and its retries are one incident, which answers the first of them.
            asked = {p.key: p for p in reversed(fresh) if p.open and self._token}
            pages = list(asked.values())
            whys = await asyncio.gather(*map(self._ask_after, pages))
            if pages:
                self.heard(next(filter(None, whys), ""))
            waiting = [page for page in fresh if page.unresolved or page in pages]
            await self.rest(min((at_ms - page.at_ms for page in waiting), default=None))

    def _key(self, message: Message) -> str:
        """Return the key of a page; a retry has that of the first attempt by the same way."""
        page = f"{message.session}\0{message.delivery}"
        by_this_way = page.rpartition("@")[0]
        if message.attempt == 1 or by_this_way not in self._keys:
            self._keys[by_this_way] = page_key(page)
            _bound(self._keys)
        return self._keys[by_this_way]

    async def _ask_after(self, page: _Sent) -> str:
        """Ask for one page, tell what is new; return why it could not be asked for."""
        reply = await self._http.ask(find_incident(self._settings, self._token, page.key))
        if reply.why or reply.status != _OK:
            return reply.why or f"http {reply.status}"
        try:
            incident = read_incident(reply.body)
        except ValueError:
            return "the service's answer could not be read"
        news = _news(page, incident)
        if news is not None and page.open:
            self._on_news(news)
            if news.verdict is None:
                page.open = False
            else:
                await self._close(page)
        return ""

    async def _close(self, page: _Sent) -> None:
        # Pages with one key are one incident: the retries of a page are closed with it.
        for other in self._pages.values():
            other.open = other.open and other.key != page.key
        reply = await self._http.ask(resolve(self._settings, page.routing_key, page.key))
        why = reply.why or why_refused(reply.status, reply.body)
        if why and not page.unresolved:
            log.warning("an incident could not be resolved", delivery=page.delivery, why=why)
            self.wake.set()
        page.unresolved = bool(why)


def _news(page: _Sent, incident: Incident | None) -> News | None:
    """Return what an incident says of its page; one that nobody has touched says nothing."""
    if incident is None or not incident.by:
        return None
    if incident.status == "acknowledged":
        detail = f"acknowledged in PagerDuty by {incident.by}"
        return News(page.delivery, DeliveryState.ANSWERED, detail, Verdict.ACCEPT)
    detail = f"resolved in PagerDuty by {incident.by} without being acknowledged"
    return News(page.delivery, DeliveryState.FAILED, detail)


def _bound(kept: OrderedDict[str, _Sent] | OrderedDict[str, str]) -> None:
    while len(kept) > KEPT:
        kept.popitem(last=False)
