"""Shape `silence`: a required oximeter stream gives nothing, by stages of time.

Silence is data: no valid SpO2, no sample at all, or a clip that says it is off the finger. Each
stage is reached by time alone, so this shape lives by deadlines; a stage may ask for phases and
facts. A held inflation on the same arm keeps the row from rising, for at most 60 s, and the answer
says so. What cannot be known never clears the row.

    SIG-LOST: low 15 s -> medium 45 s -> high 120 s (300 s once after "answers, breathing quiet")
"""

from alerts.condition import Absent, Assessment, Off, Present, Priority, Unknown
from devices.observation import DeviceKind
from monitor.chart import Chart
from monitor.detectors.base import ABSENT, Detector
from monitor.facts import all_true
from monitor.rows import SilenceRow, Stage
from monitor.stream import Sample

__all__ = ["SilenceDetector"]

# A member of an enumeration is looked up slowly, and this one for every report.
_OXIMETER = DeviceKind.OXIMETER


class SilenceDetector(Detector):
    """One row of shape `silence`."""

    def __init__(self, row: SilenceRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self._oximeter = chart.oximeter
        self._of_finger = row.watches == "finger"
        self._stage: Priority | None = None
        if not chart.promised(_OXIMETER):
            self.off("the recording has no oximeter")
        # "silence limits are max(row, 3 x interval)" (design section 4)
        self._least_ms = 3 * chart.oximeter.interval_ms if chart.interval_known else 0

    def on_sample(self, sample: Sample) -> None:
        """Any sample came: the row may clear, or has a new deadline.

        While nothing is missing and a deadline stands, that deadline asks again by itself.
        """
        if self._stage is None:
            if self.answer.until_ms is not None:
                return
            # A finger that is where it was, and nothing to take back: so at nearly every sample.
            if self._of_finger and self._oximeter.finger_out_ms is None and self.answer is ABSENT:
                return
        self.refresh(sample.at_ms)

    def refresh(self, now_ms: int) -> None:
        """Say what holds now; idempotent until the answer's `until_ms`."""
        chart = self.chart
        if not chart.requires(chart.plan.oximeter, _OXIMETER):
            self._end("the phase does not need the oximeter")
            return
        since_ms = self._since_ms()
        was_present = self._stage is not None
        if since_ms is None or self._is_back(now_ms):
            self._end("the finger is back" if self._of_finger else "signal is back")
            since_ms = self._since_ms()
            if since_ms is None:
                return
        held_until_ms = chart.held_by_cuff(now_ms)
        if held_until_ms is not None and self._stage is None:
            # What ends during an inflation ends at its own sample: later there is no evidence.
            self.answer = (
                Absent(_reason(self.answer), held_until_ms)
                if was_present
                else Unknown("paused by cuff", held_until_ms)
            )
            return
        reached, until_ms = self._stages(since_ms, now_ms)
        if held_until_ms is not None:
            self._say_until(held_until_ms)
        elif reached is not None and (self._stage is None or reached.rank > self._stage.rank):
            self._stage = reached
            seconds = (now_ms - since_ms) // 1000
            self.answer = self.present(
                f"{self.label} for {seconds} s", None, None, reached, until_ms=until_ms
            )
        elif self._stage is None:
            if self.answer.until_ms != until_ms or not isinstance(self.answer, Absent):
                # What just ended keeps its reason; the deadline is only added.
                self.answer = Absent(_reason(self.answer), until_ms)
        else:
            self._say_until(until_ms)

    def _say_until(self, until_ms: int | None) -> None:
        answer = self.answer
        if isinstance(answer, Present) and answer.until_ms != until_ms:
            self.answer = self.present(
                answer.reason, None, None, answer.priority, until_ms=until_ms
            )

    def _since_ms(self) -> int | None:
        """Since when it is missing: never before the phase required it."""
        oximeter, required_ms = self._oximeter, self.chart.required_since_ms
        if required_ms is None:
            return None
        if self._of_finger:
            since_ms = oximeter.finger_out_ms
        elif self.row.watches == "sample":
            since_ms = oximeter.newest_ms if oximeter.newest_ms is not None else required_ms
        else:
            since_ms = oximeter.last_valid_ms if oximeter.last_valid_ms is not None else required_ms
        return None if since_ms is None else max(since_ms, required_ms)

    def _is_back(self, now_ms: int) -> bool:
        """Whether a present row is over: samples again, or valid ones for long enough."""
        if self._stage is None:
            return False
        oximeter = self._oximeter
        if self.row.watches == "sample":
            newest_ms = oximeter.newest_ms
            return newest_ms is not None and now_ms - newest_ms < self._after_ms(self.row.stages[0])
        valid_since_ms, last_ms = oximeter.valid_since_ms, oximeter.last_valid_ms
        return (
            self.row.watches == "valid"
            and valid_since_ms is not None
            and last_ms == now_ms
            and now_ms - valid_since_ms >= self.row.clear_valid_s * 1000
        )

    def _after_ms(self, stage: Stage) -> int:
        seconds = stage.after_s
        if stage.quiet_s is not None and self._bought():
            seconds = stage.quiet_s
        return max(seconds * 1000, self._least_ms)

    def _bought(self) -> bool:
        """A check-in "answers, breathing quiet" since the loss moves the high stage, once."""
        quiet_ms, since_ms = self.chart.quiet_ms, self._since_ms()
        return quiet_ms is not None and since_ms is not None and quiet_ms >= since_ms

    def _counts(self, stage: Stage, now_ms: int) -> bool:
        if stage.phases and not self.chart.is_in(stage.phases):
            return False
        return all_true(self.chart, stage.facts, now_ms)

    def _stages(self, since_ms: int, now_ms: int) -> tuple[Priority | None, int | None]:
        """The highest priority that is reached, and when the next stage is due."""
        reached: Priority | None = None
        until_ms: int | None = None
        for stage in self.row.stages:
            due_ms = since_ms + self._after_ms(stage)
            if due_ms > now_ms:
                until_ms = due_ms if until_ms is None else min(until_ms, due_ms)
            elif self._counts(stage, now_ms) and (
                reached is None or stage.priority.rank > reached.rank
            ):
                reached = stage.priority
        return reached, until_ms

    def _end(self, reason: str) -> None:
        if self._stage is not None:
            self._stage = None
            self.answer = Absent(reason)
        elif self.answer != ABSENT and not isinstance(self.answer, Off):
            # An old deadline must not stand for a new one: the next sample would not ask.
            self.answer = ABSENT


def _reason(answer: Assessment) -> str:
    return answer.reason if isinstance(answer, Absent) else ""
