r"""A device is written into a patient's file, and nothing else in it changes.

People write and comment these files: each byte that does not say which device it is stays. A device
with the same id gets the new lines in its own block, another one a block of its own after the last.
What comes out is read back and must say exactly what was meant; a file that is written in a way
that cannot be edited so is left alone, and the lines are handed out to be written by hand.

Opens no file.

>>> new = NewDevice("a-cuff", DeviceKind.CUFF, "AA:BB:CC:00:11:22", "standard-cuff", 60)
>>> print(block(new), end="")
[[devices]]
id = "a-cuff"
kind = "cuff"
address = "AA:BB:CC:00:11:22"
model = "standard-cuff"
utc_offset_min = 60
"""

import re
import tomllib
from typing import Any, NamedTuple

from devices.observation import DeviceKind
from monitor.patient import DeviceBinding

__all__ = ["EditError", "NewDevice", "block", "device_id", "with_device"]

_HEAD = re.compile(r"\s*\[\[\s*devices\s*\]\]\s*(#.*)?")
_TABLE = re.compile(r"\s*\[")
_PAIR = re.compile(r"(\s*)([A-Za-z0-9_]+)(\s*=\s*)(\"[^\"]*\"|'[^']*'|[^\s#]+)(.*)")
_ANY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")


class EditError(ValueError):
    """The device cannot be written; the message says why and what to do."""


class NewDevice(NamedTuple):
    """What `vigil pair` found out. `utc_offset_min` None: the device's own time is not believed."""

    id: str
    kind: DeviceKind
    address: str
    model: str
    utc_offset_min: int | None

    @property
    def keys(self) -> dict[str, str | int]:
        """The lines of its block, in order."""
        keys: dict[str, str | int] = {
            "id": self.id,
            "kind": self.kind.value,
            "address": self.address,
            "model": self.model,
        }
        if self.utc_offset_min is not None:
            keys["utc_offset_min"] = self.utc_offset_min
        return keys


def device_id(
    devices: tuple[DeviceBinding, ...], patient: str, kind: DeviceKind, address: str, wanted: str
) -> str:
    """Return the id under which a device is written; `wanted` is what a person asked for, or "".

    Raises:
        EditError: it would put another device aside that nobody named, or the id is no id.
    """
    if wanted and not _ANY_ID.fullmatch(wanted):
        raise EditError(f"--as {wanted!r} is no device's id; write letters, digits and _ . : -")
    same_address = next((one for one in devices if one.address == address), None)
    same_kind = next((one for one in devices if one.kind is kind), None)
    name = wanted or (same_address.id if same_address else f"{patient}-{kind.value}")
    if same_address is not None and same_address.id != name:
        raise EditError(f"{address} is {same_address.id} here; leave --as out, or name that")
    same_id = next((one for one in devices if one.id == name), None)
    if same_id is not None and same_id.kind is not kind:
        raise EditError(
            f"device {name} is of kind {same_id.kind.value}; choose another id with --as"
        )
    replaced = same_id or same_kind
    if replaced is not None and replaced.id != name:
        raise EditError(
            f"a session listens to one {kind.value}, and this patient has {replaced.id}; to put"
            f" this one in its place write --as {replaced.id}"
        )
    if replaced is not None and replaced.address != address and not wanted:
        raise EditError(f"to put this one in the place of {name} write --as {name}")
    return name


def block(new: NewDevice) -> str:
    """Return the lines of a device."""
    return "".join(["[[devices]]\n", *(f"{key} = {_toml(one)}\n" for key, one in new.keys.items())])


def with_device(text: str, new: NewDevice) -> str:
    """Return the file's text with the device in it.

    Raises:
        EditError: the file is written in a way that cannot be edited; the lines to write are named.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    blocks = _blocks(lines)
    place = next((one for one in blocks if _value(lines, one, "id") == new.id), None)
    if place is not None:
        _change(lines, place, new, end)
    else:
        after = blocks[-1].stop if blocks else len(lines)
        if after and not lines[after - 1].endswith(("\n", "\r")):
            lines[after - 1] += end
        gap = end if after and lines[after - 1].strip() else ""
        lines.insert(after, gap + block(new).replace("\n", end))
    made = "".join(lines)
    meant = _meant(text, new)
    if meant is None or _parsed(made) != meant:
        by_hand = block(new).replace("\n", "; ").rstrip("; ")
        raise EditError(f"the file cannot be edited as it is written; write by hand: {by_hand}")
    return made


def _blocks(lines: list[str]) -> list[range]:
    """Return where each `[[devices]]` stands: from its head to after its last key."""
    found = []
    for head, line in enumerate(lines):
        if not _HEAD.fullmatch(line.rstrip("\r\n")):
            continue
        stop = head + 1
        for number in range(head + 1, len(lines)):
            if _TABLE.match(lines[number]):
                break
            if _PAIR.fullmatch(lines[number].rstrip("\r\n")):
                stop = number + 1
        found.append(range(head, stop))
    return found


def _value(lines: list[str], place: range, key: str) -> str | None:
    """Return what a block says of a key."""
    for number in place:
        pair = _PAIR.fullmatch(lines[number].rstrip("\r\n"))
        if pair is not None and pair[2] == key:
            return pair[4].strip("\"'")
    return None


def _change(lines: list[str], place: range, new: NewDevice, end: str) -> None:
    """Put the device's keys into its block: lines that are there get the value, others come."""
    wanted = {key: _toml(one) for key, one in new.keys.items()}
    gone = _gone(_value(lines, place, "address"), new)
    if not lines[place.stop - 1].endswith(("\n", "\r")):
        lines[place.stop - 1] += end
    for number in place:
        line = lines[number].rstrip("\r\n")
        pair = _PAIR.fullmatch(line)
        if pair is None:
            continue
        if pair[2] in wanted:
            value = wanted.pop(pair[2])
            lines[number] = (
                pair[1] + pair[2] + pair[3] + value + pair[5] + lines[number][len(line) :]
            )
        elif pair[2] in gone:
            lines[number] = ""
    lines.insert(place.stop, "".join(f"{key} = {value}{end}" for key, value in wanted.items()))


def _gone(address: str | None, new: NewDevice) -> tuple[str, ...]:
    """Return the keys that were true of the device before and would be a lie of this one."""
    return ("utc_offset_min",) if address == new.address else ("utc_offset_min", "interval_ms")


def _meant(text: str, new: NewDevice) -> dict[str, Any] | None:
    """Return what the file must say afterwards."""
    file = _parsed(text)
    if file is None:
        return None
    devices = file.setdefault("devices", [])
    one = next((one for one in devices if one.get("id") == new.id), None)
    if one is None:
        devices.append(dict(new.keys))
    else:
        for key in _gone(one.get("address"), new):
            one.pop(key, None)
        one |= new.keys
    return file


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _toml(value: str | int) -> str:
    return str(value) if isinstance(value, int) else f'"{value}"'
