"""What people answered: QuestionnaireResponses, the rating of each check-in, and the doses taken.

A check-in that was corrected is marked as entered in error, and so is its rating; one that the hub
refused is in the log alone. Answers about thoughts of death carry the label "restricted".

    answers(story, parts)   -> [entry of a Questionnaire, of a QuestionnaireResponse, ...]
"""

from collections.abc import Mapping
from typing import Any

from devices.checkin import CheckIn
from monitor.events import (
    CheckedIn,
    CheckInCorrected,
    DischargeTried,
    DoseConfirmed,
    DoseExtra,
    NextDayAnswered,
    QuestionAnswered,
)
from monitor.export.codes import RXNORM, SNOMED, Coded, own
from monitor.export.fhir_forms import (
    CHECK_IN,
    DISCHARGE,
    EVENING,
    NEXT_DAY,
    Form,
    choice,
    url_of,
)
from monitor.export.fhir_parts import Parts, Resource, concept, score
from monitor.export.fhir_people import ENCOUNTER, who
from monitor.export.fhir_vitals import observation, refused
from monitor.export.story import Story

__all__ = ["DRUG", "MOAAS", "ROUTE", "answers", "doses"]

DRUG = Coded(RXNORM, "6130", "ketamine")
ROUTE = Coded(SNOMED, "37839007", "Sublingual route")
MOAAS = own("observation", "moaas", "Modified Observer's Assessment of Alertness/Sedation")
_RESTRICTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
    "code": "R",
    "display": "restricted",
}
_UNKNOWN = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_FORM_OF = {
    CheckedIn: CHECK_IN,
    CheckInCorrected: CHECK_IN,
    DischargeTried: DISCHARGE,
    QuestionAnswered: EVENING,
    NextDayAnswered: NEXT_DAY,
}
_ASKED = CheckedIn | CheckInCorrected | DischargeTried | QuestionAnswered | NextDayAnswered


def answers(story: Story, parts: Parts) -> list[Resource]:
    """Return the entries of the forms that were used and of every answer."""
    asked = [
        (record.n, record.event)
        for record in story.log
        if isinstance(record.event, _ASKED) and not refused(record.effects)
    ]
    wrong = _corrected(asked)
    used = {_FORM_OF[type(event)].name: _FORM_OF[type(event)] for _, event in asked}
    found = [used[name].entry(parts) for name in sorted(used)]
    for n, event in asked:
        status = "entered-in-error" if n in wrong else "completed"
        if isinstance(event, CheckInCorrected) and n not in wrong:
            status = "amended"
        found.append(_response(story, parts, n, event, status))
        if isinstance(event, CheckedIn | CheckInCorrected):
            found.append(_rating(story, parts, n, event, status))
    return found


def _corrected(asked: list[tuple[int, _ASKED]]) -> set[int]:
    """The check-ins that a later one replaced."""
    wrong, last = set(), 0
    for n, event in asked:
        if isinstance(event, CheckedIn | CheckInCorrected):
            if isinstance(event, CheckInCorrected) and last:
                wrong.add(last)
            last = n
    return wrong


def _response(story: Story, parts: Parts, n: int, event: _ASKED, status: str) -> Resource:
    form = _FORM_OF[type(event)]
    author = who(story, parts, event.by)
    private = isinstance(event, NextDayAnswered)
    return parts.entry(
        "QuestionnaireResponse",
        f"{form.name}/{n}",
        meta={"security": [_RESTRICTED]} if private else {},
        questionnaire=url_of(form.name),
        status=status,
        subject=parts.ref("Patient", story.opened.patient.id),
        encounter=parts.ref("Encounter", ENCOUNTER),
        authored=parts.dates.fhir(event.at_ms),
        author=author if "reference" in author else {},
        item=_filled(form, _said(event)),
    )


def _said(event: _ASKED) -> Mapping[str, Any]:
    """The answers by the link ids of the form."""
    match event:
        case CheckedIn() | CheckInCorrected():
            return _codes(event.check)
        case DischargeTried():
            return {name: getattr(event.answers, name) for name in event.answers.__struct_fields__}
        case _:
            return {one.link: getattr(event, one.link) for one in _FORM_OF[type(event)].questions}


def _codes(check: CheckIn) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code in check.codes.split():
        found.setdefault(code[0], []).append(code)
    return found


def _filled(form: Form, said: Mapping[str, Any]) -> list[Resource]:
    items = []
    for one in form.questions:
        value = said.get(one.link)
        values = value if isinstance(value, list) else [] if value is None else [value]
        words = dict(one.options)
        answer = [
            choice(form.name, each, words[each])
            if one.options
            else {"valueBoolean" if one.kind == "boolean" else "valueInteger": each}
            for each in values
        ]
        if answer:
            items.append({"linkId": one.link, "text": one.text, "answer": answer})
    return items


def _rating(
    story: Story, parts: Parts, n: int, event: CheckedIn | CheckInCorrected, status: str
) -> Resource:
    by = who(story, parts, event.by)
    return observation(
        story,
        parts,
        f"moaas/{n}",
        event.at_ms,
        status={"completed": "final"}.get(status, status),
        code=concept(MOAAS),
        performer=[by] if "reference" in by else [],
        valueQuantity=score(event.check.moaas),
        derivedFrom=[parts.ref("QuestionnaireResponse", f"{CHECK_IN.name}/{n}")],
    )


def doses(story: Story, parts: Parts) -> list[Resource]:
    """Return the entries of what was taken.

    The amount is the prescribed one of the patient's file; without it, and of an unplanned further
    dose, it is unknown.
    """
    return [
        _dose(story, parts, number, event, taken=taken)
        for number, (event, taken) in enumerate(story.doses, start=1)
    ]


def _dose(
    story: Story, parts: Parts, number: int, event: DoseConfirmed | DoseExtra, *, taken: bool
) -> Resource:
    dosage: Resource = {"route": concept(ROUTE)}
    said = story.opened.patient.ambulance
    if said is None or said.dose_mg is None or isinstance(event, DoseExtra):
        dosage["dose"] = {"extension": [{"url": _UNKNOWN, "valueCode": "unknown"}]}
    else:
        dosage["text"] = "one dose as prescribed"
        dosage["dose"] = score(said.dose_mg, "mg")
    actor = who(story, parts, event.by)
    notes = [] if taken else ["the hub refused this confirmation"]
    notes += ["an unplanned further dose"] if isinstance(event, DoseExtra) else []
    return parts.entry(
        "MedicationAdministration",
        f"dose/{number}",
        status="completed" if taken else "unknown",
        medicationCodeableConcept=concept(DRUG),
        subject=parts.ref("Patient", story.opened.patient.id),
        context=parts.ref("Encounter", ENCOUNTER),
        effectiveDateTime=parts.dates.fhir(event.at_ms - event.ago_ms),
        performer=[{"actor": actor}] if "reference" in actor else [],
        dosage=dosage,
        note=[{"text": note} for note in notes],
    )
