"""A PagerDuty account without its socket: alerts by their keys, incidents, and who touches them.

It speaks the wire formats of the Events API v2 and of the REST API as documented, and is strict:
another path, header, field, length or word is `UnexpectedError`. The people are a script: the first
incident meets the first behaviour, and the last one stays. Notifications are counted, because what
a repeated key must not do is to notify again. A pure function of requests and times.

    account = PagerDutyAccount(people=("ignore", "ack"))
    account.answer(seen, at_ms=0)
"""

from dataclasses import dataclass, field
from typing import Any, Final

from simulators.services.exchange import Reply, Seen, UnexpectedError, json_reply
from simulators.services.faults import NONE, Faults

__all__ = ["REST_TOKEN", "ROUTING_KEY", "Alert", "PagerDutyAccount"]

ROUTING_KEY: Final = "0123456789abcdef" * 2
REST_TOKEN: Final = "fake-rest-token-91c2"  # noqa: S105 - opens nothing

_TOP: Final = {"routing_key", "event_action", "dedup_key", "payload", "client", "links"}
_PAYLOAD: Final = {"summary", "source", "severity"}
_SEVERITIES: Final = {"critical", "error", "warning", "info"}
_WORDS: Final = frozenset({"ack", "resolve", "ignore"})
_MOST_KEY: Final = 255
_MOST_SUMMARY: Final = 1024
_USER: Final = {"id": "PXPGF42", "type": "user_reference", "summary": "Dr Lee"}
_SERVICE: Final = {"id": "PIJ90N7", "type": "service_reference", "summary": "Vigil"}


@dataclass(slots=True)
class Alert:
    """One alert and its incident. `notified` counts how often somebody was told of it."""

    key: str
    event: dict[str, Any]
    status: str = "triggered"
    notified: int = 1
    triggers: int = 1
    by: dict[str, str] | None = None
    due: list[tuple[int, str]] = field(default_factory=list)

    def json(self) -> dict[str, Any]:
        """Return the incident as the service shows it: without a key, because it has an alert."""
        acknowledged = self.status == "acknowledged"
        return {
            "type": "incident",
            "incident_key": None,
            "status": self.status,
            "acknowledgements": [{"acknowledger": self.by}] if acknowledged else [],
            "last_status_change_by": self.by or _SERVICE,
        }


@dataclass(slots=True)
class PagerDutyAccount:
    """One service with one integration.

    Args:
        people: what each incident meets in turn: `ack`, `resolve` or `ignore`.
        faults: what goes wrong with people; may be changed at any time.
        think_ms: how long a person takes.

    Raises:
        ValueError: the script is empty or has another word.
    """

    people: tuple[str, ...] = ("ack",)
    faults: Faults = NONE
    think_ms: int = 200
    alerts: list[Alert] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Refuse what would silently do nothing."""
        if not self.people or set(self.people) - _WORDS:
            raise ValueError(f"people {self.people}: write one or more of {sorted(_WORDS)}")

    def answer(self, seen: Seen, at_ms: int) -> Reply:
        """Answer one request."""
        self._happen(at_ms)
        if (seen.method, seen.path) == ("POST", "/v2/enqueue"):
            return self._enqueue(seen, at_ms)
        if (seen.method, seen.path) == ("GET", "/incidents"):
            return self._incidents(seen)
        raise UnexpectedError("no such path", Reply(404))

    def _enqueue(self, seen: Seen, at_ms: int) -> Reply:
        event = seen.json()
        if why := _fault(event):
            refusal = {"status": "invalid event", "message": "Event object is invalid"}
            raise UnexpectedError(why, json_reply(400, {**refusal, "errors": [why]}))
        key = event["dedup_key"]
        alert = next((a for a in self.alerts if a.key == key and a.status != "resolved"), None)
        if event["event_action"] == "resolve":
            if alert is not None:
                alert.status, alert.by, alert.due = "resolved", None, []
        elif alert is not None:
            alert.triggers += 1
        else:
            self.alerts.append(Alert(key, event, due=self._plan(at_ms)))
        taken = {"status": "success", "message": "Event processed", "dedup_key": key}
        return json_reply(202, taken)

    def _incidents(self, seen: Seen) -> Reply:
        if seen.headers.get("authorization") != f"Token token={REST_TOKEN}":
            raise UnexpectedError("wrong token", Reply(401))
        if seen.headers.get("accept") != "application/vnd.pagerduty+json;version=2":
            raise UnexpectedError("the version of the API must be accepted", Reply(406))
        query = seen.query
        if set(query) != {"incident_key", "limit"} or not query["limit"].isdecimal():
            raise UnexpectedError(f"query {sorted(query)}", Reply(400))
        found = [alert.json() for alert in self.alerts if alert.key == query["incident_key"]]
        return json_reply(200, {"incidents": found, "limit": 5, "offset": 0, "more": False})

    def _plan(self, at_ms: int) -> list[tuple[int, str]]:
        what = self.people[min(len(self.alerts), len(self.people) - 1)]
        if what == "ignore" or self.faults.no_answer or self.faults.lost_answer:
            return []
        return [(at_ms + self.think_ms + self.faults.late_answer_ms, what)]

    def _happen(self, at_ms: int) -> None:
        for alert in self.alerts:
            while alert.due and alert.due[0][0] <= at_ms:
                _, what = alert.due.pop(0)
                alert.status = {"ack": "acknowledged", "resolve": "resolved"}[what]
                alert.by = dict(_USER)


def _fault(event: Any) -> str:
    """Say what PagerDuty would not take of an event, or nothing."""
    if not isinstance(event, dict) or set(event) - _TOP:
        return "the event has unknown fields"
    if event.get("routing_key") != ROUTING_KEY:
        return "Length of 'routing_key' is incorrect (should be 32 characters)"
    if event.get("event_action") not in {"trigger", "resolve"}:
        return "'event_action' is not known here"
    key = event.get("dedup_key")
    if not isinstance(key, str) or not 0 < len(key) <= _MOST_KEY:
        return "'dedup_key' is missing or too long"
    if event["event_action"] == "resolve":
        return "" if set(event) == {"routing_key", "event_action", "dedup_key"} else "too much"
    payload = event.get("payload")
    if not isinstance(payload, dict) or set(payload) != _PAYLOAD:
        return "'payload' must have summary, source and severity"
    if not 0 < len(payload["summary"]) <= _MOST_SUMMARY or not payload["source"]:
        return "'payload.summary' or 'payload.source' is missing or too long"
    if payload["severity"] not in _SEVERITIES:
        return "'payload.severity' is not known"
    links = event.get("links", [])
    if not all(set(link) <= {"href", "text"} and link.get("href") for link in links):
        return "'links' need href"
    return ""
