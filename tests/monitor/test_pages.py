"""Answers to a browser: the right headers, a plain no, whose page may speak with the feed."""

import gzip
from http import HTTPStatus

import pytest

from monitor.pages import (
    Page,
    answer,
    bare,
    content_type,
    foreign,
    is_local_name,
    link_to,
    origins_of,
    page_of,
    plain,
    route,
)

PAGES = {"/": Page("text/html; charset=utf-8", b"<p>wall</p>")}
SAFE = {
    "Connection": "close",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def test_a_page_comes_with_its_type_and_every_guard() -> None:
    """HEAD gives the same headers, the length included, and no body."""
    got, head = answer("GET", "/", PAGES), answer("HEAD", "/", PAGES)
    wanted = SAFE | {"Content-Type": "text/html; charset=utf-8", "Content-Length": "11"}
    assert (got.status, got.reason, dict(got.headers), got.body) == (
        200,
        "OK",
        wanted,
        b"<p>wall</p>",
    )
    assert head == got._replace(body=b"")


def test_a_browser_that_unpacks_gets_fewer_bytes_of_the_same_page() -> None:
    """The packed form is the same at every start, and is only given to who can read it."""
    pages = {"/": page_of("text/css", b"a {}\n" * 100)}
    packed, plainly = answer("GET", "/", pages, unpacks=True), answer("GET", "/", pages)
    headers = dict(packed.headers)
    assert (headers["Content-Encoding"], headers["Content-Length"], headers["Vary"]) == (
        "gzip",
        str(len(packed.body)),
        "Accept-Encoding",
    )
    assert gzip.decompress(packed.body) == plainly.body == b"a {}\n" * 100
    assert len(packed.body) < len(plainly.body)
    assert "Content-Encoding" not in dict(plainly.headers)
    assert page_of("text/css", b"x") == page_of("text/css", b"x")
    assert answer("GET", "/", PAGES, unpacks=True) == answer("GET", "/", PAGES)


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/nothing", 404),
        ("HEAD", "/nothing", 404),
        ("GET", "/../config.toml", 404),
        ("GET", "//", 404),
        ("GET", "/?t=secret", 400),
        ("POST", "/", 405),
        ("DELETE", "/?t=secret", 405),
    ],
)
def test_everything_else_is_a_plain_no(method: str, target: str, status: int) -> None:
    """A no has the guards too, and repeats nothing of the address."""
    got = answer(method, target, PAGES)
    headers = dict(got.headers)
    assert (got.status, SAFE.items() <= headers.items(), b"secret" in got.body) == (
        status,
        True,
        False,
    )
    assert headers.get("Allow") == (
        "GET, HEAD" if status == HTTPStatus.METHOD_NOT_ALLOWED else None
    )


def test_a_plain_answer_may_be_json() -> None:
    """Health is JSON with the same guards."""
    got = plain(HTTPStatus.OK, "{}", kind="application/json")
    assert (dict(got.headers)["Content-Type"], got.body) == ("application/json", b"{}\n")


def test_a_script_loses_its_comments_and_nothing_else() -> None:
    """Those on lines of their own; what stands beside code, or inside a line, is no comment."""
    script = b"""// @ts-check
/**
 * Why.
 */
  /** @type {X} */
let a = "/** no */"; /** b */ // c
    // d
const b = 2;
/** open
"""
    assert bare(script) == b'let a = "/** no */"; /** b */ // c\nconst b = 2;\n/** open\n'


def test_files_are_served_by_their_kind_and_no_other() -> None:
    """A file whose kind nobody thought of stays on the disk."""
    names = ("a.js", "b.css", "c.html", "notes.md", "hub.key", "js")
    assert [content_type(name) for name in names] == [
        "text/javascript; charset=utf-8",
        "text/css; charset=utf-8",
        "text/html; charset=utf-8",
        None,
        None,
        "text/javascript; charset=utf-8",
    ]


def test_an_address_with_a_query_leads_nowhere() -> None:
    """Even an empty one."""
    assert (route("/ws"), route("/ws?"), route("/ws?token=x")) == ("/ws", None, None)


def test_whose_pages_may_speak() -> None:
    """The hub's own addresses and those that the settings name; no origin is no browser."""
    own = origins_of("192.168.1.7", 8765, tls=False, public_url="", more=())
    assert sorted(own) == [
        "http://127.0.0.1:8765",
        "http://192.168.1.7:8765",
        "http://[::1]:8765",
        "http://localhost:8765",
    ]
    named = origins_of(
        "::", 1, tls=True, public_url="https://hub.home/", more=("https://Clinic.example",)
    )
    asked = (
        None,
        "https://hub.home",
        "HTTPS://HUB.HOME",
        "https://clinic.example",
        "https://[::]:1",
        "http://hub.home",
        "https://hub.home.evil.example",
        "https://evil.example",
        "null",
        "",
    )
    assert [foreign(origin, named) for origin in asked] == [False] * 5 + [True] * 5


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("127.0.0.1:8765", True),
        ("localhost", True),
        ("[::1]:8765", True),
        ("hub.home", False),
        ("[::1", False),
        ("", False),
        (None, False),
    ],
)
def test_which_names_a_browser_trusts_without_tls(host: str | None, is_local: bool) -> None:
    """Only those that can be this machine alone."""
    assert is_local_name(host) == is_local


def test_links_hold_their_token_behind_the_hash() -> None:
    """The companion and the patient get the phone page, everybody else the wall."""
    plain_hub = {"host": "::1", "port": 8765, "tls": False, "public_url": ""}
    named_hub = {"host": "h", "port": 1, "tls": True, "public_url": "https://hub.home/"}
    assert [
        link_to("companion", "T", **plain_hub),  # type: ignore[arg-type]
        link_to("viewer", "T", **named_hub),  # type: ignore[arg-type]
        link_to("patient", "T", **(named_hub | {"public_url": ""})),  # type: ignore[arg-type]
    ] == [
        "http://[::1]:8765/companion.html#t=T",
        "https://hub.home/#t=T",
        "https://h:1/patient.html#t=T",
    ]
