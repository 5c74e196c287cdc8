"""What Bluetooth news mean to a session: events, and nothing when they mean nothing.

A cuff that switches itself off between two measurements is no lost link; one that shows itself and
cannot be reached is. A value whose device clock says that it is older than five minutes comes from
the device's memory: kept, never judged as live. A device's clock has no zone; the offset of the day
on which it was set is in the patient's file.

Pure: the hub's clock is an argument.

>>> measured_ms(DateTime(2026, 1, 1, 1, 0, 0), utc_offset_min=60)
1767225600000
"""

from datetime import UTC, datetime, timedelta

from msgspec import structs

from devices.ble_words import LinkNews
from devices.gatt_bytes import DateTime
from devices.heard import Heard, Identity, report
from devices.link import Where
from devices.observation import DeviceKind, DeviceReport

__all__ = ["OnlineWatch", "measured_ms", "reading_of"]

_OLD_MS = 5 * 60_000
_UP = frozenset({Where.QUIET, Where.STREAMING})
_DOWN = frozenset({Where.NO_RADIO, Where.WAITING, Where.SEARCHING})


def measured_ms(at: DateTime, utc_offset_min: int) -> int | None:
    """Return a device's own time as Unix milliseconds; None for a day that no calendar has."""
    try:
        local = datetime(at.year, at.month, at.day, at.hour, at.minute, at.second, tzinfo=UTC)
        return round((local - timedelta(minutes=utc_offset_min)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def reading_of(
    heard: Heard, who: Identity, utc_offset_min: int | None, wall_ms: int | None
) -> DeviceReport | None:
    """Return the reading to be judged or kept; None when there is none in what was heard.

    `utc_offset_min` None: the device's clock was never set, so its time is not believed. `wall_ms`
    None: the hub's own clock is not; then nothing is called old.
    """
    if not heard.reports:
        return None
    at_ms = None
    if heard.at is not None and utc_offset_min is not None:
        at_ms = measured_ms(heard.at, utc_offset_min)
    made = report(heard, who, at_ms)
    if at_ms is not None and wall_ms is not None and wall_ms - at_ms > _OLD_MS:
        return structs.replace(made, stored=True)
    return made


class OnlineWatch:
    """Follows one device's link and says when it comes and goes."""

    def __init__(self, kind: DeviceKind) -> None:
        self._cuff = kind is DeviceKind.CUFF
        self._told: bool | None = None

    def changed(self, news: LinkNews) -> bool | None:
        """Return True when the device is there now, False when it is lost, None: nothing new.

        An oximeter counts as lost until it is there. A cuff is lost when a try to reach it failed,
        or when there is no radio.
        """
        if news.where in _UP:
            now = True
        elif self._cuff and news.where is Where.SEARCHING:
            return None
        elif news.where in _DOWN:
            now = False
        else:
            return None
        if now == self._told:
            return None
        self._told = now
        return now
