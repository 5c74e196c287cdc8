"""`vigil pair` takes the one device that was chosen, proves it, and writes it: nothing else."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from devices.ble_agent import PairingAgent
from devices.gatt_info import decode_current_time
from simulators.ble.bluez_objects import device_path
from simulators.ble.peripheral import cuff, oximeter
from tests.integration.ble_rig import BP, NEIGHBOUR, OX
from tests.integration.hub_house import until
from tests.integration.pair_rig import background, good, local, pair_rig, reading, sending

pytestmark = pytest.mark.integration

BOUND = '[[devices]]\nid = "{}"\nkind = "oximeter"\naddress = "{}"\nmodel = "standard-oximeter"\n'


async def test_a_cuff_is_bonded_set_and_left_alone_until_it_has_measured(tmp_path: Path) -> None:
    """Its clock is set to local time, an old reading is memory, the file gets one block more."""
    async with pair_rig(tmp_path) as made:
        air = made.air
        air.add(cuff(BP, needs_bond=True))
        air.add(oximeter(NEIGHBOUR, "Next door"))
        for address in (BP, NEIGHBOUR):
            await air.advertise(address, on=True)
        path = made.patient("test")
        before = path.read_text("utf-8")

        async def measures() -> None:
            """It sleeps when it was let go; then it calls with what it has."""
            await until(lambda: bool(made.called("Disconnect")), 30)
            await air.advertise(BP, on=False)
            await asyncio.sleep(6)
            await air.advertise(BP, on=True)
            for data in (reading(local(timedelta(hours=-2))), reading(local())):
                async with asyncio.timeout(45):
                    while not await air.notify(BP, "2A35", data):  # noqa: ASYNC110 - vigil acts
                        await asyncio.sleep(0.05)

        async with background(measures()):
            said = await made.vigil("pair", "test", "--address", BP.lower())
        assert (said.code, said.err) == (0, "")
        assert "first value: 131/84 mmHg\n" in said.out
        lines = (
            f'\n[[devices]]\nid = "test-cuff"\nkind = "cuff"\naddress = "{BP}"\n'
            'model = "standard-cuff"\nutc_offset_min = 330\n'
        )
        assert path.read_text("utf-8") == before + lines
        ((_, written),) = air.peripherals[BP].writes
        assert abs(decode_current_time(written).minute - local().minute) <= 1
        assert air.bonded == {BP}
        assert [name for _, name in made.called("RegisterAgent", "Pair", "UnregisterAgent")] == [
            "RegisterAgent",
            "Pair",
            "UnregisterAgent",
        ]
        assert {where for where, _ in made.called("Connect")} == {device_path(BP)[-17:]}


async def test_a_person_chooses_on_a_terminal_and_cannot_choose_a_neighbour_s(
    tmp_path: Path,
) -> None:
    """Each device is shown with whose it is; another patient's is refused, one's own is taken."""
    async with pair_rig(tmp_path) as made:
        for address, name in ((OX, "Mine"), (NEIGHBOUR, "Theirs")):
            made.air.add(oximeter(address, name))
            await made.air.advertise(address, on=True)
        theirs = made.patient("other", BOUND.format("other-ox", NEIGHBOUR)).read_text("utf-8")
        path = made.patient("test")
        async with sending(made.air, OX, good, "2A5F", 0.2):
            words = ("pair", "test", "--seconds", "1")
            code, shown = await made.on_terminal(words, "leave it): ", [NEIGHBOUR, "9", OX])
        assert code == 0, shown
        assert "other-ox of other" in shown
        assert f"{NEIGHBOUR} cannot be taken: it is other-ox of other" in shown
        assert "there is no '9' in the table" in shown
        assert "-55 dBm, close by" in shown
        assert "first value: SpO2 97 %, pulse 70" in shown
        assert f'address = "{OX}"\nmodel = "standard-oximeter"\n' in path.read_text("utf-8")
        assert (tmp_path / "patients" / "other.toml").read_text("utf-8") == theirs
        assert {where for where, _ in made.called("Connect")} == {device_path(OX)[-17:]}


async def test_what_cannot_be_taken_is_refused_before_anything_is_connected(
    tmp_path: Path,
) -> None:
    """Another patient's, one that would put another aside, one that is none of ours, none there."""
    async with pair_rig(tmp_path) as made:
        made.air.add(oximeter(OX))
        made.air.add(oximeter(NEIGHBOUR))
        for address in (OX, NEIGHBOUR):
            await made.air.advertise(address, on=True)
        made.patient("other", BOUND.format("other-ox", NEIGHBOUR))
        before = made.patient("test", BOUND.format("mine", BP)).read_text("utf-8")
        got = await asyncio.gather(
            made.vigil("pair", "test", "--address", NEIGHBOUR),
            made.vigil("pair", "test", "--address", OX),
            made.vigil("pair", "test", "--address", "AA:00:00:00:00:77", "--seconds", "1"),
            made.vigil("pair", "test", "--seconds", "1"),
        )
        aside = "a session listens to one oximeter, and this patient has mine; to put this one in"
        away = "AA:00:00:00:00:77 was not seen in 1 s: switch it on (a cuff to pairing) and bring"
        assert [(one.code, one.err) for one in got] == [
            (2, f"vigil: {NEIGHBOUR} cannot be taken: it is other-ox of other\n"),
            (2, f"vigil: {aside} its place write --as mine\n"),
            (1, f"vigil: {away} it near\n"),
            (2, "vigil: there is no terminal to choose on; name one with --address\n"),
        ]
        assert f"{OX}  Standard pulse oximeter  Vigil Sim Ox  -55 dBm, close by" in got[3].out
        assert made.called("Connect", "Pair") == []
        assert (tmp_path / "patients" / "test.toml").read_text("utf-8") == before


async def test_an_oximeter_that_is_too_slow_for_a_session_is_not_written(tmp_path: Path) -> None:
    """It gives its value, and says why that is not enough; to be quick, 0.1 s is slow here."""
    async with pair_rig(
        tmp_path, "import monitor.device_trial as trial; trial._SLOW_MS = 100;"
    ) as made:
        made.air.add(oximeter(OX))
        await made.air.advertise(OX, on=True)
        before = made.patient("test").read_text("utf-8")
        async with sending(made.air, OX, good, "2A5F", 0.3):
            said = await made.vigil("pair", "test", "--address", OX)
        why = "it sends every 0.3 s: a session's oximeter at least every 2 s"
        assert (said.code, said.err) == (
            2,
            f"vigil: {why}; nothing was written: take another oximeter\n",
        )
        assert (tmp_path / "patients" / "test.toml").read_text("utf-8") == before
        assert made.called("Disconnect") != []


async def test_without_a_bluetoothd_it_says_so(tmp_path: Path) -> None:
    """What is wrong, and where to look."""
    async with pair_rig(tmp_path) as made:
        made.patient("test")
        await made.bluez.stop()
        said = await made.vigil("pair", "test", "--address", OX)
        where_to_look = "; see `systemctl status bluetooth`, `rfkill list`\n"
        assert (said.code, said.err.startswith("vigil: no Bluetooth: ")) == (2, True)
        assert said.err.endswith(where_to_look)


async def test_the_agent_says_yes_to_one_address_and_only_while_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A neighbour that asks meanwhile is refused, and told of."""
    async with pair_rig(tmp_path) as made:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", made.bus)
        allows = made.bluez._agents.allows
        async with PairingAgent(OX) as agent:
            got = [await allows(device_path(OX)), await allows(device_path(NEIGHBOUR))]
        assert (got, agent.allowed, agent.told, await allows(device_path(OX))) == (
            [True, False],
            1,
            [f"refused: RequestAuthorization of {device_path(NEIGHBOUR)}"],
            False,
        )
