"""An event to PagerDuty is the documented one; who acknowledged is read strictly and by name."""

import json
from typing import Any

import pytest

from alerts.http_wire import Request
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

ROUTING = "0123456789abcdef" * 2
SETTINGS = PagerDutySettings()
LEE = {"type": "user_reference", "summary": "Dr Lee"}
SERVICE = {"type": "service_reference", "summary": "Vigil"}


def incidents(*items: dict[str, Any]) -> bytes:
    """Return a list of incidents as the service answers it."""
    return json.dumps({"incidents": items}).encode()


@pytest.mark.parametrize(
    ("priority", "severity"), [("high", "critical"), ("medium", "error"), ("low", "warning")]
)
def test_a_page_is_a_trigger_event(priority: str, severity: str) -> None:
    """The whole request, with the link when there is one."""
    page = Page(ROUTING, "k", "Session needs you", priority, "https://hub.example/s/1")
    request = trigger(SETTINGS, page)
    assert (request.method, request.url, request.headers, json.loads(request.body)) == (
        "POST",
        "https://events.pagerduty.com/v2/enqueue",
        (("Content-Type", "application/json"),),
        {
            "routing_key": ROUTING,
            "event_action": "trigger",
            "dedup_key": "k",
            "payload": {"summary": "Session needs you", "source": "vigil", "severity": severity},
            "client": "Vigil",
            "links": [{"href": "https://hub.example/s/1", "text": "The session's page"}],
        },
    )


def test_a_summary_has_at_most_1024_characters_and_a_page_may_have_no_link() -> None:
    """PagerDuty refuses a longer one."""
    event = json.loads(trigger(SETTINGS, Page(ROUTING, "k", "x" * 2000, "low")).body)
    assert (len(event["payload"]["summary"]), "links" in event) == (1024, False)


def test_a_page_is_closed_by_its_key() -> None:
    """Nothing but the key is needed."""
    request = resolve(PagerDutySettings("http://127.0.0.1:1/"), ROUTING, "k")
    assert (request.url, json.loads(request.body)) == (
        "http://127.0.0.1:1/v2/enqueue",
        {"routing_key": ROUTING, "event_action": "resolve", "dedup_key": "k"},
    )


def test_an_incident_is_asked_for_by_the_key() -> None:
    """With the token and the version of the API."""
    assert find_incident(SETTINGS, "t", "vigil-1") == Request(
        "GET",
        "https://api.pagerduty.com/incidents?incident_key=vigil-1&limit=5",
        (
            ("Authorization", "Token token=t"),
            ("Accept", "application/vnd.pagerduty+json;version=2"),
        ),
    )


def test_a_key_is_the_same_for_the_same_page_and_tells_nothing() -> None:
    """A digest: no family, no person."""
    first, again, other = page_key("oxygen@5/lee"), page_key("oxygen@5/lee"), page_key("x")
    assert (first == again, first == other, "oxygen" in first) == (True, False, False)


@pytest.mark.parametrize(
    ("items", "incident"),
    [
        ([], None),
        ([{"status": "triggered"}], Incident("triggered")),
        (
            [{"status": "acknowledged", "acknowledgements": [{"acknowledger": LEE}]}],
            Incident("acknowledged", "Dr Lee"),
        ),
        (
            [{"status": "acknowledged", "acknowledgements": [{"acknowledger": SERVICE}, 1, {}]}],
            Incident("acknowledged"),
        ),
        ([{"status": "acknowledged", "acknowledgements": None}], Incident("acknowledged")),
        (
            [{"status": "acknowledged", "acknowledgements": [{"acknowledger": {"type": "user"}}]}],
            Incident("acknowledged", "somebody"),
        ),
        ([{"status": "resolved", "last_status_change_by": LEE}], Incident("resolved", "Dr Lee")),
        ([{"status": "resolved", "last_status_change_by": SERVICE}], Incident("resolved")),
        (
            [
                {"status": "odd"},
                {"status": "resolved", "last_status_change_by": LEE},
                {"status": "triggered"},
            ],
            Incident("triggered"),
        ),
    ],
)
def test_an_incident_says_who_has_it(
    items: list[dict[str, Any]], incident: Incident | None
) -> None:
    """Only a person counts, and of several incidents the one that is most alive."""
    assert read_incident(incidents(*items)) == incident


@pytest.mark.parametrize(
    "body", [b"\x00{broken", b"[]", b"{}", b'{"incidents": [1]}', b'{"incidents": [{}]}']
)
def test_what_is_no_list_of_incidents_is_refused(body: bytes) -> None:
    """Nothing is read out of it."""
    with pytest.raises(ValueError, match=r"."):
        read_incident(body)


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (202, b"", ""),
        (200, b"", "http 200"),
        (429, b"", "http 429: too many events at a time"),
        (503, b"", "http 503"),
        (400, b'{"errors": ["wrong length", "x"]}', "http 400: wrong length"),
        (400, b'{"errors": "x"}', "http 400"),
        (400, b'{"errors": [1]}', "http 400"),
        (400, b"[]", "http 400"),
        (400, b"\xff", "http 400"),
    ],
)
def test_a_refusal_is_named(status: int, body: bytes, why: str) -> None:
    """Only 202 means that the event was taken."""
    assert why_refused(status, body) == why


def test_a_routing_key_is_32_letters_and_digits_and_never_repeated() -> None:
    """It is a secret."""
    assert (key_fault(ROUTING), key_fault("secret")) == (
        None,
        "is no routing key: copy the 32 characters of the integration (Events API v2)",
    )


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"base_url": "x"}, "base_url 'x' is no http address: write https://..."),
        ({"rest_url": "http:"}, "rest_url 'http:' is no http address: write https://..."),
        ({"source": ""}, "source must be 1 to 200 characters: name this hub"),
        ({"poll_ms": 100}, "poll_ms is 100: write 200 to 30000"),
    ],
)
def test_a_setting_that_cannot_work_says_which_and_what_to_write(
    wrong: dict[str, object], why: str
) -> None:
    """Refused when the hub starts."""
    with pytest.raises(ValueError, match=r".") as told:
        PagerDutySettings(**wrong)  # type: ignore[arg-type]
    assert str(told.value) == why
