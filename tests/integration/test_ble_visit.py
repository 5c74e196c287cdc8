"""Each step of a visit has an answer: what the device has not, refuses or says wrongly is named."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from devices.ble_pairing import bond, clock, read_about, read_battery
from devices.ble_visit import State, Step, Visit
from devices.device_clock import clock_bytes
from devices.models import STANDARD_CUFF, STANDARD_OXIMETER, Model, model
from devices.vendor_o2ring import SERVICE
from monitor.commands.bluetooth_desk import scanning
from monitor.config import BluetoothConfig
from simulators.ble.peripheral import GattChar, GattService, Peripheral, cuff, oximeter
from tests.integration.ble_rig import OX
from tests.integration.pair_rig import PairRig, good, pair_rig

pytestmark = pytest.mark.integration

NOW = datetime.fromisoformat("2026-03-01T09:30:05")
READ, WRITE = frozenset({"read"}), frozenset({"write"})


def now() -> datetime:
    """The time that every clock here should show."""
    return NOW


def device(*chars: GattChar, notifies: tuple[str, ...] = ("2A5F",)) -> Peripheral:
    """An oximeter with these characteristics beside its values."""
    values = tuple(GattChar(one, frozenset({"notify"})) for one in notifies)
    services = (GattService("1822", values), GattService("180A", chars))
    return Peripheral(OX, "Ox", services, ("1822",))


@contextlib.asynccontextmanager
async def visiting(
    folder: Path, monkeypatch: pytest.MonkeyPatch, one: Peripheral, kind: Model = STANDARD_OXIMETER
) -> AsyncIterator[tuple[Visit, PairRig]]:
    """A visit to this device, which is not connected yet."""
    async with pair_rig(folder) as made:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", made.bus)
        made.air.add(one)
        await made.air.advertise(OX, on=True)
        async with scanning(BluetoothConfig()) as desk:
            advert = await desk.seen(OX, 10)
            assert advert is not None
            visit = Visit(desk.radio, advert, kind)
            try:
                yield visit, made
            finally:
                await visit.leave()


async def test_a_device_is_heard_until_it_is_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be read is kept as a reason; what it says of itself is read."""
    one = device(GattChar("2A29", READ, b"Acme\0"), GattChar("2A25", READ, b"77"))
    async with visiting(tmp_path, monkeypatch, one) as (visit, made):
        assert [
            await visit.connect(),
            await visit.subscribe(),
            await clock(visit, now, set_it=True),
            await read_about(visit),
            await read_battery(visit),
        ] == [
            Step("connect", State.DONE, OX),
            Step("subscribe", State.DONE, "2A5F"),
            Step("set clock", State.ABSENT, "it has no clock that can be reached"),
            Step("about", State.DONE, "maker Acme, serial 77"),
            Step("battery", State.ABSENT, "it does not tell"),
        ]
        await made.air.notify(OX, "2A5F", b"\x00")
        await made.air.notify(OX, "2A5F", good())
        await visit.stay(5, lambda: bool(visit.heard))
        assert (len(visit.heard), len(visit.refused), visit.gone) == (1, 1, False)
        assert visit.refused[0].startswith("frame: 2A5F byte 1: normal SpO2 needs 2 bytes")


async def test_a_device_that_goes_ends_the_visit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for it, and every further step says so."""
    async with visiting(tmp_path, monkeypatch, oximeter(OX)) as (visit, made):
        await visit.connect()
        await visit.subscribe()
        await made.air.drop(OX)
        async with asyncio.timeout(5):
            await visit.stay(60, lambda: False)
        gone = "the device has ended the connection"
        assert [await read_battery(visit), await bond(visit), visit.gone] == [
            Step("battery", State.FAILED, gone),
            Step("bond", State.FAILED, gone),
            True,
        ]


async def test_a_device_that_gives_single_measurements_only_is_no_session_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would look connected for ever and send nothing."""
    one = device(notifies=("2A5E", "2A19"))
    async with visiting(tmp_path, monkeypatch, one) as (visit, _):
        await visit.connect()
        assert await visit.subscribe() == Step(
            "subscribe",
            State.FAILED,
            "it offers no live values of a Standard pulse oximeter; it gives single spot checks"
            " only",
        )


@pytest.mark.parametrize(
    ("char", "set_it", "step", "off"),
    [
        # The older clock, where there is no other; then one that nobody can read back.
        (
            GattChar("2A08", READ | WRITE),
            True,
            Step("set clock", State.DONE, "right to 1 s"),
            0,
        ),
        (
            GattChar("2A08", WRITE),
            True,
            Step("set clock", State.DONE, "set; it cannot be read back"),
            None,
        ),
        (GattChar("2A2B", WRITE), False, Step("clock", State.DONE, "it cannot be read"), None),
        (
            GattChar("2A2B", READ, clock_bytes("2A2B", NOW - timedelta(seconds=61))),
            False,
            Step("clock", State.DONE, "off by -61 s"),
            -61,
        ),
        (
            GattChar("2A2B", READ, bytes(10)),
            False,
            Step("clock", State.DONE, "its clock was never set"),
            None,
        ),
        (
            GattChar("2A2B", READ, bytes(3)),
            False,
            Step("clock", State.FAILED, "current time needs 5 bytes"),
            None,
        ),
    ],
)
async def test_a_clock_is_set_and_compared_by_whatever_the_device_has(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    char: GattChar,
    set_it: bool,
    step: Step,
    off: int | None,
) -> None:
    """Set, read back, or compared only; what was written is the local time."""
    one = device(char)
    async with visiting(tmp_path, monkeypatch, one) as (visit, _):
        await visit.connect()
        got = await clock(visit, now, set_it=set_it)
        assert (got.what, got.state, step.words in got.words) == (step.what, step.state, True), got
        assert (visit.clock_off_s, visit.clock_set) == (off, set_it)
        assert [data for _, data in one.writes] == [clock_bytes(char.uuid, NOW)] * set_it


async def test_a_clock_that_takes_the_time_and_shows_another_counts_as_not_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reading of it would be dated wrongly."""
    one = device(GattChar("2A2B", READ | WRITE))
    wrong = clock_bytes("2A2B", NOW + timedelta(days=1))

    def written(uuid: str, _: bytes) -> None:
        one.char(uuid).value = wrong

    one.written = written
    async with visiting(tmp_path, monkeypatch, one) as (visit, _):
        await visit.connect()
        assert await clock(visit, now, set_it=True) == Step(
            "set clock", State.FAILED, "it took the time and shows another: set it by hand"
        )
        assert (visit.clock_set, visit.clock_off_s) == (False, 86_400)


async def test_without_a_bond_a_device_that_wants_one_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With it the same step is done."""
    one = cuff(OX, needs_bond=True)
    async with visiting(tmp_path, monkeypatch, one, STANDARD_CUFF) as (visit, made):
        await visit.connect()
        before = await visit.subscribe()
        assert (before.what, before.state) == ("subscribe", State.FAILED)
        assert await bond(visit) == Step(
            "bond", State.DONE, "bonded; no other device was allowed to"
        )
        assert (await visit.subscribe()).state is State.DONE
        assert (made.air.bonded, visit.address) == ({OX}, OX)


async def test_a_device_that_speaks_when_asked_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it is left."""
    kind = model("viatom-o2ring")
    decoder = kind.decoder()
    (question,) = decoder.poll()
    chars = (
        GattChar(kind.notify[0], frozenset({"notify"})),
        GattChar(question.uuid, frozenset({"write", "write-without-response"})),
    )
    one = Peripheral(OX, "O2Ring", (GattService(SERVICE, chars),), (SERVICE,))
    async with visiting(tmp_path, monkeypatch, one, kind) as (visit, _):
        await visit.connect()
        await visit.subscribe()
        async with asyncio.timeout(5):
            while not one.writes:  # noqa: ASYNC110 - the visit acts
                await asyncio.sleep(0.02)
        assert one.writes[-1][1] == question.data


async def test_a_connection_that_cannot_be_made_is_an_answer_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the reason of the last of three attempts."""
    one = oximeter(OX)
    async with visiting(tmp_path, monkeypatch, one) as (visit, made):
        made.air.refuse(OX, *["br-connection-canceled"] * 9)
        step = await visit.connect()
        assert (step.what, step.state) == ("connect", State.FAILED)
        assert "br-connection-canceled" in step.words
