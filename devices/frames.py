"""Frames of vendors' streams: found in bytes that are split and joined as the radio likes.

A notification may hold half a frame, or three. Bytes are kept until a frame is whole; bytes that
begin no frame are skipped to the next start and told once. What is kept is bounded. Two check sums
that several vendors share stand here too.

Knows no vendor: each says how its frame starts, how long it is and whether it is sound.

>>> crc8_maxim(b"123456789") == 0xA1, crc8(b"123456789") == 0xF4
(True, True)
"""

from collections.abc import Callable

from devices.gatt_bytes import bad_frame
from devices.strict_json import Malformed

__all__ = ["FrameBuffer", "crc8", "crc8_maxim"]

_MOST = 512
_BYTE = 8


class FrameBuffer:
    """Collects one stream.

    Args:
        what: names the device in errors.
        start: the bytes that each frame begins with.
        length: returns a frame's whole length from its beginning, None while too little is there,
            0 when it cannot be a frame.
        fault: returns what is wrong with a whole frame, "" when it is sound.
    """

    def __init__(
        self,
        what: str,
        start: bytes,
        length: Callable[[bytes], int | None],
        fault: Callable[[bytes], str],
    ) -> None:
        self._what = what
        self._start = start
        self._length = length
        self._fault = fault
        self._kept = b""

    def feed(self, data: bytes) -> tuple[tuple[bytes, ...], Malformed | None]:
        """Return the whole frames in order, and an error for the first bytes that were none.

        The error is returned and not raised, so that sound frames beside it are not lost.
        """
        self._kept += data
        frames: list[bytes] = []
        error: Malformed | None = None
        while self._kept:
            skipped = self._to_start()
            if skipped:
                error = error or self._bad(skipped, "no frame begins here")
                continue
            length = self._length(self._kept)
            if length is None or len(self._kept) < length:
                break
            frame = self._kept[:length]
            fault = self._fault(frame) if length else "no frame has this head"
            if fault:
                error = error or self._bad(frame or self._kept, fault)
                self._kept = self._kept[1:]
                continue
            frames.append(frame)
            self._kept = self._kept[length:]
        if len(self._kept) > _MOST:
            error = error or self._bad(self._kept, f"more than {_MOST} bytes hold no frame")
            self._kept = b""
        return tuple(frames), error

    def _to_start(self) -> bytes:
        """Drop what stands before the next start; return it."""
        begin = self._start
        for at in range(len(self._kept)):
            head = self._kept[at : at + len(begin)]
            if begin.startswith(head):
                dropped, self._kept = self._kept[:at], self._kept[at:]
                return dropped
        dropped, self._kept = self._kept, b""
        return dropped

    def _bad(self, data: bytes, what: str) -> Malformed:
        return bad_frame(f"{self._what}: {what} ({data[:40].hex()})")


def crc8(data: bytes) -> int:
    """Return CRC-8 with polynomial 0x07, start 0 (CRC-8/SMBUS)."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(_BYTE):
            crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return crc


def crc8_maxim(data: bytes) -> int:
    """Return CRC-8 with polynomial 0x31, reflected, start 0 (CRC-8/MAXIM-DOW)."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(_BYTE):
            crc = crc >> 1 ^ 0x8C if crc & 1 else crc >> 1
    return crc
