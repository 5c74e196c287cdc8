"""A BlueZ without a radio: `org.bluez` on a private bus, over any air.

bleak's own BlueZ code talks to it unchanged: it scans, connects, subscribes, reads, writes and
pairs by the real messages of the real bus. What BlueZ does on its own here is only what was read in
its documents or seen of bluetoothd 5.66: objects come with an advert, services with a connection,
`Connected` falls when a device goes, and a bluetoothd that was killed says nothing at all.

    bluez = FakeBluez(central, address)
    await bluez.start()       # owns org.bluez from here
    await bluez.stop()        # gone, without a word
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from simulators.ble import bluez_objects as tree
from simulators.ble.air import AirError, Central, Seen, Wire
from simulators.ble.bluez_agent import Agents
from simulators.ble.bluez_post import OBJECTS, PROPERTIES, BluezError, Post
from simulators.ble.peripheral import full

__all__ = ["FakeBluez"]

_FAILED, _NOT_READY = "org.bluez.Error.Failed", "org.bluez.Error.NotReady"
_IN_PROGRESS, _NO_METHOD = "org.bluez.Error.InProgress", "org.freedesktop.DBus.Error.UnknownMethod"
_ABORT = "le-connection-abort-by-local"
_NO_OBJECT = "org.freedesktop.DBus.Error.UnknownObject"


class FakeBluez:
    """One `org.bluez`. All methods belong to one event loop."""

    def __init__(self, central: Central, bus_address: str) -> None:
        self._post = Post()
        self.calls: list[tuple[str, str]] = []
        self._central = central
        self._bus_address = bus_address
        self._bus: MessageBus | None = None
        self._agents = Agents(self._ask)
        self._wires: dict[str, Wire] = {}
        self._scanners: set[str] = set()
        self._stop_scan: Callable[[], None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._paired: set[str] = set()

    @property
    def objects(self) -> tree.Objects:
        """The tree as it is."""
        return self._post.objects

    async def start(self, *, powered: bool = True) -> None:
        """Own the name; the adapter is there, switched on or off."""
        self._bus = await MessageBus(bus_address=self._bus_address).connect()
        self._bus.add_message_handler(self._handle)
        self._post.objects = {
            tree.MANAGER_PATH: {tree.AGENTS: {}},
            tree.ADAPTER_PATH: tree.adapter(powered=powered),
        }
        self._spawn(self._post.run(self._bus))
        await self._bus.request_name(tree.BLUEZ)

    async def stop(self) -> None:
        """Die as a killed process does: connections stay up to their devices, no signal is sent."""
        for task in list(self._tasks):
            task.cancel()
        if self._bus is not None:
            self._bus.disconnect()
        self._bus = None
        if self._stop_scan is not None:
            self._stop_scan()
        for wire in self._wires.values():
            await wire.disconnect()
        self._wires.clear()

    async def power(self, *, on: bool) -> None:
        """Switch the adapter; off ends every connection."""
        if not on:
            for address in list(self._wires):
                await self._let_go(address)
        self._post.change(tree.ADAPTER_PATH, tree.ADAPTER, Powered=Variant("b", on))

    async def plug(self, *, on: bool) -> None:
        """Pull the adapter out, with all that was known of it, or plug it in again."""
        if on:
            self._post.added(tree.ADAPTER_PATH, tree.adapter(powered=True))
            return
        await self.power(on=False)
        self._scanners.clear()
        for path in [one for one in self._post.objects if one.startswith(tree.ADAPTER_PATH)]:
            self._post.removed(path)

    # --- messages -----------------------------------------------------------------------------

    def _handle(self, message: Message) -> bool | None:
        if message.message_type is not MessageType.METHOD_CALL or message.path is None:
            return None
        if not message.path.startswith("/org/bluez") and message.path != "/":
            return None
        self.calls.append((message.path, message.member or ""))
        self._spawn(self._answer(message))
        return True

    async def _answer(self, message: Message) -> None:
        try:
            signature, body = await self._call(message)
        except BluezError as error:
            self._post.send(Message.new_error(message, error.name, str(error)))
        except AirError as error:
            self._post.send(Message.new_error(message, _FAILED, str(error)))
        else:
            self._post.send(Message.new_method_return(message, signature, body))

    async def _call(self, message: Message) -> tuple[str, list[Any]]:
        path = message.path or ""
        if path != "/" and path not in self._post.objects:
            raise BluezError(_NO_OBJECT, f"no object {path}")
        methods: dict[tuple[str | None, str | None], Callable[[Message], Awaitable[Any]]] = {
            (tree.ADAPTER, "SetDiscoveryFilter"): self._nothing,
            (tree.ADAPTER, "StartDiscovery"): self._start_discovery,
            (tree.ADAPTER, "StopDiscovery"): self._stop_discovery,
            (tree.ADAPTER, "RemoveDevice"): self._remove_device,
            (tree.AGENTS, "RegisterAgent"): self._agents.register,
            (tree.AGENTS, "UnregisterAgent"): self._agents.unregister,
            (tree.AGENTS, "RequestDefaultAgent"): self._agents.default,
            (tree.DEVICE, "Connect"): self._connect,
            (tree.DEVICE, "Disconnect"): self._disconnect,
            (tree.DEVICE, "Pair"): self._pair,
            (tree.CHARACTERISTIC, "StartNotify"): self._start_notify,
            (tree.CHARACTERISTIC, "StopNotify"): self._stop_notify,
            (tree.CHARACTERISTIC, "WriteValue"): self._write,
            (tree.CHARACTERISTIC, "ReadValue"): self._read,
            (PROPERTIES, "Get"): self._get,
            (PROPERTIES, "GetAll"): self._get_all,
            (PROPERTIES, "Set"): self._set,
            (OBJECTS, "GetManagedObjects"): self._managed,
        }
        method = methods.get((message.interface, message.member))
        if method is None:
            raise BluezError(_NO_METHOD, f"no method {message.interface}.{message.member}")
        answer = await method(message)
        return ("", []) if answer is None else answer

    async def _nothing(self, _: Message) -> None:
        """Taken and of no effect here."""

    async def _managed(self, _: Message) -> tuple[str, list[Any]]:
        return "a{oa{sa{sv}}}", [self._post.objects]

    async def _get(self, message: Message) -> tuple[str, list[Any]]:
        interface, name = message.body
        found = self._post.objects.get(message.path or "", {}).get(interface, {}).get(name)
        if found is None:
            raise BluezError("org.freedesktop.DBus.Error.InvalidArgs", f"no property {name}")
        return "v", [found]

    async def _get_all(self, message: Message) -> tuple[str, list[Any]]:
        return "a{sv}", [self._post.objects.get(message.path or "", {}).get(message.body[0], {})]

    async def _set(self, message: Message) -> None:
        interface, name, value = message.body
        self._post.change(message.path or "", interface, **{name: value})

    async def _ask(self, message: Message) -> Message | None:
        """Call an agent of a client."""
        return await self._bus.call(message) if self._bus is not None else None

    # --- scanning -----------------------------------------------------------------------------

    async def _start_discovery(self, message: Message) -> None:
        if not self._post.objects[tree.ADAPTER_PATH][tree.ADAPTER]["Powered"].value:
            raise BluezError(_NOT_READY, "Resource Not Ready")
        if message.sender in self._scanners:
            raise BluezError(_IN_PROGRESS, "Operation already in progress")
        self._scanners.add(message.sender or "")
        if self._stop_scan is None:
            self._stop_scan = self._central.scan(self._seen)
            self._post.change(tree.ADAPTER_PATH, tree.ADAPTER, Discovering=Variant("b", True))

    async def _stop_discovery(self, message: Message) -> None:
        if message.sender not in self._scanners:
            raise BluezError(_FAILED, "No discovery started")
        self._scanners.discard(message.sender or "")
        if not self._scanners and self._stop_scan is not None:
            self._stop_scan()
            self._stop_scan = None
            self._post.change(tree.ADAPTER_PATH, tree.ADAPTER, Discovering=Variant("b", False))

    async def _remove_device(self, message: Message) -> None:
        address = tree.address_of(message.body[0])
        await self._let_go(address)
        self._paired.discard(address)
        self._post.removed(tree.device_path(address))

    def _seen(self, seen: Seen) -> None:
        path = tree.device_path(seen.address)
        if path in self._post.objects:
            self._post.change(path, tree.DEVICE, RSSI=Variant("n", seen.rssi_dbm))
        else:
            self._post.added(path, tree.device(seen, paired=seen.address in self._paired))

    # --- devices ------------------------------------------------------------------------------

    async def _connect(self, message: Message) -> None:
        path = message.path or ""
        address = tree.address_of(path)
        if address in self._wires:
            return
        try:
            wire = await self._central.connect(address, lambda: self._lost(address))
        except AirError as error:
            if str(error) == _ABORT:
                # BlueZ 5.62 and newer: it was connected for a moment, and says so (bleak waits).
                self._post.change(path, tree.DEVICE, Connected=Variant("b", True))
                self._post.change(path, tree.DEVICE, Connected=Variant("b", False))
            raise
        self._wires[address] = wire
        self._post.change(path, tree.DEVICE, Connected=Variant("b", True))
        for name, interfaces in tree.service_objects(path, wire.services).items():
            self._post.added(name, interfaces)
        offered = Variant("as", [full(service.uuid) for service in wire.services])
        self._post.change(path, tree.DEVICE, UUIDs=offered, ServicesResolved=Variant("b", True))

    async def _disconnect(self, message: Message) -> None:
        await self._let_go(tree.address_of(message.path or ""))

    async def _pair(self, message: Message) -> None:
        path = message.path or ""
        address = tree.address_of(path)
        await self._connect(message)
        if not await self._agents.allows(path):
            raise BluezError("org.bluez.Error.AuthenticationFailed", "Authentication Failed")
        await self._central.bond(address)
        self._paired.add(address)
        self._post.change(path, tree.DEVICE, Paired=Variant("b", True), Bonded=Variant("b", True))

    async def _let_go(self, address: str) -> None:
        wire = self._wires.get(address)
        if wire is not None:
            await wire.disconnect()
            self._lost(address)

    def _lost(self, address: str) -> None:
        """The connection has ended, from whichever side."""
        self._wires.pop(address, None)
        path = tree.device_path(address)
        off = Variant("b", False)
        self._post.change(path, tree.DEVICE, ServicesResolved=off, Connected=off)
        for name in [one for one in self._post.objects if one.startswith(f"{path}/")]:
            self._post.removed(name)

    # --- values -------------------------------------------------------------------------------

    def _wire(self, message: Message) -> tuple[Wire, str]:
        """Return the wire of a characteristic's device, and the characteristic's UUID."""
        path = message.path or ""
        wire = self._wires.get(tree.address_of(path))
        if wire is None:
            raise BluezError(_FAILED, "Not connected")
        return wire, str(self._post.objects[path][tree.CHARACTERISTIC]["UUID"].value)

    async def _start_notify(self, message: Message) -> None:
        wire, uuid = self._wire(message)
        path = message.path or ""

        def value(data: bytes) -> None:
            self._post.change(path, tree.CHARACTERISTIC, Value=Variant("ay", data))

        await wire.subscribe(full(uuid), value)
        self._post.change(path, tree.CHARACTERISTIC, Notifying=Variant("b", True))

    async def _stop_notify(self, message: Message) -> None:
        wire, uuid = self._wire(message)
        await wire.unsubscribe(full(uuid))
        self._post.change(message.path or "", tree.CHARACTERISTIC, Notifying=Variant("b", False))

    async def _write(self, message: Message) -> None:
        wire, uuid = self._wire(message)
        data, options = message.body
        kind = options.get("type")
        await wire.write(uuid, bytes(data), response=kind is None or kind.value == "request")

    async def _read(self, message: Message) -> tuple[str, list[Any]]:
        wire, uuid = self._wire(message)
        return "ay", [await wire.read(uuid)]

    # --- tasks --------------------------------------------------------------------------------

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
