"""A Bluetooth device as its neighbours see it: an address, a name, services, characteristics.

Values only; what it measures and when it speaks is the rig's business (`devices` drives it), how
its words travel is the air's (`direct_air`, `bumble_air`).

>>> oximeter("AA:00:00:00:00:01").advertises
('1822',)
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from devices.decoder import BASE_UUID

__all__ = ["GattChar", "GattService", "Peripheral", "cuff", "full", "oximeter"]

_SHORT = 4


def full(uuid: str) -> str:
    """Return the whole UUID of an assigned number ("2A5F"), another UUID as it is."""
    return f"0000{uuid.lower()}{BASE_UUID}" if len(uuid) == _SHORT else uuid.lower()


@dataclass(slots=True)
class GattChar:
    """One characteristic. `properties`: BlueZ's words (read, write, notify, indicate ...)."""

    uuid: str
    properties: frozenset[str]
    value: bytes = b""


@dataclass(slots=True)
class GattService:
    """One service with its characteristics."""

    uuid: str
    chars: tuple[GattChar, ...]


@dataclass(slots=True)
class Peripheral:
    """One device. `written` is called with each value that a central writes."""

    address: str
    name: str
    services: tuple[GattService, ...]
    advertises: tuple[str, ...]
    rssi_dbm: int = -55
    needs_bond: bool = False
    written: Callable[[str, bytes], None] | None = None
    writes: list[tuple[str, bytes]] = field(default_factory=list)

    def char(self, uuid: str) -> GattChar:
        """Return a characteristic by its short or whole UUID.

        Raises:
            KeyError: the device has none of this UUID.
        """
        for service in self.services:
            for one in service.chars:
                if full(one.uuid) == full(uuid):
                    return one
        raise KeyError(f"{self.name} has no characteristic {uuid}")

    def write(self, uuid: str, data: bytes) -> None:
        """Take a value that a central wrote; it is kept, and told."""
        self.char(uuid).value = data
        self.writes.append((uuid, data))
        if self.written is not None:
            self.written(uuid, data)


_BATTERY = GattChar("2A19", frozenset({"read", "notify"}), bytes((90,)))


def oximeter(address: str, name: str = "Vigil Sim Ox", *, battery_tells: bool = True) -> Peripheral:
    """Return a standard oximeter (service 0x1822) with a battery, which may only be read."""
    chars = (
        GattChar("2A5F", frozenset({"notify"})),
        GattChar("2A60", frozenset({"read"}), bytes.fromhex("03002000200800")),
    )
    power = _power(tells=battery_tells)
    return Peripheral(address, name, (GattService("1822", chars), _info(), power), ("1822",))


def cuff(address: str, name: str = "Vigil Sim BP", *, needs_bond: bool = False) -> Peripheral:
    """Return a standard cuff (service 0x1810) with a battery and a clock."""
    chars = (
        GattChar("2A35", frozenset({"indicate"})),
        GattChar("2A36", frozenset({"notify"})),
        GattChar("2A49", frozenset({"read"}), bytes.fromhex("2700")),
    )
    clock = GattService("1805", (GattChar("2A2B", frozenset({"read", "write"}), bytes(10)),))
    services = (GattService("1810", chars), clock, _info(), _power())
    return Peripheral(address, name, services, ("1810",), needs_bond=needs_bond)


def _power(*, tells: bool = True) -> GattService:
    properties = _BATTERY.properties if tells else frozenset({"read"})
    return GattService("180F", (GattChar(_BATTERY.uuid, properties, _BATTERY.value),))


def _info() -> GattService:
    return GattService("180A", (GattChar("2A24", frozenset({"read"}), b"Vigil simulator"),))
