"""Viatom / Wellue O2Ring and Checkme O2: a ring that speaks when it is asked, every 2 s.

Asked: AA, command, its complement, block (16 bits, low byte first), length (16), data, CRC-8
(polynomial 7) over all before it. Answered: the same with 55 first and the state second. Command
0x17 gives [0] SpO2, [1..2] pulse, [3..6] steps, [7] battery in %, [8] charging, [9] movement, [10]
perfusion index in 0.1 %, [11] bit 0 finger in, bits 4-7 a countdown after the finger left.

Sourced: the vendor's own published Android library (LepuBle) for the fields, MackeyStingray/o2r for
the frames. That project reads the pulse as one byte; for a pulse below 256 both say the same. The
movement's scale is not known and not used. The O2Ring-S speaks another protocol. **Never met
hardware.**

>>> O2Ring().poll()[0].data.hex()
'aa17e8000000001b'
"""

from devices.decoder import Unasked, Write
from devices.frames import FrameBuffer, crc8
from devices.heard import Heard
from devices.observation import Flag, Metric
from devices.strict_json import Malformed
from devices.vendor_values import oximeter_heard, perfusion, whole

__all__ = ["NOTIFY", "SERVICE", "WRITE", "O2Ring"]

SERVICE = "14839ac4-7d7e-415c-9a42-167340cf2339"
WRITE = "8b00ace7-eb0b-49b0-bbe9-9aee0a26e1a3"
NOTIFY = "0734594a-a8e7-4b1a-a6b1-cd5243059a57"
_ASK, _ANSWER, _VALUES = 0xAA, 0x55, 0x17
_HEAD, _TAIL = 7, 1
_FIELDS = 12
_MOST = 256
_FULL_PCT = 100


class O2Ring(Unasked):
    """One connection."""

    def __init__(self) -> None:
        self._frames = FrameBuffer("O2Ring", bytes((_ANSWER,)), _length, _fault)

    def poll(self) -> tuple[Write, ...]:
        """Ask for the values of now."""
        asked = bytes((_ASK, _VALUES, _VALUES ^ 0xFF, 0, 0, 0, 0))
        return (Write(WRITE, asked + bytes((crc8(asked),)), response=False),)

    def feed(self, uuid: str, data: bytes) -> tuple[Heard | Malformed, ...]:
        """See Decoder. An answer is longer than one notification of a default connection."""
        del uuid
        frames, error = self._frames.feed(data)
        found: list[Heard | Malformed] = [_heard(frame[_HEAD:-_TAIL]) for frame in frames]
        return (*found, *((error,) if error is not None else ()))


def _length(begin: bytes) -> int | None:
    if len(begin) < _HEAD:
        return None
    size = int.from_bytes(begin[5:7], "little")
    return _HEAD + size + _TAIL if _FIELDS <= size <= _MOST else 0


def _fault(frame: bytes) -> str:
    if crc8(frame[:-_TAIL]) != frame[-1]:
        return "the check sum is wrong"
    return f"the ring refused: state {frame[1]}" if frame[1] else ""


def _heard(said: bytes) -> Heard:
    finger = bool(said[11] & 1)
    battery = said[7]
    observations = (
        whole(Metric.SPO2, said[0], none=255),
        whole(Metric.PULSE, int.from_bytes(said[1:3], "little"), none=0xFFFF),
        perfusion(said[10]),
    )
    return oximeter_heard(
        observations,
        ((not finger, Flag.FINGER_OUT),),
        battery if battery <= _FULL_PCT else None,
    )
