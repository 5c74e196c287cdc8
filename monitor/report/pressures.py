"""The blood pressures of a session, and which of them stands for a scheduled time.

A reading is one that the session accepted, from the cuff or typed off it. For a scheduled time it
is the nearest one within 10 min on either side, the earlier of two that are equally near; before
the dose the nearest to T-15 of all that were taken since the opening. What was not measured is said
so, and a reading is always shown with its real time.

>>> reading = Pressure(40 * 60_000, 151_00, 90_00, None, typed=False)
>>> [one.reading is None for one in table([reading], 0, [0], 7_800_000, over=True)]
[True, True, False, True, True, True]
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from devices.observation import DeviceKind, Metric, Validity
from monitor.effects import Effect, Refused, Unjudged
from monitor.events import Event, Reading, TypedReading

__all__ = ["AT_MIN", "WINDOW_MS", "Cell", "Pressure", "PressureTrack", "highest", "table"]

AT_MIN = (-15, 20, 40, 60, 90, 120)
"""Scheduled times of the report, minutes from a dose."""
WINDOW_MS = 10 * 60_000
"""How far a reading may be from the scheduled time that it stands for."""
_MINUTE_MS = 60_000


class Pressure(Struct, frozen=True):
    """One accepted reading: mmHg and beats a minute, each x 100."""

    at_ms: int
    sbp_x100: int
    dbp_x100: int
    pulse_x100: int | None
    typed: bool


class Cell(Struct, frozen=True):
    """One scheduled time after dose number `dose` (from 1), and the reading that stands for it.

    `missed`: why there is none.
    """

    dose: int
    at_min: int
    due_ms: int
    reading: Pressure | None
    missed: str = ""


class PressureTrack:
    """Every accepted reading of a session, and the attempts that gave none."""

    def __init__(self) -> None:
        self.readings: list[Pressure] = []
        self.failed: list[tuple[int, str]] = []

    def take(self, event: Event, effects: Iterable[Effect]) -> None:
        """Keep one reading, if the session accepted it."""
        refused = any(isinstance(effect, Unjudged | Refused) for effect in effects)
        if isinstance(event, TypedReading) and not refused:
            one = Pressure(
                event.at_ms, event.sbp_x100, event.dbp_x100, event.pulse_x100, typed=True
            )
            self.readings.append(one)
        elif isinstance(event, Reading) and event.report.kind is DeviceKind.CUFF:
            report = event.report
            values = {
                one.metric: one.value_x100
                for one in report.observations
                if one.validity is Validity.VALID and one.value_x100 is not None
            }
            whole = {Metric.SBP, Metric.DBP} <= values.keys()
            if not refused and (report.failure is not None or not whole):
                self.failed.append((event.at_ms, report.failure or "the reading has no value"))
            elif not refused:
                pulse = values.get(Metric.CUFF_PULSE) or values.get(Metric.PULSE)
                sbp, dbp = values[Metric.SBP], values[Metric.DBP]
                self.readings.append(Pressure(event.at_ms, sbp, dbp, pulse, typed=False))


def table(
    readings: Sequence[Pressure], opened_ms: int, doses: Sequence[int], until_ms: int, *, over: bool
) -> list[Cell]:
    """Return the scheduled times of every dose.

    `until_ms`: when watching ended, or (not `over`) the last record. A scheduled time that a
    further dose, or the end, comes before is not owed, and says so.
    """
    cells: list[Cell] = []
    for number, dose_ms in enumerate(doses, start=1):
        next_ms = doses[number] if number < len(doses) else None
        for at_min in AT_MIN:
            due_ms = dose_ms + at_min * _MINUTE_MS
            if at_min < 0:
                if number == 1:
                    before = [one for one in readings if opened_ms <= one.at_ms <= dose_ms]
                    cells.append(_cell(number, at_min, due_ms, before))
                continue
            near = [
                one
                for one in readings
                if abs(one.at_ms - due_ms) <= WINDOW_MS
                and one.at_ms > dose_ms
                and (next_ms is None or one.at_ms < next_ms)
            ]
            missed = "not measured"
            if next_ms is not None and due_ms >= next_ms:
                missed = "a further dose came first"
            elif due_ms > until_ms:
                missed = "watching had ended" if over else "not due yet"
            cells.append(_cell(number, at_min, due_ms, near, missed))
    return cells


def highest(readings: Sequence[Pressure]) -> Pressure | None:
    """The reading with the highest systolic pressure, of equals the earliest."""
    return max(readings, key=lambda one: (one.sbp_x100, one.dbp_x100, -one.at_ms), default=None)


def _cell(
    dose: int, at_min: int, due_ms: int, near: Sequence[Pressure], missed: str = "not measured"
) -> Cell:
    best = min(near, key=lambda one: (abs(one.at_ms - due_ms), one.at_ms), default=None)
    return Cell(dose, at_min, due_ms, best, "" if best is not None else missed)
