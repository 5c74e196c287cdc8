"""A hub's radio that can be taken away and given back, on any air without a bus.

What a killed bluetoothd is on a bus, this is in one process: connections are cut on the hub's side
and nobody is told; new ones fail until the radio is back.

    radio = LosableRadio(air)
    await radio.lose()
    radio.come_back()
"""

from collections.abc import Callable

from simulators.ble.air import AirError, Central, Seen, Wire

__all__ = ["LosableRadio"]


class LosableRadio:
    """A Central around another."""

    def __init__(self, central: Central) -> None:
        self.present = True
        self._central = central
        self._wires: list[Wire] = []

    async def lose(self) -> None:
        """Cut every connection without a word."""
        self.present = False
        wires, self._wires = self._wires, []
        for wire in wires:
            await wire.disconnect()

    def come_back(self) -> None:
        """Scan and connect again."""
        self.present = True

    def scan(self, on_seen: Callable[[Seen], None]) -> Callable[[], None]:
        """See Central."""
        return self._central.scan(lambda seen: on_seen(seen) if self.present else None)

    async def connect(self, address: str, dropped: Callable[[], None]) -> Wire:
        """See Central."""
        if not self.present:
            raise AirError("Resource Not Ready")
        wire = await self._central.connect(address, dropped)
        self._wires.append(wire)
        return wire

    async def bond(self, address: str) -> None:
        """See Central."""
        await self._central.bond(address)
