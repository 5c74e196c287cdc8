"""What the kernel's power supplies say: whether the hub runs on its battery, and for how long yet.

Names and units are those of the kernel's power supply class (`Documentation/ABI/testing/
sysfs-class-power`): energy in uWh, power in uW, charge in uAh, current in uA, times in s, capacity
in %. A supply of scope "Device" (a mouse, a headset) is none of the hub's. What is not told is not
known; without minutes the capacity stands for them. No file is read here.

>>> power_of([{"type": "Battery", "status": "Discharging", "time_to_empty_now": "900"}])
Power(on_battery=True, minutes=15, capacity_pct=None)
>>> levels(Power(True, 15, None))
{'power': True, 'power_short': True, 'power_end': False}
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

__all__ = ["LEVELS", "Power", "levels", "power_of"]

LEVELS = ("power", "power_short", "power_end")
"""The hub's conditions: on battery, less than 20 min, less than 5 min (rows POWER ...)."""

_SHORT_MIN, _END_MIN = 20, 5
# Where no minutes are told: of a battery for one to two hours about as much.
_SHORT_PCT, _END_PCT = 20, 5
_RATES = (("energy_now", "power_now"), ("charge_now", "current_now"))


class Power(Struct, frozen=True):
    """`minutes` until the last battery is empty, `capacity_pct` of the fullest; None: not told."""

    on_battery: bool
    minutes: int | None = None
    capacity_pct: int | None = None


def power_of(supplies: Sequence[Mapping[str, str]]) -> Power:
    """Return what the supplies say together; none at all is a hub without a battery.

    Args:
        supplies: of each supply its files by name, as text.
    """
    own = [one for one in supplies if one.get("scope") != "Device"]
    batteries = [one for one in own if one.get("type") == "Battery"]
    plugged = any(one.get("online") == "1" for one in own if one.get("type") != "Battery")
    drained = [one for one in batteries if one.get("status") == "Discharging"]
    if not drained or plugged:
        return Power(on_battery=False)
    minutes = [left for one in drained if (left := _minutes(one)) is not None]
    pcts = [pct for one in drained if (pct := _number(one, "capacity")) is not None]
    return Power(True, max(minutes, default=None), max(pcts, default=None))


def levels(power: Power) -> dict[str, bool]:
    """Return which of the hub's conditions hold."""
    left = power.minutes
    if left is None:
        pct = power.capacity_pct
        short = pct is not None and pct < _SHORT_PCT
        end = pct is not None and pct < _END_PCT
    else:
        short, end = left < _SHORT_MIN, left < _END_MIN
    found = (power.on_battery, power.on_battery and short, power.on_battery and end)
    return dict(zip(LEVELS, found, strict=True))


def _minutes(battery: Mapping[str, str]) -> int | None:
    """Whole minutes until it is empty, at the rate of now."""
    seconds = _number(battery, "time_to_empty_now")
    if seconds is not None and seconds > 0:
        return seconds // 60
    for store, rate in _RATES:
        left, per_hour = _number(battery, store), _number(battery, rate)
        if left is not None and per_hour:
            return left * 60 // abs(per_hour)
    return None


def _number(battery: Mapping[str, str], name: str) -> int | None:
    text = battery.get(name, "")
    return int(text) if text.lstrip("-").isdigit() else None
