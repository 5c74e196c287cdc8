"""ntfy on the wire: what is published, how answers come back, what the server's replies mean.

A message is one JSON object posted to the root of the server; its two buttons make the telephone
post an answer to a second topic, which the hub reads as a stream of JSON lines, so that no port of
the house is open. This module opens no connection, keeps no time and makes no secret. Standard
library only, because the supervisor publishes with it too.

Fields, limits and error codes are those of the ntfy documentation ("Publish as JSON", "Action
buttons", "Updating + deleting notifications", "Subscribe via API", "Limitations") and of the
server's own checks (topic and sequence names of 1-64 letters, digits, `-` and `_`).

>>> note = Note("ward", "Session needs you", "high")
>>> publish(NtfySettings("http://127.0.0.1:2586"), "", note).url
'http://127.0.0.1:2586/'
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from alerts.http_wire import Request

__all__ = [
    "KEEPALIVE_S",
    "Line",
    "Note",
    "NtfySettings",
    "publish",
    "read_line",
    "sequence_of",
    "subscribe",
    "topic_fault",
    "why_refused",
]

KEEPALIVE_S: Final = 45
"""The server says something at least this often (its default `keepalive-interval`)."""

_PRIORITIES: Final = {"high": 5, "medium": 4, "low": 3}
_QUIET: Final = 2  # "no vibration or sound"
_TAGS: Final = {"high": "rotating_light", "medium": "warning", "low": "information_source"}
_NAME: Final = re.compile(r"[-_A-Za-z0-9]{1,64}")
_MOST_ERROR_CHARS: Final = 120
_LATEST_S: Final = 1 << 40


@dataclass(frozen=True, slots=True)
class NtfySettings:
    """Which server, and where answers come back.

    `base_url` is the server without a path. `answer_topic` is the topic to which the buttons post;
    empty means messages without buttons. On a server with access control it is best write-only for
    everyone and readable by the hub's token alone.

    Raises:
        ValueError: one of them cannot be used; says which, and what to write.
    """

    base_url: str = "https://ntfy.sh"
    answer_topic: str = ""

    def __post_init__(self) -> None:
        if why := _url_fault(self.base_url):
            raise ValueError(f"base_url {why}: write it like https://ntfy.example.org")
        if self.answer_topic and (why := topic_fault(self.answer_topic)):
            raise ValueError(f"answer_topic {why}")


def topic_fault(topic: str) -> str | None:
    """Say why this can be no topic, or None. The topic itself is not repeated: it may be secret."""
    if _NAME.fullmatch(topic):
        return None
    return "is no topic: use 1 to 64 letters, digits, - and _"


@dataclass(frozen=True, slots=True)
class Note:
    """One message to one topic.

    `priority` is high, medium or low; `quiet` shows it without any sound. `link` is opened by a
    tap. `sequence` names the notification, so that a later one of the same name takes its place.
    `accept` and `reject` are what the two buttons post; empty means no buttons.
    """

    topic: str
    text: str
    priority: str
    link: str = ""
    sequence: str = ""
    accept: str = ""
    reject: str = ""
    quiet: bool = False


def sequence_of(delivery: str) -> str:
    """Return the notification's name for a delivery's: one that the server takes and tells nothing.

    >>> len(sequence_of("oxygen@5/dr-lee/0@5"))
    32
    """
    return hashlib.sha256(delivery.encode()).hexdigest()[:32]


def publish(settings: NtfySettings, token: str, note: Note) -> Request:
    """Return the request that publishes a note.

    Args:
        settings: the server and the answer topic.
        token: an access token of the server; empty for none.
        note: what is said.
    """
    body: dict[str, Any] = {
        "topic": note.topic,
        "title": "Vigil",
        "message": note.text,
        "priority": _QUIET if note.quiet else _PRIORITIES[note.priority],
        "tags": [] if note.quiet else [_TAGS[note.priority]],
    }
    if note.link:
        body["click"] = note.link
    if note.sequence:
        body["sequence_id"] = note.sequence
    if settings.answer_topic and note.accept and note.reject:
        body["actions"] = [
            _button(settings, "I take it", note.accept),
            _button(settings, "I cannot", note.reject),
        ]
    headers = (("Content-Type", "application/json"), *_authorization(token))
    return Request("POST", settings.base_url.rstrip("/") + "/", headers, json.dumps(body).encode())


def subscribe(settings: NtfySettings, token: str, since: str, *, poll: bool = False) -> Request:
    """Return the request whose answer is the stream of answers.

    Args:
        settings: the server and its answer topic.
        token: an access token of the server; empty for none.
        since: what was missed: a span such as `10m`, or a Unix time in seconds.
        poll: only what was missed; the answer then ends.
    """
    query = f"since={since}&poll=1" if poll else f"since={since}"
    url = f"{settings.base_url.rstrip('/')}/{settings.answer_topic}/json?{query}"
    return Request("GET", url, _authorization(token))


def why_refused(status: int, body: bytes) -> str:
    """Say why the server did not take a note; empty when it did.

    A 2xx counts only with ntfy's own words in it: the page of a hotel's network also says 200.

    >>> why_refused(200, b'{"id":"a","event":"message"}')
    ''
    """
    answer = _object(body) or {}
    if 200 <= status < 300:  # noqa: PLR2004 - HTTP's own
        if answer.get("event") == "message" and isinstance(answer.get("id"), str):
            return ""
        return f"http {status}, but not from ntfy: is base_url right?"
    if status == 429:  # noqa: PLR2004 - HTTP's own
        return "http 429: the server's rate limit is reached"
    said = answer.get("error")
    return f"http {status}: {_plain(said)}" if isinstance(said, str) and said else f"http {status}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the stream: `event` is open, keepalive, message or a later version's word."""

    event: str
    id: str
    time_s: int
    message: str = ""


def read_line(line: bytes) -> Line:
    """Return what one line of the stream says.

    Raises:
        ValueError: the line is not ntfy's; says what is wrong, never what it held.
    """
    said = _object(line)
    if said is None:
        raise ValueError("a line of the stream is no JSON object")
    event, id_, time_s = said.get("event"), said.get("id"), said.get("time")
    message = said.get("message", "")
    if not (isinstance(event, str) and isinstance(id_, str) and isinstance(message, str)):
        why = "a line of the stream has an event, id or message that is no text"
        raise ValueError(why)  # noqa: TRY004 - a bad line, not a bad call
    if type(time_s) is not int or not 0 <= time_s <= _LATEST_S:
        raise ValueError("a line of the stream has no time in seconds")
    return Line(event, id_, time_s, message)


def _button(settings: NtfySettings, label: str, body: str) -> dict[str, Any]:
    # No header: the hub's own token must not travel to every telephone.
    return {
        "action": "http",
        "label": label,
        "url": f"{settings.base_url.rstrip('/')}/{settings.answer_topic}",
        "method": "POST",
        "body": body,
        "clear": True,
    }


def _authorization(token: str) -> tuple[tuple[str, str], ...]:
    return (("Authorization", f"Bearer {token}"),) if token else ()


def _object(text: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _url_fault(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # read for its own check
    except ValueError as error:
        return f"{url!r} is no web address ({error})"
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isprintable():
        return f"{url!r} is no http or https address"
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        return "has a path, a query or a user"
    return None


def _plain(text: str) -> str:
    """Keep what a stranger's text may show in a record: printable, and not much of it."""
    return "".join(letter for letter in text if letter.isprintable())[:_MOST_ERROR_CHARS]
