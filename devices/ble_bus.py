"""Is there a Bluetooth service, and is its adapter switched on? Asked of the system bus.

A bluetoothd that was killed is invisible to its clients: links look connected and nothing comes any
more. The bus knows: it tells at once when the owner of `org.bluez` goes. The adapter's own words
(`Powered`, gone, back) tell the rest. The address of the bus is the system's, or what
DBUS_SYSTEM_BUS_ADDRESS says.

    bus = BusWatch("hci0", on_radio, rng)
    await bus.run()      # until cancelled
"""

import asyncio
import random
from collections.abc import Callable
from typing import Any

import structlog
from dbus_fast import BusType, Message, MessageType, unpack_variants
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusError

from devices.backoff import delay_ms
from devices.ble_words import RadioNews

__all__ = ["BusWatch", "call_bus"]

_BLUEZ = "org.bluez"
_DBUS, _DBUS_PATH = "org.freedesktop.DBus", "/org/freedesktop/DBus"
_PROPERTIES, _OBJECTS = f"{_DBUS}.Properties", f"{_DBUS}.ObjectManager"
_ADAPTER = f"{_BLUEZ}.Adapter1"
_CALL_S = 5.0
_NO_SERVICE = "the Bluetooth service is not running"
_RULES = (
    f"type='signal',sender='{_DBUS}',member='NameOwnerChanged',arg0='{_BLUEZ}'",
    f"type='signal',sender='{_BLUEZ}',interface='{_PROPERTIES}',arg0='{_ADAPTER}'",
    f"type='signal',sender='{_BLUEZ}',interface='{_OBJECTS}'",
)

log = structlog.get_logger("vigil.ble")


class BusWatch:
    """Follows one adapter (None: the first). Tells each change once."""

    def __init__(
        self, adapter: str | None, on_radio: Callable[[RadioNews], None], rng: random.Random
    ) -> None:
        self._adapter = adapter
        self._on_radio = on_radio
        self._rng = rng
        self._told: RadioNews | None = None
        self._look = asyncio.Event()

    async def run(self) -> None:
        """Watch until cancelled; a bus that is not there is a radio that is not there."""
        failures = 0
        while True:
            try:
                await self._watch()
            except (OSError, EOFError, TimeoutError, DBusError, ValueError) as error:
                self._tell(present=False, why=f"no system bus: {error or type(error).__name__}")
            failures += 1
            await asyncio.sleep(delay_ms(failures, self._rng) / 1000)

    async def _watch(self) -> None:
        """Stay on one connection to the bus until it ends."""
        async with asyncio.timeout(_CALL_S):
            bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
        try:
            bus.add_message_handler(self._signal)
            for rule in _RULES:
                await call_bus(bus, _DBUS, _DBUS_PATH, _DBUS, "AddMatch", "s", [rule])
            gone = asyncio.ensure_future(bus.wait_for_disconnect())  # type: ignore[no-untyped-call]
            try:
                while not gone.done():
                    self._look.clear()
                    self._tell(**await self._state(bus))
                    look = asyncio.ensure_future(self._look.wait())
                    await asyncio.wait({gone, look}, return_when=asyncio.FIRST_COMPLETED)
                    look.cancel()
            finally:
                gone.cancel()
        finally:
            bus.disconnect()
        raise EOFError("the system bus has gone")

    async def _state(self, bus: MessageBus) -> dict[str, Any]:
        """Ask for the service's owner and the adapter's state."""
        reply = await call_bus(bus, _DBUS, _DBUS_PATH, _DBUS, "NameHasOwner", "s", [_BLUEZ])
        if not reply[0]:
            return {"present": False, "why": _NO_SERVICE}
        try:
            (objects,) = await call_bus(bus, _BLUEZ, "/", _OBJECTS, "GetManagedObjects")
        except DBusError as error:
            return {"present": False, "why": f"the Bluetooth service does not answer: {error}"}
        return adapter_state(objects, self._adapter)

    def _signal(self, message: Message) -> None:
        """Anything that may have changed the state: it is asked for anew."""
        if message.message_type is not MessageType.SIGNAL:
            return
        if message.member == "NameOwnerChanged" and message.body[2] == "":
            # At once: a new owner may be there before we have asked.
            self._tell(present=False, why=_NO_SERVICE)
        elif message.interface == _OBJECTS and _ADAPTER not in message.body[1]:
            return  # a device came or went
        self._look.set()

    def _tell(self, *, present: bool, why: str) -> None:
        news = RadioNews(present=present, why=why)
        if news != self._told:
            self._told = news
            self._on_radio(news)


def adapter_state(objects: dict[str, Any], wanted: str | None) -> dict[str, Any]:
    """Return whether the wanted adapter (None: any) is there and on, from BlueZ's own list."""
    adapters = {
        path.rsplit("/", 1)[-1]: unpack_variants(interfaces[_ADAPTER])
        for path, interfaces in objects.items()
        if _ADAPTER in interfaces
    }
    if wanted is not None:
        adapters = {name: found for name, found in adapters.items() if name == wanted}
    if not adapters:
        return {"present": False, "why": f"no Bluetooth adapter {wanted or ''}".rstrip()}
    if not any(found.get("Powered") for found in adapters.values()):
        return {"present": False, "why": f"Bluetooth adapter {min(adapters)} is switched off"}
    return {"present": True, "why": "the Bluetooth service answers"}


async def call_bus(
    bus: MessageBus,
    destination: str,
    path: str,
    interface: str,
    member: str,
    signature: str = "",
    body: list[Any] | None = None,
) -> list[Any]:
    """Call a method within 5 s.

    Raises:
        DBusError: the other side refused.
        TimeoutError: no answer.
    """
    message = Message(
        destination=destination,
        path=path,
        interface=interface,
        member=member,
        signature=signature,
        body=body or [],
    )
    async with asyncio.timeout(_CALL_S):
        reply = await bus.call(message)
    if reply is None or reply.message_type is MessageType.ERROR:
        name = reply.error_name if reply is not None else None
        raise DBusError(name or "no reply", str(reply.body[0]) if reply and reply.body else "")
    return list(reply.body)
