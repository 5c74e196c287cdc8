"""What Twilio answers: the fate of a message and of a call, answers by text, keys by telephone.

Times are the service's own, in whole seconds since 1970, because they are only held against each
other. Whatever is not as the documentation says is a `ValueError`: a fate that cannot be read is no
fate. Nothing here repeats a number or a secret in an error. Standard library only.

Checked against Twilio's documentation: the properties of the Message, Call and Conference
resources, dates as in RFC 2822, lists with the newest entry first, error codes beside the status.

>>> read_call(b'{"sid": "CA1", "status": "ringing", "answered_by": null}')
CallSeen(sid='CA1', status='ringing', answered_by='')
"""

import json
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final

__all__ = [
    "CallSeen",
    "Inbound",
    "Key",
    "MessageSeen",
    "read_call",
    "read_inbound",
    "read_keys",
    "read_message",
    "why_refused",
]

_ROOM: Final = re.compile(r"vigil-(CA[0-9a-fA-F]{32})-([0-9*#])")
_CREATED: Final = 201
_OK: Final = 200


@dataclass(frozen=True, slots=True)
class MessageSeen:
    """What the service says of a message of ours."""

    sid: str
    status: str
    created_s: int
    error_code: int | None = None


@dataclass(frozen=True, slots=True)
class CallSeen:
    """What the service says of a call of ours; `answered_by` is empty until it knows."""

    sid: str
    status: str
    answered_by: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """A text message that came in to our number."""

    sid: str
    number: str
    body: str
    sent_s: int


@dataclass(frozen=True, slots=True)
class Key:
    """A key that was pressed in a call; `room` is the conference that shows it."""

    room: str
    call: str
    digit: str


def read_message(body: bytes) -> MessageSeen:
    """Read one message.

    Raises:
        ValueError: this is no message of the service.
    """
    item = _object(body)
    code = item.get("error_code")
    return MessageSeen(
        _text(item, "sid"),
        _text(item, "status"),
        _time_s(_text(item, "date_created")),
        code if isinstance(code, int) else None,
    )


def read_call(body: bytes) -> CallSeen:
    """Read one call.

    Raises:
        ValueError: this is no call of the service.
    """
    item = _object(body)
    answered_by = item.get("answered_by")
    by = answered_by if isinstance(answered_by, str) else ""
    return CallSeen(_text(item, "sid"), _text(item, "status"), by)


def read_inbound(body: bytes) -> list[Inbound]:
    """Read a list of messages, oldest first; those that we sent ourselves are left out.

    Raises:
        ValueError: this is no list of messages.
    """
    return [
        Inbound(
            _text(item, "sid"),
            _text(item, "from"),
            _text(item, "body"),
            _time_s(_text(item, "date_sent")),
        )
        for item in reversed(_items(body, "messages"))
        if _text(item, "direction") == "inbound"
    ]


def read_keys(body: bytes) -> list[Key]:
    """Read the keys from a list of conferences, oldest first; other conferences are left out.

    Raises:
        ValueError: this is no list of conferences.
    """
    return [
        Key(_text(item, "sid"), *found.groups())
        for item in reversed(_items(body, "conferences"))
        if (found := _ROOM.fullmatch(_text(item, "friendly_name")))
    ]


def why_refused(status: int, body: bytes, *, created: bool = False) -> str:
    """Say why a reply is a refusal, or nothing; never repeats what may hold a number or a secret.

    Args:
        status: the HTTP status.
        body: what came with it.
        created: something was to be made, so that only 201 is a success.
    """
    if status == (_CREATED if created else _OK):
        return ""
    try:
        code = _object(body).get("code")
    except ValueError:
        code = None
    return f"http {status}: twilio error {code}" if isinstance(code, int) else f"http {status}"


def _object(body: bytes) -> dict[str, Any]:
    item = json.loads(body)  # its error is a ValueError, as is that of bytes that are no UTF-8
    if not isinstance(item, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 - the bytes are wrong, not our type
    return item


def _items(body: bytes, name: str) -> list[dict[str, Any]]:
    items = _object(body).get(name)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError(f"no list of {name}")
    return items


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    if not isinstance(value, str):
        raise ValueError(f"no {name}")  # noqa: TRY004 - the bytes are wrong, not our type
    return value


def _time_s(text: str) -> int:
    return int(parsedate_to_datetime(text).timestamp())
