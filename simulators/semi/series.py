"""Real series as a session needs them: what an oximeter showed each second, what a cuff read, when.

An oximeter's record is shorter than a session, so it is played to and fro: no step arises where it
ends. One with a fall in it rests in its quiet beginning until the fall is asked for, falls once,
and then rests in its end. Between two readings of a cuff its pressure goes straight.

It opens no file and draws nothing.

>>> record = Record("a", ((97.0, 60.0, 2.0), (96.0, 61.0, 2.0)))
>>> [record.at(second)[0] for second in range(4)]
[97.0, 96.0, 96.0, 97.0]
"""

import csv
from bisect import bisect_right
from collections.abc import Iterable
from statistics import median

from msgspec import Struct

__all__ = ["Pressures", "Record", "SeriesError", "quiet_starts", "read_pressures", "read_records"]

Shown = tuple[float | None, float | None, float | None]
_GATE_S = 1_200.0
_GATE_SBP_MMHG, _GATE_DBP_MMHG = (102.0, 138.0), (56.0, 88.0)
_REST_SPO2_PCT, _REST_BPM = 95.0, (50.0, 100.0)
_NEEDED_S = 9_600.0


class SeriesError(ValueError):
    """A recording that cannot be used; the message says what it lacks."""


class Record(Struct, frozen=True):
    """What one oximeter showed, second by second: SpO2 in %, pulse a minute, PI in %; None: none.

    `rest_s`: it rests in so many first seconds until it is let go, and in so many last ones after
    its end; 0: it is at rest all through.
    """

    name: str
    shown: tuple[Shown, ...]
    rest_s: int = 0

    def at(self, second: int, since_go_s: int | None = None) -> Shown:
        """Return what was shown; `since_go_s` counts from when it was let go, None: not yet."""
        whole, rest = len(self.shown), self.rest_s or len(self.shown)
        if since_go_s is None or not self.rest_s:
            return self.shown[_to_and_fro(second, rest)]
        if since_go_s < whole - rest:
            return self.shown[rest + since_go_s]
        return self.shown[whole - 1 - _to_and_fro(since_go_s - (whole - rest), rest // 2)]

    @property
    def passes(self) -> bool:
        """Whether its rest would pass the gate: median SpO2 of 95 and more, pulse of 50 to 100."""
        rest = self.shown[: self.rest_s or None]
        spo2 = [one[0] for one in rest if one[0] is not None]
        pulse = [one[1] for one in rest if one[1] is not None]
        if len(spo2) < 0.9 * len(rest) or len(pulse) < 0.9 * len(rest):
            return False
        low, high = _REST_BPM
        return median(spo2) >= _REST_SPO2_PCT and low <= median(pulse) <= high


def _to_and_fro(second: int, length: int) -> int:
    """Return 0 1 2 ... last, last ... 1 0, and again."""
    if length == 1:
        return 0
    place = second % (2 * length)
    return place if place < length else 2 * length - 1 - place


class Pressures(Struct, frozen=True):
    """The readings of one stay: seconds, systolic and diastolic in mmHg, in order of time."""

    name: str
    readings: tuple[tuple[float, float, float], ...]

    def at(self, second: float) -> tuple[float, float]:
        """Return systolic and diastolic pressure then; outside of all, the nearest."""
        index = bisect_right(self.readings, second, key=lambda one: one[0])
        if index in (0, len(self.readings)):
            _, sbp, dbp = self.readings[min(index, len(self.readings) - 1)]
            return sbp, dbp
        (from_s, *before), (until_s, *after) = self.readings[index - 1 : index + 1]
        share = (second - from_s) / (until_s - from_s)
        return (
            before[0] + share * (after[0] - before[0]),
            before[1] + share * (after[1] - before[1]),
        )


def quiet_starts(stay: Pressures) -> list[float]:
    """Return the seconds from which a session can begin: its first 20 minutes would pass the gate.

    A session also needs two hours and 40 min of readings from there.
    """
    times = [one[0] for one in stay.readings]
    return [
        start
        for start in times
        if start + _NEEDED_S <= times[-1]
        and all(_fits(stay.at(start + step * _GATE_S / 8)) for step in range(9))
    ]


def _fits(pressure: tuple[float, float]) -> bool:
    sbp, dbp = pressure
    low, high = _GATE_SBP_MMHG
    return low <= sbp <= high and _GATE_DBP_MMHG[0] <= dbp <= _GATE_DBP_MMHG[1]


def read_records(text: str, where: str, rest_s: int = 0) -> dict[str, Record]:
    """Read the oximeters' records of a set by name.

    Args:
        text: CSV with the columns record, t_s, spo2, pulse, and pi_ox1 where there is one.
        where: the file's name, for errors.
        rest_s: seconds at rest at the beginning of each; 0: all of it.

    Raises:
        SeriesError: a column or every record is missing, or a value is no number.
    """
    shown: dict[str, list[Shown]] = {}
    for row in _rows(text, where, ("record", "t_s", "spo2", "pulse")):
        values = [_number(row.get(name), where) for name in ("spo2", "pulse", "pi_ox1")]
        shown.setdefault(row["record"], []).append((values[0], values[1], values[2]))
    return {name: Record(name, tuple(ones), rest_s) for name, ones in shown.items()}


def read_pressures(text: str, where: str) -> dict[str, Pressures]:
    """Read the cuff series of a set by stay; readings without both pressures are left out.

    Raises:
        SeriesError: as `read_records`.
    """
    found: dict[str, list[tuple[float, float, float]]] = {}
    for row in _rows(text, where, ("record", "t_s", "sbp", "dbp")):
        at_s, sbp, dbp = (_number(row[name], where) for name in ("t_s", "sbp", "dbp"))
        if at_s is not None and sbp is not None and dbp is not None and sbp > dbp:
            found.setdefault(row["record"], []).append((at_s, sbp, dbp))
    return {name: Pressures(name, tuple(sorted(ones))) for name, ones in found.items()}


def _rows(text: str, where: str, needed: Iterable[str]) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = list(csv.DictReader(text.splitlines()))
    missing = [name for name in needed if not rows or name not in rows[0]]
    if missing:
        raise SeriesError(
            f"{where}: no column {', '.join(missing)}: give the set as it was published"
        )
    return rows


def _number(text: str | None, where: str) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise SeriesError(f"{where}: {text!r} is no number") from None
