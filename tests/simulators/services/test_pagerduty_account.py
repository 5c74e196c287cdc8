"""The fake PagerDuty honours keys, notifies once for each alert, and is strict about events."""

import json
from typing import Any

import pytest

from simulators.services.exchange import Seen, UnexpectedError
from simulators.services.faults import NONE, Faults
from simulators.services.pagerduty_account import REST_TOKEN, ROUTING_KEY, PagerDutyAccount

REST = {
    "authorization": f"Token token={REST_TOKEN}",
    "accept": "application/vnd.pagerduty+json;version=2",
}
PAGE: dict[str, Any] = {
    "routing_key": ROUTING_KEY,
    "event_action": "trigger",
    "dedup_key": "k",
    "payload": {"summary": "Session needs you", "source": "hub", "severity": "critical"},
}
CLOSE = {"routing_key": ROUTING_KEY, "event_action": "resolve", "dedup_key": "k"}


def event(value: Any) -> Seen:
    """Return an event on its way."""
    headers = {"content-type": "application/json"}
    return Seen("POST", "/v2/enqueue", headers, json.dumps(value).encode())


def incidents(account: PagerDutyAccount, at_ms: int, key: str = "k") -> list[dict[str, Any]]:
    """Return the incidents of a key."""
    seen = Seen("GET", f"/incidents?incident_key={key}&limit=5", REST, b"")
    found: list[dict[str, Any]] = json.loads(account.answer(seen, at_ms).body)["incidents"]
    return found


def test_an_event_opens_an_alert_and_a_person_acknowledges_it() -> None:
    """After a while, and the incident names them; it has no key of its own."""
    account = PagerDutyAccount()
    taken = account.answer(event(PAGE), 0)
    assert (taken.status, incidents(account, 199), incidents(account, 200)) == (
        202,
        [
            {
                "type": "incident",
                "incident_key": None,
                "status": "triggered",
                "acknowledgements": [],
                "last_status_change_by": {
                    "id": "PIJ90N7",
                    "type": "service_reference",
                    "summary": "Vigil",
                },
            }
        ],
        [
            {
                "type": "incident",
                "incident_key": None,
                "status": "acknowledged",
                "acknowledgements": [
                    {
                        "acknowledger": {
                            "id": "PXPGF42",
                            "type": "user_reference",
                            "summary": "Dr Lee",
                        }
                    }
                ],
                "last_status_change_by": {
                    "id": "PXPGF42",
                    "type": "user_reference",
                    "summary": "Dr Lee",
                },
            }
        ],
    )


def test_the_same_key_notifies_nobody_anew_until_it_was_resolved() -> None:
    """Then it opens another alert; to resolve what is not open changes nothing."""
    account = PagerDutyAccount(people=("ignore",))
    for value in (PAGE, PAGE, CLOSE, CLOSE, PAGE):
        assert account.answer(event(value), 0).status == 202
    assert [(a.status, a.triggers, a.notified) for a in account.alerts] == [
        ("resolved", 2, 1),
        ("triggered", 1, 1),
    ]


@pytest.mark.parametrize(
    ("people", "faults", "status"),
    [
        (("ack",), NONE, "acknowledged"),
        (("resolve",), NONE, "resolved"),
        (("ignore",), NONE, "triggered"),
        (("ack",), Faults(no_answer=True), "triggered"),
        (("ack",), Faults(lost_answer=True), "triggered"),
        (("ack",), Faults(late_answer_ms=5_000), "triggered"),
    ],
)
def test_people_do_what_the_script_says(
    people: tuple[str, ...], faults: Faults, status: str
) -> None:
    """A fault comes before it."""
    account = PagerDutyAccount(people, faults)
    account.answer(event(PAGE), 0)
    assert [found["status"] for found in incidents(account, 1_000)] == [status]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ([], "the event has unknown fields"),
        (PAGE | {"x": 1}, "the event has unknown fields"),
        (
            PAGE | {"routing_key": "x"},
            "Length of 'routing_key' is incorrect (should be 32 characters)",
        ),
        (PAGE | {"event_action": "page"}, "'event_action' is not known here"),
        (PAGE | {"dedup_key": "x" * 256}, "'dedup_key' is missing or too long"),
        (CLOSE | {"client": "x"}, "too much"),
        (PAGE | {"payload": {}}, "'payload' must have summary, source and severity"),
        (
            PAGE | {"payload": PAGE["payload"] | {"summary": ""}},
            "'payload.summary' or 'payload.source' is missing or too long",
        ),
        (
            PAGE | {"payload": PAGE["payload"] | {"severity": "high"}},
            "'payload.severity' is not known",
        ),
        (PAGE | {"links": [{"text": "x"}]}, "'links' need href"),
    ],
)
def test_an_event_that_pagerduty_would_not_take_is_unexpected(value: Any, why: str) -> None:
    """Answered with 400 and the reason."""
    with pytest.raises(UnexpectedError) as told:
        PagerDutyAccount().answer(event(value), 0)
    assert (str(told.value), json.loads(told.value.reply.body)["errors"]) == (why, [why])


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (Seen("GET", "/v2/enqueue", {}, b""), "no such path"),
        (Seen("GET", "/incidents?incident_key=k&limit=5", {}, b""), "wrong token"),
        (
            Seen("GET", "/incidents?incident_key=k&limit=5", REST | {"accept": "*/*"}, b""),
            "the version of the API must be accepted",
        ),
        (Seen("GET", "/incidents", REST, b""), "query []"),
        (
            Seen("GET", "/incidents?incident_key=k&limit=x", REST, b""),
            "query ['incident_key', 'limit']",
        ),
    ],
)
def test_a_question_that_pagerduty_would_not_answer_is_unexpected(seen: Seen, why: str) -> None:
    """Login, version and fields are checked."""
    with pytest.raises(UnexpectedError) as told:
        PagerDutyAccount().answer(seen, 0)
    assert str(told.value) == why


@pytest.mark.parametrize("people", [(), ("sleep",)])
def test_a_script_that_would_do_nothing_is_refused(people: tuple[str, ...]) -> None:
    """Every word is known, and there is at least one."""
    with pytest.raises(ValueError, match="write one or more of"):
        PagerDutyAccount(people)
