"""The words for one message or spoken line: what `Send` and `Speak` become before they go out.

The first line is the card of what the alarm shows now; the link is the hub's page for the person's
role, without any token and without the session's name, because it passes other people's servers.
Nothing is sent here.

    message_for(bed, send, texts, public_url="https://hub.home:8765")   -> Message(link=".../", ...)
"""

from alerts.condition import Priority
from alerts.contact import Role
from alerts.effects import Send, Speak
from alerts.message import Message, first_line, mode_mark
from alerts.speech import PRIVATE
from alerts.texts import Texts
from monitor.pages import page_url
from monitor.ward import Bed

__all__ = ["message_for", "spoken_line"]

_DOCTORS = frozenset({Role.PHYSICIAN.value, Role.BACKUP.value})


def message_for(bed: Bed, send: Send, texts: Texts, public_url: str = "") -> Message:
    """Return one message; an alarm that is over keeps its family's line.

    Args:
        bed: the session.
        send: what was decided.
        texts: the catalogue.
        public_url: where telephones reach the hub's pages; empty leaves the link out.
    """
    patient = bed.opened.patient
    alarm = bed.engine.alarms.book.by_id(send.alarm)
    row = alarm.top.facts.id if alarm is not None else ""
    alarm_class = alarm.level[1] if alarm is not None else None
    family = send.alarm.partition("@")[0]
    # Who is on call may have changed since the session opened.
    people = {
        contact.id: contact for contact in (*patient.contacts, *bed.engine.alarms.post.contacts)
    }
    person = people.get(send.contact)
    role = person.role.value if person is not None else ""
    line = first_line(
        texts, family, row, send.priority, patient.name, patient.emergency_number, alarm_class
    )
    if row in PRIVATE and role in _DOCTORS:
        # The card says nothing of what it is about; the physician knows it by the row's name.
        line = f"{line} ({row})"
    return Message(
        delivery=send.delivery,
        alarm=send.alarm,
        contact=person.name if person is not None else send.contact,
        address=send.address,
        priority=send.priority,
        first_line=line,
        mode=bed.opened.mode.value,
        late=send.late,
        may_repeat=send.may_repeat,
        attempt=send.attempt,
        link=page_url(role, public_url) if public_url else "",
        person=send.contact,
        session=bed.session,
        purpose=send.purpose,
        private=row in PRIVATE,
    )


def spoken_line(bed: Bed, speak: Speak, texts: Texts) -> str:
    """Return what the room's voice says: the mode's mark, the card's first line, whom to call.

    Args:
        bed: the session.
        speak: what was decided; an alarm that is over keeps its row's line.
        texts: the catalogue.
    """
    patient = bed.opened.patient
    alarm = bed.engine.alarms.book.by_id(speak.alarm)
    priority, alarm_class = alarm.level if alarm is not None else (Priority.HIGH, None)
    family, number = speak.alarm.partition("@")[0], patient.emergency_number
    line = first_line(texts, family, speak.row, priority, patient.name, number, alarm_class)
    asks = speak.call and number not in line
    call = texts.say("message.call", emergency=number) if asks else ""
    return " ".join(filter(None, (mode_mark(bed.opened.mode.value), line, call)))
