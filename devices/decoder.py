"""How the hub listens to any Bluetooth device: bytes in, what was heard out, questions to ask.

Each model has a decoder, one per connection. A standard device needs no state; a vendor's stream
may split a frame over two notifications or join three in one, so `feed` keeps what is unfinished. A
frame that cannot be read raises `Malformed` and the decoder goes on at the next one that can.

This module has no radio, no clock and no vendor.

>>> from devices.plx_heard import heard_oximeter
>>> decoder = Standard(heard_oximeter)
>>> decoder.feed("2A5F", bytes.fromhex("0061004800"))[0].observations[0].value_x100
9700
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from devices.heard import Heard
from devices.strict_json import Malformed

__all__ = ["BASE_UUID", "Decoder", "Standard", "Unasked", "Write", "short"]

BASE_UUID = "-0000-1000-8000-00805f9b34fb"
"""The end of each UUID that the Bluetooth SIG assigned."""

_SHORT_HEAD = "0000"
_SHORT = 8


class Write(NamedTuple):
    """One value that the hub writes: `uuid` as in `feed`; `response`: wait for the device's yes."""

    uuid: str
    data: bytes
    response: bool = True


class Decoder(Protocol):
    """One connection's decoder. `uuid`: four upper-case hex digits, or a whole lower-case UUID."""

    def begin(self) -> tuple[Write, ...]:
        """Return what is written once, after subscribing."""
        ...

    def poll(self) -> tuple[Write, ...]:
        """Return what is written at each interval of a device that speaks only when asked."""
        ...

    def feed(self, uuid: str, data: bytes) -> tuple[Heard | Malformed, ...]:
        """Return what one notification says, in order; empty while a frame is unfinished.

        What could not be read stands among the rest as the error that names it, so that a broken
        frame costs no sound one.

        Raises:
            Malformed: the whole notification is none of this device; it goes on with the next.
        """
        ...


def short(uuid: str) -> str:
    """Return the assigned number of a SIG UUID ("2A5F"), else the UUID in lower case."""
    lower = uuid.lower()
    if lower.endswith(BASE_UUID) and lower.startswith(_SHORT_HEAD):
        return lower[4:_SHORT].upper()
    return lower


class Unasked:
    """What a device that speaks by itself is asked: nothing."""

    def begin(self) -> tuple[Write, ...]:
        """Nothing is written after subscribing."""
        return ()

    def poll(self) -> tuple[Write, ...]:
        """Nothing is written later."""
        return ()


class Standard(Unasked):
    """Any device with a service of the Bluetooth SIG: each value stands for itself.

    `heard` is `heard_oximeter` (service 0x1822) or `heard_cuff` (0x1810).
    """

    def __init__(self, heard: Callable[[str, bytes], Heard | None]) -> None:
        self._heard = heard

    def feed(self, uuid: str, data: bytes) -> tuple[Heard | Malformed, ...]:
        """See Decoder."""
        heard = self._heard(uuid, data)
        return () if heard is None else (heard,)
