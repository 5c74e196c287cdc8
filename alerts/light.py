"""A light in the room: one lamp on a pin of the hub, whose rhythm tells the priority.

High flashes at 2 Hz and medium at 0.6 Hz, both half of the time; low is steady (the ranges of
IEC 60601-1-8 Table 2 are 1.4-2.8 Hz and 0.4-0.8 Hz at 20-60 %, taken from secondary sources; below
3 Hz no flash is a risk of seizures). One lamp has one colour, so the colour is the buyer's choice:
red. The pins are driven through gpiozero where it is installed; without it, or with a pin that
cannot be used, the light is a technical condition, told through a callback and tried again every
60 s and at each new pattern. It never chooses a pattern.

    light = Light(17, on_condition)     # on_condition(no_light: bool, reason: str)
    light.show("high")
    await light.close()
"""

import asyncio
import importlib
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, NamedTuple

__all__ = ["RHYTHMS", "Light", "Rhythm"]

_RETRY_S: Final = 60.0


class Rhythm(NamedTuple):
    """How long the lamp is on and off in turn, in ms; 0 off is steady, 0 on is dark."""

    on_ms: int
    off_ms: int


RHYTHMS: Final[dict[str, Rhythm]] = {
    "silent": Rhythm(0, 0),
    "low": Rhythm(1_000, 0),
    "medium": Rhythm(833, 833),
    "high": Rhythm(250, 250),
    "failure": Rhythm(250, 250),
}
"""The rhythm of each pattern of the loudspeaker (`signal.Pattern`)."""


class Light:
    """One lamp. Made inside a running event loop.

    Args:
        pin: the number of the pin as the board's maker counts it (BCM).
        on_condition: called with (True, why) when there is no light, again when the reason changes,
            and with (False, "") once the lamp obeys after that.
        retry_s: seconds until a failed lamp is tried again.
    """

    def __init__(
        self, pin: int, on_condition: Callable[[bool, str], None], retry_s: float = _RETRY_S
    ) -> None:
        self._pin, self._on_condition, self._retry_s = pin, on_condition, retry_s
        self._pattern = "silent"
        self._failure = ""
        self._lamp: Any = None
        self._changed = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name="light")

    def show(self, pattern: str) -> None:
        """Show a pattern from now on; the same pattern goes on undisturbed.

        Raises:
            ValueError: a pattern that has no rhythm.
        """
        if pattern not in RHYTHMS:
            raise ValueError(f"there is no light {pattern!r}: use one of {list(RHYTHMS)}")
        if pattern != self._pattern:
            self._pattern = pattern
            self._changed.set()

    async def close(self) -> None:
        """Put the lamp out and let go of the pin."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._let_go()

    async def _run(self) -> None:
        while True:
            self._changed.clear()
            try:
                if self._lamp is None:
                    self._lamp = _open(self._pin)
                await self._shine(RHYTHMS[self._pattern])
            except Exception as error:  # noqa: BLE001 - gpiozero's makers each have their own
                self._let_go()
                self._tell(_why(self._pin, error))
                await self._until_changed(self._retry_s)

    async def _shine(self, rhythm: Rhythm) -> None:
        """Keep one rhythm until another pattern is wanted."""
        while not self._changed.is_set():
            if rhythm.on_ms:
                self._lamp.on()
            else:
                self._lamp.off()
            self._tell("")
            await self._until_changed(rhythm.on_ms / 1000 if rhythm.off_ms else None)
            if rhythm.off_ms and not self._changed.is_set():
                self._lamp.off()
                await self._until_changed(rhythm.off_ms / 1000)

    async def _until_changed(self, limit_s: float | None) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await self._changed.wait()

    def _let_go(self) -> None:
        lamp, self._lamp = self._lamp, None
        if lamp is not None:
            # A pin that is gone cannot be given back either; why it is gone has been told.
            for part in (lamp.off, lamp.close):
                with suppress(Exception):
                    part()

    def _tell(self, failure: str) -> None:
        if failure != self._failure:
            self._failure = failure
            self._on_condition(bool(failure), failure)


def _open(pin: int) -> Any:
    """Return the lamp on a pin, dark."""
    with warnings.catch_warnings():
        # It warns of each library for pins that it does not find, before it gives up or goes on.
        warnings.simplefilter("ignore")
        return importlib.import_module("gpiozero").LED(pin)


def _why(pin: int, error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError):
        return "gpiozero is not installed: pip install 'vigil[light]', or set no light"
    return f"the light on pin {pin} cannot be used: {type(error).__name__}: {error}"
