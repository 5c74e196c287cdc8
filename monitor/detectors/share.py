"""Shape `share`: too small a share of the expected oximeter samples is valid.

Suppression by quality must always end in an alarm of its own (`clinical.md` 2.7.6). The share falls
by time alone while nothing comes, so this shape lives by deadlines; it clears at samples. The time
in which an inflation on the same arm held the row is left out of the minute, valid or not: what the
cuff took away says nothing of the signal, and the minute reaches back beyond it instead.

    SIG-BAD: <50 % valid samples in 60 s; clears at >=80 % in 30 s
"""

from alerts.condition import Absent, Assessment, Present, Unknown
from devices.observation import DeviceKind
from monitor.chart import Chart
from monitor.detectors.base import ABSENT, Detector, x100
from monitor.rows import ShareRow
from monitor.stream import Sample

__all__ = ["ShareDetector"]

# A member of an enumeration is looked up slowly, and this one for every report.
_OXIMETER = DeviceKind.OXIMETER


class ShareDetector(Detector):
    """One row of shape `share`."""

    def __init__(self, row: ShareRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        if not chart.promised(_OXIMETER):
            self.off("the recording has no oximeter")
        interval_ms = chart.oximeter.interval_ms if chart.interval_known else 0
        self._window_ms = row.window_s * 1000
        if self._window_ms < 3 * interval_ms:
            # With so few samples the one that is due at this very instant must not count as lost.
            self._window_ms = 3 * interval_ms + interval_ms // 2
        self._clear_ms = max(row.clear_window_s * 1000, 3 * interval_ms)
        self._interval_ms = 0

    def on_sample(self, sample: Sample) -> None:
        """A sample came: the share may have risen, or the interval changed."""
        if isinstance(self.answer, Present):
            self._maybe_clear(sample)
        elif self.answer.until_ms is None or self.chart.oximeter.interval_ms != self._interval_ms:
            self.refresh(sample.at_ms)

    def refresh(self, now_ms: int) -> None:
        """Say what holds now; idempotent until the answer's `until_ms`."""
        chart = self.chart
        since_ms = chart.required_since_ms
        if since_ms is None or not chart.requires(chart.plan.oximeter, _OXIMETER):
            if isinstance(self.answer, Present):
                self.answer = Absent("the phase does not need the oximeter")
            return
        if isinstance(self.answer, Present):
            return
        self._interval_ms = chart.oximeter.interval_ms
        away = self._taken_away(now_ms, since_ms)
        whole_ms = since_ms + self._window_ms + away[1] - away[0]
        if now_ms < whole_ms:
            self.answer = Absent(until_ms=whole_ms)
            return
        held_until_ms = chart.held_by_cuff(now_ms)
        if held_until_ms is not None:
            self.answer = Unknown("paused by cuff", held_until_ms)
            return
        expected = max(1, self._window_ms // self._interval_ms)
        # Enough is the smallest number of valid samples that is not below the share.
        enough = -(-expected * x100(self.row.below_pct) // 100_00)
        count, until_ms = self._count(now_ms, away, enough)
        if count < enough:
            percent = 100 * count // expected
            seconds = self._window_ms // 1000
            span = "minute" if seconds == 60 else f"{seconds} s"  # noqa: PLR2004 - a minute
            reason = f"{self.label}: {count} of {expected} samples valid in the last {span}"
            self.answer = self.present(reason, percent * 100, x100(self.row.below_pct))
            return
        self.answer = Absent(until_ms=until_ms)

    def _taken_away(self, now_ms: int, since_ms: int) -> tuple[int, int]:
        """From when to when a cuff has taken the signal away within the window that is looked at.

        Both ends are now when it has not, so that nothing lies between them.
        """
        held = self.chart.held_span(now_ms)
        if held is None or held[1] <= max(now_ms - self._window_ms, since_ms):
            return now_ms, now_ms
        return max(held[0], since_ms), held[1]

    def _count(self, now_ms: int, away: tuple[int, int], enough: int) -> tuple[int, int | None]:
        """Return how many valid samples count now, and when there may be fewer than enough."""
        valid, (from_ms, to_ms) = self.chart.oximeter.valid, away
        away_ms = to_ms - from_ms
        held = valid.count(from_ms + 1, to_ms)
        count = valid.count(now_ms - self._window_ms - away_ms + 1, now_ms) - held
        after = valid.count(to_ms + 1, now_ms)
        if after < enough:
            leaves_ms, stays_ms = valid.nth_newest_ms(enough + held), self._window_ms + away_ms
        else:
            leaves_ms, stays_ms = valid.nth_newest_ms(enough), self._window_ms
        return count, None if leaves_ms is None else leaves_ms + stays_ms

    def _maybe_clear(self, sample: Sample) -> None:
        expected = max(1, self._clear_ms // self.chart.oximeter.interval_ms)
        valid = self.chart.oximeter.valid.count(sample.at_ms - self._clear_ms + 1, sample.at_ms)
        if valid * 100_00 < expected * x100(self.row.clear_pct):
            return
        before = self.answer
        self.answer = ABSENT
        after = self._judged(sample.at_ms)
        # The next sample comes at about the instant at which an old one leaves the minute: if that
        # is at once, the row would begin again before each sample and end with it.
        next_ms = sample.at_ms + self._interval_ms * 3 // 2
        lasts = after.until_ms is None or after.until_ms > next_ms
        if isinstance(after, Absent) and lasts:
            self.answer = Absent("the signal is good again", after.until_ms)
        else:
            # Good for the clear time, but the minute as a whole still is not, or only just, or a
            # cuff holds the row (Unknown, which would end by time alone): nothing has ended.
            self.answer = before

    def _judged(self, now_ms: int) -> Assessment:
        self.refresh(now_ms)
        return self.answer
