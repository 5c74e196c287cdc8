"""What a browser is answered on the hub's port: static pages, and a plain no for everything else.

The pages are a fixed set, read once at the start: no address can lead out of it. No script, style
or connection from elsewhere is allowed, nothing is kept by a browser, and an address that carries
a query is refused, because somebody may have put a token into it.

This module opens no file and no connection.

>>> answer("GET", "/nothing", {}).status
404
>>> answer("POST", "/", {"/": Page("text/html", b"x")}).status
405
"""

import gzip
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

__all__ = [
    "FEED",
    "HEALTH",
    "METRICS",
    "Answer",
    "Page",
    "answer",
    "bare",
    "content_type",
    "foreign",
    "is_local_name",
    "link_to",
    "origins_of",
    "page_of",
    "page_url",
    "plain",
    "route",
]

FEED, HEALTH, METRICS = "/ws", "/healthz", "/metrics"

_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "ico": "image/x-icon",
    "webmanifest": "application/manifest+json",
    "txt": "text/plain; charset=utf-8",
}
_BEDSIDE = {"companion": "/companion.html", "patient": "/patient.html"}
_LOCAL = ("127.0.0.1", "localhost", "::1")

_COMMENT = re.compile(rb"^[ \t]*(?:/\*\*(?s:.*?)\*/[ \t]*|//[^\n]*)\n", flags=re.MULTILINE)

_HEADERS = (
    ("Cache-Control", "no-store"),
    (
        "Content-Security-Policy",
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


class Page(NamedTuple):
    """One file as it is served; `packed` is the same in gzip, empty when there is none."""

    type: str
    body: bytes
    packed: bytes = b""


class Answer(NamedTuple):
    """One HTTP answer, complete with its headers."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def content_type(name: str) -> str | None:
    """Return the type of a file by its name; None for one that is not served."""
    return _TYPES.get(name.rpartition(".")[2])


def route(target: str) -> str | None:
    """Return the path that is asked for; None when the address carries a query."""
    path, question, _ = target.partition("?")
    return None if question else path


def page_of(kind: str, body: bytes) -> Page:
    """Return a file with its packed form: a phone in a far room loads a third of the bytes.

    Pages hold nothing secret, so that their packed length tells nothing.
    """
    return Page(kind, body, gzip.compress(body, mtime=0))


def bare(script: bytes) -> bytes:
    r"""Return a script without its comments, a fifth of what a phone would have to load.

    Only what stands on lines of its own is taken out, so that nothing in a string can be hit; a
    test holds that no text of ours has such a line.

    >>> bare(b"/** Why. */\n// @ts-check\nlet a = 1; // one\n").decode()
    'let a = 1; // one\n'
    """
    return _COMMENT.sub(b"", script)


def answer(method: str, target: str, pages: Mapping[str, Page], *, unpacks: bool = False) -> Answer:
    """Return the answer for a page; `unpacks`: the browser reads gzip."""
    path = route(target)
    if method not in ("GET", "HEAD"):
        allowed = (("Allow", "GET, HEAD"),)
        return plain(HTTPStatus.METHOD_NOT_ALLOWED, "only GET and HEAD are served", more=allowed)
    if path is None:
        return plain(HTTPStatus.BAD_REQUEST, "an address here has no query; tokens go after a #")
    page = pages.get(path)
    if page is None:
        return plain(HTTPStatus.NOT_FOUND, "there is no such page", head=method == "HEAD")
    head = method == "HEAD"
    if unpacks and page.packed:
        more = (("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"))
        return _whole(HTTPStatus.OK, page.type, page.packed, more, head=head)
    return _whole(HTTPStatus.OK, page.type, page.body, head=head)


def plain(
    status: HTTPStatus,
    text: str,
    *,
    kind: str = "text/plain; charset=utf-8",
    more: tuple[tuple[str, str], ...] = (),
    head: bool = False,
) -> Answer:
    """Return a short text as an answer."""
    return _whole(status, kind, text.encode() + b"\n", more, head=head)


def origins_of(
    host: str, port: int, *, tls: bool, public_url: str, more: tuple[str, ...]
) -> frozenset[str]:
    """Return the addresses from which a page may speak with the hub: its own and those named."""
    scheme = "https" if tls else "http"
    names = {host, *_LOCAL}
    own = {f"{scheme}://{f'[{name}]' if ':' in name else name}:{port}" for name in names}
    named = {_origin(url) for url in (public_url, *more) if url}
    return frozenset(own | named)


def link_to(role: str, token: str, *, host: str, port: int, tls: bool, public_url: str) -> str:
    """Return a person's link. What follows the # never leaves their browser."""
    shown = f"[{host}]" if ":" in host else host
    base = public_url or f"{'https' if tls else 'http'}://{shown}:{port}"
    return f"{page_url(role, base)}#t={token}"


def page_url(role: str, base: str) -> str:
    """Return the address of the page that a role uses, without any token.

    >>> page_url("companion", "https://hub.home:8765/")
    'https://hub.home:8765/companion.html'
    """
    return f"{base.rstrip('/')}{_BEDSIDE.get(role, '/')}"


def foreign(origin: str | None, allowed: frozenset[str]) -> bool:
    """Whether a browser's page from elsewhere asks; a client that is no browser says no origin."""
    return origin is not None and _origin(origin) not in allowed


def is_local_name(host: str | None) -> bool:
    """Whether a browser that used this `Host` trusts plain http: it is on this very machine."""
    try:
        return urlsplit(f"//{host or ''}").hostname in _LOCAL
    except ValueError:
        return False


def _origin(url: str) -> str:
    return "/".join(url.lower().split("/", 3)[:3])


def _whole(
    status: HTTPStatus,
    kind: str,
    body: bytes,
    more: tuple[tuple[str, str], ...] = (),
    *,
    head: bool,
) -> Answer:
    headers = (
        ("Connection", "close"),
        ("Content-Type", kind),
        ("Content-Length", str(len(body))),
        *_HEADERS,
        *more,
    )
    return Answer(status.value, status.phrase, headers, b"" if head else body)
