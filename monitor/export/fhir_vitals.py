"""Single measurements as Observations: pressures, pulses beside them, and what people noticed.

A cuff that gave no number is an Observation too, with the reason in place of the values.

    vitals(story, parts)    -> [entry of an Observation, ...]
"""

from typing import Any

from devices.notice import SPANS, Thing
from devices.observation import Metric
from monitor.effects import Effect, Refused
from monitor.events import Noticed
from monitor.export.codes import LOINC, MDC, Coded, own
from monitor.export.fhir_parts import (
    Parts,
    Resource,
    absent,
    concept,
    measured_code,
    quantity,
    score,
    text_only,
)
from monitor.export.fhir_people import ENCOUNTER, who
from monitor.export.measured import COUNTED, TYPED, Measured
from monitor.export.story import Story

__all__ = ["NOTICE_UNITS", "PANEL", "VITAL", "observation", "refused", "vitals"]

PANEL = (
    Coded(LOINC, "85354-9", "Blood pressure panel with all children optional"),
    Coded(MDC, "150020", "MDC_PRESS_BLD_NONINV"),
)
VITAL = concept(
    Coded(
        "http://terminology.hl7.org/CodeSystem/observation-category", "vital-signs", "Vital Signs"
    )
)
NOTICE_UNITS = {Thing.GLUCOSE: "mg/dL"}
_PROFILE = "http://hl7.org/fhir/StructureDefinition/"
_PRESSURES = (Metric.SBP, Metric.DBP, Metric.MAP)


def observation(story: Story, parts: Parts, name: str, at_ms: int, /, **fields: Any) -> Resource:
    """Return one Observation of the patient in this session; `fields` may replace its own."""
    common: dict[str, Any] = {
        "status": "final",
        "subject": parts.ref("Patient", story.opened.patient.id),
        "encounter": parts.ref("Encounter", ENCOUNTER),
        "effectiveDateTime": parts.dates.fhir(at_ms),
    }
    return parts.entry("Observation", name, **{**common, **fields})


def refused(effects: tuple[Effect, ...]) -> bool:
    """Say whether the engine refused what a record is about."""
    return any(isinstance(one, Refused) for one in effects)


def vitals(story: Story, parts: Parts) -> list[Resource]:
    """Return the entries of pressures, pulses and notices, in the order of time."""
    found: list[Resource] = []
    for number, one in enumerate(story.pressures, start=1):
        if one.device != COUNTED:
            found.append(_pressure(story, parts, f"pressure/{number}", one))
        if Metric.CUFF_PULSE in one.values:
            found.append(_pulse(story, parts, f"pulse/{number}", one))
    found += [
        _notice(story, parts, f"notice/{record.n}", record.event)
        for record in story.log
        if isinstance(record.event, Noticed) and not refused(record.effects)
    ]
    return found


def _by(story: Story, parts: Parts, one: Measured) -> Resource:
    """Who or what measured, and how."""
    if one.device not in (TYPED, COUNTED):
        bound = any(device.id == one.device for device in story.opened.patient.devices)
        return {"device": parts.ref("Device", one.device)} if bound else {}
    how = "typed by a person" if one.device == TYPED else "counted by a person"
    by = who(story, parts, one.by)
    performer = [by] if "reference" in by else []
    return {"method": text_only(how), "performer": performer}


def _note(one: Measured) -> list[Resource]:
    words = [one.why, *(flag.value for flag in one.flags)]
    return [{"text": word} for word in words if word]


def _pressure(story: Story, parts: Parts, name: str, one: Measured) -> Resource:
    metrics = [m for m in _PRESSURES if m in one.values or (m is not Metric.MAP)]
    return observation(
        story,
        parts,
        name,
        one.at_ms,
        meta={"profile": [_PROFILE + "bp"]},
        category=[VITAL],
        code=concept(*PANEL),
        component=[
            {
                "code": measured_code(metric),
                **(
                    {"valueQuantity": quantity(metric, one.values[metric])}
                    if metric in one.values
                    else {"dataAbsentReason": absent("error")}
                ),
            }
            for metric in metrics
        ],
        note=_note(one),
        **_by(story, parts, one),
    )


def _pulse(story: Story, parts: Parts, name: str, one: Measured) -> Resource:
    metric = Metric.CUFF_PULSE
    return observation(
        story,
        parts,
        name,
        one.at_ms,
        meta={"profile": [_PROFILE + "heartrate"]},
        category=[VITAL],
        code=measured_code(metric),
        valueQuantity=quantity(metric, one.values[metric]),
        note=_note(one),
        **_by(story, parts, one),
    )


def _notice(story: Story, parts: Parts, name: str, event: Noticed) -> Resource:
    value: Resource = {"valueBoolean": not event.over}
    if event.what in SPANS and event.number is not None:
        value = {"valueQuantity": score(event.number, NOTICE_UNITS.get(event.what, "{score}"))}
    by = who(story, parts, event.by)
    code = own("notice", event.what.value, event.what.value.replace("_", " "))
    return observation(
        story,
        parts,
        name,
        event.at_ms,
        code=concept(code),
        performer=[by] if "reference" in by else [],
        **value,
    )
