"""The past of one session as a screen draws it: SpO2 and pulse in bins of 5 s, cuff readings each.

A bin holds what was really measured and never an average: the lowest SpO2 of its 5 s, because a dip
must not be smoothed away, and the last pulse. What counts as valid is decided by the same stream as
for the session's rows. The same events give the same history, live and from a journal after a
restart. The last 6 h are kept.

This module judges no alarm and asks no engine.

>>> history = History(OximeterStream())
>>> for at_ms, value in ((10_000, 9700), (11_000, 9100), (12_000, 9600), (21_000, 9800)):
...     history.oximeter(at_ms, value, None)
>>> history.view().spo2
[9100, None, 9800]
"""

from collections import deque
from collections.abc import Sequence

from msgspec import Struct

from devices.observation import DeviceKind, Metric, Validity
from monitor.effects import Effect, Refused, Unjudged
from monitor.events import Event, Reading, TypedReading
from monitor.history_marks import Drawn, Mark, Span
from monitor.patient import Patient
from monitor.stream import OximeterStream

__all__ = ["BIN_MS", "History", "HistoryView"]

BIN_MS = 5_000
_MOST_BINS = 4_320
_MOST_CUFF = 128


class HistoryView(Struct, frozen=True):
    """Bin `i` begins at `start_ms + i * bin_ms`; None: nothing valid came. Values x 100.

    `bp` holds the accepted cuff readings as [at_ms, systolic, diastolic], `alarms` when which alarm
    was present, `marks` the moments that explain a curve.
    """

    bin_ms: int
    start_ms: int
    spo2: list[int | None]
    pulse: list[int | None]
    bp: list[tuple[int, int, int]]
    alarms: list[Span] = []
    marks: list[Mark] = []


class History:
    """Bins that grow with time; hub time never goes back."""

    def __init__(self, stream: OximeterStream) -> None:
        self._stream = stream
        self._first = 0
        self._spo2: deque[int | None] = deque(maxlen=_MOST_BINS)
        self._pulse: deque[int | None] = deque(maxlen=_MOST_BINS)
        self._bp: deque[tuple[int, int, int]] = deque(maxlen=_MOST_CUFF)
        self._drawn = Drawn()

    @classmethod
    def of(cls, patient: Patient) -> "History":
        """Return the empty history of a patient's session."""
        for device in patient.devices:
            if device.kind is DeviceKind.OXIMETER:
                return cls(OximeterStream(device.interval_ms, clock=device.clock))
        return cls(OximeterStream())

    def take(self, event: Event, effects: Sequence[Effect]) -> None:
        """Draw one event; a reading that was not judged is not drawn."""
        self._drawn.take(event, effects)
        if any(isinstance(effect, Unjudged | Refused) for effect in effects):
            return
        if isinstance(event, TypedReading):
            self.cuff(event.at_ms, event.sbp_x100, event.dbp_x100)
        if not isinstance(event, Reading):
            return
        if event.report.kind is DeviceKind.OXIMETER:
            sample = self._stream.take(event.report, event.at_ms, event.received_ms)
            self.oximeter(event.at_ms, sample.spo2, sample.pulse)
            return
        valid = {
            one.metric: one.value_x100
            for one in event.report.observations
            if one.validity is Validity.VALID
        }
        sbp_x100, dbp_x100 = valid.get(Metric.SBP), valid.get(Metric.DBP)
        if event.report.failure is None and sbp_x100 is not None and dbp_x100 is not None:
            self.cuff(event.at_ms, sbp_x100, dbp_x100)

    def oximeter(self, at_ms: int, spo2_x100: int | None, pulse_x100: int | None) -> None:
        """Draw one sample of the oximeter."""
        if spo2_x100 is None and pulse_x100 is None:
            return
        self._reach(at_ms // BIN_MS)
        if spo2_x100 is not None:
            before = self._spo2[-1]
            self._spo2[-1] = spo2_x100 if before is None else min(before, spo2_x100)
        if pulse_x100 is not None:
            self._pulse[-1] = pulse_x100

    def cuff(self, at_ms: int, sbp_x100: int, dbp_x100: int) -> None:
        """Draw one accepted cuff reading."""
        self._bp.append((at_ms, sbp_x100, dbp_x100))

    def view(self) -> HistoryView:
        """Return the history as it is sent."""
        return HistoryView(
            BIN_MS,
            self._first * BIN_MS,
            list(self._spo2),
            list(self._pulse),
            list(self._bp),
            self._drawn.spans(),
            self._drawn.marks(),
        )

    def _reach(self, number: int) -> None:
        """Have the bin of this number as the last one, empty bins between."""
        if not self._spo2 or number >= self._first + len(self._spo2) + _MOST_BINS:
            self._spo2.clear()
            self._pulse.clear()
            self._first = number
        last = self._first + len(self._spo2) - 1
        for _ in range(number - last):
            self._first += len(self._spo2) == _MOST_BINS
            self._spo2.append(None)
            self._pulse.append(None)
