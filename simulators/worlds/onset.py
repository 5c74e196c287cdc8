"""From when a deadline counts: a mark, the device's own crossing, somebody's word, a reading.

"The crossing at the first displayed value beyond the limit" (`clinical.md` 4.3): of the run that
counts, that is, which the row's own words do not break off. So `shown` looks for the first value
beyond a limit from which on, for `for_s`, no three successive good values lie inside it. A row that
looks at a fall has two conditions; `fallen` says the second, and both must be met by one value.

It is given what was seen and knows nothing of rows or engines.

>>> Onset(mark="dose", plus_s=60).find(Seen(marks={"dose": 5_000}))
65000
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Annotated, Literal

from msgspec import Meta, Struct

__all__ = ["Onset", "Reading", "Said", "Seen", "Shown"]

_BREAKS = 3
# "below the median of valid samples 20-60 s ago" (SPO2-FAST), with half of them there.
_AGO_MS, _AGO_LEAST = (60_000, 20_000), 20
_LOOK_BACK = 240
_Number = Annotated[float, Meta(ge=-1000, le=1000)]


@dataclass(frozen=True, slots=True)
class Shown:
    """One report of the oximeter: values x100, None when it had none that counts."""

    at_ms: int
    spo2_x100: int | None
    pulse_x100: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One finished cuff reading in mmHg x100; None: the attempt failed."""

    at_ms: int
    sbp_x100: int | None
    dbp_x100: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """One check-in as codes, or an order's name, and when."""

    at_ms: int
    by: str
    what: str


@dataclass(slots=True)
class Seen:
    """What the devices showed, what people said, and when each happening began and ended."""

    marks: dict[str, int] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    present: list[tuple[int, str]] = field(default_factory=list)


class Onset(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A point in time, found in what was seen at or after `mark`; `plus_s` is added.

    `shown` with `below` or `above` and `for_s` (`fallen`: and so many points under the median of
    the values 20 to 60 s before); `said`: a code or an order; `reading`: the n-th finished reading
    (`failed`: the n-th failed attempt), or with `sbp_at_least` the n-th such; `row`: when that row
    first became present. With none of them it is the mark itself.
    """

    mark: str = "dose"
    plus_s: Annotated[float, Meta(ge=-172_800, le=172_800)] = 0.0
    shown: Literal["spo2", "pulse"] | None = None
    below: _Number | None = None
    above: _Number | None = None
    for_s: Annotated[float, Meta(ge=0, le=3600)] = 0.0
    fallen: Annotated[float, Meta(gt=0, le=100)] | None = None
    said: str = ""
    reading: Annotated[int, Meta(ge=0, le=100)] = 0
    sbp_at_least: _Number | None = None
    failed: bool = False
    row: str = ""

    def faults(self, marks: Iterable[str]) -> list[tuple[str, str]]:
        """Return what is wrong with it, each with advice."""
        found = []
        if self.mark not in marks:
            known = ", ".join(sorted(marks))
            found.append((f"counts from {self.mark!r}, which never comes", f"write one of {known}"))
        kinds = (self.shown is not None, bool(self.said), self.reading > 0, bool(self.row))
        if sum(kinds) > 1:
            found.append(("an onset is found in two ways", "write shown, said, reading or row"))
        if self.shown is not None and (self.below is None) == (self.above is None):
            found.append(("shown needs one limit", "write below or above"))
        if self.fallen is not None and (self.shown is None or self.below is None):
            found.append(("fallen needs shown and below", "write both"))
        return found

    def find(self, seen: Seen) -> int | None:
        """Return when it was, or None when it never was."""
        start_ms = seen.marks.get(self.mark)
        if start_ms is None:
            return None
        at_ms: int | None = start_ms
        if self.shown is not None:
            at_ms = self._crossing(self._values(seen.shown), start_ms)
        elif self.said:
            at_ms = _first(
                one.at_ms
                for one in seen.said
                if one.at_ms >= start_ms and self.said in one.what.split()
            )
        elif self.reading:
            at_ms = self._reading(seen.readings, start_ms)
        elif self.row:
            at_ms = _first(at for at, row in seen.present if at >= start_ms and row == self.row)
        return None if at_ms is None else at_ms + round(self.plus_s * 1000)

    def _reading(self, readings: list[Reading], start_ms: int) -> int | None:
        count = 0
        for one in readings:
            high = self.sbp_at_least
            fits = (one.sbp_x100 is None) == self.failed and (
                high is None or (one.sbp_x100 is not None and one.sbp_x100 >= high * 100)
            )
            count += one.at_ms >= start_ms and fits
            if count == self.reading:
                return one.at_ms
        return None

    def _values(self, shown: list[Shown]) -> list[tuple[int, int]]:
        """Return when a value came that counts, and the value x100."""
        both = ((one.at_ms, one.spo2_x100, one.pulse_x100) for one in shown)
        pairs = ((at, spo2 if self.shown == "spo2" else pulse) for at, spo2, pulse in both)
        return [(at, value) for at, value in pairs if value is not None]

    def _crossing(self, values: list[tuple[int, int]], start_ms: int) -> int | None:
        run_ms: int | None = None
        inside = 0
        for index, (at_ms, value) in enumerate(values):
            if at_ms < start_ms:
                continue
            if self._beyond(value) and self._fell(values[:index], at_ms, value):
                inside = 0
                run_ms = at_ms if run_ms is None else run_ms
                if at_ms - run_ms >= self.for_s * 1000:
                    return run_ms
            else:
                inside += 1
                run_ms = None if inside >= _BREAKS else run_ms
        return None

    def _beyond(self, value_x100: int) -> bool:
        if self.below is not None:
            return value_x100 < self.below * 100
        return value_x100 > (self.above or 0.0) * 100

    def _fell(self, before: list[tuple[int, int]], at_ms: int, value_x100: int) -> bool:
        """Whether it lies so far under what was shown a while ago."""
        if self.fallen is None:
            return True
        oldest_ms, newest_ms = (at_ms - ago_ms for ago_ms in _AGO_MS)
        then = [value for at, value in before[-_LOOK_BACK:] if oldest_ms <= at <= newest_ms]
        return len(then) >= _AGO_LEAST and median(then) - value_x100 >= self.fallen * 100


def _first(times: Iterable[int]) -> int | None:
    return next(iter(times), None)
