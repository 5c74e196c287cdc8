"""The page about Bluetooth, with the links' table laid out from the one that the hub runs by.

`docs/make_pages.py` writes it. No step is drawn that the table lacks.
"""

from devices.link import SHY, SHY_TABLE, STEADY, TABLE, Do, Rules, Step, What, Where

__all__ = ["bluetooth_page"]

HEAD = """\
# Bluetooth in the hub

How a notification of a device becomes a reading, what keeps the links, and how all of it is tested
without a radio. Which devices there are, and how to add one: [devices.md](devices.md). Why it was
built so: [decisions/0014](decisions/0014-bluetooth-without-a-radio.md).

## The way of a value

```
 device ))) bluetoothd -- system bus -- bleak
                                          |
   devices/ble_scanner   the one scanner  |  devices/ble_device   one task a device
   devices/ble_bus       is it there?     |  devices/link         its table
                                          v
   decoder of the model (pure) -> monitor/ble_intake -> the hub's inbox -> engine
```

Decoding happens in the callback of the notification; from there to the hub there is no queue but
the hub's own. Nothing in `devices/` knows a patient or an alarm.

- **Which devices.** Those that an open session binds by their address, and no other, whatever it
  is called (`monitor/house_bluetooth.py`). A session that ends lets its devices go; a device that
  passes to another session gets a link of its own there. With no such session there is no scan, and
  a machine without Bluetooth is no fault.
- **The scanner** is one, and runs as long as there is a radio: BlueZ knows one discovery for each
  program. It is begun anew when it failed, when the radio came back, and after a minute without a
  single advert. A scan that fails is told, and leaves sound links alone.
- **The bus watch** asks the system bus who owns `org.bluez`, and whether the adapter is there and
  switched on. A bluetoothd that was killed says nothing to its clients: links look connected and
  values have stopped. The bus tells at once, and the row BLUETOOTH is raised; the devices' own
  silence is STALE's and CUFF-OVERDUE's to say. Nothing needs a restart when it comes back.
- **Connected devices are looked at every 2 s.** BlueZ keeps the links of a hub that was killed, and
  a connected device does not advertise.
- **The measurement first.** After connecting, the measurement is subscribed to before anything
  else: a cuff indicates as soon as it may, and once. The battery is asked for afterwards, where the
  device can tell it; a device that cannot is a link all the same.
- **Every call has a limit** (connecting 30 s, any other 5 s), and every connection a number: what a
  connection that was given up still delivers is counted and dropped.
- **Numbers.** The hub numbers the readings of each device, under a name that is new at each start
  of the hub, so no reading is taken twice. What cannot be read is quarantined, counted and missing.
- **Stored or live.** A value that the device calls stored, a demonstration or a test is kept and
  never judged. So is one that the device's own clock dates more than five minutes back. That clock
  has no zone: the offset of the day on which it was set is in the patient's file
  (`utc_offset_min`), and without it the device's time is not believed.

## The links' table

A steady device (an oximeter) is always wanted. A shy one (a cuff) shows itself around a
measurement; a link to an idle cuff can keep it from measuring, so it is left alone after its word
until it was silent and calls anew.

| | steady | shy |
|---|---|---|
{rules}

| state | what it is |
|---|---|
{states}

| from | event | to | done | |
|---|---|---|---|---|
{steps}

Events that the table does not name change nothing: late answers of a connection that was given up
are such. WAITING is spread by chance, from 0.25 s and doubling to 5 s, anew after each value.

## The rigs

| rig, of `simulators/ble/` | bleak | ATT bytes | bluetoothd | runs in |
|---|---|---|---|---|
| `fake_bluez.py` on a private bus, over `DirectAir` | whole | no | ours | `make test` |
| `bleak_backend.py` over `BumbleAir` | its front | yes | none | `make test` |
| `fake_bluez.py` over `BumbleAir` | whole | yes | ours | `vigil demo --bluetooth` |
| the machine: `vhci.py` under `BumbleAir` | whole | yes | Debian's | `make test-bluez` |

An **air** carries the simulated devices: they advertise, notify, drop and misbehave on order. The
first air passes values by hand, the second has a virtual controller for each device. The fake BlueZ
knows only what was written into it; the machine keeps it honest.

The demonstration and the first rig need `dbus-daemon`; the hub is told its bus by
`DBUS_SYSTEM_BUS_ADDRESS`, as it would be of any other.

## Stories

A story (`simulators/ble/stories/*.toml`) says which devices there are, what they do when, and what
must have come through. Every rig plays the same files.

```toml
what = "an oximeter goes out of reach and comes back"
end_ms = 20000                 # at the latest; it ends when all of `expect` is reached

[[devices]]
id = "ox"
model = "standard-oximeter"    # devices/models.py
address = "C0:00:00:00:00:01"
# stranger = true              in reach, and bound to nobody
# battery_tells = false        its battery can be read and not subscribed to

[[streams]]                    # values sent whenever somebody listens
device = "ox"
from_ms = 0
every_ms = 100

[[steps]]
at_ms = 0
device = "ox"
do = "advertise"               # silence, send (times), drop, refuse (errors), rubbish (data),
                               # hold, let_go; without a device: lose_radio, radio_back
[expect.ox]
at_least = 30                  # values that were heard
links = 2                      # connections that were subscribed
refused = 0                    # notifications that could not be read
```

One thing always holds and stands in no file: what a device could send was heard exactly once and in
order, and nothing else was. To write a story, put a file there; `pytest
tests/integration/test_ble_stories.py -k NAME` plays it on both rigs of `make test`. What only a
whole hub shows (alarms, the record) is in `tests/integration/test_bluetooth_hub.py`.
"""

MACHINE = """\

## The machine

`make test-bluez` starts a small virtual machine with Debian's plain kernel and the real bluetoothd,
and runs `tests/machine/bluetoothd.py` in it: stories, bonding with the agent of `vigil pair`, and a
bluetoothd that is killed. It is emulated in software, so it needs no rights but those of apt, and
takes three to five minutes. It is not part of `make test`.

It needs `qemu-system-x86 busybox-static cpio dbus-daemon`, and apt on Debian: kernel and bluetoothd
are fetched as packages and unpacked below `var/bluez-machine`, not installed. The machine reads
this computer's files through a layer of memory, and can change none of them. `.ci/bluez-machine
COMMAND` runs any command in it.

Traps that it cost time to find:

- Debian's cloud kernel has no Bluetooth.
- The kernel's pairing needs `ecdh_generic`, `cmac`, `ecb`, `aes`; their self-tests fail unless a
  generator of random numbers (`jitterentropy_rng`, `drbg`, `sha512`, `hmac`, `ctr`) comes first.
  bluetoothd itself computes through `af_alg`, `algif_skcipher`, `algif_hash`.
- An adapter is off until somebody switches it on: `AutoEnable=true` in bluetoothd's file.
- The virtual controller gets no public address, and must not claim LL privacy or extended
  advertising: Linux then uses commands that it answers and does not carry out.
- Linux takes a new random address for each active scan, and connects from it while it scans. On
  bumble's link a connection is found by the address of now, so a scan cut connections without a
  word, and a bonded device did not know who called; `vhci.py` refuses all but the static address.
- Debian's kernel 6.1.192 has a fault of its own: when bluetoothd closes a link at the moment at
  which it ends, a list can be corrupted (`hci_chan_del`), and bluetoothd is dead. It was seen four
  times in seven runs, and not with 6.1.176: the machine takes the oldest that the archive has. A
  run that stands still is ended after 15 minutes and says so.
- An advert of more than 31 bytes is dropped by Linux without a word; a standard service stands in
  it with 16 bits, not 128.
- bluetoothd itself asks a device for its battery as soon as it is connected. Where that needs a
  bond and no agent is there, the connection fails, not only the bond.
- After a kill, bluetoothd's scan goes on in the kernel: the first StartDiscovery of the next one
  fails with InProgress for some seconds.
"""

STATES: dict[Where, str] = {
    Where.OFF: "not wanted",
    Where.NO_RADIO: "there is no Bluetooth service, or its adapter is gone or off",
    Where.SEARCHING: "the scanner listens for it",
    Where.CONNECTING: "an attempt is under way",
    Where.SUBSCRIBING: "connected; its measurement is being subscribed to",
    Where.QUIET: "subscribed, and no value yet or for too long",
    Where.STREAMING: "values come",
    Where.WAITING: "a jittered wait before it is searched again",
    Where.CALMING: "a shy device after its word: waited for until it no longer shows itself",
}


def bluetooth_page() -> str:
    """Return the whole page."""
    rules = [
        ("silence until QUIET, or until a shy device is left after a word", "quiet_ms"),
        ("silence in QUIET until the link is made anew, or a shy device left", "patience_ms"),
        ("CALMING: without an advert", "calm_ms"),
        ("CALMING: at most", "calm_longest_ms"),
    ]
    return (
        HEAD.format(
            rules="\n".join(_rule(what, name) for what, name in rules),
            states="\n".join(f"| {where.name} | {STATES[where]} |" for where in Where),
            steps="\n".join(_steps()),
        )
        + MACHINE
    )


def _rule(what: str, name: str) -> str:
    def cell(rules: Rules) -> str:
        return f"{getattr(rules, name) / 1000:g} s"

    calms = name.startswith("calm")
    return f"| {what} | {'never' if calms else cell(STEADY)} | {cell(SHY)} |"


def _steps() -> list[str]:
    """The steps of both tables, one line for all states from which an event does the same."""
    lines: dict[tuple[What, Step, str], list[Where]] = {}
    for key in dict.fromkeys([*TABLE, *SHY_TABLE]):
        steady, shy = TABLE.get(key), SHY_TABLE.get(key)
        where, what = key
        if steady == shy and steady is not None:
            lines.setdefault((what, steady, ""), []).append(where)
            continue
        for step, who in ((steady, "steady"), (shy, "shy")):
            if step is not None:
                lines.setdefault((what, step, who), []).append(where)
    return [
        f"| {', '.join(one.name for one in sources)} | {what.name} | {step.to.name} | "
        f"{_done(step.do)} | {who} |"
        for (what, step, who), sources in lines.items()
    ]


def _done(orders: tuple[Do, ...]) -> str:
    return ", ".join(order.name for order in orders)
