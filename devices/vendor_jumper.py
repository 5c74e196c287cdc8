"""Jumper JPD-500F ("My Oximeter"): values by themselves about once a second, and a pulse wave.

Frames by their first byte: 0x81: [1] pulse (255: none), [2] SpO2 (127: none), [3] perfusion index
in 0.1 %. 0x80: the pulse wave, which nobody here needs.

Sourced: several public repositories agree on bytes 0 to 2, one capture `81 38 63 44`. From memory
only: the codes for "none" and the scale of byte 3. **Never met hardware.**

>>> [one.value_x100 for one in Jumper500F().feed("", bytes.fromhex("81386344"))[0].observations]
[5600, 9900, 680]
"""

from devices.decoder import Unasked
from devices.gatt_bytes import bad_frame
from devices.heard import Heard
from devices.observation import Flag, Metric
from devices.vendor_values import oximeter_heard, perfusion, whole

__all__ = ["NOTIFY", "SERVICE", "Jumper500F"]

SERVICE = "cdeacb80-5235-4c07-8846-93a37ee6b86d"
NOTIFY = "cdeacb81-5235-4c07-8846-93a37ee6b86d"
_WAVE, _VALUES = 0x80, 0x81
_LENGTH = 4
_NO_SPO2, _NO_PULSE = 127, 255


class Jumper500F(Unasked):
    """One connection."""

    def feed(self, uuid: str, data: bytes) -> tuple[Heard, ...]:
        """See Decoder. A frame is one notification."""
        del uuid
        if data[:1] == bytes((_WAVE,)):
            return ()
        if len(data) != _LENGTH or data[0] != _VALUES:
            raise bad_frame(f"Jumper JPD-500F: neither values nor a wave ({data[:40].hex()})")
        _, pulse, spo2, index = data
        nothing = spo2 in (0, _NO_SPO2) and pulse in (0, _NO_PULSE)
        observations = (
            whole(Metric.PULSE, pulse, none=_NO_PULSE),
            whole(Metric.SPO2, spo2, none=_NO_SPO2),
            perfusion(index),
        )
        return (oximeter_heard(observations, ((nothing, Flag.SEARCHING),)),)
