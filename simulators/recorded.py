"""What the engine made of one recording: alarms by row and priority, time in alarm, delays.

A delay counts from the device's own crossing: the first shown value beyond a limit of the run on
which the row fired, that is, since three successive good values lay inside. Rows without a limit on
a value have no crossing. Cuff rows that wait for a second reading are followed by their words.

It opens no file and decides nothing; sets are kept apart, never pooled.

    counts = Counts()
    counts.take("bidmc_01", recording, effects, plan)
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from msgspec import structs

from alerts.condition import Transition
from devices.observation import METRICS, Metric
from monitor.effects import AlarmChanged, Effect
from monitor.plan import Plan
from monitor.recordings import Recording
from monitor.rows import LimitRow

__all__ = ["Counts", "answered", "crossing_ms"]

_BEGINS = (Transition.RAISED, Transition.JOINED, Transition.UPGRADED)
_ENDS = (Transition.CLEARED, Transition.LATCHED, Transition.RESET)
_BREAKS = 3
_SEVERE_X100, _LOWER_X100 = 180_00, 40_00
_RAISED_X100, _CLOSE_X100, _INSIDE_X100 = (160_00, 100_00), (20_00, 15_00), 5_00
_CHECKING = "checking: one reading"
_MINUTE_MS = 60_000


@dataclass(slots=True)
class Counts:
    """One set. Times are ms; `delays_ms` by row; `spikes` what became of pressures of 180."""

    records: int = 0
    watched_ms: int = 0
    alarm_ms: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    priorities: Counter[str] = field(default_factory=Counter)
    row_ms: Counter[str] = field(default_factory=Counter)
    delays_ms: dict[str, list[int]] = field(default_factory=dict)
    spikes: Counter[str] = field(default_factory=Counter)

    def take(self, recording: Recording, effects: Iterable[Effect], plan: Plan) -> None:
        """Add one record that was replayed."""
        if not recording.readings:
            return
        first_ms, last_ms = recording.readings[0].at_ms, recording.readings[-1].at_ms
        self.records += 1
        self.watched_ms += last_ms - first_ms
        lines = [effect for effect in effects if isinstance(effect, AlarmChanged)]
        limits = {row.id: row for row in plan.rows if isinstance(row, LimitRow)}
        shown = _shown(recording)
        spans: list[tuple[int, int]] = []
        since: dict[str, int] = {}
        for line in lines:
            if line.transition in _BEGINS:
                if line.row not in since:
                    since[line.row] = line.at_ms
                    self.rows[line.row] += 1
                    self._delay(limits.get(line.row), shown, line.at_ms)
                if line.transition is not Transition.JOINED:
                    self.priorities[line.priority.value] += 1
            elif line.transition in _ENDS and line.row in since:
                spans.append((since[line.row], line.at_ms))
                self.row_ms[line.row] += line.at_ms - since.pop(line.row)
        for row, from_ms in since.items():
            spans.append((from_ms, last_ms))
            self.row_ms[row] += last_ms - from_ms
        self.alarm_ms += _union_ms(spans)
        self._count_spikes(recording, lines)

    def _delay(
        self, row: LimitRow | None, shown: dict[Metric, list[tuple[int, int]]], at_ms: int
    ) -> None:
        if row is None:
            return
        crossed_ms = crossing_ms(row, shown.get(row.metric, []), at_ms)
        if crossed_ms is not None:
            self.delays_ms.setdefault(row.id, []).append(at_ms - crossed_ms)

    def _count_spikes(self, recording: Recording, lines: Sequence[AlarmChanged]) -> None:
        """Count what became of each spell of BP-SEV, isolated spikes apart from lasting pressure.

        Isolated: the reading before and both after are 40 mmHg or more lower and high by no row.
        Lasting: the next one confirms it by the words of `clinical.md` 2.3. Others, such as those
        of which a third reading must decide, are not counted.
        """
        values = _pressures(recording)
        times = [at_ms for at_ms, _, _ in values]
        own = [line for line in lines if line.row == "BP-SEV"]
        for index, line in enumerate(own):
            if not line.reason.endswith(_CHECKING):
                continue
            kind = _kind(values, bisect_left(times, line.at_ms))
            if kind is not None:
                after = own[index + 1] if index + 1 < len(own) else None
                self.spikes[f"{kind}: {_outcome(after)}"] += 1


def _pressures(recording: Recording) -> list[tuple[int, int, int]]:
    """Return the readings that have both pressures: ms, systolic and diastolic x100."""
    found = []
    for reading in recording.readings:
        own = {one.metric: one.value_x100 for one in reading.report.observations}
        sbp, dbp = own.get(Metric.SBP), own.get(Metric.DBP)
        if sbp is not None and dbp is not None:
            found.append((reading.at_ms, sbp, dbp))
    return found


def _kind(values: Sequence[tuple[int, int, int]], index: int) -> str | None:
    """Return what kind of reading it is by those before and after it."""
    if not 0 < index < len(values) - 2 or values[index][1] < _SEVERE_X100:
        return None
    _, here, dbp_here = values[index]
    _, there, dbp_there = values[index + 1]
    sides = (values[index - 1], *values[index + 1 : index + 3])
    if all(
        here - sbp >= _LOWER_X100 and sbp < _RAISED_X100[0] and dbp < _RAISED_X100[1]
        for _, sbp, dbp in sides
    ):
        return "isolated"
    close = abs(here - there) <= _CLOSE_X100[0] and abs(dbp_here - dbp_there) <= _CLOSE_X100[1]
    high = there >= _SEVERE_X100 - _INSIDE_X100 and here + there >= 2 * _SEVERE_X100
    return "lasting" if close and high else None


def _outcome(line: AlarmChanged | None) -> str:
    """Return what the row's next line says."""
    if line is None:
        return "still checking at the end"
    if "confirmed by" in line.reason:
        return "confirmed"
    if line.transition in _ENDS:
        return "cleared as a single reading"
    return "in full, no second reading within 5 min"


def answered(recording: Recording) -> Recording:
    """Return the same cuff readings a minute apart: each answers the prompt for a second one.

    A real stay is measured every 20 min and answers no prompt, so this is semi-synthetic.
    """
    return structs.replace(
        recording,
        readings=[
            structs.replace(reading, at_ms=_MINUTE_MS * number)
            for number, reading in enumerate(recording.readings)
        ],
    )


def crossing_ms(row: LimitRow, shown: Sequence[tuple[int, int]], fired_ms: int) -> int | None:
    """Return when the run on which a row fired crossed its limit; None: it has no such limit."""
    found = None
    inside = 0
    for at_ms, value_x100 in reversed(shown):
        if at_ms > fired_ms:
            continue
        if _beyond(row, value_x100):
            found, inside = at_ms, 0
        else:
            inside += 1
            if inside >= _BREAKS:
                break
    return found


def _beyond(row: LimitRow, value_x100: int) -> bool:
    return any(
        (one.below is not None and value_x100 < one.below * 100)
        or (one.above is not None and value_x100 > one.above * 100)
        for one in row.criteria
        # What compares with a baseline has no level that a display could cross.
        if one.under_baseline is None and one.over_baseline is None
    )


def _shown(recording: Recording) -> dict[Metric, list[tuple[int, int]]]:
    """Return the plausible values by metric, in time."""
    found: dict[Metric, list[tuple[int, int]]] = {}
    for reading in recording.readings:
        for one in reading.report.observations:
            info = METRICS[one.metric]
            if one.value_x100 is not None and info.low_x100 <= one.value_x100 <= info.high_x100:
                found.setdefault(one.metric, []).append((reading.at_ms, one.value_x100))
    return found


def _union_ms(spans: Iterable[tuple[int, int]]) -> int:
    """Return for how long at least one of them was."""
    total = 0
    end_ms: int | None = None
    for from_ms, until_ms in sorted(spans):
        begin_ms = from_ms if end_ms is None else max(from_ms, end_ms)
        total += max(until_ms - begin_ms, 0)
        end_ms = until_ms if end_ms is None else max(end_ms, until_ms)
    return total
