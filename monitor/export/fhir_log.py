"""Who did what, and where it all comes from: AuditEvents, one Provenance, the report's document.

Every event of a person and every failure of the hub is an AuditEvent with what it said; answers to
private questions are left out, that they were given is not. The Provenance names the last hash of
the journal: who has the journal can prove with `vigil verify` that it is the one.

    audit(story, parts), provenance(story, parts, head, targets)
"""

import base64
import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from monitor.effects import Refused
from monitor.events import (
    ClockSettled,
    GateAnswered,
    HubCondition,
    MonitorDown,
    NextDayAnswered,
    RecordGap,
    SessionOpened,
)
from monitor.export.codes import own
from monitor.export.fhir_alarms import alarm_kind
from monitor.export.fhir_parts import Parts, Resource, own_identifier, text_only
from monitor.export.fhir_people import ENCOUNTER, HUB, who
from monitor.export.story import Story
from monitor.journal import Record

__all__ = ["Document", "audit", "document", "provenance"]

_HUB_EVENTS = (ClockSettled, HubCondition, MonitorDown, RecordGap, SessionOpened)
_ROLES = ("role", "as_role")
_TOLD = frozenset({"event", "at_ms", "by", *_ROLES, "tap", "patient", "plan"})
_GOOD, _REFUSED = "0", "4"


class Document(NamedTuple):
    """A report to go with the bundle: its bytes, its media type and its title."""

    data: bytes
    content_type: str
    title: str


def audit(story: Story, parts: Parts) -> list[Resource]:
    """Return the entries of the log."""
    return [
        _audited(story, parts, record)
        for record in story.log
        if hasattr(record.event, "by") or isinstance(record.event, _HUB_EVENTS)
    ]


def _audited(story: Story, parts: Parts, record: Record) -> Resource:
    event = record.event
    name = type(event).__name__
    code = own("event", name, name)
    no = next((one for one in record.effects if isinstance(one, Refused)), None)
    agent: Resource = {"who": parts.ref("Device", HUB)}
    by = getattr(event, "by", None)
    if by is not None:
        roles = [getattr(event, name) for name in _ROLES if hasattr(event, name)]
        agent = {
            "role": [text_only(role.value) for role in roles],
            "who": who(story, parts, by),
        }
    alarm = str(getattr(event, "alarm", ""))
    what = {}
    if alarm in story.alarms:
        what = {"what": parts.ref(alarm_kind(story, alarm), alarm)}
    details = [] if isinstance(event, NextDayAnswered) else _details(story, record)
    entity = {**what, **({"detail": details} if details else {})}
    return parts.entry(
        "AuditEvent",
        str(record.n),
        type={"system": code.system, "code": code.code, "display": code.display},
        action="E",
        recorded=parts.dates.fhir(event.at_ms),
        outcome=_GOOD if no is None else _REFUSED,
        outcomeDesc="" if no is None else no.reason,
        agent=[{**agent, "requestor": True}],
        source={"observer": parts.ref("Device", HUB)},
        entity=[entity] if entity else [],
    )


def _details(story: Story, record: Record) -> list[Resource]:
    """Everything that the event says besides, as text."""
    private = {item.id for item in story.opened.plan.gate if item.private}
    said: dict[str, object] = msgspec.to_builtins(record.event)
    if isinstance(record.event, GateAnswered) and record.event.item in private:
        said.pop("yes", None)
    return [
        {"type": name, "valueString": _text(value)}
        for name, value in said.items()
        if name not in _TOLD and value not in ("", None)
    ]


def _text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def provenance(story: Story, parts: Parts, head: str, targets: Sequence[str]) -> Resource:
    """Return the entry that says where all others come from; `head` empty: the source is hidden."""
    source: Resource = {"display": "the journal of this session; its hash is left out"}
    if head:
        source = {
            "identifier": own_identifier("journal-head", head),
            "display": "the journal of this session, by the SHA-256 over its chain of records",
        }
    return parts.entry(
        "Provenance",
        "journal",
        target=[{"reference": target} for target in targets],
        recorded=parts.dates.fhir(story.last_ms),
        agent=[{"type": text_only("assembler"), "who": parts.ref("Device", HUB)}],
        entity=[{"role": "source", "what": source}],
    )


def document(story: Story, parts: Parts, report: Document) -> Resource:
    """Return the entry of the report, with its bytes."""
    digest = hashlib.sha1(report.data, usedforsecurity=False).digest()
    return parts.entry(
        "DocumentReference",
        "report",
        status="current",
        type=text_only("report of a supervised ketamine session"),
        subject=parts.ref("Patient", story.opened.patient.id),
        date=parts.dates.fhir(story.last_ms),
        author=[parts.ref("Device", HUB)],
        content=[
            {
                "attachment": {
                    "contentType": report.content_type,
                    "data": base64.b64encode(report.data).decode(),
                    "size": len(report.data),
                    "hash": base64.b64encode(digest).decode(),
                    "title": report.title,
                }
            }
        ],
        context={"encounter": [parts.ref("Encounter", ENCOUNTER)]},
    )
