"""Every row judged, safely: a detector that fails is a high technical alarm, the others go on.

"A detector that raises an exception is Off(failed) and a high technical alarm; it is tried again at
the next event, off for the session after three failures in 60 s" (design section 3). Nothing
protective is ever swallowed. The judge brings news to detectors and hands changed answers on; it
does not know what an alarm is.

    judge.sample(sample)     a judged oximeter sample came
    judge.refresh(now_ms)    facts, the phase or the time changed
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from alerts.condition import Absent, Assessment, Present
from devices.observation import Metric
from monitor.chart import BpReading, Chart
from monitor.detectors.base import HIGHEST, Detector
from monitor.detectors.build import Board
from monitor.stream import Sample

__all__ = ["Judge"]

_FAILURES = 3
_FAILURES_MS = 60_000
_NOTHING = (1, 0)
_DOUBTFUL = {Metric.SPO2: 50_00, Metric.PULSE: 25_00}


class _Watch:
    """The rows of one metric with their places, and the values that none of them needs to see.

    `low..high` is empty unless every row is at rest. `calm_ms`: when such a value came last that
    the rows have not been told of.
    """

    __slots__ = ("calm_ms", "doubtful", "high", "low", "rows", "value_of")

    def __init__(self, metric: Metric, rows: list[tuple[int, Detector]]) -> None:
        self.value_of: Callable[[Sample], int | None] = attrgetter(metric.value)
        self.rows = rows
        # A value that is low in doubt is always given to its rows.
        self.doubtful = _DOUBTFUL.get(metric, 0)
        self.calm_ms: int | None = None
        self.low, self.high = _NOTHING


class Judge:
    """Brings news to the board. `settle(detector, at_ms)` is called for each changed answer."""

    def __init__(
        self,
        board: Board,
        chart: Chart,
        settle: Callable[[Detector, int], None],
        engine_fault: Callable[[str, str | None, int], None],
    ) -> None:
        self.board = board
        self.chart = chart
        self._settle = settle
        self._engine_fault = engine_fault
        self._seen: list[Assessment] = [detector.answer for detector in board.all]
        self._failures: dict[int, list[int]] = {}
        self._dead: set[int] = set()
        # The rows that judge nothing now: those that are off for good, and those that rest.
        self._still: set[int] = self._dead
        # Every report comes through these: rows with their place in the plan, looked up once.
        self._watches = [
            _Watch(metric, self._placed(rows)) for metric, rows in board.by_metric.items() if rows
        ]
        self._valued = frozenset(index for watch in self._watches for index, _ in watch.rows)
        self._samples = self._placed(board.samples)

    def sample(self, sample: Sample) -> None:
        """An oximeter sample was taken into the chart."""
        at_ms = sample.at_ms
        for watch in self._watches:
            value_x100 = watch.value_of(sample)
            if value_x100 is None:
                continue
            if watch.low <= value_x100 <= watch.high:
                watch.calm_ms = at_ms
            else:
                self._value(watch, value_x100, sample)
        for index, detector in self._samples:
            if index in self._still:
                continue
            try:
                detector.on_sample(sample)
            except Exception as error:  # noqa: BLE001 - becomes a high technical alarm
                self._failed(detector, error, at_ms)
                continue
            if detector.answer is not self._seen[index] or self._failures:
                self._noticed(detector, index, at_ms)
        for cuff_row in self.board.in_danger:
            if isinstance(cuff_row.answer, Present):
                self._ask(cuff_row, at_ms, cuff_row.refresh, at_ms)

    def reading(self, reading: BpReading) -> None:
        """A cuff reading was taken into the chart."""
        for detector in self.board.readings:
            self._ask(detector, reading.at_ms, detector.on_reading, reading)

    def failed(self, at_ms: int) -> None:
        """A cuff attempt failed."""
        for detector in self.board.readings:
            self._ask(detector, at_ms, detector.on_failed, at_ms)

    def refresh(self, now_ms: int) -> None:
        """Judge every row at this instant; what became present is told before what is over.

        A family in which one row ends and another begins is one alarm that goes on
        (`clinical.md` 2.7.1): told the other way round it would close and be raised anew.
        """
        self._stir()
        ended: list[tuple[int, Detector]] = []
        for index, detector in enumerate(self.board.all):
            if index in self._still:
                continue
            if not self._call(detector, now_ms, detector.refresh, now_ms):
                continue
            if isinstance(detector.answer, Absent) and detector.answer is not self._seen[index]:
                ended.append((index, detector))
            else:
                self._noticed(detector, index, now_ms)
        for index, detector in ended:
            self._noticed(detector, index, now_ms)

    def refresh_one(self, index: int, now_ms: int) -> None:
        """Judge one row at this instant: its deadline has come."""
        if index in self._valued:
            self._stir()
        detector = self.board.all[index]
        self._ask(detector, now_ms, detector.refresh, now_ms)

    def fold(self, metric: Metric) -> None:
        """The baseline of a metric is frozen: limits that lean on it become numbers."""
        self._stir()
        for detector in self.board.limits:
            if detector.metric is metric:
                detector.fold()
                self._seen[self.board.index[id(detector)]] = detector.answer

    def rest(self, awake: frozenset[int], why: str, at_ms: int) -> None:
        """From now on only these rows judge; what the others said is over, and they begin anew.

        A row's own state would speak of a time that nobody has watched since.
        """
        self._still = self._dead | (set(range(len(self.board.all))) - awake)
        for index in sorted(self._still - self._dead):
            detector = self.board.all[index]
            self.board.begin_anew(index)
            detector.answer = Absent(why)
            self._noticed(detector, index, at_ms)

    def wake(self) -> None:
        """All rows judge again, by the baselines that were frozen."""
        self._still = self._dead
        for metric in self.chart.baseline_x100:
            self.fold(metric)

    def _placed(self, detectors: Sequence[Detector]) -> list[tuple[int, Detector]]:
        return [(self.board.index[id(detector)], detector) for detector in detectors]

    def _value(self, watch: _Watch, value_x100: int, sample: Sample) -> None:
        """One valid value that some row must see, with what the rows have not been told before."""
        if watch.calm_ms is not None:
            for _, detector in watch.rows:
                detector.stayed(watch.calm_ms)
            watch.calm_ms = None
        for index, detector in watch.rows:
            if index in self._still:
                continue
            try:
                detector.on_value(value_x100, sample)
            except Exception as error:  # noqa: BLE001 - becomes a high technical alarm
                self._failed(detector, error, sample.at_ms)
                continue
            if detector.answer is not self._seen[index] or self._failures:
                self._noticed(detector, index, sample.at_ms)
        watch.low, watch.high = self._calm(watch)

    def _calm(self, watch: _Watch) -> tuple[int, int]:
        """Values that change nothing for any row of the metric; none while a row is not at rest."""
        if self._failures:
            return _NOTHING
        low, high = watch.doubtful, HIGHEST
        for index, detector in watch.rows:
            if index in self._still:
                continue
            calm = detector.calm()
            if calm is None:
                return _NOTHING
            low, high = max(low, calm[0]), min(high, calm[1])
        return low, high

    def _stir(self) -> None:
        """Something else than a value came: the rows may not be at rest any more."""
        for watch in self._watches:
            watch.low, watch.high = _NOTHING

    def _ask(self, detector: Detector, at_ms: int, call: Callable[..., None], *args: Any) -> None:
        index = self.board.index[id(detector)]
        if index not in self._still and self._call(detector, at_ms, call, *args):
            self._noticed(detector, index, at_ms)

    def _call(self, detector: Detector, at_ms: int, call: Callable[..., None], *args: Any) -> bool:
        """Ask a row; whether it could answer."""
        try:
            call(*args)
        except Exception as error:  # noqa: BLE001 - becomes a high technical alarm
            self._failed(detector, error, at_ms)
            return False
        return True

    def _noticed(self, detector: Detector, index: int, at_ms: int) -> None:
        if index in self._failures and at_ms - self._failures[index][-1] > _FAILURES_MS:
            del self._failures[index]
            self._engine_fault(f"row:{detector.id}", None, at_ms)
        if detector.answer is not self._seen[index]:
            self._seen[index] = detector.answer
            self._settle(detector, at_ms)

    def _failed(self, detector: Detector, error: Exception, at_ms: int) -> None:
        index = self.board.index[id(detector)]
        recent = [t for t in self._failures.get(index, []) if at_ms - t <= _FAILURES_MS]
        self._failures[index] = recent = [*recent, at_ms]
        what = f"row {detector.id} failed: {type(error).__name__}: {error}"
        if len(recent) >= _FAILURES:
            self._dead.add(index)
            self._still.add(index)
            # It will never be believed again, so nobody waits for it.
            del self._failures[index]
            what += " (three times in 60 s: off for this session)"
            detector.off(what)
        self._engine_fault(f"row:{detector.id}", what, at_ms)
