"""What devices are told about their readings: recorded or refused, gathered and sent together.

A device keeps each reading until the hub names it, so every reading that the broker handed over
ends here: in the record, or refused with the reason. Publishes nothing itself.

    acks.recorded(report)
    acks.take()     -> [("vigil/v1/ack/ox-1", b'{"spans":[...]}')]
"""

from msgspec import Struct

from devices.ack import MAX_ENTRIES, MAX_REFUSED, Refusal, ack_for, encode_ack
from devices.observation import DeviceReport
from devices.topic import ack_topic

__all__ = ["Acks"]


class _OfDevice(Struct):
    numbers: list[tuple[str, int]] = []
    digests: list[str] = []
    refused: list[Refusal] = []


class Acks:
    """Gathers by device; `take` empties it."""

    def __init__(self) -> None:
        self._devices: dict[str, _OfDevice] = {}

    def recorded(self, report: DeviceReport) -> None:
        """Note a reading that is on the disk."""
        told = self._devices.setdefault(report.device, _OfDevice())
        if report.boot_id is not None and report.seq is not None:
            told.numbers.append((report.boot_id, report.seq))
        elif report.digest is not None:
            told.digests.append(report.digest)

    def refused(self, device: str, refusal: Refusal) -> None:
        """Note a message that will never be in the record."""
        self._devices.setdefault(device, _OfDevice()).refused.append(refusal)

    def take(self) -> list[tuple[str, bytes]]:
        """Return topic and payload of every ack; a name that is no topic cannot be answered."""
        devices, self._devices = self._devices, {}
        messages: list[tuple[str, bytes]] = []
        for device, told in devices.items():
            try:
                topic = ack_topic(device)
            except ValueError:
                continue
            while told.numbers or told.digests or told.refused:
                ack = ack_for(
                    told.numbers[:MAX_ENTRIES],
                    told.digests[:MAX_ENTRIES],
                    told.refused[:MAX_REFUSED],
                )
                messages.append((topic, encode_ack(ack)))
                del told.numbers[:MAX_ENTRIES]
                del told.digests[:MAX_ENTRIES]
                del told.refused[:MAX_REFUSED]
        return messages
