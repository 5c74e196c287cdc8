"""The page of Bluetooth devices, laid out from the table of models that the hub listens by.

`docs/make_pages.py` writes it. What a model is not known to do is said as plainly as what it does.
"""

from devices.models import MODELS, ClockKind, Model
from devices.observation import DeviceKind

__all__ = ["devices_page"]

HEAD = """\
# Bluetooth devices

Cuffs and oximeters that Vigil can listen to by Bluetooth LE. **None of them has met hardware of
ours unless its line says so**: the layouts come from the named sources, and are proved against
worked-out vectors, real captures and simulated radios. Get one into your hands before you rely on
it, and run `vigil check --devices` the day before a session. The advertised names are from memory:
a device that goes by another name is bound by its address.

`vigil pair PATIENT` finds a device, binds it to one patient and writes its lines into the patient's
file. A device that is bound to nobody is never listened to, whatever it looks like.

| model | kind | seen by | sends | bond | clock set by | met hardware | as the session's oximeter |
|---|---|---|---|---|---|---|---|
{rows}

## Where the layouts come from

{sources}

## What a session needs of an oximeter

A report at least every 2 s: a slower one cannot meet SPO2-CRIT (`< 80 %` for 3 s with two valid
samples), so it does not pass the gate. A spot-check oximeter and one that only gives out its memory
are not listened to at all.

## What to know of cuffs

- A cuff shows itself only around a measurement, and a link to an idle cuff can keep it from
  measuring. So Vigil connects when the cuff calls, takes what it has, lets it go, and comes back
  only when it was silent and calls anew.
- Its clock is set when it is paired, because stored readings are known by their age: what is older
  than five minutes is kept in the record and never judged as live. A cuff whose clock is off gives
  no live reading; `vigil check --devices` says so.
- A failed measurement is no number. Its reason (the arm moved, the cuff is loose, the pulse is out
  of the device's range) is in the record and in what the companion is told.

## Add a device

Three files at most:

1. `devices/vendor_<name>.py`: a decoder (`devices/decoder.py` says what it must do) that turns
   notifications into what was heard. Its docstring says what is sourced and what nobody has tried.
2. `tests/devices/test_vendor_<name>.py`: captures, broken frames, random bytes.
3. `devices/models.py`: one entry. This page and `vigil pair` follow from it.

A device with a standard service (0x1822, 0x1810) needs none of them.
"""


def devices_page() -> str:
    """Return the text of docs/devices.md."""
    return HEAD.format(
        rows="\n".join(_row(one) for one in MODELS),
        sources="\n".join(f"- **{one.name}**: {one.source}" for one in MODELS),
    )


def _row(one: Model) -> str:
    seen = ", ".join([f"name `{name}...`" for name in one.names] or _services(one))
    cells = (
        f"{one.name} (`{one.id}`)",
        one.kind.value,
        seen,
        _rhythm(one),
        "yes" if one.pairs else "no",
        f"`{one.clock.value}`" if one.clock is not ClockKind.NONE else "has none",
        "yes" if one.met_hardware else "no",
        _gate(one),
    )
    return f"| {' | '.join(cells)} |"


def _services(one: Model) -> list[str]:
    return [f"service `{service}`" for service in one.services]


def _rhythm(one: Model) -> str:
    if one.interval_ms is None:
        return "after each measurement"
    how = f"asked every {one.poll_ms / 1000:g} s" if one.poll_ms else "by itself"
    return f"every {one.interval_ms / 1000:g} s, {how}"


def _gate(one: Model) -> str:
    if one.kind is DeviceKind.CUFF:
        return "is a cuff"
    return f"no: {one.not_at_gate}" if one.not_at_gate else "yes"
