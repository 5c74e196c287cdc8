"""A visit to one device: connect, subscribe, listen, leave; each step has a limit and an answer.

What a session never does to a device happens on a visit, before one: at enrolment, and in the dry
run of the day before (`ble_pairing` has those steps). A failed step says why, and none raises; who
visits decides what a failure means. It subscribes before it asks anything, because a cuff says its
word once, as soon as it can.

It chooses nothing: it is given the advert of the one device that a person chose.

    visit = Visit(Radio(), advert, model("standard-cuff"))
    await visit.connect()    -> Step(what="connect", state=<State.DONE>, words="AA:BB:CC:00:11:22")
    await visit.subscribe()
    await visit.stay(30, lambda: bool(visit.heard))
    await visit.leave()
"""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import NamedTuple

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakError

from devices.ble_radio import Radio, tells
from devices.ble_words import Advert
from devices.decoder import Write, short
from devices.heard import Heard
from devices.models import Model
from devices.strict_json import Malformed

__all__ = ["FAILURES", "AbsentError", "State", "Step", "Visit", "step"]

FAILURES = (BleakError, OSError, EOFError, TimeoutError, Malformed)
"""What a call to a device fails with."""

_CONNECT_S, _STEP_S, _CALL_S, _LEAVE_S = 30.0, 20.0, 5.0, 3.0
_MOST = 10_000
_BATTERY, _SPOT_CHECK = "2A19", "2A5E"


class State(StrEnum):
    """How a step ended. ABSENT: the device has no such thing, which may be no fault."""

    DONE = "done"
    ABSENT = "absent"
    FAILED = "failed"


class Step(NamedTuple):
    """One step of a visit and, in words, what came of it."""

    what: str
    state: State
    words: str


class AbsentError(Exception):
    """The device has no such thing."""


class Visit:
    """One visit. All methods belong to one event loop; `leave` must follow, whatever happened.

    `address` is the advert's until a bond tells another. `heard` holds what the device said with
    the loop's time in ms, `refused` the reasons of what could not be read. `battery_pct`, `about`
    (maker, model, serial, firmware), `clock_off_s` (by how much its clock is ahead now, None: not
    known) and `clock_set` come with their steps. `gone`: the device ended the connection.
    """

    def __init__(self, radio: Radio, advert: Advert, model: Model) -> None:
        self.advert = advert
        self.address = advert.address
        self.model = model
        self.heard: list[tuple[int, Heard]] = []
        self.refused: list[str] = []
        self.battery_pct: int | None = None
        self.about: dict[str, str] = {}
        self.clock_off_s: int | None = None
        self.clock_set = False
        self._radio = radio
        self._decoder = model.decoder()
        self._client: BleakClient | None = None
        self._news = asyncio.Event()
        self.gone = False
        self._poll: asyncio.Task[None] | None = None

    async def connect(self) -> Step:
        """Connect to the device that was chosen, in at most 30 s."""

        async def work() -> str:
            self._client = await self._radio.connect(self.advert, self._dropped, _CONNECT_S)
            return self.advert.address

        return await step("connect", work(), _CONNECT_S + _CALL_S)

    async def subscribe(self) -> Step:
        """Listen to what the model sends; a device that offers no live value is a failure."""

        async def work() -> str:
            client, model = self.client, self.model
            offered = self.offered()
            wanted = [name for name in model.notify if name in offered and tells(offered[name])]
            if not set(wanted) - {_BATTERY}:
                memory = "; it gives single spot checks only" if _SPOT_CHECK in offered else ""
                raise BleakError(f"it offers no live values of a {model.name}{memory}")
            for name in wanted:
                async with asyncio.timeout(_CALL_S):
                    await client.start_notify(offered[name], self._ear)
            await self.write(*self._decoder.begin())
            if model.poll_ms:
                self._poll = asyncio.get_running_loop().create_task(self._ask(model.poll_ms))
            return ", ".join(wanted)

        return await step("subscribe", work(), _STEP_S)

    async def stay(self, seconds: float, enough: Callable[[], bool]) -> None:
        """Listen until it is enough, the device has gone, or time is up."""
        loop = asyncio.get_running_loop()
        ends_s = loop.time() + seconds
        while not enough() and not self.gone and (left_s := ends_s - loop.time()) > 0:
            self._news.clear()
            try:
                async with asyncio.timeout(left_s):
                    await self._news.wait()
            except TimeoutError:
                return

    async def leave(self) -> None:
        """Let the device go."""
        poll, self._poll = self._poll, None
        if poll is not None:
            poll.cancel()
            await asyncio.wait({poll})
        client, self._client = self._client, None
        if client is not None:
            await step("leave", client.disconnect(), _LEAVE_S)

    # --- for the steps of others --------------------------------------------------------------

    @property
    def client(self) -> BleakClient:
        """The connected client.

        Raises:
            BleakError: there is no connection any more.
        """
        if self._client is None or self.gone:
            raise BleakError("the device has ended the connection")
        return self._client

    def offered(self) -> dict[str, BleakGATTCharacteristic]:
        """Return the device's characteristics by their short names.

        Raises:
            BleakError: there is no connection any more.
        """
        found = self.client.services.characteristics.values()
        return {short(one.uuid): one for one in found}

    async def read(self, name: str) -> bytes | None:
        """Return a value; None when the device has none of this name or does not let it be read.

        Raises:
            BleakError: it refused, or there is no connection.
            TimeoutError: no answer in 5 s.
        """
        found = self.offered().get(name)
        if found is None or "read" not in found.properties:
            return None
        async with asyncio.timeout(_CALL_S):
            return bytes(await self.client.read_gatt_char(found))

    async def write(self, *writes: Write) -> None:
        """Write values, in order; what the device does not have is passed over.

        Raises:
            BleakError: it refused, or there is no connection.
            TimeoutError: no answer in 5 s.
        """
        offered = self.offered()
        for one in writes:
            if one.uuid in offered:
                async with asyncio.timeout(_CALL_S):
                    await self.client.write_gatt_char(
                        offered[one.uuid], one.data, response=one.response
                    )

    # --- the link -----------------------------------------------------------------------------

    async def _ask(self, every_ms: int) -> None:
        """Ask a device that speaks only when asked; when it cannot be asked it has gone."""
        try:
            while True:
                await self.write(*self._decoder.poll())
                await asyncio.sleep(every_ms / 1000)
        except FAILURES as error:
            self._refuse(f"asking: {_why(error)}")
            self._dropped()

    def _dropped(self, _: BleakClient | None = None) -> None:
        self.gone = True
        self._news.set()

    def _ear(self, characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
        try:
            found = self._decoder.feed(short(characteristic.uuid), bytes(data))
        except Malformed as error:
            found = (error,)
        at_ms = round(asyncio.get_running_loop().time() * 1000)
        for one in found:
            if isinstance(one, Malformed):
                self._refuse(f"{one.reason}: {one.detail}")
            elif len(self.heard) < _MOST:
                self.heard.append((at_ms, one))
                if one.battery_pct is not None:
                    self.battery_pct = one.battery_pct
        self._news.set()

    def _refuse(self, why: str) -> None:
        if len(self.refused) < _MOST:
            self.refused.append(why)


async def step(what: str, work: Awaitable[object], seconds: float) -> Step:
    """Do one step within its time and say what came of it."""
    try:
        async with asyncio.timeout(seconds):
            return Step(what, State.DONE, str(await work))
    except AbsentError as error:
        return Step(what, State.ABSENT, str(error))
    except TimeoutError:
        return Step(what, State.FAILED, f"no answer in {seconds:g} s")
    except FAILURES as error:
        return Step(what, State.FAILED, _why(error))


def _why(error: BaseException) -> str:
    return str(error) or type(error).__name__
