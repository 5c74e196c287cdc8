"""Who and what a session was made of: patient, people, devices, and the session as an Encounter.

The patient's name is the pseudonym of the file. Of a person only the name is told, never a way to
reach them; of a device its id and model, never its address.

    people(story, parts)    -> [entry of the Patient, of the Encounter, ...]
"""

from alerts.contact import Role
from devices.observation import METRICS, DeviceKind, Metric
from monitor.export.codes import MDC, OWN, UCUM, Coded, mdc
from monitor.export.fhir_parts import Parts, Resource, concept, extension, text_only
from monitor.export.story import Story
from monitor.patient import DeviceBinding
from monitor.session import OVER, Phase

__all__ = ["DEVICE_TYPES", "ENCOUNTER", "HUB", "METRICS_OF", "ended_ms", "people", "who"]

ENCOUNTER, HUB = "session", "hub"

DEVICE_TYPES = {
    DeviceKind.OXIMETER: Coded(MDC, "528388", "MDC_DEV_SPEC_PROFILE_PULS_OXIM"),
    DeviceKind.CUFF: Coded(MDC, "528391", "MDC_DEV_SPEC_PROFILE_BP"),
}
METRICS_OF = {
    DeviceKind.OXIMETER: (Metric.SPO2, Metric.PULSE, Metric.PI),
    DeviceKind.CUFF: (Metric.SBP, Metric.DBP, Metric.MAP, Metric.CUFF_PULSE),
}
_KINDS = {
    Role.COMPANION: "RelatedPerson",
    Role.PHYSICIAN: "Practitioner",
    Role.BACKUP: "Practitioner",
}
_CLASS = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    "code": "HH",
    "display": "home health",
}


def who(story: Story, parts: Parts, person: str) -> Resource:
    """Return a reference to a person; somebody whom the session does not know is named only."""
    if person == story.opened.patient.id:
        return dict(parts.ref("Patient", person))
    contact = story.people.get(person)
    if contact is None:
        return {"display": person or "unknown"}
    return dict(parts.ref(_KINDS.get(contact.role, "Practitioner"), person))


def ended_ms(story: Story) -> int | None:
    """Return when the session was over; None: it is not."""
    return next((one.at_ms for one in story.phases if Phase(one.phase) in OVER), None)


def people(story: Story, parts: Parts) -> list[Resource]:
    """Return the entries of all that has a name."""
    patient = story.opened.patient
    found = [
        parts.entry(
            "Patient",
            patient.id,
            known_as=patient.id,
            name=[{"use": "anonymous", "text": patient.name}],
        )
    ]
    found += [_person(story, parts, name) for name in story.people]
    found.append(_encounter(story, parts))
    found.append(_hub(story, parts))
    for device in patient.devices:
        found += _device(story, parts, device)
    return found


def _person(story: Story, parts: Parts, name: str) -> Resource:
    contact = story.people[name]
    kind = _KINDS.get(contact.role, "Practitioner")
    fields: Resource = {"name": [{"text": contact.name}]}
    known_as = name
    if kind == "RelatedPerson":
        # Who sits with two patients is two related persons.
        known_as = f"{story.opened.patient.id}/{name}"
        fields["patient"] = parts.ref("Patient", story.opened.patient.id)
        fields["relationship"] = [text_only(contact.role.value)]
    return parts.entry(kind, name, known_as=known_as, **fields)


def _encounter(story: Story, parts: Parts) -> Resource:
    opened = story.opened
    end_ms = ended_ms(story)
    dosed = any(taken for _, taken in story.doses)
    status = "in-progress" if end_ms is None else "finished" if dosed else "cancelled"
    period = {"start": parts.dates.fhir(opened.at_ms)}
    if end_ms is not None:
        period["end"] = parts.dates.fhir(end_ms)
    phases = [
        extension(
            "phase",
            {
                "phase": {"valueCode": one.phase},
                "since": {"valueInstant": parts.dates.fhir(one.at_ms)},
            },
        )
        for one in story.phases
    ]
    clock = "synchronised" if parts.dates.is_synchronised else "as-the-hub-said"
    facts = {
        "mode": {"valueCode": opened.mode.value},
        "clock": {"valueCode": clock},
        "plan": {"valueString": f"{opened.plan.name} {opened.plan.version}"},
        "signed-by": {"valueString": opened.plan.signed_by or "nobody"},
    }
    return parts.entry(
        "Encounter",
        ENCOUNTER,
        known_as=opened.session,
        extension=[extension("session", facts), *phases],
        status=status,
        **{"class": _CLASS},
        type=[text_only("supervised ketamine session at home")],
        subject=parts.ref("Patient", opened.patient.id),
        participant=[
            {"type": [text_only(one.role.value)], "individual": who(story, parts, one.id)}
            for one in story.people.values()
        ],
        period=period,
    )


def _hub(story: Story, parts: Parts) -> Resource:
    software = story.opened.software
    return parts.entry(
        "Device",
        HUB,
        deviceName=[{"name": "Vigil", "type": "model-name"}],
        version=[{"value": software}] if software else [],
        type=concept(Coded(f"{OWN}device", "hub", "Hub that watches a session"), text="Vigil"),
    )


def _device(story: Story, parts: Parts, device: DeviceBinding) -> list[Resource]:
    model = [{"name": device.model, "type": "model-name"}] if device.model else []
    found = [
        parts.entry(
            "Device",
            device.id,
            known_as=device.id,
            deviceName=model,
            type=concept(DEVICE_TYPES[device.kind]),
            patient=parts.ref("Patient", story.opened.patient.id),
        )
    ]
    metrics = METRICS_OF[device.kind] + ((Metric.RR,) if device.breathing else ())
    seconds = None if device.interval_ms is None else device.interval_ms / 1000
    timing = {"repeat": {"frequency": 1, "period": seconds, "periodUnit": "s"}}
    for metric in metrics:
        unit = METRICS[metric].unit
        found.append(
            parts.entry(
                "DeviceMetric",
                f"{device.id}/{metric.value}",
                type=concept(mdc(metric)),
                unit={"coding": [{"system": UCUM, "code": unit, "display": unit}]},
                source=parts.ref("Device", device.id),
                category="measurement",
                measurementPeriod={} if seconds is None else timing,
            )
        )
    return found
