"""The hub's Bluetooth, joined to its sessions: a piece of the wiring.

A device is wanted as long as an open session binds its address. Without such a session there is no
radio and no alarm about one: a hub that listens by MQTT only needs none.

    follow_bluetooth(hub, parts, config.bluetooth)
"""

import asyncio
import random
import secrets

import structlog

from devices.ble import Bluetooth
from devices.ble_radio import Radio
from devices.ble_words import Wanted
from devices.models import model
from monitor.ble_intake import CONDITION, BleIntake
from monitor.config import BluetoothConfig
from monitor.hub import Hub
from monitor.parts import Parts

__all__ = ["follow_bluetooth"]

_EVERY_S = 0.25
_BOOT_BYTES = 4

log = structlog.get_logger("vigil.ble")


def follow_bluetooth(hub: Hub, parts: Parts, config: BluetoothConfig) -> None:
    """Start the part that keeps the links of the open sessions."""
    intake = BleIntake(hub, f"ble-{secrets.token_hex(_BOOT_BYTES)}")
    parts.go(_follow(hub, intake, config), "bluetooth")
    parts.go(intake.run(), "bluetooth readings")


async def _follow(hub: Hub, intake: BleIntake, config: BluetoothConfig) -> None:
    """Look four times a second which devices are wanted."""
    off = "Bluetooth is off in the settings"
    rng = random.Random()  # noqa: S311 - spreads reconnections, hides nothing
    bluetooth = Bluetooth(Radio(config.adapter or None), intake.news, rng)
    wanted: dict[str, tuple[str, Wanted]] = {}
    running: asyncio.Task[None] | None = None
    try:
        while True:
            now = _wanted(hub)
            if not config.enabled:
                hub.condition(CONDITION, present=bool(now), detail=off)
                await asyncio.sleep(_EVERY_S)
                continue
            for address in [one for one in wanted if wanted[one] != now.get(one)]:
                _, gone = wanted.pop(address)
                await bluetooth.unwant(address)
                intake.forget(gone.device)
            for address in now.keys() - wanted.keys():
                bluetooth.want(now[address][1])
            wanted = now
            if wanted and running is None:
                running = asyncio.create_task(bluetooth.run())
            elif not wanted and running is not None:
                await _end(running)
                running = None
                hub.condition(CONDITION, present=False, detail="no session needs Bluetooth")
            if running is not None and running.done():
                running.result()  # our bug: the part ends, and the supervisor starts the hub again
            await asyncio.sleep(_EVERY_S)
    finally:
        if running is not None:
            await _end(running)


def _wanted(hub: Hub) -> dict[str, tuple[str, Wanted]]:
    """Return, by address, the devices of all open sessions that have one, and whose they are.

    A session in follow-up asks questions only: its devices are let go, so that they can be enrolled
    anew, tried, or sleep.

    Between two looks a device may have passed to the next session: that is a link of its own, under
    the name that it has there.
    """
    return {
        device.address: (bed.session, Wanted(device.id, device.address, model(device.model)))
        for bed in hub.ward.beds.values()
        if not bed.over and not bed.asks_only
        for device in bed.opened.patient.devices
        if device.address
    }


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait({task})
