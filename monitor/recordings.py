r"""Recordings of vital signs as events: CSV or JSON lines, one test session a record.

Columns `t_s` and any of `spo2, pulse, pi, rr, sbp, dbp, map`; `record` tells records apart; other
columns are ignored; empty means "not measured". The stream's interval is the median step of its
column, so a recording of one value a minute is not taken for a broken sensor. This module opens no
file.

>>> recording, = read_csv("t_s,spo2\n0,97\n1,96.5\n", "night.csv")
>>> recording.interval_ms, len(recording.readings)
(1000, 2)
"""

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping
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
OXIMETER_ID, CUFF_ID = "recorded-oximeter", "recorded-cuff"


class RecordingError(ValueError):
    """The file is no recording; the message says where, what, and what to write."""


class Recording(Struct):
    """One record: its readings in time, and which streams it has.

    `interval_ms` is the median step of the oximeter's column (None: it has none).
    """

    name: str
    readings: list[Reading]
    interval_ms: int | None
    has_cuff: bool


def read_csv(text: str, where: str) -> list[Recording]:
    """Read CSV text.

    Raises:
        RecordingError: no `t_s` column, none of the known columns, a value that is no number, or a
            time that goes backwards; with the line.
    """
    rows = csv.reader(io.StringIO(text))
    header = next(rows, None)
    if header is None:
        raise RecordingError(f"{where}: is empty; write a header line with t_s and spo2")
    header = [name.strip() for name in header]
    if "t_s" not in header:
        raise RecordingError(f"{where}: has no column t_s (seconds from the start); add it")
    if not set(_COLUMNS) & set(header):
        raise RecordingError(f"{where}: has none of {', '.join(_COLUMNS)}; name a column so")
    wanted = [(name, header.index(name)) for name in ("record", "t_s", *_COLUMNS) if name in header]
    return _collect(
        (
            (number, {name: row[index] if index < len(row) else "" for name, index in wanted})
            for number, row in enumerate(rows, start=2)
            if row
        ),
        where,
    )


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
        devices.append(DeviceBinding(OXIMETER_ID, DeviceKind.OXIMETER, recording.interval_ms))
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


def _json_rows(text: str, where: str) -> Iterable[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise RecordingError(f"{where}: line {number}: is no JSON: {error}") from None
        if not isinstance(row, dict):
            raise RecordingError(f"{where}: line {number}: is no JSON object; write {{...}}")
        yield number, row


class _Collector:
    """One record while it is read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.readings: list[Reading] = []
        self.last_ms: int | None = None
        self.times: dict[str, list[int]] = {"spo2": [], "pulse": []}
        self.has_cuff = False

    def finish(self) -> Recording:
        times = self.times["spo2"] or self.times["pulse"]
        steps = [after - before for before, after in pairwise(times)]
        interval_ms = (median_low(steps) if steps else 1000) if times else None
        return Recording(self.name, self.readings, interval_ms, self.has_cuff)


def _collect(rows: Iterable[tuple[int, Mapping[str, Any]]], where: str) -> list[Recording]:
    records: dict[str, _Collector] = {}
    for number, row in rows:
        name = str(row.get("record") or where)
        record = records.setdefault(name, _Collector(name))
        at = f"{where}: line {number}"
        at_s = _number(row.get("t_s"), f"{at}: t_s", 0.0, _MAX_S)
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
    return [record.finish() for record in records.values()]


def _add(record: _Collector, at_ms: int, values: dict[str, float | None]) -> None:
    for name, times in record.times.items():
        if values.get(name) is not None:
            times.append(at_ms)
    oximeter = _observations(values, _OXIMETER)
    if any(o.metric in (Metric.SPO2, Metric.PULSE) for o in oximeter):
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
        seq=len(record.readings),
    )
    return Reading(at_ms=at_ms, report=report)


def _number(value: Any, at: str, low: float, high: float) -> float | None:
    if value is None or value == "":
        return None
    try:
        if isinstance(value, bool):
            raise TypeError
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise RecordingError(f"{at}: {str(value)[:40]!r} is no number; leave it empty") from None
    if not math.isfinite(number) or not low <= number <= high:
        raise RecordingError(f"{at}: {str(value)[:40]!r} is outside {low:g} to {high:g}")
    return number
