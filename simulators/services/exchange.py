"""One request as a fake service saw it, and its reply, as values.

A fake service is a pure function of its state, a request and the time (`Answers`), so that it can
be tried in virtual time; `http` puts a socket in front of it. Reading a request is strict: a body
that is not what its content type says is the caller's mistake, told as `UnexpectedError`.

>>> Seen("POST", "/x?a=1", {}, b"To=%2B44").query
{'a': '1'}
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

__all__ = ["Answers", "Reply", "Seen", "UnexpectedError", "json_reply"]


class UnexpectedError(Exception):
    """A request that the real service would not have understood; the text says why.

    `reply` is what the real service answers to it.
    """

    def __init__(self, why: str, reply: "Reply") -> None:
        super().__init__(why)
        self.reply = reply


@dataclass(frozen=True, slots=True)
class Seen:
    """A request: method, path with query, headers by lower-case name, body."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """Return the path without its query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """Return the query's fields; of two with one name the last."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    def form(self) -> dict[str, str]:
        """Return the fields of a form, each of which must stand there once.

        Raises:
            UnexpectedError: another content type, bytes that are no form, a field that stands
                twice.
        """
        self._must_be("application/x-www-form-urlencoded")
        try:
            pairs = parse_qsl(
                self.body.decode("ascii"),
                keep_blank_values=True,
                strict_parsing=True,
                errors="strict",
            )
        except ValueError as error:
            raise UnexpectedError(f"no form: {error}", Reply(400)) from error
        fields = dict(pairs)
        if len(fields) != len(pairs):
            raise UnexpectedError("a field stands twice in the form", Reply(400))
        return fields

    def json(self) -> Any:
        """Return the JSON value of the body.

        Raises:
            UnexpectedError: another content type, or a body that is no JSON.
        """
        self._must_be("application/json")
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise UnexpectedError(f"no JSON: {error}", Reply(400)) from error

    def _must_be(self, content_type: str) -> None:
        got = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if got != content_type:
            raise UnexpectedError(f"content type {got!r}, not {content_type}", Reply(415))


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply. `stream` gives chunks that follow the body for as long as it lasts (None: none).

    A stream yields an empty chunk when it has nothing to say now, and must do so within a second.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: Iterator[bytes] | None = None


class Answers(Protocol):
    """A fake service without its socket."""

    def answer(self, seen: Seen, at_ms: int) -> Reply:
        """Answer one request at one time.

        Raises:
            UnexpectedError: the real service would not have understood the request.
        """
        ...


def json_reply(status: int, value: Any) -> Reply:
    """Return a reply whose body is one JSON value."""
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json"})
