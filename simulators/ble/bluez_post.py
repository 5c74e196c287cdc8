"""What a fake BlueZ shows and sends: its objects, each change as the signal that BlueZ would send.

Replies and signals go out in one order, and never faster than the bus takes them: a bus connection
is dropped when its buffer is full, so every fiftieth message waits for a round trip.

    post = Post()
    post.added(path, interfaces)      # and everybody is told
    await post.run(bus)
"""

import asyncio
from typing import Any

from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus

from simulators.ble.bluez_objects import Objects, Properties

__all__ = ["OBJECTS", "PROPERTIES", "BluezError", "Post"]

PROPERTIES = "org.freedesktop.DBus.Properties"
OBJECTS = "org.freedesktop.DBus.ObjectManager"
_BURST = 50


class BluezError(Exception):
    """A refusal as D-Bus carries it: a name and a text."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = name


class Post:
    """The objects of one bus name, and what waits to be sent."""

    def __init__(self) -> None:
        self.objects: Objects = {}
        self._outbox: asyncio.Queue[Message] = asyncio.Queue()

    def change(self, path: str, interface: str, **changed: Variant) -> None:
        """Change properties; an object that is gone has none."""
        found = self.objects.get(path)
        if found is None:
            return
        found[interface].update(changed)
        self._signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", [interface, changed, []])

    def added(self, path: str, interfaces: dict[str, Properties]) -> None:
        """Bring an object."""
        self.objects[path] = interfaces
        self._signal("/", OBJECTS, "InterfacesAdded", "oa{sa{sv}}", [path, interfaces])

    def removed(self, path: str) -> None:
        """Take an object away, if it is there."""
        interfaces = self.objects.pop(path, None)
        if interfaces is not None:
            self._signal("/", OBJECTS, "InterfacesRemoved", "oas", [path, list(interfaces)])

    def send(self, message: Message) -> None:
        """Send a reply after all that was sent before."""
        self._outbox.put_nowait(message)

    async def run(self, bus: MessageBus) -> None:
        """Send until cancelled."""
        sent = 0
        while True:
            await bus.send(await self._outbox.get())
            sent += 1
            if sent % _BURST == 0:
                await bus.call(
                    Message(
                        destination="org.freedesktop.DBus",
                        path="/org/freedesktop/DBus",
                        interface="org.freedesktop.DBus",
                        member="GetId",
                    )
                )

    def _signal(self, path: str, interface: str, member: str, signature: str, body: Any) -> None:
        self.send(Message.new_signal(path, interface, member, signature, body))
