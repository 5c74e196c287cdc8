"""One device's task: it carries out what the link's table orders, with a time limit on every call.

    scan -> connect -> subscribe, first of all -> write what the decoder asks -> hear

Each connection has a number. A client that was given up may still call back; what comes under an
old number is counted and dropped, so no value is taken twice. Decoding happens in the callback:
from the notification to the hub there is no queue. The link's table (`link`) decides; this shell
knows bleak.

    task = DeviceTask(wanted, Radio(), on_news, rng)
    await task.run()
"""

import asyncio
import random
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, NamedTuple

import structlog
from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakError

from devices.ble_radio import Radio, tells
from devices.ble_words import Advert, HeardNews, LinkNews, News, RefusedNews, Wanted
from devices.decoder import Decoder, Write, short
from devices.heard import Heard
from devices.link import SHY, STEADY, Do, Link, What, Where
from devices.observation import DeviceKind
from devices.strict_json import Malformed

__all__ = ["DeviceTask"]

_CONNECT_S = 30.0
_CALL_S = 5.0
_LEAVE_S = 3.0
_LOOK_S = 1.0
_FAILURES = (BleakError, OSError, EOFError, TimeoutError)

log = structlog.get_logger("vigil.ble")


class _Came(NamedTuple):
    what: What
    why: str
    connection: int


class DeviceTask:
    """Keeps the link to one device. All methods belong to one event loop."""

    def __init__(
        self,
        wanted: Wanted,
        radio: Radio,
        on_news: Callable[[News], None],
        rng: random.Random,
    ) -> None:
        self.wanted = wanted
        self.late = 0
        self._radio = radio
        self._on_news = on_news
        rules = SHY if wanted.model.kind is DeviceKind.CUFF else STEADY
        self._link = Link(rules, rng)
        self._inbox: asyncio.Queue[_Came] = asyncio.Queue()
        self._advert: Advert | None = None
        self._connection = 0
        self._client: BleakClient | None = None
        self._work: asyncio.Task[None] | None = None
        self._decoder: Decoder = wanted.model.decoder()
        # Before anything that is told meanwhile: a link that is off knows no radio.
        self._tell(What.START)

    @property
    def where(self) -> Where:
        """Where the link stands."""
        return self._link.where

    def seen(self, advert: Advert) -> None:
        """The device advertised: a connection is made by its newest handle."""
        self._advert = advert
        if self._link.where in (Where.SEARCHING, Where.CALMING):
            self._tell(What.SEEN)

    def radio(self, *, present: bool, why: str) -> None:
        """The radio went, or came back."""
        self._tell(What.RADIO_BACK if present else What.RADIO_LOST, why)

    async def run(self) -> None:
        """Keep the link until cancelled, then let the device go."""
        try:
            while True:
                came = await self._next()
                if came.connection in (0, self._connection):
                    await self._take(came.what, came.why)
        finally:
            self._link.handle(What.STOP, self._now_ms())
            await asyncio.shield(self._leave())

    # --- events -------------------------------------------------------------------------------

    def _tell(self, what: What, why: str = "", connection: int = 0) -> None:
        self._inbox.put_nowait(_Came(what, why, connection))

    async def _next(self) -> _Came:
        """Return what happened next: an event, or that time is up."""
        while True:
            due_ms = self._link.due_ms
            left_s = _LOOK_S if due_ms is None else (due_ms - self._now_ms()) / 1000
            try:
                # At most a second: a value that comes meanwhile moves the due time.
                async with asyncio.timeout(min(max(0, left_s), _LOOK_S)):
                    return await self._inbox.get()
            except TimeoutError:
                due_ms = self._link.due_ms
                if due_ms is not None and due_ms <= self._now_ms():
                    return _Came(What.DUE, "", 0)

    async def _take(self, what: What, why: str) -> None:
        for order in self._handle(what, why):
            if order is Do.CONNECT:
                self._connection += 1
                self._start(self._connect(self._connection))
            elif order is Do.SUBSCRIBE:
                self._start(self._subscribe(self._connection))
            else:
                await self._leave()

    def _handle(self, what: What, why: str = "") -> tuple[Do, ...]:
        before = self._link.where
        orders = self._link.handle(what, self._now_ms(), why)
        if self._link.where is not before:
            log.debug("link", device=self.wanted.device, where=self._link.where, why=self._link.why)
            self._on_news(LinkNews(self.wanted.device, self._link.where, self._link.why))
        return orders

    # --- orders -------------------------------------------------------------------------------

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._work = asyncio.get_running_loop().create_task(work)
        self._work.add_done_callback(partial(self._worked, self._connection))

    def _worked(self, connection: int, work: asyncio.Task[None]) -> None:
        """A defect, ours or the library's, is a failed attempt, never a link that stands still."""
        error = None if work.cancelled() else work.exception()
        if error is not None:
            log.error("defect in a link", device=self.wanted.device, exc_info=error)
            self._tell(What.FAILED, f"defect: {_why(error)}", connection)

    async def _connect(self, connection: int) -> None:
        def dropped(_: BleakClient) -> None:
            self._tell(What.DROPPED, "the device ended the connection", connection)

        advert = self._advert
        try:
            if advert is None:
                raise BleakError("the device has not been seen")
            client = await self._radio.connect(advert, dropped, _CONNECT_S)
        except _FAILURES as error:
            self._tell(What.FAILED, f"connecting: {_why(error)}", connection)
            return
        if connection != self._connection:
            # Given up meanwhile, and the library finished all the same: nobody owns this link.
            await _part(client, self.wanted.device)
            return
        self._client = client
        self._tell(What.CONNECTED, connection=connection)

    async def _subscribe(self, connection: int) -> None:
        """Subscribe at once: a cuff indicates as soon as it can, and only once.

        The measurement is what the link is for; what else a model may tell (its battery) is asked
        for where the device can tell it, and a device that does not answer is a link all the same.
        """
        client, model = self._client, self.wanted.model
        self._decoder = model.decoder()
        try:
            if client is None:
                raise BleakError("not connected")
            speaking = [one for one in _offered(client, model.notify) if tells(one)]
            if not speaking or short(speaking[0].uuid) != model.notify[0]:
                wanted = model.notify[0]
                raise BleakError(f"the device does not send {wanted}: is it a {model.name}?")
            await self._listen(client, speaking[0], connection)
            for one in speaking[1:]:
                try:
                    await self._listen(client, one, connection)
                except _FAILURES as error:
                    log.info(
                        "not subscribed",
                        device=self.wanted.device,
                        characteristic=short(one.uuid),
                        reason=_why(error),
                    )
            await self._write(client, self._decoder.begin())
            self._tell(What.SUBSCRIBED, connection=connection)
            while model.poll_ms:
                await self._write(client, self._decoder.poll())
                await asyncio.sleep(model.poll_ms / 1000)
        except _FAILURES as error:
            self._tell(What.FAILED, f"subscribing: {_why(error)}", connection)

    async def _listen(
        self, client: BleakClient, characteristic: BleakGATTCharacteristic, connection: int
    ) -> None:
        async with asyncio.timeout(_CALL_S):
            await client.start_notify(characteristic, self._ear(connection))

    async def _write(self, client: BleakClient, writes: tuple[Write, ...]) -> None:
        for one in writes:
            for characteristic in _offered(client, (one.uuid,)):
                async with asyncio.timeout(_CALL_S):
                    await client.write_gatt_char(characteristic, one.data, response=one.response)

    async def _leave(self) -> None:
        """End whatever there is; a service that is gone cannot keep us here."""
        self._connection += 1
        work, self._work = self._work, None
        client, self._client = self._client, None
        if work is not None and not work.done():
            work.cancel()
            # A call into a service that hangs may not end; its late result is nobody's.
            _, pending = await asyncio.wait({work}, timeout=_LEAVE_S)
            if pending:
                log.warning("call did not end", device=self.wanted.device)
        if client is not None:
            await _part(client, self.wanted.device)

    # --- values -------------------------------------------------------------------------------

    def _ear(self, connection: int) -> Callable[[BleakGATTCharacteristic, bytearray], None]:
        """Return what hears one connection's notifications."""

        def notified(characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
            if connection != self._connection:
                self.late += 1
                return
            self._hear(connection, short(characteristic.uuid), bytes(data))

        return notified

    def _hear(self, connection: int, uuid: str, data: bytes) -> None:
        device = self.wanted.device
        found: tuple[Heard | Malformed, ...]
        try:
            found = self._decoder.feed(uuid, data)
        except Malformed as error:
            found = (error,)
        for one in found:
            if isinstance(one, Malformed):
                self._on_news(RefusedNews(device, uuid, data, one.reason, one.detail))
            else:
                self._handle(What.HEARD)
                self._on_news(HeardNews(device, connection, one))

    @staticmethod
    def _now_ms() -> int:
        return round(asyncio.get_running_loop().time() * 1000)


def _offered(client: BleakClient, wanted: tuple[str, ...]) -> list[BleakGATTCharacteristic]:
    """Return the wanted characteristics that the device has, in the wanted order."""
    found = {short(one.uuid): one for one in client.services.characteristics.values()}
    return [found[name] for name in wanted if name in found]


async def _part(client: BleakClient, device: str) -> None:
    """End a connection; a service that is gone cannot, and need not."""
    try:
        async with asyncio.timeout(_LEAVE_S):
            await client.disconnect()
    except _FAILURES as error:
        log.info("not disconnected", device=device, reason=_why(error))


def _why(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")
