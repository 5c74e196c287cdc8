"""Whom the hub told: a CommunicationRequest for each message, a Communication for what came of it.

Sent is not heard: a message that a service took and nobody received is "in-progress", never
"completed". An answer by the same way is a Communication of its own, in response to it.

    messages(story, parts)  -> [entry of a CommunicationRequest, of a Communication, ...]
"""

from alerts.delivery import DeliveryState
from monitor.effects import CancelSend
from monitor.events import DeliveryAnswered, DeliveryReported
from monitor.export.fhir_alarms import alarm_kind
from monitor.export.fhir_parts import Parts, Resource, extension, text_only
from monitor.export.fhir_people import ENCOUNTER, HUB, who
from monitor.export.story import Message, Story

__all__ = ["URGENCY", "messages"]

URGENCY = {"low": "routine", "medium": "urgent", "high": "stat"}
_S = DeliveryState
_HEARD = (_S.DELIVERED, _S.ANSWERED)
_LOST = (_S.FAILED, _S.TIMED_OUT, _S.CANCELLED)


def messages(story: Story, parts: Parts) -> list[Resource]:
    """Return the entries of all messages in the order in which they were decided."""
    found = []
    for name, message in story.messages.items():
        found.append(_request(story, parts, name, message))
        found.append(_outcome(story, parts, name, message))
        said = [one for one in message.fates if isinstance(one, DeliveryAnswered)]
        for count, answer in enumerate(said, start=1):
            found.append(_answer(story, parts, name, message, (count, answer)))
    return found


def _common(story: Story, parts: Parts, message: Message) -> Resource:
    alarm = message.send.alarm
    about = [parts.ref(alarm_kind(story, alarm), alarm)] if alarm in story.alarms else []
    return {
        "category": [text_only(message.send.purpose)],
        "priority": URGENCY[message.send.priority.value],
        "medium": [text_only(message.send.channel)],
        "subject": parts.ref("Patient", story.opened.patient.id),
        "about": about,
        "encounter": parts.ref("Encounter", ENCOUNTER),
    }


def _request(story: Story, parts: Parts, name: str, message: Message) -> Resource:
    send = message.send
    withdrawn = [one for one in message.fates if isinstance(one, CancelSend)]
    why = text_only(withdrawn[0].reason) if withdrawn and withdrawn[0].reason else {}
    notes = [send.reason, "late" if send.late else "", "may repeat" if send.may_repeat else ""]
    return parts.entry(
        "CommunicationRequest",
        name,
        status="revoked" if withdrawn else "completed",
        statusReason=why,
        authoredOn=parts.dates.fhir(send.at_ms),
        sender=parts.ref("Device", HUB),
        recipient=[who(story, parts, send.contact)],
        reasonCode=[text_only(f"{send.rung}, attempt {send.attempt}")],
        note=[{"text": note} for note in notes if note],
        **_common(story, parts, message),
    )


def _reports(message: Message) -> list[DeliveryReported]:
    return [one for one in message.fates if isinstance(one, DeliveryReported)]


def _status(message: Message) -> str:
    """What is known at the end: heard, sent, lost, or nothing."""
    states = [one.state for one in _reports(message)]
    answered = any(isinstance(one, DeliveryAnswered) for one in message.fates)
    if answered or any(state in _HEARD for state in states):
        return "completed"
    if states and states[-1] in _LOST:
        return "not-done"
    if _S.SENT in states:
        return "in-progress"
    withdrawn = any(isinstance(one, CancelSend) for one in message.fates)
    return "not-done" if withdrawn else "unknown"


def _outcome(story: Story, parts: Parts, name: str, message: Message) -> Resource:
    reports = _reports(message)
    first = {
        state: parts.dates.fhir(next(one.at_ms for one in reports if one.state is state))
        for state in {one.state: None for one in reports}
    }
    states = [
        extension(
            "delivery-state",
            {
                "state": {"valueCode": one.state.value},
                "at": {"valueInstant": parts.dates.fhir(one.at_ms)},
                **({"detail": {"valueString": one.detail}} if one.detail else {}),
            },
        )
        for one in reports
    ]
    status = _status(message)
    why = reports[-1].detail or reports[-1].state.value if reports else ""
    return parts.entry(
        "Communication",
        name,
        extension=states,
        basedOn=[parts.ref("CommunicationRequest", name)],
        status=status,
        statusReason=text_only(why) if status == "not-done" and why else {},
        sent=first.get(_S.SENT, ""),
        received=first.get(_S.DELIVERED, first.get(_S.ANSWERED, "")),
        sender=parts.ref("Device", HUB),
        recipient=[who(story, parts, message.send.contact)],
        **_common(story, parts, message),
    )


def _answer(
    story: Story, parts: Parts, name: str, message: Message, one: tuple[int, DeliveryAnswered]
) -> Resource:
    count, answer = one
    sender = who(story, parts, message.send.contact)
    return parts.entry(
        "Communication",
        f"{name}/answer/{count}",
        inResponseTo=[parts.ref("Communication", name)],
        status="completed",
        sent=parts.dates.fhir(answer.at_ms),
        received=parts.dates.fhir(answer.at_ms),
        sender=sender if "reference" in sender else {},
        recipient=[parts.ref("Device", HUB)],
        payload=[{"contentString": answer.verdict.value}],
        note=[{"text": answer.detail}] if answer.detail else [],
        **_common(story, parts, message),
    )
