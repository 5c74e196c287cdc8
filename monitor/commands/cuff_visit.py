"""A cuff in `vigil pair` and `vigil check --devices`: it is left alone until it calls, then heard.

A link to an idle cuff can keep it from measuring, so nothing is connected that does not call. Each
reading is judged as it comes (`monitor/device_trial.py`); the first one of now is enough.

    visit = await await_reading(desk, Cuff(address, model, local_now), trial, 180, say)
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from devices.ble_visit import State, Step, Visit
from devices.device_clock import CLOCK_OK_S
from devices.models import Model
from monitor.commands.bluetooth_desk import Desk, prepare
from monitor.device_trial import CuffTrial

__all__ = ["Cuff", "await_reading", "clock_right", "hear_readings"]


class Cuff(NamedTuple):
    """Which cuff; `now` returns the time that its clock should show."""

    address: str
    model: Model
    now: Callable[[], datetime]


async def await_reading(
    desk: Desk,
    cuff: Cuff,
    trial: CuffTrial,
    seconds: float,
    say: Callable[[Step], None],
    *,
    set_clock: bool = False,
) -> Visit | None:
    """Visit the cuff each time it calls, until it gave a reading of now or time is up.

    Returns the last visit that could subscribe; None: it never called, or never answered.
    """
    loop = asyncio.get_running_loop()
    ends_s = loop.time() + seconds
    best: Visit | None = None
    while trial.first is None and (left_s := ends_s - loop.time()) > 0:
        advert = await desk.seen(cuff.address, left_s)
        if advert is None:
            break
        visit = Visit(desk.radio, advert, cuff.model)
        try:
            linked = False
            async for step in prepare(visit, cuff.now, set_clock=set_clock):
                linked = linked or (step.what == "subscribe" and step.state is State.DONE)
                say(step)
            if linked:
                best = visit
                trial.clock_right = trial.clock_right or clock_right(visit)
                await hear_readings(visit, trial, ends_s - loop.time(), cuff.now)
        finally:
            await visit.leave()
    return best


async def hear_readings(
    visit: Visit, trial: CuffTrial, seconds: float, now: Callable[[], datetime]
) -> None:
    """Judge each reading as it comes, until there is one of now or the cuff has gone."""
    taken = 0

    def enough() -> bool:
        nonlocal taken
        for _, one in visit.heard[taken:]:
            trial.take(one, now())
            taken += 1
        return trial.first is not None

    await visit.stay(seconds, enough)
    enough()


def clock_right(visit: Visit) -> bool:
    """Whether the device's clock was set, or found right, on this visit."""
    off = visit.clock_off_s
    return visit.clock_set or (off is not None and abs(off) <= CLOCK_OK_S)
