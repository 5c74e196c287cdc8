"""One simulated device as a bumble device: its GATT server, and the advert that fits in the air.

An advert of legacy advertising holds 31 bytes, and assigned numbers stand in it and in the table of
attributes with their own 16 bits, as a real device has them.

    station = Station(oximeter("C0:00:00:00:00:01"), device)
    station.advert      # bytes
"""

from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, CharacteristicValue, Service

from simulators.ble.peripheral import GattChar, Peripheral, full

__all__ = ["PROPERTIES", "Station"]

PROPERTIES = {
    "read": Characteristic.Properties.READ,
    "write": Characteristic.Properties.WRITE,
    "write-without-response": Characteristic.Properties.WRITE_WITHOUT_RESPONSE,
    "notify": Characteristic.Properties.NOTIFY,
    "indicate": Characteristic.Properties.INDICATE,
}
_SHORT_UUID = 2
# A receiver drops a longer one without a word; the link of the virtual controllers would not.
_MOST_ADVERT = 31


class Station:
    """One peripheral: its bumble device and its characteristics by UUID."""

    def __init__(self, peripheral: Peripheral, device: Device) -> None:
        self.peripheral = peripheral
        self.device = device
        self.on = False
        self.chars: dict[str, Characteristic[bytes]] = {}
        services = [
            Service(UUID(one.uuid), [self._char(char, one.uuid) for char in one.chars])
            for one in peripheral.services
        ]
        device.add_services(services)

    def _char(self, char: GattChar, service: str) -> Characteristic[bytes]:
        """A device that needs a bond keeps what it measures for those who have one."""
        properties = Characteristic.Properties(0)
        for name in sorted(char.properties):
            properties |= PROPERTIES[name]
        peripheral = self.peripheral

        def read(_: Connection) -> bytes:
            return char.value

        def write(_: Connection, data: bytes) -> None:
            peripheral.write(char.uuid, data)

        permissions = Characteristic.READABLE | Characteristic.WRITEABLE
        if peripheral.needs_bond and service in peripheral.advertises:
            permissions |= Characteristic.READ_REQUIRES_ENCRYPTION
            permissions |= Characteristic.WRITE_REQUIRES_ENCRYPTION
        made: Characteristic[bytes] = Characteristic(
            UUID(char.uuid),
            properties,
            permissions,
            CharacteristicValue(read=read, write=write),
        )
        self.chars[full(char.uuid)] = made
        return made

    @property
    def advert(self) -> bytes:
        """What it advertises: flags, name, its first service."""
        one = self.peripheral
        fields = [
            (AdvertisingData.FLAGS, bytes((0x06,))),
            (AdvertisingData.COMPLETE_LOCAL_NAME, one.name.encode()),
        ]
        for uuid in one.advertises:
            whole = UUID(uuid).to_bytes()
            kind = (
                AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS
                if len(whole) == _SHORT_UUID
                else AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS
            )
            fields.append((kind, whole))
        advert = bytes(AdvertisingData(fields))
        if len(advert) > _MOST_ADVERT:
            raise ValueError(f"{one.name}: an advert holds {_MOST_ADVERT} bytes, not {len(advert)}")
        return advert
