"""What is done to a device at its enrolment: bond, set its clock, ask it what it is.

Steps of a visit (`ble_visit`), each with a time limit, an answer and, when it failed, its reason.
While it bonds, an agent is there that allows the visited address alone.

It asks no clock of its own: local time comes by a function.

    await bond(visit)                            -> Step(what="bond", state=<State.DONE>, ...)
    await clock(visit, local_now, set_it=True)   -> Step(what="set clock", ...)
"""

from collections.abc import Callable
from datetime import datetime

from bleak.exc import BleakError

from devices.ble_agent import AgentError, PairingAgent
from devices.ble_visit import AbsentError, State, Step, Visit, step
from devices.decoder import Write
from devices.device_clock import CLOCK_OK_S, clock_bytes, clock_order, off_s, read_clock
from devices.gatt_info import decode_battery_pct, decode_text

__all__ = ["bond", "clock", "connect_and_bond", "read_about", "read_battery"]

_BOND_S, _STEP_S, _CALL_S = 30.0, 20.0, 5.0
_BATTERY = "2A19"
_ABOUT = {"2A29": "maker", "2A24": "model", "2A25": "serial", "2A26": "firmware"}


async def bond(visit: Visit) -> Step:
    """Bond, in at most 30 s."""

    async def work() -> str:
        async with PairingAgent(visit.advert.address) as agent:
            return await _pair(visit, agent)

    return await step("bond", work(), _BOND_S)


async def connect_and_bond(visit: Visit) -> tuple[Step, ...]:
    """Connect and bond, with the agent there from the beginning.

    BlueZ reads the battery of whatever it connects to; where that needs a bond and nobody may say
    yes, the connection itself fails.
    """
    try:
        async with PairingAgent(visit.advert.address) as agent:
            connected = await visit.connect()
            if connected.state is not State.DONE:
                return (connected,)
            return connected, await step("bond", _pair(visit, agent), _BOND_S)
    except AgentError as error:
        return await visit.connect(), Step("bond", State.FAILED, str(error))


async def _pair(visit: Visit, agent: PairingAgent) -> str:
    try:
        await visit.client.pair()
    except BleakError as error:
        asked = "; ".join(agent.told)
        raise BleakError(f"{error} ({asked})" if asked else str(error)) from error
    visit.address = visit.client.address.upper()
    return "bonded; no other device was allowed to"


async def clock(visit: Visit, now: Callable[[], datetime], *, set_it: bool) -> Step:
    """Set the device's clock to local time, or compare it; `now` returns local time."""

    async def work() -> str:
        offered = visit.offered()
        name = next((one for one in clock_order(visit.model.clock) if one in offered), None)
        if name is None:
            raise AbsentError("it has no clock that can be reached")
        if set_it:
            await visit.write(Write(name, clock_bytes(name, now())))
            visit.clock_set = True
        data = await visit.read(name)
        if data is None:
            return "set; it cannot be read back" if set_it else "it cannot be read"
        off = visit.clock_off_s = off_s(read_clock(name, data), now())
        if set_it and (off is None or abs(off) > CLOCK_OK_S):
            visit.clock_set = False
            raise BleakError("it took the time and shows another: set it by hand")
        return _clock_words(off)

    return await step("set clock" if set_it else "clock", work(), _STEP_S)


async def read_about(visit: Visit) -> Step:
    """Read maker, model, serial number and firmware, as far as it tells them."""

    async def work() -> str:
        for name, word in _ABOUT.items():
            data = await visit.read(name)
            if data is not None:
                visit.about[word] = decode_text(data, name)
        if not visit.about:
            raise AbsentError("it says nothing of itself")
        return ", ".join(f"{word} {text}" for word, text in visit.about.items())

    return await step("about", work(), _STEP_S)


async def read_battery(visit: Visit) -> Step:
    """Read how full its battery is."""

    async def work() -> str:
        data = await visit.read(_BATTERY)
        if data is None:
            raise AbsentError("it does not tell")
        visit.battery_pct = decode_battery_pct(data)
        return f"{visit.battery_pct} %"

    return await step("battery", work(), _CALL_S)


def _clock_words(off: int | None) -> str:
    if off is None:
        return "its clock was never set"
    return f"right to {max(1, abs(off))} s" if abs(off) <= CLOCK_OK_S else f"off by {off:+d} s"
