r"""An iCalendar text becomes spans of time: recurring rules, exceptions, moved shifts, time zones.

Every fault is named at once, and a calendar with a fault is refused as a whole: a rota that is
read in part would say "nobody" or the wrong name without anybody noticing. All sizes are bounded,
so that no text can keep a thread of the hub busy for longer than a minute. The meaning is that of
RFC 5545 (3.3.5, 3.3.10, 3.8.5), with these choices where people differ:

* a time without a zone is in the rota's own zone, and an all-day event runs there from midnight to
  midnight;
* a time that the clock skips in spring is read with the offset before the change (02:30 is 03:30),
  one that comes twice in autumn is the first of the two, and a shift keeps its clock times, so that
  20:00 to 08:00 lasts 11 or 13 hours on those nights;
* UNTIL as a bare date counts to the end of that day;
* cancelled events are left out; a zone's own definition counts only if its name is unknown.

This module opens nothing: bytes and the zone are handed in. `alerts/rota_times.py` settles zones.

    read_calendar(data, "oncall.ics", ZoneInfo("Europe/Berlin"), from_ms, to_ms)  -> (Span(...),)
"""

import re
import warnings
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Final

import recurring_ical_events
from icalendar import Calendar
from icalendar.error import GloballyUniqueTZIDGuessed

from alerts.rota_times import Times
from alerts.rota_words import RotaError, Span

__all__ = [
    "MAX_BYTES",
    "MAX_EVENTS",
    "MAX_OCCURRENCES",
    "MAX_RULES",
    "MAX_RULE_DAYS",
    "read_calendar",
]

MAX_BYTES: Final = 1_000_000
MAX_EVENTS: Final = 2_000
MAX_RULES: Final = 100
MAX_OCCURRENCES: Final = 10_000
# Rules are followed from their first occurrence: a hundred of them for 27 years, day by day.
MAX_RULE_DAYS: Final = 1_000_000
_MAX_RULE_BYTES: Final = 500
_MAX_FAULTS: Final = 20
_TOO_MANY: Final = (
    f"has more than {MAX_OCCURRENCES} shifts in the time that is read; give its rules longer"
    " intervals"
)
_SHOWN: Final = 60
_FOLD: Final = re.compile(rb"\r?\n[ \t]")
# No shift recurs within a day; such a rule can only be a mistake, and an interval of 0 never ends.
# A daily or weekly rule that picks days of the month may never match, and is searched for until the
# year 9999.
_ENDLESS: Final = re.compile(
    rb"FREQ=(SECONDLY|MINUTELY|HOURLY)|BY(SECOND|MINUTE)=|INTERVAL=0*(;|\s|$)"
    rb"|(?=.*FREQ=(DAILY|WEEKLY)).*BY(MONTHDAY|YEARDAY|WEEKNO|SETPOS)=",
    re.IGNORECASE,
)
_RULE: Final = re.compile(rb"^(RRULE|EXRULE)[;:](.*)$", re.IGNORECASE | re.MULTILINE)
_EVENT: Final = re.compile(rb"^BEGIN:VEVENT\s*$", re.IGNORECASE | re.MULTILINE)
_MAILTO: Final = re.compile("^mailto:", re.IGNORECASE)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MS: Final = timedelta(milliseconds=1)


def read_calendar(
    data: bytes, where: str, zone: tzinfo, from_ms: int, to_ms: int
) -> tuple[Span, ...]:
    """Return every occurrence that touches the time from `from_ms` to `to_ms` (wall ms).

    Args:
        data: the text of an .ics file, at most 1 MB.
        where: its name in messages; never an address that is a secret.
        zone: the rota's own zone.
        from_ms: beginning of the time that is asked for.
        to_ms: its end.

    Raises:
        RotaError: it is no calendar, is too large, or an event cannot be understood; every event
            with a fault is named.
    """
    _check_size(data, where)
    try:
        calendar = _parsed(data)
        events = calendar.walk("VEVENT")
        times = Times(zone, calendar.walk("VTIMEZONE"), to_ms)
        faults = [*_calendar_faults(calendar), *_event_faults(events, times)]
        if times.rule_days > MAX_RULE_DAYS:
            faults.append("has rules that began too long ago; give them a later DTSTART")
        _refuse([f"{where}: {fault}" for fault in faults])
        return tuple(_spans(calendar, times, where, from_ms, to_ms))
    except RotaError:
        raise
    except Exception as error:
        # Two libraries raise whatever they like on a broken text; for us it is all one thing.
        what = " ".join(str(error).split())[: 2 * _SHOWN] or type(error).__name__
        raise RotaError(
            [f"{where}: cannot be read as a calendar ({what}); export it anew as iCalendar"]
        ) from error


def _refuse(faults: list[str]) -> None:
    if not faults:
        return
    more = len(faults) - _MAX_FAULTS
    rest = [f"and {more} more faults; correct these first"] if more > 0 else []
    raise RotaError([*faults[:_MAX_FAULTS], *rest])


def _check_size(data: bytes, where: str) -> None:
    """Refuse what is too large or has no end, before anything looks inside."""
    if len(data) > MAX_BYTES:
        raise RotaError(
            [f"{where}: has {len(data)} bytes, more than {MAX_BYTES}; keep the rota alone in it"]
        )
    lines = _FOLD.sub(b"", data)
    events, rules = len(_EVENT.findall(lines)), _RULE.findall(lines)
    faults = []
    if events > MAX_EVENTS:
        faults.append(f"{where}: has {events} events, more than {MAX_EVENTS}; remove old ones")
    if len(rules) > MAX_RULES:
        faults.append(
            f"{where}: has {len(rules)} recurring rules, more than {MAX_RULES}; remove old ones"
        )
    faults += [
        f"{where}: has the rule {_shown(rule.decode('utf-8', 'replace'))}, which recurs within a"
        " day or may never match; write it as a plain daily, weekly, monthly or yearly rule"
        for _, rule in rules
        if len(rule) > _MAX_RULE_BYTES or _ENDLESS.search(rule)
    ]
    _refuse(faults)


def _parsed(data: bytes) -> Any:
    with warnings.catch_warnings():
        # "/vendor/Europe/Berlin" is Berlin; that guess is the only sensible reading.
        warnings.simplefilter("ignore", GloballyUniqueTZIDGuessed)
        return Calendar.from_ical(data)


def _calendar_faults(calendar: Any) -> list[str]:
    """Lines of the calendar itself and of its zones raise when they are read; an event's do not."""
    if calendar.name == "VCALENDAR":
        return []
    return [f"is a {calendar.name}, not a calendar; export it anew as iCalendar"]


def _event_faults(events: list[Any], times: Times) -> Iterator[str]:
    """Name everything that is wrong with the events, and settle the times of the others."""
    seen: set[tuple[str, str]] = set()
    for event in events:
        at = f"event {_title(event)!r}"
        faults = [
            f"{name or 'a line'} cannot be read ({_shown(what)})" for name, what in event.errors
        ]
        identity = (str(event.get("UID", "")), _recurrence(event))
        if not identity[0]:
            faults.append("has no UID")
        elif identity in seen:
            faults.append("has the UID of another event")
        seen.add(identity)
        for fault in faults or times.settle(event):
            yield f"{at}: {fault}; correct the event or write it anew"


def _recurrence(event: Any) -> str:
    recurrence = event.get("RECURRENCE-ID")
    # The same shift may have been moved twice: the higher SEQUENCE counts, as RFC 5545 says.
    return "" if recurrence is None else f"{recurrence.to_ical()!r}#{event.get('SEQUENCE', 0)}"


def _spans(calendar: Any, times: Times, where: str, from_ms: int, to_ms: int) -> Iterator[Span]:
    """Yield the occurrences; a day more on both sides, for all-day events of any zone."""
    day = timedelta(days=1)
    start, end = _EPOCH + from_ms * _MS - day, _EPOCH + to_ms * _MS + day
    count = 0
    for series in recurring_ical_events.of(calendar, components=["VEVENT"]).series:
        for occurrence in series.between(start, end):
            count += 1
            if count > MAX_OCCURRENCES:
                raise RotaError([f"{where}: {_TOO_MANY}"])
            event = occurrence.as_component(keep_recurrence_attributes=False)
            span = _span(event, times)
            if span.from_ms < to_ms and span.to_ms > from_ms and not _is_cancelled(event):
                yield span


def _span(event: Any, times: Times) -> Span:
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    people = []
    for one in attendees:
        people += [str(one.params.get("CN", "")), _MAILTO.sub("", str(one))]
    return Span(
        _wall_ms(event["DTSTART"].dt, times),
        _wall_ms(event["DTEND"].dt, times),
        _title(event),
        tuple(_shown(name) for name in people if name),
        _shown(str(event.get("X-VIGIL-CONTACT", ""))),
    )


def _wall_ms(value: date, times: Times) -> int:
    return (times.instant(value) - _EPOCH) // _MS


def _is_cancelled(event: Any) -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED"


def _title(event: Any) -> str:
    return _shown(str(event.get("SUMMARY", "")))


def _shown(text: str) -> str:
    """One line of at most 60 characters: it may stand in a record and on a screen."""
    line = " ".join("".join(ch if ch.isprintable() else " " for ch in text).split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 3]}..."
