"""Viatom PC-60FW: values by themselves once a second over the Nordic UART, between wave frames.

A frame is AA 55, a token (0F oximeter, F0 the device), the length of what follows with its check
sum, a type, content, CRC-8 (Maxim) over all before it. Token 0F type 1: SpO2, pulse (16 bits, low
byte first), perfusion index in 0.1 %, status (bit 1 probe off, bit 2 searching), battery in bits 6
and 7 (0 to 3). Type 2 is the wave, 0x21 how it is used; token F0 type 3 the battery again.

Sourced: the vendor's own published Android library (LepuBle) for fields and status, and the notes
of viatom_pc60fw with a capture for the frames. The battery's four steps are told as 0, 33, 67 and
100 %. **Never met hardware.**

>>> framed(bytes.fromhex("0f 08 01 60 3e00 50 00 c0")).hex()
'aa550f0801603e005000c008'
"""

from devices.decoder import Unasked
from devices.frames import FrameBuffer, crc8_maxim
from devices.heard import Heard
from devices.observation import Flag, Metric
from devices.strict_json import Malformed
from devices.vendor_values import oximeter_heard, perfusion, whole

__all__ = ["NOTIFY", "SERVICE", "Pc60Fw", "framed"]

SERVICE = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
NOTIFY = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"
_START = b"\xaa\x55"
_HEAD = 4
_OXIMETER, _VALUES, _VALUES_LENGTH = 0x0F, 0x01, 12
_SHORTEST, _LONGEST = 2, 64
_PROBE_OFF, _SEARCHING = 1 << 1, 1 << 2
_STEPS = (0, 33, 67, 100)


class Pc60Fw(Unasked):
    """One connection."""

    def __init__(self) -> None:
        self._frames = FrameBuffer("PC-60FW", _START, _length, _fault)

    def feed(self, uuid: str, data: bytes) -> tuple[Heard | Malformed, ...]:
        """See Decoder."""
        del uuid
        frames, error = self._frames.feed(data)
        found: list[Heard | Malformed] = [
            _heard(frame[5:-1])
            for frame in frames
            if frame[2] == _OXIMETER and frame[4] == _VALUES and len(frame) >= _VALUES_LENGTH
        ]
        return (*found, *((error,) if error is not None else ()))


def framed(body: bytes) -> bytes:
    """Return a whole frame around token, length, type and content."""
    frame = _START + body
    return frame + bytes((crc8_maxim(frame),))


def _length(begin: bytes) -> int | None:
    if len(begin) < _HEAD:
        return None
    size = begin[3]
    return _HEAD + size if _SHORTEST <= size <= _LONGEST else 0


def _fault(frame: bytes) -> str:
    return "" if crc8_maxim(frame[:-1]) == frame[-1] else "the check sum is wrong"


def _heard(said: bytes) -> Heard:
    status = said[4]
    observations = (
        whole(Metric.SPO2, said[0], none=127),
        whole(Metric.PULSE, int.from_bytes(said[1:3], "little"), none=511),
        perfusion(said[3]),
    )
    flags = (
        (bool(status & _PROBE_OFF), Flag.FINGER_OUT),
        (bool(status & _SEARCHING), Flag.SEARCHING),
    )
    return oximeter_heard(observations, flags, _STEPS[said[5] >> 6])
