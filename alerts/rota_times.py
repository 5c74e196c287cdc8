"""The times of a calendar's events, all brought to one understanding of zones.

A calendar mixes times with a zone's name, in UTC, without any zone, and bare dates. `Times` gives
each event's times a zone before its rule is laid out, and counts how many days all rules together
must be followed through. It never changes a clock time.

>>> from zoneinfo import ZoneInfo
>>> times = Times(ZoneInfo("Europe/Berlin"), [], to_ms=0)
>>> print(times.instant(date(2026, 7, 1)))
2026-06-30 22:00:00+00:00
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from icalendar.prop import vDDDTypes

__all__ = ["Times"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SINGLE: Final = ("DTSTART", "DTEND", "RECURRENCE-ID")
_LISTED: Final = ("EXDATE", "RDATE")
_ONCE: Final = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE", "SUMMARY", "UID")
_BEFORE_A_CHANGE: Final = timedelta(hours=6)


class Times:
    """Zones of one calendar.

    `rule_days` grows with each settled event that recurs: the days from its first occurrence to
    `to_ms`, times the hours of each day.

    Args:
        zone: for times that name none, and for bare dates.
        definitions: the calendar's VTIMEZONE components; each counts if its name is unknown.
        to_ms: end of the time that is asked for, in wall ms.
    """

    def __init__(self, zone: tzinfo, definitions: Iterable[Any], to_ms: int) -> None:
        self._zone = zone
        self._own = {str(one.get("TZID", "")): one.to_tz(lookup_tzid=False) for one in definitions}
        self._end_of_time = _EPOCH + timedelta(milliseconds=to_ms)
        self.rule_days = 0

    def settle(self, event: Any) -> list[str]:
        """Give all times of an event their zone. Returns what is wrong with it, or nothing."""
        twice = [name for name in _ONCE if isinstance(event.get(name), list)]
        if twice:
            return [f"has {name} twice" for name in twice]
        if "DTSTART" not in event:
            return ["has no DTSTART"]
        faults: list[str] = []
        for name in _SINGLE:
            prop = event.get(name)
            if isinstance(prop, vDDDTypes):
                prop.dt = self._settled(prop.dt, prop.params, name, faults)
            elif prop is not None:
                faults.append(f"{name} is no date or time")
        for name in _LISTED:
            found = event.get(name, [])
            for listed in found if isinstance(found, list) else [found]:
                for prop in listed.dts:
                    prop.dt = self._period(prop.dt, prop.params, name, faults)
        return faults or self._order(event)

    def instant(self, value: date) -> datetime:
        """Return a settled time, or the midnight that begins a date, in UTC."""
        if not isinstance(value, datetime):
            value = datetime.combine(value, time(), self._zone)
        value = value.replace(tzinfo=value.tzinfo or self._zone)
        at = value.astimezone(UTC)
        if at.astimezone(value.tzinfo).replace(tzinfo=None) == value.replace(tzinfo=None):
            return at
        # The clock skips this time; a calendar's own zone does not read it as the standard says.
        before = (at - _BEFORE_A_CHANGE).astimezone(value.tzinfo).utcoffset()
        return value.replace(tzinfo=UTC) - (before or timedelta())

    def _period(self, value: Any, params: Any, name: str, faults: list[str]) -> Any:
        if not isinstance(value, tuple):
            return self._settled(value, params, name, faults)
        start, end = value
        if isinstance(end, datetime):
            end = self._settled(end, params, name, faults)
        return self._settled(start, params, name, faults), end

    def _settled(self, value: Any, params: Any, name: str, faults: list[str]) -> Any:
        """A time gets its zone; a bare date stays one, it is a day of the rota's zone."""
        if not isinstance(value, date):
            faults.append(f"{name} is no date or time")
            return value
        if not isinstance(value, datetime):
            return value
        zone_name = str(params.get("TZID", ""))
        if zone_name in self._own and not hasattr(value.tzinfo, "key"):
            return value.replace(tzinfo=self._own[zone_name])
        if value.tzinfo is not None:
            return value
        if zone_name:
            faults.append(f"{name} names the unknown time zone {zone_name[:60]!r}")
        return value.replace(tzinfo=self._zone)

    def _order(self, event: Any) -> list[str]:
        """See that it has a length, and settle its rule."""
        start = event["DTSTART"].dt
        end = self._end(event, start)
        if isinstance(end, str):
            return [end]
        if self.instant(end) <= self.instant(start):
            return ["ends before it begins, or at once"]
        rule = event.get("RRULE")
        return [] if rule is None else self._rule(rule, start)

    @staticmethod
    def _end(event: Any, start: date) -> Any:
        if "DTEND" in event and "DURATION" in event:
            return "has both DTEND and DURATION"
        if "DTEND" in event:
            end = event["DTEND"].dt
            same = isinstance(end, datetime) == isinstance(start, datetime)
            return end if same else "mixes a date and a time in DTSTART and DTEND"
        if "DURATION" in event:
            length = event["DURATION"].dt
            return start + length if isinstance(length, timedelta) else "has no DURATION in time"
        return start if isinstance(start, datetime) else start + timedelta(days=1)

    def _rule(self, rule: Any, start: date) -> list[str]:
        """Bring UNTIL into the form that DTSTART has: a date, or a time in UTC."""
        if "UNTIL" in rule and "COUNT" in rule:
            return ["has both UNTIL and COUNT in its rule"]
        days = (self._end_of_time - self.instant(start)).days
        self.rule_days += max(0, days) * max(1, len(rule.get("BYHOUR", ())))
        if "UNTIL" in rule:
            until = self._until(rule["UNTIL"][0], start)
            timed = isinstance(start, datetime)
            rule["UNTIL"] = [until if timed else until.astimezone(self._zone).date()]
        return []

    def _until(self, until: date, start: date) -> datetime:
        zone = start.tzinfo if isinstance(start, datetime) else self._zone
        if not isinstance(until, datetime):
            return datetime.combine(until, time(23, 59, 59), zone).astimezone(UTC)
        return (until if until.tzinfo is not None else until.replace(tzinfo=zone)).astimezone(UTC)
