"""Nonin 3230: one frame a second by itself, with its own word about the signal.

Layout (all numbers with the high byte first): [0] length, [1] status, [2] battery in 0.1 V, [3..4]
pulse amplitude index in 0.01 %, [5..6] seconds counter, [7] SpO2 (127: none), [8..9] pulse (511:
none). Status: bit 0 display in step, 1 weak signal, 2 SmartPoint (a value that counts), 3
searching, 4 CorrectCheck (the finger sits right), 5 low battery.

Sourced: Nonin's sample for iOS as it stands in public repositories. Not sourced: what a cleared
CorrectCheck means on its own; it is taken as low quality. **Never met hardware.**

>>> decoder = Nonin3230()
>>> decoder.feed("", bytes.fromhex("0a 14 1e 0190 0001 61 0048"))[0].observations[0].value_x100
9700
"""

from devices.decoder import Unasked
from devices.gatt_bytes import bad_frame
from devices.heard import Heard
from devices.observation import Flag, Metric, Observation
from devices.vendor_values import oximeter_heard, whole

__all__ = ["NOTIFY", "SERVICE", "Nonin3230"]

SERVICE = "46a970e0-0d5f-11e2-8b5e-0002a5d5c51b"
NOTIFY = "0aad7ea0-0d60-11e2-8e3c-0002a5d5c51b"
_LENGTH = 10
_WEAK, _SEARCHING, _CORRECT, _LOW_BATTERY = 1 << 1, 1 << 3, 1 << 4, 1 << 5


class Nonin3230(Unasked):
    """One connection."""

    def feed(self, uuid: str, data: bytes) -> tuple[Heard, ...]:
        """See Decoder. A frame is one notification; a longer one of a later device is read too."""
        del uuid
        if len(data) < _LENGTH or data[0] != len(data):
            raise bad_frame(f"Nonin 3230: length byte and {len(data)} bytes differ ({data.hex()})")
        status = data[1]
        pulse = int.from_bytes(data[8:10], "big")
        index_x100 = int.from_bytes(data[3:5], "big")
        observations = (
            whole(Metric.SPO2, data[7], none=127),
            whole(Metric.PULSE, pulse, none=511),
            Observation(Metric.PI, index_x100),
        )
        flags = (
            (bool(status & _SEARCHING), Flag.SEARCHING),
            (bool(status & _WEAK) or not status & _CORRECT, Flag.LOW_QUALITY),
            (bool(status & _LOW_BATTERY), Flag.LOW_BATTERY),
        )
        return (oximeter_heard(observations, flags, notes=(f"battery {data[2] / 10:.1f} V",)),)
