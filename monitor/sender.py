"""Messages out: each `Send` becomes one attempt on one channel, and its outcome an event.

The intent is committed first, waited for at most 250 ms, then it goes anyway: watching beats
recording. One task a message, so that a slow person's channel delays nobody else's. Nothing is
retried or chosen here; the ladder does that with the outcome.

    sender.send(bed, send, committed)    -> later: DeliveryReported(delivery, SENT)
"""

import asyncio
from collections.abc import Mapping

import structlog
from msgspec import structs

from alerts.channel import Channel, Outcome, failed, refused_by_mode
from alerts.effects import Send
from alerts.message import Message, first_line
from monitor.events import DeliveryReported
from monitor.hub import Hub
from monitor.ward import Bed

__all__ = ["Sender", "message_of"]

_MAX_TASKS = 1_000

log = structlog.get_logger("vigil.sender")


def message_of(bed: Bed, send: Send) -> Message:
    """The words for one message; an alarm that is over keeps its family's line."""
    patient = bed.opened.patient
    alarm = bed.engine.alarms.book.by_id(send.alarm)
    row = alarm.top.facts.id if alarm is not None else ""
    alarm_class = alarm.level[1] if alarm is not None else None
    family = send.alarm.partition("@")[0]
    names = {contact.id: contact.name for contact in patient.contacts}
    return Message(
        delivery=send.delivery,
        alarm=send.alarm,
        contact=names.get(send.contact, send.contact),
        address=send.address,
        priority=send.priority,
        first_line=first_line(
            family, row, send.priority, patient.name, patient.emergency_number, alarm_class
        ),
        mode=bed.opened.mode.value,
        late=send.late,
        may_repeat=send.may_repeat,
        attempt=send.attempt,
        person=send.contact,
        session=bed.session,
    )


class Sender:
    """Carries out sends; the outcome of each becomes an event of its session."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        hub: Hub,
        intent_wait_ms: int = 250,
    ) -> None:
        self._channels = channels
        self._hub = hub
        self._intent_wait_s = intent_wait_ms / 1000
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def send(self, bed: Bed, send: Send, committed: "asyncio.Future[bool]") -> None:
        """Start one message."""
        message = message_of(bed, send)
        if len(self._tasks) >= _MAX_TASKS:
            self._report(bed.session, send, failed("too many messages are under way"))
            return
        task = asyncio.create_task(
            self._go(bed.session, send, message, committed), name=f"send {send.delivery}"
        )
        self._tasks[send.delivery] = task
        task.add_done_callback(lambda _: self._tasks.pop(send.delivery, None))

    def cancel(self, delivery: str) -> None:
        """Stop a message that nobody needs any more; one that is out stays out."""
        task = self._tasks.get(delivery)
        if task is not None:
            task.cancel()

    async def drain(self, timeout_s: float) -> int:
        """Wait for what is under way; return how many messages were not done."""
        tasks = set(self._tasks.values())
        if tasks:
            await asyncio.wait(tasks, timeout=timeout_s)
        return len(self._tasks)

    async def _go(
        self, session: str, send: Send, message: Message, committed: "asyncio.Future[bool]"
    ) -> None:
        await asyncio.wait({committed}, timeout=self._intent_wait_s)
        message = structs.replace(message, recording=self._hub.recording)
        channel = self._channels.get(send.channel)
        outcome = refused_by_mode(message, send.channel)
        if outcome is None and channel is None:
            outcome = failed(f"channel {send.channel!r} is not set up on this hub")
        if outcome is None and channel is not None:
            try:
                outcome = await channel.send(message)
            except Exception as error:
                log.exception("a channel failed", channel=send.channel)
                outcome = failed(f"our bug: {type(error).__name__}")
        if outcome is not None:
            self._report(session, send, outcome)

    def _report(self, session: str, send: Send, outcome: Outcome) -> None:
        took = self._hub.tell(
            session,
            lambda at_ms: DeliveryReported(
                at_ms=at_ms, delivery=send.delivery, state=outcome.state, detail=outcome.reason
            ),
        )
        if not took:
            # The ladder takes it for not confirmed and goes on: a repeat, never a silence.
            log.error("an outcome was lost: the inbox is full", delivery=send.delivery)
