"""BerryMed BM1000 (B, C, E): a hundred packets a second, of which one report a second is made.

A packet has five bytes, the first alone with bit 7 set: [0] bit 6 beep, 5 probe off, 4 no signal,
0-3 strength; [1] pulse wave; [2] bit 6 is bit 7 of the pulse, 5 searching, 4 no finger, 0-3 bar;
[3] the pulse's lower seven bits (with bit 7: 255 is none); [4] SpO2 (127: none). A report goes out
with every change, and with every hundredth packet when nothing changes.

Sourced: the maker's BCI protocol (zh2x/BCI_Protocol) and Adafruit's library. Not sourced: whether
bit 4 of byte 0 means "signal" or "no signal"; it is not used. No battery is told. **Never met
hardware.**

>>> packet = bytes.fromhex("80 40 00 48 61")
>>> [one.value_x100 for one in BerryMed().feed("", packet)[0].observations]
[9700, 7200]
"""

from devices.decoder import Unasked
from devices.gatt_bytes import bad_frame
from devices.heard import Heard
from devices.observation import Flag, Metric
from devices.strict_json import Malformed
from devices.vendor_values import oximeter_heard, whole

__all__ = ["NOTIFY", "SERVICE", "BerryMed"]

SERVICE = "49535343-fe7d-4ae5-8fa9-9fafd205e455"
NOTIFY = "49535343-1e4d-4bd9-ba61-23c647249616"
_SYNC, _LENGTH = 0x80, 5
_PROBE_OFF, _PULSE_HIGH, _SEARCHING, _NO_FINGER = 1 << 5, 1 << 6, 1 << 5, 1 << 4
_EVERY = 100


class BerryMed(Unasked):
    """One connection. `_since` counts packets since the last report."""

    def __init__(self) -> None:
        self._kept = b""
        self._last: Heard | None = None
        self._since = 0

    def feed(self, uuid: str, data: bytes) -> tuple[Heard | Malformed, ...]:
        """See Decoder."""
        del uuid
        self._kept += data
        found: list[Heard | Malformed] = []
        while len(self._kept) >= _LENGTH:
            packet = self._kept[:_LENGTH]
            if not packet[0] & _SYNC or any(byte & _SYNC for byte in packet[1:]):
                found.append(self._resync(packet))
                continue
            self._kept = self._kept[_LENGTH:]
            self._since += 1
            heard = _heard(packet)
            if heard != self._last or self._since >= _EVERY:
                found.append(heard)
                self._last, self._since = heard, 0
        return tuple(found)

    def _resync(self, packet: bytes) -> Malformed:
        """Drop bytes up to the next that can begin a packet."""
        rest = self._kept[1:]
        at = next((n for n, byte in enumerate(rest) if byte & _SYNC), len(rest))
        self._kept = rest[at:]
        return bad_frame(f"BerryMed: no packet begins here ({packet.hex()})")


def _heard(packet: bytes) -> Heard:
    status, _, more, low, spo2 = packet
    pulse = low | (0x80 if more & _PULSE_HIGH else 0)
    return oximeter_heard(
        (whole(Metric.SPO2, spo2, none=127), whole(Metric.PULSE, pulse, none=255)),
        (
            (bool(status & _PROBE_OFF or more & _NO_FINGER), Flag.FINGER_OUT),
            (bool(more & _SEARCHING), Flag.SEARCHING),
        ),
    )
