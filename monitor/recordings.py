r"""Recordings of vital signs as events: CSV or JSON lines, one test session a record.

Columns `t_s` and any of `spo2, pulse, pi, rr, sbp, dbp, map`; `record` tells records apart; other
columns are ignored; empty means "not measured". The stream's interval is the median step of its
column, so a recording of one value a minute is not taken for a broken sensor. Times may be negative
(seconds before an admission); they never go back within a record. This module opens no file and
judges nothing.

>>> recording, = read_csv("t_s,spo2\n0,97\n1,96.5\n", "night.csv")
>>> recording.interval_ms, len(recording.readings)
(1000, 2)
"""

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from statistics import median_low
from typing import Any

from msgspec import Struct

from devices.observation import DeviceKind, DeviceReport, Metric, Mode, Observation
from monitor.events import Reading, SessionOpened
from monitor.patient import DeviceBinding, Patient
from monitor.plan import Plan

__all__ = ["Recording", "RecordingError", "opened", "read_csv", "read_jsonl"]

_OXIMETER = {"spo2": Metric.SPO2, "pulse": Metric.PULSE, "pi": Metric.PI, "rr": Metric.RR}
_CUFF = {"sbp": Metric.SBP, "dbp": Metric.DBP, "map": Metric.MAP}
_COLUMNS = (*_OXIMETER, *_CUFF)
_MAX_S = 10 * 366 * 86_400.0
_MAX_VALUE = 1_000_000.0
_MAX_NAME = 200
OXIMETER_ID, CUFF_ID = "recorded-oximeter", "recorded-cuff"


class RecordingError(ValueError):
    """The file is no recording; the message says where, what, and what to write."""


class Recording(Struct):
    """One record: its readings in time, and which streams it has.

    `interval_ms` is the median step of the oximeter's column (None: it has none); `has_breathing`:
    its lines hold respiratory rates too. The session of a
    record begins at its first reading and ends at its last: what was not recorded is no alarm.
    """

    name: str
    readings: list[Reading]
    interval_ms: int | None
    has_cuff: bool
    has_breathing: bool = False


def read_csv(text: str, where: str) -> list[Recording]:
    """Read CSV text.

    Raises:
        RecordingError: no `t_s` column, none of the known columns or one of them twice, a line with
            another number of fields than the header, a value that is no number, or a time that goes
            backwards; with the line.
    """
    return _collect(_csv_rows(text, where), where)


def read_jsonl(text: str, where: str) -> list[Recording]:
    """Read JSON lines: one object a line with the same names as the CSV's columns.

    Raises:
        RecordingError: as `read_csv`, and for a line that is no JSON object.
    """
    return _collect(_json_rows(text, where), where)


def opened(recording: Recording, plan: Plan) -> SessionOpened:
    """The test session of one record: only the streams that it has are bound."""
    devices = []
    if recording.interval_ms is not None:
        devices.append(
            DeviceBinding(
                OXIMETER_ID,
                DeviceKind.OXIMETER,
                recording.interval_ms,
                breathing=recording.has_breathing,
            )
        )
    if recording.has_cuff:
        devices.append(DeviceBinding(CUFF_ID, DeviceKind.CUFF))
    start_ms = recording.readings[0].at_ms if recording.readings else 0
    return SessionOpened(
        at_ms=start_ms,
        session=recording.name,
        mode=Mode.TEST,
        patient=Patient(id=recording.name, name=recording.name, devices=tuple(devices)),
        plan=plan,
    )


def _csv_rows(text: str, where: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        wanted = _wanted(header, where)
        for row in rows:
            if not row:
                continue
            if len(row) != len(header):
                raise RecordingError(
                    f"{where}: line {rows.line_num}: has {len(row)} fields and the header"
                    f" {len(header)}; leave a field empty for what was not measured"
                )
            yield rows.line_num, {name: row[index].strip() for name, index in wanted}
    except csv.Error as error:
        line = max(rows.line_num, 1)
        raise RecordingError(
            f"{where}: line {line}: is no CSV: {error}; write fields with commas between them"
        ) from None


def _wanted(header: list[str], where: str) -> list[tuple[str, int]]:
    """Which known column is where."""
    if not any(header):
        raise RecordingError(f"{where}: line 1: is empty; write a header line such as t_s,spo2")
    if "t_s" not in header:
        raise RecordingError(f"{where}: line 1: no column t_s (seconds from the start); add it")
    if not set(_COLUMNS) & set(header):
        names = ", ".join(_COLUMNS)
        raise RecordingError(f"{where}: line 1: none of the columns {names}; name one so")
    names_known = ("record", "t_s", *_COLUMNS)
    for name in names_known:
        if header.count(name) > 1:
            raise RecordingError(f"{where}: line 1: column {name} is there twice; rename one")
    return [(name, header.index(name)) for name in names_known if name in header]


def _json_rows(text: str, where: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    known = False
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            what = f"is no JSON ({error}); write one object a line"
            raise RecordingError(f"{where}: line {number}: {what}") from None
        if not isinstance(row, dict):
            raise RecordingError(f"{where}: line {number}: is no JSON object; write {{...}}")
        known = known or any(name in row for name in _COLUMNS)
        yield number, row
    if not known:
        names = ", ".join(_COLUMNS)
        raise RecordingError(f"{where}: no line has any of {names}; name a value so")


class _Collector:
    """One record while it is read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.readings: list[Reading] = []
        self.last_ms: int | None = None
        self.times: dict[str, list[int]] = {"spo2": [], "pulse": []}
        self.has_cuff = self.has_breathing = False

    def finish(self) -> Recording:
        times = self.times["spo2"] or self.times["pulse"]
        steps = [after - before for before, after in pairwise(times) if after > before]
        interval_ms = (median_low(steps) if steps else 1000) if times else None
        return Recording(self.name, self.readings, interval_ms, self.has_cuff, self.has_breathing)


def _collect(rows: Iterable[tuple[int, Mapping[str, Any]]], where: str) -> list[Recording]:
    records: dict[str, _Collector] = {}
    for number, row in rows:
        at = f"{where}: line {number}"
        name = _name(row.get("record"), at, where)
        record = records.setdefault(name, _Collector(name))
        at_s = _number(row.get("t_s"), f"{at}: t_s", -_MAX_S, _MAX_S)
        if at_s is None:
            raise RecordingError(f"{at}: t_s is empty; write the seconds from the record's start")
        at_ms = round(at_s * 1000)
        if record.last_ms is not None and at_ms < record.last_ms:
            raise RecordingError(f"{at}: t_s {at_s:g} is earlier than the line before; sort it")
        record.last_ms = at_ms
        values = {
            column: _number(row.get(column), f"{at}: {column}", -_MAX_VALUE, _MAX_VALUE)
            for column in _COLUMNS
            if column in row
        }
        _add(record, at_ms, values)
    if not records:
        raise RecordingError(f"{where}: holds no line of values; write one a measurement")
    return [record.finish() for record in records.values()]


def _add(record: _Collector, at_ms: int, values: dict[str, float | None]) -> None:
    for name, times in record.times.items():
        if values.get(name) is not None:
            times.append(at_ms)
    oximeter = _observations(values, _OXIMETER)
    if any(o.metric in (Metric.SPO2, Metric.PULSE) for o in oximeter):
        record.has_breathing |= any(o.metric is Metric.RR for o in oximeter)
        record.readings.append(_reading(record, at_ms, OXIMETER_ID, DeviceKind.OXIMETER, oximeter))
    cuff = _observations(values, _CUFF)
    if any(o.metric in (Metric.SBP, Metric.DBP) for o in cuff):
        record.has_cuff = True
        record.readings.append(_reading(record, at_ms, CUFF_ID, DeviceKind.CUFF, cuff))


def _observations(
    values: dict[str, float | None], names: dict[str, Metric]
) -> tuple[Observation, ...]:
    return tuple(
        Observation(metric, round(value * 100))
        for name, metric in names.items()
        if (value := values.get(name)) is not None
    )


def _reading(
    record: _Collector,
    at_ms: int,
    device: str,
    kind: DeviceKind,
    observations: tuple[Observation, ...],
) -> Reading:
    report = DeviceReport(
        device=device,
        kind=kind,
        mode=Mode.TEST,
        observations=observations,
        # A number of its own: the same values again at the same time are no duplicate.
        seq=len(record.readings),
    )
    return Reading(at_ms=at_ms, report=report)


def _name(value: Any, at: str, where: str) -> str:
    """The record's name; without one the file is the record."""
    if value is None or value == "":
        return where
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise RecordingError(f"{at}: record is neither text nor a whole number; write a name")
    name = str(value)
    if len(name) > _MAX_NAME or not name.isprintable():
        what = f"record {name[:40]!a} is no name of up to {_MAX_NAME} printable characters"
        raise RecordingError(f"{at}: {what}; write one")
    return name


def _number(value: Any, at: str, low: float, high: float) -> float | None:
    if value is None or value == "":
        return None
    shown = f"{value!a:.40}"
    try:
        # Python also reads "1_0"; nobody writes a measurement so.
        if isinstance(value, bool) or "_" in str(value):
            raise TypeError
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise RecordingError(
            f"{at}: {shown} is no number; write one, or leave it empty if nothing was measured"
        ) from None
    if not math.isfinite(number) or not low <= number <= high:
        raise RecordingError(
            f"{at}: {shown} is outside {low:g} to {high:g}; correct it, or leave it empty"
        )
    return number
