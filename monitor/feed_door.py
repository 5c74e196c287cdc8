"""The door of the hub's port: pages, health and figures for a GET, and who may open the feed.

Before a feed connection begins, its page's origin is checked, so that a foreign page in somebody's
browser cannot speak in their name, and there must be room. Tokens are read later; an address that
carries a query is refused here and never logged.

    door = Door(hub, pages, settings, figures)
    serve(..., process_request=door.answer)
"""

import ipaddress
import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from websockets.asyncio.server import ServerConnection
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from alerts.texts import Texts
from monitor import drill_cards, page_links, page_texts
from monitor.hub import Hub
from monitor.metrics import CONTENT_TYPE, Metrics
from monitor.pages import (
    FEED,
    HEALTH,
    METRICS,
    Answer,
    Page,
    answer,
    bare,
    content_type,
    foreign,
    page_of,
    plain,
    route,
)

__all__ = ["Door", "DoorRules", "read_pages"]

_STALE_S = 5.0
_INDEX = {"/index.html": "/"}


class DoorRules(NamedTuple):
    """Whose pages may open the feed, and how many clients there may be at once."""

    origins: frozenset[str]
    max_clients: int


class Door:
    """Answers every HTTP request of the port.

    Args:
        figures: the feed's gauges for `/metrics`; `/healthz` uses the age of the heartbeat.

    `connected` tells how many have opened the feed, those that have said no hello yet included.
    """

    def __init__(
        self,
        hub: Hub,
        pages: Mapping[str, Page],
        rules: DoorRules,
        figures: Callable[[], Mapping[str, tuple[str, float]]],
    ) -> None:
        self._hub = hub
        self._pages = pages
        self._rules = rules
        self._figures = figures
        self._metrics = Metrics(hub, figures)
        self.max_clients = rules.max_clients
        self.connected: Callable[[], int] = lambda: 0

    def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """Return the answer to a request, or None to let the feed begin."""
        found = self._answer(connection, request)
        if found is None:
            return None
        return Response(found.status, found.reason, Headers(found.headers), found.body)

    def _answer(self, connection: ServerConnection, request: Request) -> Answer | None:
        path, is_head = route(request.path), request.method == "HEAD"
        if request.method not in ("GET", "HEAD") or path not in (FEED, HEALTH, METRICS):
            unpacks = "gzip" in request.headers.get("Accept-Encoding", "").lower()
            return answer(request.method, request.path, self._pages, unpacks=unpacks)
        if path == HEALTH:
            return self._health(is_head=is_head)
        if path == METRICS:
            return self._figures_page(connection, is_head=is_head)
        return self._feed(request)

    def _feed(self, request: Request) -> Answer | None:
        if (
            request.method == "HEAD"
            or "websocket" not in request.headers.get("Upgrade", "").lower()
        ):
            more = (("Upgrade", "websocket"),)
            return plain(HTTPStatus.UPGRADE_REQUIRED, "open a websocket here", more=more)
        if foreign(request.headers.get("Origin"), self._rules.origins):
            self._hub.count("feed: foreign origin")
            return plain(
                HTTPStatus.FORBIDDEN,
                "this page is not the hub's: name its origin in config.toml, hub.origins",
            )
        if self.connected() >= self._rules.max_clients:
            self._hub.count("feed: full")
            return plain(HTTPStatus.SERVICE_UNAVAILABLE, "too many clients are connected")
        return None

    def _health(self, *, is_head: bool) -> Answer:
        hub, age_s = self._hub, self._figures()["beat_age_seconds"][1]
        is_ok = hub.recording and age_s < _STALE_S
        told = {
            "ok": is_ok,
            "recording": hub.recording,
            "record_fault": hub.record_fault,
            "sessions": len(hub.ward.beds),
            "beat_age_s": round(age_s, 1),
        }
        status = HTTPStatus.OK if is_ok else HTTPStatus.SERVICE_UNAVAILABLE
        return plain(status, json.dumps(told), kind="application/json", head=is_head)

    def _figures_page(self, connection: ServerConnection, *, is_head: bool) -> Answer:
        if not _is_loopback(connection):
            return plain(HTTPStatus.FORBIDDEN, "figures are for this machine only", head=is_head)
        text = self._metrics.text().decode()
        return plain(HTTPStatus.OK, text.rstrip(), kind=CONTENT_TYPE, head=is_head)


def read_pages(
    folder: Path, ca_file: Path | None, texts: Texts | None = None, pressure_unit: str = "mmHg"
) -> dict[str, Page]:
    """Return every page of the folder by its path; a file of an unknown kind is not served.

    The public certificate of the hub's own CA, when there is one, is `/vigil-ca.crt`.

    Args:
        folder: where the pages are.
        ca_file: that certificate.
        texts: the catalogue whose sentences the pages say; None: files as they are, without words.
        pressure_unit: "mmHg" or "kPa".

    Raises:
        TextsError: a page says a key that the catalogue does not have.
    """
    pages: dict[str, Page] = {}
    for path in sorted(folder.rglob("*")):
        kind = content_type(path.name)
        if path.is_file() and kind is not None:
            name = f"/{path.relative_to(folder).as_posix()}"
            body = path.read_bytes()
            if texts is not None and path.suffix == ".html":
                body = page_texts.html(body.decode(), texts, path.name).encode()
            if path.suffix == ".js":
                body = bare(body)
            pages[_INDEX.get(name, name)] = pages[name] = page_of(kind, body)
    if texts is not None:
        script = content_type(".js") or ""
        for name in page_texts.TABLES:
            pages[name] = page_of(script, page_texts.module(name, texts, pressure_unit))
        pages[drill_cards.PATH] = page_of("application/json", drill_cards.drill_page(texts))
    scripts = {name: page.body.decode() for name, page in pages.items() if name.endswith(".js")}
    for name, page in pages.items():
        if page.type.startswith("text/html"):
            pages[name] = page_of(
                page.type, page_links.linked(page.body.decode(), scripts).encode()
            )
    if ca_file is not None and ca_file.is_file():
        pages["/vigil-ca.crt"] = Page("application/x-x509-ca-cert", ca_file.read_bytes())
    return pages


def _is_loopback(connection: ServerConnection) -> bool:
    address = connection.remote_address
    try:
        return ipaddress.ip_address(address[0].partition("%")[0]).is_loopback
    except (ValueError, TypeError, IndexError):
        return False
