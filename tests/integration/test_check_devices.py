"""`vigil check --devices` is the dry run of the day before: every fault by name, and what to do."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest

from devices.gatt_info import encode_battery_pct, encode_current_time
from devices.medfloat import Special
from devices.plx import Continuous, DeviceStatus, encode_continuous
from simulators.ble.bluez_objects import device_path
from simulators.ble.peripheral import cuff, oximeter
from tests.integration.ble_rig import BP, NEIGHBOUR, OX
from tests.integration.pair_rig import OFFSET_MIN, good, local, pair_rig, reading, sending

pytestmark = pytest.mark.integration

OXIMETER = (
    f'[[devices]]\nid = "ox"\nkind = "oximeter"\naddress = "{OX}"\nmodel = "standard-oximeter"\n'
)
CUFF = (
    f'[[devices]]\nid = "bp"\nkind = "cuff"\naddress = "{BP}"\nmodel = "standard-cuff"\n'
    f"utc_offset_min = {OFFSET_MIN}\n"
)
BY_MQTT = '[[devices]]\nid = "old"\nkind = "cuff"\n'


async def test_two_good_devices_have_no_fault(tmp_path: Path) -> None:
    """The oximeter is heard, the cuff's reading awaited and its clock set; a neighbour is left."""
    async with pair_rig(tmp_path) as made:
        air = made.air
        air.add(oximeter(OX))
        air.add(cuff(BP))
        air.add(oximeter(NEIGHBOUR))
        for address in (OX, BP, NEIGHBOUR):
            await air.advertise(address, on=True)
        path = made.patient("test", OXIMETER + CUFF + BY_MQTT)
        before = path.read_text("utf-8")
        async with (
            sending(air, OX, good, "2A5F", 0.5),
            sending(air, BP, lambda: reading(local()), "2A35", 0.5),
        ):
            said = await made.vigil("check", "--devices", "test", "--seconds", "5", "--set-clock")
        assert (said.code, said.err) == (0, "")
        lines = said.out.splitlines()
        assert lines[0] == "old: sends by MQTT; not tried here"
        assert [line for line in lines if line.startswith("  heard:")] != []
        assert lines[-2:] == ["  reading: 131/84 mmHg", "no fault found"]
        assert len(air.peripherals[BP].writes) == 1
        assert {where for where, _ in made.called("Connect")} == {
            device_path(one)[-17:] for one in (OX, BP)
        }
        assert made.called("Pair", "RegisterAgent") == []
        assert path.read_text("utf-8") == before


async def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    """Batteries, a bad signal, a clock an hour off; exit 1, and nothing was set or bonded."""
    async with pair_rig(tmp_path) as made:
        air = made.air
        for one in (oximeter(OX), cuff(BP)):
            one.char("2A19").value = encode_battery_pct(30)
            air.add(one)
            await air.advertise(one.address, on=True)
        late = timedelta(hours=-1)
        air.peripherals[BP].char("2A2B").value = encode_current_time(local(late), 1)
        made.patient("test", OXIMETER + CUFF)
        samples = _half_without_a_finger()
        async with (
            sending(air, OX, lambda: next(samples), "2A5F", 0.5),
            sending(air, BP, reading, "2A35", 0.5),
        ):
            said = await made.vigil("check", "--devices", "test", "--seconds", "5")
        heading, *faults = [line.removeprefix("vigil: ") for line in said.err.splitlines()]
        assert (said.code, heading) == (1, "4 faults:")
        low = "its battery is at 30 %: change or charge it, the gate wants more than 30 %"
        assert faults[1:3] == [f"ox {low}", f"bp {low}"]
        assert "samples were valid (finger out): warm the hand" in faults[0]
        assert "bp its clock is off by -36" in faults[3]
        assert faults[3].endswith(" s: set it with --set-clock")
        assert air.peripherals[BP].writes == []


def _half_without_a_finger() -> Iterator[bytes]:
    none = Special.NAN
    out = Continuous(spo2=none, pulse=none, device=DeviceStatus.SENSOR_UNCONNECTED)
    return cycle((good(), encode_continuous(out)))


async def test_a_file_without_bluetooth_says_what_to_do(tmp_path: Path) -> None:
    """There is nothing to try."""
    async with pair_rig(tmp_path) as made:
        made.patient("test", BY_MQTT)
        said = await made.vigil("check", "--devices", "test")
        assert (said.code, said.out, said.err) == (
            2,
            "old: sends by MQTT; not tried here\n",
            "vigil: test.toml names no Bluetooth device; enrol one: `vigil pair`\n",
        )


async def test_a_person_at_a_terminal_may_leave_the_cuff_out(tmp_path: Path) -> None:
    """Enter goes on without its reading, and nothing is said against it."""
    async with pair_rig(tmp_path) as made:
        made.patient("test", CUFF)
        words = ("check", "--devices", "test")
        code, shown = await made.on_terminal(words, "(Enter: leave it out)", [""])
        assert (code, "  left out" in shown, "no fault found" in shown) == (0, True, True), shown
