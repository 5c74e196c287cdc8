"""The devices of a patient's file: which are trusted, and how each is reached.

A device sends by MQTT under its id, or is reached by Bluetooth at its address; then the file names
its model, which says how its bytes are read. `vigil pair` writes these lines.

Knows no radio and opens no file; `monitor/patients.py` reads the rest.

>>> table = DeviceTable("bp-1", DeviceKind.CUFF, address="AA:BB:CC:00:11:22", model="standard-cuff")
>>> binding_of(table).model
'standard-cuff'
"""

from typing import Annotated

from msgspec import Meta, Struct

from devices.models import MODELS
from devices.observation import DeviceKind
from monitor.faults import Faults
from monitor.patient import DeviceBinding

__all__ = ["Address", "DeviceTable", "FileId", "Id", "binding_of", "check_device"]

FileId = Annotated[
    str,
    Meta(
        pattern=r"\A[a-z0-9][a-z0-9_-]{0,39}\Z",
        description="1 to 40 small letters, digits, - and _, the first a letter or digit",
    ),
]
Id = Annotated[
    str,
    Meta(
        pattern=r"\A[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}\Z",
        description="1 to 64 letters, digits and _ . : - (one level of an MQTT topic)",
    ),
]
Address = Annotated[
    str,
    Meta(
        pattern=r"\A([0-9A-F]{2}(:[0-9A-F]{2}){5})?\Z",
        description="a Bluetooth address in capitals, like AA:BB:CC:00:11:22",
    ),
]
_ZONE_MIN = 14 * 60


class DeviceTable(Struct, frozen=True):
    """One `[[devices]]`; `monitor.patient.DeviceBinding` says what the keys mean."""

    id: Id
    kind: DeviceKind
    interval_ms: Annotated[int, Meta(ge=100, le=60_000)] | None = None
    clock: bool = True
    same_arm: bool = False
    breathing: bool = False
    address: Address = ""
    model: Annotated[str, Meta(max_length=40)] = ""
    utc_offset_min: Annotated[int, Meta(ge=-_ZONE_MIN, le=_ZONE_MIN)] | None = None


def check_device(device: DeviceTable, at: str, faults: Faults) -> None:
    """Note an address without a model, a model without one, and a model of the other kind."""
    known = {one.id: one for one in MODELS}
    if bool(device.address) != bool(device.model):
        lacks, other = ("model", "address") if device.address else ("address", "model")
        faults.add(f"{at}.{lacks}", f"is missing beside {other}", "write both, or run `vigil pair`")
        return
    if not device.model:
        return
    found = known.get(device.model)
    if found is None:
        faults.add(f"{at}.model", f"is {device.model!r}", f"write one of {', '.join(known)}")
    elif found.kind is not device.kind:
        what = f"is {device.model!r}, of kind {found.kind.value}"
        faults.add(f"{at}.model", what, f'write kind = "{found.kind.value}"')


def binding_of(device: DeviceTable) -> DeviceBinding:
    """Return the binding that a session records.

    The interval of a Bluetooth model is known: it need not be learnt.
    """
    known = {one.id: one.interval_ms for one in MODELS}
    return DeviceBinding(
        device.id,
        device.kind,
        device.interval_ms or known.get(device.model),
        device.clock,
        device.same_arm,
        device.breathing,
        device.address,
        device.model,
        device.utc_offset_min,
    )
