"""The watcher's own pages: every person at once, each by one way after the other.

A way that fails starts the person's next way in the same instant; one that is not confirmed as
delivered in 15 s starts it then. All that stops a person's ways is a delivery, an answer, or the
end of the alarm, which also stops what is still under way (a ringing telephone is hung up). This
module never decides when to page and never whom; a page's name holds hub, alarm, person and way, so
that an answer is understood even after a restart.

    pages = Pages(channels, say, on_answer, resolve)
    pages.send("watch:home@1700000000000", people, "Vigil hub", turn=0)
    await pages.run()                    # listens for receipts and answers, until cancelled
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from alerts.channel import Channel, News, Outcome, failed
from alerts.condition import Priority
from alerts.contact import Way
from alerts.delivery import TIMEOUT_MS, DeliveryState, Verdict
from alerts.lease import Person
from alerts.message import Message

__all__ = ["OnAnswer", "Pages", "Sent"]

_MAX_SENT: Final = 500
_AGAIN_S: Final = 5.0
_STOP_S: Final = 4.0
_CONFIRMED: Final = (DeliveryState.DELIVERED, DeliveryState.ANSWERED)

OnAnswer = Callable[[str, int, Verdict, str], None]
"""Takes the alarm's name, the person's place among the people, the verdict and a detail."""


class Sent(NamedTuple):
    """One page that went out: by which channel, and what becomes of it."""

    channel: str
    told: "asyncio.Future[News]"


class Pages:
    """Sends pages by channels that are running. Belongs to one event loop.

    Args:
        channels: by name; each is guarded and bounded by itself.
        say: takes one line for whoever keeps the machine.
        on_answer: told each answer of a person.
        resolve: gives the address behind one that may be `file:<path>`; raises ValueError.
    """

    def __init__(
        self,
        channels: Mapping[str, Channel],
        say: Callable[[str], None],
        on_answer: OnAnswer,
        resolve: Callable[[str], str],
    ) -> None:
        self._channels = channels
        self._say = say
        self._on_answer = on_answer
        self._resolve = resolve
        self._sent: dict[str, Sent] = {}
        self._tasks: dict[str, set[asyncio.Task[None]]] = {}

    def send(
        self, alarm: str, people: Sequence[Person], name: str, turn: int, *, repeat: bool = False
    ) -> None:
        """Page everybody now.

        Args:
            alarm: names what is paged; all turns of one alarm have one name.
            people: in the order of the lease.
            name: what people call the silent hub.
            turn: how often they were paged before.
            repeat: these pages may have gone out before a restart.
        """
        tasks = self._tasks.setdefault(alarm, set())
        for place, person in enumerate(people):
            text = f"{alarm}/{place}/{turn}"
            task = asyncio.create_task(self._page(text, alarm, person, name, turn, repeat=repeat))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    async def stop(self, begins: str) -> None:
        """Nobody needs the pages of the alarms whose name begins so any more."""
        for alarm in [name for name in self._tasks if name.startswith(begins)]:
            for task in self._tasks.pop(alarm):
                task.cancel()
        under_way = [name for name in self._sent if name.startswith(begins)]
        sent = [(name, self._sent.pop(name)) for name in under_way]
        await asyncio.gather(*(self._cancel(name, one.channel) for name, one in sent))

    async def run(self) -> None:
        """Listen for receipts and answers on every channel until cancelled."""
        async with asyncio.TaskGroup() as group:
            for name, channel in self._channels.items():
                group.create_task(self._listen(name, channel))

    async def close(self) -> None:
        """Let go of all channels."""
        for alarm in list(self._tasks):
            for task in self._tasks.pop(alarm):
                task.cancel()
        for channel in self._channels.values():
            await channel.close()

    def on_news(self, news: News) -> None:
        """Take what a channel has learnt."""
        sent = self._sent.get(news.delivery)
        if sent is not None and not sent.told.done():
            sent.told.set_result(news)
        if news.verdict is None:
            return
        words = news.delivery.rsplit("/", 3)
        if len(words) != 4 or not words[1].isdecimal():  # noqa: PLR2004 - alarm, place, turn, way
            self._say(f"an answer to {news.delivery!r}, which is no page of this watcher")
            return
        self._on_answer(words[0], int(words[1]), news.verdict, news.detail)

    # --- one person ---------------------------------------------------------------------------

    async def _page(
        self, text: str, alarm: str, person: Person, name: str, turn: int, *, repeat: bool
    ) -> None:
        for number, way in enumerate(person.ways):
            delivery = f"{text}/{number}"
            told: asyncio.Future[News] = asyncio.get_running_loop().create_future()
            self._keep(delivery, Sent(way.channel, told))
            outcome = await self._send(
                way,
                Message(
                    delivery=delivery,
                    alarm=alarm,
                    contact=person.name,
                    address=way.address,
                    priority=Priority.HIGH,
                    first_line=f"{name} is silent with an open session. Call, or go and look now.",
                    mode=person.mode,
                    may_repeat=repeat,
                    attempt=turn + 1,
                ),
            )
            what = f"page to {person.name} by {way.channel}: {outcome.state}"
            self._say(f"{what} ({outcome.reason})" if outcome.reason else what)
            if outcome.state in _CONFIRMED:
                return
            if outcome.state is DeliveryState.FAILED:
                continue
            if await self._confirmed(told):
                self._say(f"page to {person.name} by {way.channel}: {told.result().state}")
                return
        self._say(f"no way to {person.name} has confirmed that the page arrived")

    async def _confirmed(self, told: "asyncio.Future[News]") -> bool:
        try:
            async with asyncio.timeout(TIMEOUT_MS / 1000):
                return (await asyncio.shield(told)).state in _CONFIRMED
        except TimeoutError:
            return False

    async def _send(self, way: Way, message: Message) -> Outcome:
        channel = self._channels.get(way.channel)
        if channel is None:
            return failed(f"{way.channel} is not set up here")
        try:
            address = self._resolve(way.address)
        except ValueError as error:
            return failed(str(error))
        try:
            return await channel.send(replace(message, address=address))
        except Exception as error:  # noqa: BLE001 - our bug in one way must not end the others
            return failed(f"our bug: {type(error).__name__}")

    async def _cancel(self, delivery: str, name: str) -> None:
        channel = self._channels.get(name)
        if channel is None:
            return
        try:
            async with asyncio.timeout(_STOP_S):
                await channel.cancel(delivery)
        except Exception as error:  # noqa: BLE001 - named, and the other pages are stopped even so
            self._say(f"a page by {name} could not be stopped: {type(error).__name__}")

    async def _listen(self, name: str, channel: Channel) -> None:
        while True:
            try:
                await channel.run()
            except Exception as error:  # noqa: BLE001 - one deaf channel ends no watching
                self._say(f"{name} does not hear answers: {type(error).__name__}; tried again")
                await asyncio.sleep(_AGAIN_S)
            else:
                return

    def _keep(self, delivery: str, sent: Sent) -> None:
        self._sent[delivery] = sent
        while len(self._sent) > _MAX_SENT:
            self._sent.pop(next(iter(self._sent)))
