"""Messages out, news in: each `Send` is one attempt on one channel, what is learnt an event.

The intent is committed first, waited for at most 250 ms, then it goes anyway: watching beats
recording. One task a message, so that a slow person's channel delays nobody else's. Nothing is
retried or chosen here; the ladder does that with the outcome. What a channel learns later is found
by the delivery's name in the sessions' own post, so that a restart of the hub loses none of it.

    sender.send(bed, send, committed)    -> later: DeliveryReported(delivery, SENT)
    sender.on_news(News(...))            -> DeliveryReported, or DeliveryAnswered
"""

import asyncio
from collections.abc import Callable, Mapping

import structlog
from msgspec import structs

from alerts.channel import Channel, News, Outcome, failed, refused_by_mode
from alerts.condition import Priority
from alerts.delivery import DeliveryState
from alerts.effects import Send
from alerts.message import Message
from monitor.events import DeliveryAnswered, DeliveryReported, Event
from monitor.hub import Hub
from monitor.net_state import targets_of
from monitor.sent_names import SentNames
from monitor.ward import Bed

__all__ = ["Sender"]

_MAX_TASKS = 1_000
# A channel's own bound is 4 s; beyond this it is our bug, and ends here.
_STOP_S = 6.0

log = structlog.get_logger("vigil.sender")


class Sender:
    """Carries out sends; the outcome of each becomes an event of its session.

    Args:
        channels: by name, as contacts spell them; may be filled until the first message.
        hub: takes the events.
        intent_wait_ms: how long a message waits for its own record.
        urls: what each channel contacts; a channel without one contacts the message's address.
        resolve: returns the address behind `file:<path>`; raises ValueError.
        say: returns the words of one message.
        heard: told what became of each message that was to leave this machine.
    """

    def __init__(
        self,
        channels: Mapping[str, Channel],
        hub: Hub,
        intent_wait_ms: int = 250,
        *,
        urls: Mapping[str, str] | None = None,
        resolve: Callable[[str], str] = str,
        say: Callable[[Bed, Send], Message],
        heard: Callable[[Outcome], None] | None = None,
    ) -> None:
        self._channels = channels
        self._hub = hub
        self._intent_wait_s = intent_wait_ms / 1000
        self._urls = urls or {}
        self._resolve = resolve
        self._say = say
        self._heard = heard
        self._names = SentNames(hub.ward.beds)
        self._tasks: dict[str, tuple[asyncio.Task[None], Priority]] = {}
        self._stops: set[asyncio.Task[None]] = set()

    # --- out ----------------------------------------------------------------------------------

    def send(self, bed: Bed, send: Send, committed: "asyncio.Future[bool]") -> None:
        """Start one message."""
        name = self._names.give(bed.session, send.delivery, send.channel)
        message = structs.replace(self._say(bed, send), delivery=name)
        if len(self._tasks) >= _MAX_TASKS and not self._make_room(send.priority):
            self._report(name, failed("too many messages are under way"))
            return
        task = asyncio.create_task(self._go(send.channel, message, committed), name=f"send {name}")
        self._tasks[name] = task, send.priority
        task.add_done_callback(lambda _: self._tasks.pop(name, None))

    def cancel(self, delivery: str, session: str = "") -> None:
        """Stop a message that nobody needs any more, as far as its channel can.

        Args:
            delivery: its name in the record.
            session: whose; empty when only one session can have it.
        """
        name = self._names.of(session, delivery)
        under_way = self._tasks.get(name)
        if under_way is not None:
            under_way[0].cancel()
        # It may be out although nobody has said so yet: the channel takes back what it can.
        found = self._names.find(name)
        channel = self._channels.get(found.channel) if found is not None else None
        if channel is not None:
            stop = asyncio.create_task(_stop(channel, name), name=f"stop {name}")
            self._stops.add(stop)
            stop.add_done_callback(self._stops.discard)

    async def drain(self, timeout_s: float) -> int:
        """Wait for what is under way; return how many messages were not done."""
        tasks = {*(task for task, _ in self._tasks.values()), *self._stops}
        if tasks:
            await asyncio.wait(tasks, timeout=timeout_s)
        return len(self._tasks)

    def _make_room(self, priority: Priority) -> bool:
        """Whether one more may start: a high one always, in the place of the oldest that is not."""
        if priority is not Priority.HIGH:
            return False
        oldest = next((name for name, kept in self._tasks.items() if kept[1] != priority), None)
        if oldest is not None:
            self._tasks.pop(oldest)[0].cancel()
            self._report(oldest, failed("gave its place to a high alarm"))
        return True

    async def _go(
        self, channel_name: str, message: Message, committed: "asyncio.Future[bool]"
    ) -> None:
        await asyncio.wait({committed}, timeout=self._intent_wait_s)
        message = structs.replace(message, recording=self._hub.recording)
        self._report(message.delivery, await self._outcome(channel_name, message))

    async def _outcome(self, channel_name: str, message: Message) -> Outcome:
        """Hand the message over; whatever goes wrong has a name."""
        channel = self._channels.get(channel_name)
        if channel is None:
            return failed(f"channel {channel_name!r} is not set up on this hub")
        try:
            message = structs.replace(message, address=self._resolve(message.address))
        except ValueError as error:
            return failed(str(error))
        url = self._urls.get(channel_name, message.address)
        refused = refused_by_mode(message, channel_name, url)
        if refused is not None:
            return refused
        try:
            outcome = await channel.send(message)
        except Exception as error:
            log.exception("a channel failed", channel=channel_name)
            return failed(f"our bug: {type(error).__name__}")
        if self._heard is not None and targets_of((url,)):
            self._heard(outcome)
        return outcome

    def _report(self, name: str, outcome: Outcome) -> None:
        self.on_news(News(name, outcome.state, outcome.reason))

    # --- in -----------------------------------------------------------------------------------

    def on_news(self, news: News) -> None:
        """Take what a channel has learnt: an event of the session whose message it is."""
        found = self._names.find(news.delivery)
        if found is None or found.session not in self._hub.ward.beds:
            # Named, never guessed: an answer to nothing must not take somebody else's alarm.
            self._hub.count("news of an unknown message")
            log.warning(
                "news of a message of no open session",
                delivery=news.delivery,
                state=news.state.value,
                verdict=news.verdict.value if news.verdict else None,
            )
            return
        if not self._hub.tell(found.session, lambda at_ms: _event(found.delivery, news, at_ms)):
            # The ladder takes it for not confirmed and goes on: a repeat, never a silence.
            log.error("news was lost: the inbox is full", delivery=news.delivery)


def _event(delivery: str, news: News, at_ms: int) -> Event:
    if news.state is DeliveryState.ANSWERED and news.verdict is not None:
        return DeliveryAnswered(
            at_ms=at_ms, delivery=delivery, verdict=news.verdict, detail=news.detail
        )
    return DeliveryReported(at_ms=at_ms, delivery=delivery, state=news.state, detail=news.detail)


async def _stop(channel: Channel, name: str) -> None:
    try:
        async with asyncio.timeout(_STOP_S):
            await channel.cancel(name)
    except Exception:
        log.exception("a message could not be stopped", channel=channel.name, delivery=name)
