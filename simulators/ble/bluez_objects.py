"""The object tree of a BlueZ: paths, interfaces, properties, as bleak reads them.

Pure: a dictionary that is filled and looked up; signals and calls are `fake_bluez`'s. Names and
types are those of BlueZ's documents (org.bluez.Adapter, Device, GattService, GattCharacteristic).

>>> device_path("AA:00:00:00:00:01")
'/org/bluez/hci0/dev_AA_00_00_00_00_01'
"""

from dbus_fast import Variant

from simulators.ble.air import Seen
from simulators.ble.peripheral import GattService, full

__all__ = [
    "ADAPTER",
    "ADAPTER_PATH",
    "AGENTS",
    "BLUEZ",
    "CHARACTERISTIC",
    "DEVICE",
    "MANAGER_PATH",
    "SERVICE",
    "Objects",
    "Properties",
    "adapter",
    "address_of",
    "device",
    "device_path",
    "service_objects",
]

BLUEZ = "org.bluez"
MANAGER_PATH = "/org/bluez"
ADAPTER_PATH = "/org/bluez/hci0"
ADAPTER = "org.bluez.Adapter1"
AGENTS = "org.bluez.AgentManager1"
DEVICE = "org.bluez.Device1"
SERVICE = "org.bluez.GattService1"
CHARACTERISTIC = "org.bluez.GattCharacteristic1"

Properties = dict[str, Variant]
Objects = dict[str, dict[str, Properties]]


def device_path(address: str) -> str:
    """Return BlueZ's path of a device."""
    return f"{ADAPTER_PATH}/dev_{address.replace(':', '_')}"


def address_of(path: str) -> str:
    """Return the address in a path of a device or of anything below it."""
    return path.removeprefix(f"{ADAPTER_PATH}/dev_").split("/")[0].replace("_", ":")


def adapter(*, powered: bool) -> dict[str, Properties]:
    """Return the adapter's interfaces."""
    return {
        ADAPTER: {
            "Address": Variant("s", "00:00:00:00:00:00"),
            "AddressType": Variant("s", "public"),
            "Name": Variant("s", "vigil"),
            "Alias": Variant("s", "vigil"),
            "Class": Variant("u", 0),
            "Powered": Variant("b", powered),
            "Discoverable": Variant("b", False),
            "DiscoverableTimeout": Variant("u", 0),
            "Pairable": Variant("b", True),
            "PairableTimeout": Variant("u", 0),
            "Discovering": Variant("b", False),
            "UUIDs": Variant("as", []),
            "Modalias": Variant("s", ""),
            "Roles": Variant("as", ["central"]),
        }
    }


def device(seen: Seen, *, paired: bool) -> dict[str, Properties]:
    """Return a device's interfaces as they are after its first advert."""
    return {
        DEVICE: {
            "Address": Variant("s", seen.address),
            "AddressType": Variant("s", "random"),
            "Name": Variant("s", seen.name),
            "Alias": Variant("s", seen.name),
            "Paired": Variant("b", paired),
            "Bonded": Variant("b", paired),
            "Trusted": Variant("b", False),
            "Blocked": Variant("b", False),
            "LegacyPairing": Variant("b", False),
            "RSSI": Variant("n", seen.rssi_dbm),
            "Connected": Variant("b", False),
            "UUIDs": Variant("as", [full(one) for one in seen.services]),
            "Adapter": Variant("o", ADAPTER_PATH),
            "ServicesResolved": Variant("b", False),
        }
    }


def service_objects(path: str, services: tuple[GattService, ...]) -> Objects:
    """Return the objects of a connected device's services and characteristics."""
    found: Objects = {}
    handle = 1
    for service in services:
        service_path = f"{path}/service{handle:04x}"
        found[service_path] = {
            SERVICE: {
                "UUID": Variant("s", full(service.uuid)),
                "Primary": Variant("b", True),
                "Device": Variant("o", path),
                "Includes": Variant("ao", []),
                "Handle": Variant("q", handle),
            }
        }
        for one in service.chars:
            handle += 2
            found[f"{service_path}/char{handle:04x}"] = {
                CHARACTERISTIC: {
                    "UUID": Variant("s", full(one.uuid)),
                    "Service": Variant("o", service_path),
                    "Value": Variant("ay", b""),
                    "Notifying": Variant("b", False),
                    "Flags": Variant("as", sorted(one.properties)),
                    "Handle": Variant("q", handle),
                    "MTU": Variant("q", 247),
                }
            }
        handle += 2
    return found
