"""Any incoming MQTT message as one typed value: the topic chooses the schema.

This is the one door for everything that arrives from the broker. It never answers, counts or
quarantines; whoever calls it does that with the `Malformed` it raises.

>>> decode("vigil/v1/status/ox-1", b'{"online": true}')
DeviceStatusReport(device='ox-1', online=True, reason='', battery_pct=None)
"""

from devices.command import Command, PersonCheckIn, decode_check_in, decode_command
from devices.observation import DeviceReport
from devices.payload import DeviceStatusReport, decode_reading, decode_status
from devices.topic import Inbound, parse_topic

__all__ = ["Message", "decode"]

Message = DeviceReport | DeviceStatusReport | PersonCheckIn | Command


def decode(topic: str, payload: bytes, *, retained: bool = False) -> Message:
    """Return what one message says; `retained` is the broker's retain flag at delivery.

    Raises:
        Malformed: with the reason's name; nothing else, whatever the bytes.
    """
    kind, name = parse_topic(topic)
    if kind is Inbound.READING:
        return decode_reading(name, payload, retained=retained)
    if kind is Inbound.STATUS:
        return decode_status(name, payload)
    if kind is Inbound.CHECK_IN:
        return decode_check_in(name, payload, retained=retained)
    return decode_command(name, payload, retained=retained)
