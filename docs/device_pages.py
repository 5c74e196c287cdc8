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
it, and run `vigil check --devices PATIENT` the day before a session. The advertised names are from
memory: a device that goes by another name is bound by its address.

`vigil pair PATIENT` finds a device, binds it to one patient and writes its lines into the patient's
file. A device that is bound to nobody is never listened to, whatever it looks like.

| model | kind | seen by | sends | bond | clock set by | met hardware | as the session's oximeter |
|---|---|---|---|---|---|---|---|
{rows}

## Where the layouts come from

{sources}

## Enrol a device

`vigil pair PATIENT` looks for 15 s (`--seconds`) and lists every device that it can read: model,
name, address, signal strength, whose it is. On a terminal you choose by number or address; without
one, name it with `--address`. Then, with the chosen address alone:

1. connect, and bond if the model wants it. BlueZ asks an agent of ours meanwhile: it allows this
   one address, and refuses every other device and every question for a number (a device that
   insists on one cannot be enrolled; the refusal is named). It is gone when the bond is made.
2. subscribe, set the clock to local time (by 2A2B or 2A08, whichever the device has; only when this
   machine's own clock is synchronised), read maker, model, serial number and battery.
3. wait for a value of now: six reports of an oximeter, one of them valid, that do not come more
   rarely than every 2 s; one reading of a cuff, which is left alone until it calls.
4. write the device's lines into the patient's file. A device of the same id (`--as`) gets them in
   its own block, otherwise a block is added; no other byte changes, the result is read back, and
   the file is replaced in one step.

Without a connection, a subscription, a cuff's clock or a value of now nothing is written. A bond
that fails is told and not the end: some cuffs of the standard service answer without one.

Not taken, whatever is asked: a device that stands in another patient's file (in one with faults,
too), a second oximeter or cuff beside the first, a model that is too slow for a session. While an
open session listens by Bluetooth neither command starts: end the session first.

A device shows its looks to everybody in reach. The strength tells your own from a neighbour's only
roughly (`close by` from -60 dBm, `in the room` from -75 dBm): switch yours off and see which line
goes.

## The day before

`vigil check --devices PATIENT` finds, connects and hears each Bluetooth device of the file. It
names every fault at once and exits with 1:

- an oximeter that was not seen in 30 s, sent nothing, sends more rarely than every 2 s, or of whose
  samples in a minute (`--seconds`) fewer than 80 % are valid;
- a cuff whose reading did not come in 180 s, or is none; Enter or `--skip-cuff` leaves it out;
- a clock that is off by more than 60 s (`--set-clock` sets it, in the zone that the file names);
- a battery at 30 % or less; messages that cannot be read.

Devices that send by MQTT are named and not tried. Nothing is bonded, and no file is written.

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

How the links are kept and how all of it is tested without a radio: [bluetooth.md](bluetooth.md).
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
