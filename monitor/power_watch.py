"""Looks at the kernel's power supplies every 10 s, and says when the hub runs on its battery.

A folder that is not there, or a supply that cannot be read, says nothing: most hubs have no battery
that the kernel knows. What stands from before a stop ends with the first look. What the numbers
mean is decided in `monitor/power_state.py`.

    await PowerWatch(hub, Path("/sys/class/power_supply")).run()
"""

import asyncio
from pathlib import Path
from typing import Final

import structlog

from monitor.hub import Hub
from monitor.power_state import levels, power_of

__all__ = ["SUPPLIES", "PowerWatch", "read_supplies"]

SUPPLIES: Final = Path("/sys/class/power_supply")
_EVERY_S: Final = 10.0
_FILES: Final = (
    *("type", "scope", "online", "status", "capacity", "time_to_empty_now"),
    *("energy_now", "power_now", "charge_now", "current_now"),
)
_WORDS: Final = {
    "power": "the hub runs on its battery: put the plug in",
    "power_short": "the battery lasts less than 20 min: put the plug in",
    "power_end": "the battery lasts less than 5 min: then nobody watches",
}

log = structlog.get_logger("vigil.power")


class PowerWatch:
    """Belongs to the hub's loop.

    Args:
        hub: gets the conditions.
        root: the folder of the supplies.
        every_s: real seconds between two looks.
    """

    def __init__(self, hub: Hub, root: Path = SUPPLIES, every_s: float = _EVERY_S) -> None:
        self._hub = hub
        self._root = root
        self._every_s = every_s

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                self.look(await asyncio.to_thread(read_supplies, self._root))
            except Exception as error:
                # Our bug: it must not end the hub, and not be hidden either.
                log.exception("the power supplies could not be looked at")
                detail = f"our bug: the power supplies could not be looked at: {error!r}"
                self._hub.condition("engine:power", present=True, detail=detail, passing=True)
            await asyncio.sleep(self._every_s)

    def look(self, supplies: list[dict[str, str]]) -> None:
        """Say what the supplies say."""
        for name, present in levels(power_of(supplies)).items():
            words = _WORDS[name] if present else "the hub has power"
            self._hub.condition(name, present=present, detail=words)


def read_supplies(root: Path) -> list[dict[str, str]]:
    """Return the files of each supply below `root`, as text; what cannot be read is left out."""
    try:
        folders = sorted(root.iterdir())
    except OSError:
        return []
    return [_files(folder) for folder in folders]


def _files(folder: Path) -> dict[str, str]:
    found = {}
    for name in _FILES:
        try:
            found[name] = (folder / name).read_text(encoding="ascii", errors="replace").strip()
        except OSError:
            # A kernel gives a supply only the files that its driver knows.
            continue
    return found
