"""A hub on a fake BlueZ: a private bus, an air, devices that the test moves.

The bus is a real dbus-daemon, the hub a real process with bleak's own BlueZ code; only bluetoothd
and the radio are ours (`simulators/ble`).
"""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from devices.blp import BloodPressure, encode_blood_pressure
from devices.gatt_bytes import DateTime
from devices.plx import Continuous, encode_continuous
from simulators.ble.direct_air import DirectAir
from simulators.ble.fake_bluez import FakeBluez
from simulators.ble.peripheral import cuff, oximeter
from simulators.ble.private_bus import private_bus
from tests.integration.hub_house import RunningHub, house

OX, BP, NEIGHBOUR = "AA:00:00:00:00:01", "AA:00:00:00:00:02", "AA:00:00:00:00:99"


def spo2(percent: int, pulse: int = 70) -> bytes:
    """One continuous report of an oximeter."""
    return encode_continuous(Continuous(spo2=Decimal(percent), pulse=Decimal(pulse)))


def pressure(systolic: int, diastolic: int, at: DateTime | None = None) -> bytes:
    """One reading of a cuff."""
    mean = (systolic + 2 * diastolic) // 3
    return encode_blood_pressure(
        BloodPressure(
            systolic=Decimal(systolic), diastolic=Decimal(diastolic), mean=Decimal(mean), at=at
        )
    )


@dataclass
class Rig:
    """A hub, its bus, the air and the bluetoothd of now."""

    hub: RunningHub
    bus: str
    air: DirectAir
    bluez: FakeBluez

    async def restart_bluez(self) -> None:
        """Another bluetoothd takes the name."""
        self.bluez = FakeBluez(self.air, self.bus)
        await self.bluez.start()


@contextlib.asynccontextmanager
async def rig(folder: Path) -> AsyncIterator[Rig]:
    """A hub that is not started, with a patient whose oximeter and cuff are Bluetooth devices."""
    async with private_bus(folder) as bus, house(folder / "house") as hub:
        air = DirectAir()
        air.add(oximeter(OX))
        air.add(cuff(BP))
        air.add(oximeter(NEIGHBOUR, "Vigil Sim Ox"))
        bluez = FakeBluez(air, bus)
        await bluez.start()
        hub.environ["DBUS_SYSTEM_BUS_ADDRESS"] = bus
        hub.patient(plan="vitals_only")
        path = hub.folder / "patients" / "test.toml"
        text = path.read_text().replace(
            "interval_ms = 1000\n",
            f'interval_ms = 1000\naddress = "{OX}"\nmodel = "standard-oximeter"\n'
            f'[[devices]]\nid = "test-cuff"\nkind = "cuff"\naddress = "{BP}"\n'
            'model = "standard-cuff"\nutc_offset_min = 0\n',
        )
        path.write_text(text)
        made = Rig(hub, bus, air, bluez)
        try:
            yield made
        finally:
            hub.end()
            air.close()
            await made.bluez.stop()
