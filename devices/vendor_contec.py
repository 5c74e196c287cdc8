"""Contec CMS50D-BT: streams for less than a minute after it is told to, so it is told every 20 s.

Told: 9B 01 1C on ff01. Frames on ff02, several in one notification: EB 01, [2] finger (4 out, 6
in), [3] pulse, [4] SpO2, two constant bytes, check sum; EB 00 with six bytes is the pulse wave. The
check sum is the sum of all before it, of which seven bits are compared: the two captures that are
known agree with seven and with eight.

Sourced: one author's reverse engineering (tobiasisenberg/OxiVis issue 2) with captures. Not
sourced: the codes for "none"; 127 and 255 are taken for such. No battery is told. **Never met
hardware.**

>>> heard = Cms50D().feed("", bytes.fromhex("eb010653637f0027"))[0]
>>> [one.value_x100 for one in heard.observations], heard.flags
([9900, 8300], ())
"""

from devices.decoder import Unasked, Write
from devices.frames import FrameBuffer
from devices.heard import Heard
from devices.observation import Flag, Metric
from devices.strict_json import Malformed
from devices.vendor_values import oximeter_heard, whole

__all__ = ["NOTIFY", "SERVICE", "WRITE", "Cms50D"]

SERVICE, WRITE, NOTIFY = "FF00", "FF01", "FF02"
_START = b"\xeb"
_LENGTHS = {0: 6, 1: 8}
_VALUES, _FINGER_IN = 1, 6
_SEVEN_BITS = 0x7F
_STREAM = bytes.fromhex("9b011c")


class Cms50D(Unasked):
    """One connection."""

    def __init__(self) -> None:
        self._frames = FrameBuffer("CMS50D-BT", _START, _length, _fault)

    def poll(self) -> tuple[Write, ...]:
        """Tell it to stream on."""
        return (Write(WRITE, _STREAM, response=False),)

    def feed(self, uuid: str, data: bytes) -> tuple[Heard | Malformed, ...]:
        """See Decoder."""
        del uuid
        frames, error = self._frames.feed(data)
        found: list[Heard | Malformed] = [_heard(one) for one in frames if one[1] == _VALUES]
        return (*found, *((error,) if error is not None else ()))


def _length(begin: bytes) -> int | None:
    return _LENGTHS.get(begin[1], 0) if len(begin) > 1 else None


def _fault(frame: bytes) -> str:
    same = (sum(frame[:-1]) ^ frame[-1]) & _SEVEN_BITS == 0
    return "" if same else "the check sum is wrong"


def _heard(frame: bytes) -> Heard:
    observations = (
        whole(Metric.SPO2, frame[4], none=127),
        whole(Metric.PULSE, frame[3], none=255),
    )
    return oximeter_heard(observations, ((frame[2] != _FINGER_IN, Flag.FINGER_OUT),))
