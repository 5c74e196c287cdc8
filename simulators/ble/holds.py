"""Devices that leave a call without an answer, as real ones do; both airs keep one of these.

holds = Holds()
holds.set("C0:00:00:00:00:01", on=True)
await holds.over("C0:00:00:00:00:01")      # until somebody sets it off
"""

import asyncio

__all__ = ["Holds"]


class Holds:
    """Who is held now. All methods belong to one event loop."""

    def __init__(self) -> None:
        self._held: dict[str, asyncio.Event] = {}

    def set(self, address: str, *, on: bool) -> None:
        """Hold this device, or let it go and everything that waits for it."""
        if on:
            self._held.setdefault(address, asyncio.Event())
        elif address in self._held:
            self._held.pop(address).set()

    async def over(self, address: str) -> None:
        """Return when this device is not held."""
        held = self._held.get(address)
        if held is not None:
            await held.wait()
