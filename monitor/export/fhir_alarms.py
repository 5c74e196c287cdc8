"""Alarms: a DetectedIssue for what is wrong with the patient, a Flag for the rest, and the worst.

R4 has no resource for an alarm of a device. What the body or a person says is an issue with the
dose; what the equipment or the protocol says is a flag. Each carries its whole life in extensions
of our own (`alarm-line`), with the words of IEC 60601-1-8, so that nothing is lost on the way to a
later release. The emergency phase is an AdverseEvent.

    alarms(story, parts)    -> [entry of a DetectedIssue, ...]
"""

from alerts.condition import Kind, Transition
from alerts.effects import AlarmChanged
from monitor.export.alarm_lines import Line, lines
from monitor.export.codes import Coded, own
from monitor.export.fhir_parts import Parts, Resource, concept, extension, number
from monitor.export.fhir_people import ENCOUNTER, HUB, who
from monitor.export.story import Story
from monitor.session import Phase

__all__ = ["FLAG_CATEGORY", "SEVERITY", "alarm_kind", "alarms"]

SEVERITY = {"low": "low", "medium": "moderate", "high": "high"}
FLAG_CATEGORY = Coded("http://terminology.hl7.org/CodeSystem/flag-category", "safety", "Safety")
_ISSUE = (Kind.PHYSIOLOGICAL, Kind.OBSERVER)
_ANSWERS = (Transition.ACKNOWLEDGED, Transition.ACCEPTED, Transition.RESET)


def alarm_kind(story: Story, alarm: str) -> str:
    """Return which resource tells of an alarm."""
    is_issue = any(line.kind in _ISSUE for line in story.alarms[alarm])
    return "DetectedIssue" if is_issue else "Flag"


def alarms(story: Story, parts: Parts) -> list[Resource]:
    """Return the entries of all alarms, and of every emergency."""
    found = []
    for alarm in story.alarms:
        make = _issue if alarm_kind(story, alarm) == "DetectedIssue" else _flag
        found.append(make(story, parts, alarm, lines(story, alarm)))
    emergencies = [one for one in story.phases if one.phase == Phase.EMERGENCY]
    for count, one in enumerate(emergencies, start=1):
        found.append(_emergency(story, parts, count, one.at_ms, one.reason))
    return found


def _code(story: Story, changed: AlarmChanged) -> Resource:
    label = story.label_of.get(changed.row, "-")
    return concept(own("row", changed.row, label), text=label)


def _period(parts: Parts, life: list[Line]) -> dict[str, str]:
    period = {"start": parts.dates.fhir(life[0].at_ms)}
    if life[-1].phase == "end":
        period["end"] = parts.dates.fhir(life[-1].at_ms)
    return period


def _life(parts: Parts, life: list[Line]) -> list[Resource]:
    return [extension("alarm-line", _line(parts, one)) for one in life]


def _line(parts: Parts, one: Line) -> dict[str, Resource]:
    changed = one.changed
    words = {
        "row": changed.row,
        "transition": "" if one.by_signal else changed.transition.value,
        "event-phase": one.phase,
        "state": one.state,
        "signal": one.inactivation,
        "priority": changed.priority.value,
        "class": "" if changed.alarm_class is None else changed.alarm_class.value,
        "kind": changed.kind.value,
    }
    line: dict[str, Resource] = {"at": {"valueInstant": parts.dates.fhir(one.at_ms)}}
    line |= {name: {"valueCode": word} for name, word in words.items() if word}
    for name, value in (("value", changed.value_x100), ("limit", changed.limit_x100)):
        if value is not None:
            line[name] = {"valueDecimal": number(value)}
    for name, text in (("by", changed.by), ("reason", changed.reason)):
        if text and not one.by_signal:
            line[name] = {"valueString": text}
    return line


def _issue(story: Story, parts: Parts, alarm: str, life: list[Line]) -> Resource:
    worst = max((one.changed.priority for one in life), key=lambda one: one.rank)
    rows = list({one.changed.row: one.changed for one in life}.values())
    return parts.entry(
        "DetectedIssue",
        alarm,
        extension=_life(parts, life),
        status="final" if life[-1].phase == "end" else "preliminary",
        code=_code(story, life[0].changed),
        severity=SEVERITY[worst.value],
        patient=parts.ref("Patient", story.opened.patient.id),
        identifiedPeriod=_period(parts, life),
        author=parts.ref("Device", HUB),
        implicated=[
            parts.ref("MedicationAdministration", f"dose/{count}")
            for count, (event, _) in enumerate(story.doses, start=1)
            if event.at_ms <= life[-1].at_ms
        ],
        evidence=[{"code": [_code(story, row)]} for row in rows],
        detail=next((one.changed.reason for one in life if one.changed.reason), ""),
        mitigation=[_mitigation(story, parts, one) for one in life if _is_answer(one)],
    )


def _is_answer(one: Line) -> bool:
    return one.changed.transition in _ANSWERS and not one.by_signal


def _mitigation(story: Story, parts: Parts, one: Line) -> Resource:
    by = who(story, parts, one.changed.by or "")
    # Only a practitioner can be the author here; of others the log tells.
    known = story.people.get(one.changed.by or "")
    is_clinician = known is not None and known.role.value in ("physician", "backup")
    code = own("answer", one.changed.transition.value, one.changed.transition.value)
    return {
        "action": concept(code),
        "date": parts.dates.fhir(one.at_ms),
        **({"author": by} if is_clinician else {}),
    }


def _flag(story: Story, parts: Parts, alarm: str, life: list[Line]) -> Resource:
    return parts.entry(
        "Flag",
        alarm,
        extension=_life(parts, life),
        status="inactive" if life[-1].phase == "end" else "active",
        category=[concept(FLAG_CATEGORY)],
        code=_code(story, life[0].changed),
        subject=parts.ref("Patient", story.opened.patient.id),
        period=_period(parts, life),
        encounter=parts.ref("Encounter", ENCOUNTER),
        author=parts.ref("Device", HUB),
    )


def _emergency(story: Story, parts: Parts, count: int, at_ms: int, reason: str) -> Resource:
    suspects = [
        {"instance": parts.ref("MedicationAdministration", f"dose/{dose}")}
        for dose, (event, _) in enumerate(story.doses, start=1)
        if event.at_ms <= at_ms
    ]
    code = own("phase", "emergency", "Emergency phase of a session")
    return parts.entry(
        "AdverseEvent",
        f"emergency/{count}",
        actuality="actual",
        event=concept(code, text=reason),
        subject=parts.ref("Patient", story.opened.patient.id),
        encounter=parts.ref("Encounter", ENCOUNTER),
        date=parts.dates.fhir(at_ms),
        suspectEntity=suspects,
    )
