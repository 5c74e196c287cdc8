"""What Twilio says is read strictly: a fate that cannot be read is no fate."""

import json
from typing import Any

import pytest

from alerts.twilio_reply import (
    CallSeen,
    Inbound,
    Key,
    MessageSeen,
    read_call,
    read_inbound,
    read_keys,
    read_message,
    why_refused,
)

NOON = "Tue, 24 Nov 2026 12:00:00 +0000"
NOON_S = 1_795_521_600
CALL = "CA" + "ab" * 16


def sent(sid: str, direction: str = "inbound", body: str = "YES 47") -> dict[str, Any]:
    """Return one message as the service lists it."""
    return {
        "sid": sid,
        "from": "+15550111",
        "to": "+15550100",
        "body": body,
        "direction": direction,
        "date_sent": NOON,
    }


def test_a_message_has_a_state_and_the_service_s_own_time() -> None:
    """An error code is kept when there is one."""
    item = {"sid": "SM1", "status": "queued", "date_created": NOON, "error_code": None}
    failed = item | {"status": "undelivered", "error_code": 30003}
    assert [read_message(json.dumps(one).encode()) for one in (item, failed)] == [
        MessageSeen("SM1", "queued", NOON_S, None),
        MessageSeen("SM1", "undelivered", NOON_S, 30003),
    ]


def test_a_call_has_a_state_and_perhaps_who_answered() -> None:
    """Nothing is known before the machine detection is."""
    assert [
        read_call(b'{"sid": "CA1", "status": "ringing", "answered_by": null}'),
        read_call(b'{"sid": "CA1", "status": "in-progress", "answered_by": "machine_start"}'),
    ] == [CallSeen("CA1", "ringing"), CallSeen("CA1", "in-progress", "machine_start")]


def test_answers_are_read_oldest_first_and_our_own_left_out() -> None:
    """The service lists the newest first, and what we sent as well."""
    body = {"messages": [sent("SM3"), sent("SM2", "outbound-api"), sent("SM1", body="no 47")]}
    assert read_inbound(json.dumps(body).encode()) == [
        Inbound("SM1", "+15550111", "no 47", NOON_S),
        Inbound("SM3", "+15550111", "YES 47", NOON_S),
    ]


def test_keys_are_read_from_the_names_of_conferences() -> None:
    """Oldest first; conferences of others are left out."""
    names = [f"vigil-{CALL}-2", "weekly meeting", f"vigil-{CALL}-1", f"vigil-{CALL}-12"]
    body = {
        "conferences": [{"sid": f"CF{n}", "friendly_name": name} for n, name in enumerate(names)]
    }
    assert read_keys(json.dumps(body).encode()) == [Key("CF2", CALL, "1"), Key("CF0", CALL, "2")]


@pytest.mark.parametrize(
    "body",
    [
        b"\x00{broken",
        b"[]",
        b"\xff",
        b'{"sid": 1, "status": "x"}',
        b'{"sid": "SM1"}',
        b'{"sid": "SM1", "status": "queued", "date_created": "yesterday"}',
    ],
)
def test_what_is_no_entry_is_refused(body: bytes) -> None:
    """Of a message; a call is read by the same words."""
    with pytest.raises(ValueError, match=r"."):
        read_message(body)


@pytest.mark.parametrize("body", [b"{}", b'{"messages": 1}', b'{"messages": [1]}'])
def test_what_is_no_list_is_refused(body: bytes) -> None:
    """Each entry must be an object."""
    with pytest.raises(ValueError, match="no list of messages"):
        read_inbound(body)


@pytest.mark.parametrize(
    ("status", "body", "created", "why"),
    [
        (200, b"{}", False, ""),
        (201, b"{}", True, ""),
        (200, b"{}", True, "http 200"),
        (429, b'{"code": 20429, "message": "+15550111"}', True, "http 429: twilio error 20429"),
        (500, b"oops", False, "http 500"),
        (404, b'{"code": "x"}', False, "http 404"),
    ],
)
def test_a_refusal_has_the_status_and_the_service_s_code(
    status: int, body: bytes, created: bool, why: str
) -> None:
    """Never its text, which may repeat a number."""
    assert why_refused(status, body, created=created) == why
