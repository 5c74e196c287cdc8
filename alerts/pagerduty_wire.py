"""PagerDuty on the wire: an event that opens or closes an incident, and who acknowledged it.

Events go to the Events API v2 with our own key, which the service honours: the same key again adds
to the open alert and notifies nobody anew. So one page has one key (`page_key`), and a page that is
meant to ring again has another. The key is a digest, because the names in it may tell a finding.
Who acknowledged is read from the REST API by that key. Standard library only, because the
supervisor pages with it too.

Checked against PagerDuty's documentation: "Send an Alert Event" (fields, lengths, that a resolved
key opens a new alert), "Events API v2 Overview" (202; 400; 429 and 5xx to be tried again; network),
"List incidents" (`incident_key` also finds incidents by the key of their alerts), "Authentication"
(`Token token=`), the incident's `status`, `acknowledgements` and `last_status_change_by`.

>>> len(page_key("oxygen@5/lee/0@5"))
38
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from alerts.http_wire import Request

__all__ = [
    "Incident",
    "Page",
    "PagerDutySettings",
    "find_incident",
    "key_fault",
    "page_key",
    "read_incident",
    "resolve",
    "trigger",
    "why_refused",
]

_ROUTING_KEY: Final = re.compile(r"[0-9A-Za-z]{32}")
_SEVERITIES: Final = {"high": "critical", "medium": "error", "low": "warning"}
_ACCEPTED: Final = 202
_BAD_REQUEST: Final = 400
_TOO_MANY: Final = 429
_MOST_SUMMARY: Final = 1024
_MOST_SOURCE: Final = 200
_MOST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class PagerDutySettings:
    """Which PagerDuty, and how often who answered is asked for.

    Accounts in the European service region have `https://events.eu.pagerduty.com` and
    `https://api.eu.pagerduty.com`. `poll_ms` is 200 to 30000. Which service is paged is the
    routing key that stands as a person's address.

    Raises:
        ValueError: one of them cannot be used; says which, and what to write.
    """

    base_url: str = "https://events.pagerduty.com"
    rest_url: str = "https://api.pagerduty.com"
    source: str = "vigil"
    poll_ms: int = 2000

    def __post_init__(self) -> None:
        """Refuse what PagerDuty would refuse in the middle of an alarm."""
        for name, url in (("base_url", self.base_url), ("rest_url", self.rest_url)):
            if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
                raise ValueError(f"{name} {url!r} is no http address: write https://...")
        if not 0 < len(self.source) <= _MOST_SOURCE:
            raise ValueError(f"source must be 1 to {_MOST_SOURCE} characters: name this hub")
        if not 200 <= self.poll_ms <= 30_000:  # noqa: PLR2004 - bounds said in the docstring
            raise ValueError(f"poll_ms is {self.poll_ms}: write 200 to 30000")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: to which service, under which key, and what may be read by everybody on its way."""

    routing_key: str
    key: str
    text: str
    priority: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """What the service says of one incident.

    `by` names who acknowledged it, or who resolved it; empty: nobody yet, or a machine did.
    """

    status: str
    by: str = ""


def key_fault(routing_key: str) -> str | None:
    """Say why this is no routing key, or None; never repeats it, because it is a secret."""
    if _ROUTING_KEY.fullmatch(routing_key):
        return None
    return "is no routing key: copy the 32 characters of the integration (Events API v2)"


def page_key(page: str) -> str:
    """Return the deduplication key of a page: the same for the same page for ever."""
    return "vigil-" + hashlib.sha256(page.encode()).hexdigest()[:32]


def trigger(settings: PagerDutySettings, page: Page) -> Request:
    """Open an alert, or add to the open one that has this key."""
    event: dict[str, Any] = {
        "routing_key": page.routing_key,
        "event_action": "trigger",
        "dedup_key": page.key,
        "payload": {
            "summary": page.text[:_MOST_SUMMARY],
            "source": settings.source,
            "severity": _SEVERITIES[page.priority],
        },
        "client": "Vigil",
    }
    if page.link:
        event["links"] = [{"href": page.link, "text": "The session's page"}]
    return _enqueue(settings, event)


def resolve(settings: PagerDutySettings, routing_key: str, key: str) -> Request:
    """Close the alert with this key: nobody is notified of it any more."""
    event = {"routing_key": routing_key, "event_action": "resolve", "dedup_key": key}
    return _enqueue(settings, event)


def find_incident(settings: PagerDutySettings, token: str, key: str) -> Request:
    """Ask for the incident of an alert with this key."""
    query = urlencode({"incident_key": key, "limit": 5})
    headers = (
        ("Authorization", f"Token token={token}"),
        ("Accept", "application/vnd.pagerduty+json;version=2"),
    )
    return Request("GET", f"{settings.rest_url.rstrip('/')}/incidents?{query}", headers)


def read_incident(body: bytes) -> Incident | None:
    """Read who has the incident, or None while the service has made none.

    Of several (an alert that was resolved and opened again) an acknowledged one counts most.

    Raises:
        ValueError: this is no list of incidents.
    """
    value = json.loads(body)  # its error is a ValueError, as is that of bytes that are no UTF-8
    items = value.get("incidents") if isinstance(value, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError("no list of incidents")
    incidents = [_incident(item) for item in items]
    order = {"acknowledged": 0, "triggered": 1, "resolved": 2}
    return min(incidents, key=lambda one: order.get(one.status, 3), default=None)


def why_refused(status: int, body: bytes) -> str:
    """Say why an event was not taken, or nothing; `body` may name a fault of ours."""
    if status == _ACCEPTED:
        return ""
    if status == _TOO_MANY:
        return "http 429: too many events at a time"
    if status != _BAD_REQUEST:
        return f"http {status}"
    try:
        errors = json.loads(body).get("errors")
    except (ValueError, AttributeError):
        errors = None
    told = [text for text in errors if isinstance(text, str)] if isinstance(errors, list) else []
    return f"http 400: {told[0][:_MOST_NAME]}" if told else "http 400"


def _enqueue(settings: PagerDutySettings, event: dict[str, Any]) -> Request:
    url = f"{settings.base_url.rstrip('/')}/v2/enqueue"
    return Request("POST", url, (("Content-Type", "application/json"),), json.dumps(event).encode())


def _incident(item: dict[str, Any]) -> Incident:
    status = item.get("status")
    if not isinstance(status, str):
        raise ValueError("an incident has no status")  # noqa: TRY004 - the bytes are wrong
    if status == "acknowledged":
        entries = item.get("acknowledgements")
        people = [_user(entry.get("acknowledger")) for entry in _dicts(entries)]
    elif status == "resolved":
        people = [_user(item.get("last_status_change_by"))]
    else:
        people = []
    return Incident(status, next(filter(None, people), ""))


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _user(reference: object) -> str:
    """Return the name of a person; a service or an integration is none."""
    if not isinstance(reference, dict) or not str(reference.get("type")).startswith("user"):
        return ""
    return str(reference.get("summary") or "somebody")[:_MOST_NAME]
