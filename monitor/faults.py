r"""Turn what a person wrote into a value, and name everything that is wrong with it at once.

A settings file with five mistakes must name all five, each with where it is and what to write, so
`convert` walks the mapping beside the Struct that it should become and collects instead of raising.
Every field is checked by its own type and `msgspec.Meta` bounds; a `Meta(description=...)` becomes
the advice ("write a port between 1 and 65535"). Unknown keys are faults too.

This module reads no file and never guesses: a value with a fault becomes None, never a default.

>>> from msgspec import Struct
>>> class Broker(Struct):
...     port: int
>>> faults = Faults()
>>> convert(Broker, {"prot": 1}, "config.toml", faults) is None
True
>>> print(*faults, sep="\n")
config.toml: prot: unknown key; did you mean 'port'?
config.toml: port: is missing; write a whole number
"""

import difflib
import tomllib
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from msgspec import inspect as mi

from monitor.scalars import BAD, advise, convert_leaf, show, split

__all__ = ["Faults", "FaultsError", "convert", "read_toml"]

T = TypeVar("T")


class Faults(list[str]):
    """Every fault found so far, each one a line: where, what, and what to do about it."""

    def add(self, where: str, what: str, advice: str) -> None:
        """Note one fault; `where` is a file and a path in it, `advice` starts with a verb."""
        self.append(f"{where}: {what}; {advice}")


class FaultsError(ValueError):
    """What was written cannot be used; `faults` holds every reason, the message shows them all."""

    def __init__(self, faults: list[str]) -> None:
        """Keep the faults and make them the message, one a line."""
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


def read_toml(text: str, where: str, faults: Faults) -> dict[str, Any] | None:
    """Return the table that `text` holds, or None with the line of the mistake noted."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        faults.add(where, "is nested too deeply", "write fewer brackets in brackets")
    except ValueError as error:  # TOMLDecodeError, or a number with thousands of digits
        faults.add(where, f"is not TOML: {error}", "correct that line")
    return None


def convert(cls: type[T], mapping: Mapping[str, Any], where: str, faults: Faults) -> T | None:
    """Return `mapping` as a `cls` (a msgspec Struct or any type built from Structs), or None.

    Args:
        cls: what it should become.
        mapping: what `tomllib` or `json` read.
        where: the file's name; the path inside it is added ("config.toml: broker.port").
        faults: gets one line for every fault, in the order of the file.

    Raises:
        TypeError: `cls` holds a type that this module does not know (a mistake in our own code).
    """
    value = _value(mi.type_info(cls), mapping, _Path(where), faults)
    return None if value is BAD else cast("T", value)


class _Path:
    """Where we are in the file; a key is joined by a dot, an item is numbered from 0."""

    def __init__(self, root: str, path: str = "") -> None:
        self.root, self.path = root, path

    def __str__(self) -> str:
        return f"{self.root}: {self.path}" if self.path else self.root

    def key(self, key: str) -> "_Path":
        return _Path(self.root, f"{self.path}.{key}" if self.path else key)

    def item(self, index: int, value: Any) -> "_Path":
        """An item that has an id shows it: nobody counts forty rows."""
        name = value.get("id") if isinstance(value, Mapping) else None
        label = f"{index} {name}" if isinstance(name, str) else f"{index}"
        return _Path(self.root, f"{self.path}[{label}]")


def _value(info: mi.Type, value: Any, at: _Path, faults: Faults) -> Any:
    """Return `value` as what `info` describes, or BAD with the faults noted."""
    inner, note = split(info)
    match inner:
        case mi.StructType():
            return _struct(inner, value, at, faults)
        case mi.UnionType():
            return _union(inner, note, value, at, faults)
        case mi.ListType() | mi.VarTupleType():
            return _items(inner, note, value, at, faults)
        case mi.DictType():
            return _table(inner, value, at, faults)
        case mi.AnyType():
            return value
        case _:
            return _leaf(inner, note, value, at, faults)


def _leaf(info: mi.Type, note: str, value: Any, at: _Path, faults: Faults) -> Any:
    found, fault = convert_leaf(info, value)
    if found is BAD:
        faults.add(str(at), fault, f"write {advise(info, note)}")
    return found


def _struct(info: mi.StructType, value: Any, at: _Path, faults: Faults) -> Any:
    if not isinstance(value, Mapping):
        faults.add(str(at), f"expected a table, got {show(value)}", "write a table of keys")
        return BAD
    before = len(faults)
    known = {field.encode_name: field for field in info.fields}
    if info.tag_field is not None and value.get(info.tag_field, info.tag) != info.tag:
        got = show(value[info.tag_field])
        faults.add(str(at.key(info.tag_field)), f"got {got}", f"write {info.tag!r}")
    made: dict[str, Any] = {}
    for key, raw in value.items():
        field = known.get(key)
        if field is not None:
            made[field.name] = _value(field.type, raw, at.key(key), faults)
        elif key != info.tag_field:
            faults.add(str(at.key(key)), "unknown key", _nearest(key, list(known)))
    for key, field in known.items():
        if field.required and key not in value:
            advice = f"write {advise(*split(field.type))}"
            faults.add(str(at.key(key)), "is missing", advice)
    if len(faults) > before:
        return BAD
    try:
        return info.cls(**made)
    except (ValueError, TypeError) as error:  # the Struct's own __post_init__ refused the whole
        faults.add(str(at), str(error), "correct these keys together")
        return BAD


def _nearest(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(known) or 'none'}"


def _union(info: mi.UnionType, note: str, value: Any, at: _Path, faults: Faults) -> Any:
    """Dispatch on the tag when there is one, else take the first member that fits."""
    members = [member for member in info.types if not isinstance(member, mi.NoneType)]
    if value is None and len(members) < len(info.types):
        return None
    if len(members) == 1:
        return _value(_noted(members[0], note), value, at, faults)
    structs = [
        inner for inner in (split(m)[0] for m in members) if isinstance(inner, mi.StructType)
    ]
    if isinstance(value, Mapping) and structs:
        return _tagged(structs, value, at, faults)
    for member in members:
        found = _value(member, value, at, Faults())
        if found is not BAD:
            return found
    faults.add(str(at), f"got {show(value)}", f"write {advise(info, note)}")
    return BAD


def _noted(info: mi.Type, note: str) -> mi.Type:
    """Keep advice that was given to the whole `X | None`."""
    return mi.Metadata(info, extra_json_schema={"description": note}) if note else info


def _tagged(structs: list[mi.StructType], value: Any, at: _Path, faults: Faults) -> Any:
    if len(structs) == 1:
        return _struct(structs[0], value, at, faults)
    field = str(structs[0].tag_field)
    by_tag = {struct.tag: struct for struct in structs}
    tags = [str(tag) for tag in by_tag]
    if field not in value:
        faults.add(str(at.key(field)), "is missing", f"write one of {', '.join(tags)}")
        return BAD
    tag = value[field]
    chosen = by_tag.get(tag) if isinstance(tag, str | int) else None
    if chosen is None:
        near = difflib.get_close_matches(str(tag), tags, n=1)
        advice = f"did you mean {near[0]!r}?" if near else f"write one of {', '.join(tags)}"
        faults.add(str(at.key(field)), f"got {show(tag)}", advice)
        return BAD
    return _struct(chosen, value, at, faults)


def _items(
    info: mi.ListType | mi.VarTupleType, note: str, value: Any, at: _Path, faults: Faults
) -> Any:
    if not isinstance(value, list | tuple):
        faults.add(str(at), f"expected a list, got {show(value)}", f"write {advise(info, note)}")
        return BAD
    made = [
        _value(info.item_type, raw, at.item(index, raw), faults) for index, raw in enumerate(value)
    ]
    low, high = info.min_length or 0, info.max_length
    if len(made) < low or (high is not None and len(made) > high):
        faults.add(str(at), f"has {len(made)} items", f"write {advise(info, note)}")
        return BAD
    if any(item is BAD for item in made):
        return BAD
    return made if isinstance(info, mi.ListType) else tuple(made)


def _table(info: mi.DictType, value: Any, at: _Path, faults: Faults) -> Any:
    if not isinstance(value, Mapping):
        faults.add(str(at), f"expected a table, got {show(value)}", "write a table of keys")
        return BAD
    made = {
        _value(info.key_type, key, at.key(key), faults): _value(
            info.value_type, raw, at.key(key), faults
        )
        for key, raw in value.items()
    }
    bad = any(key is BAD or item is BAD for key, item in made.items())
    return BAD if bad else made
