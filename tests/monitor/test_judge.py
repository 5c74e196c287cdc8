"""Every row is judged safely: one that fails is said, the others go on."""

import msgspec
import pytest
from hypothesis import given

from alerts.condition import Off, Present
from devices.observation import Metric
from monitor.chart import BpReading, Chart
from monitor.detectors.base import Detector
from monitor.detectors.build import Board
from monitor.engine import Engine
from monitor.judge import Judge
from monitor.rows import Clear, Criterion, LimitRow
from monitor.session import Phase
from monitor.stream import Sample
from tests.bedside import DEFAULT
from tests.charts import row_named, take
from tests.effort import tries
from tests.moves import MOVES
from tests.sessions import Move, decided


class Court:
    """A judge over a few rows, and what it handed on."""

    def __init__(self, *names: str, **changes: LimitRow) -> None:
        rows = tuple(changes.get(name.replace("-", "_")) or row_named(name) for name in names)
        self.chart = Chart(msgspec.structs.replace(DEFAULT, rows=rows), (), athlete=False)
        self.chart.phase = Phase.PEAK
        self.chart.required_since_ms = 0
        self.board = Board(rows, self.chart)
        self.settled: list[tuple[str, int, str]] = []
        self.faults: list[tuple[str, str | None, int]] = []
        self.judge = Judge(self.board, self.chart, self._settle, self._fault)

    def _settle(self, detector: Detector, at_ms: int) -> None:
        self.settled.append((detector.id, at_ms, type(detector.answer).__name__))

    def _fault(self, cause: str, what: str | None, at_ms: int) -> None:
        self.faults.append((cause, what, at_ms))

    def give(self, at_s: int, spo2: float | None = 97, pulse: float | None = 70) -> None:
        """One sample."""
        self.judge.sample(take(self.chart.oximeter, at_s * 1000, spo2, pulse))

    def breaks(self, name: str, *calls: str) -> None:
        """These calls of a row raise from now on."""

        def fail(*_: object) -> None:
            raise ValueError("broken")

        detector = next(d for d in self.board.all if d.id == name)
        for call in calls:
            setattr(detector, call, fail)


def test_a_changed_answer_is_handed_on_once() -> None:
    """By whichever call it changed."""
    court = Court("SPO2-CRIT", "BP-CRIT", "STALE")
    for second in range(5):
        court.give(second, 70, None)
    court.give(5, None, None)
    court.judge.reading(BpReading(5_000, 210_00, 90_00))
    court.judge.failed(6_000)
    court.judge.refresh(15_000)
    court.judge.refresh_one(2, 15_000)
    assert court.settled == [
        ("STALE", 0, "Absent"),
        ("SPO2-CRIT", 3_000, "Present"),
        ("BP-CRIT", 5_000, "Present"),
        ("BP-CRIT", 6_000, "Present"),
        ("STALE", 15_000, "Present"),
    ]


def test_danger_is_looked_for_at_each_sample_while_the_row_is_present() -> None:
    """BP-LOW2 becomes high with the sample that makes it so."""
    court = Court("BP-LOW2")
    court.give(0, 91)
    court.judge.reading(BpReading(1_000, 85_00, 55_00))
    before = len(court.settled)
    court.give(2, 91)
    answer = court.board.all[0].answer
    assert isinstance(answer, Present)
    assert (before, answer.priority.value) == (1, "high")


def test_a_row_that_fails_is_said_and_tried_again() -> None:
    """Three times in 60 s: off for the session; the others never notice."""
    court = Court("SPO2-WARN", "SPO2-CRIT", "STALE")
    court.breaks("SPO2-WARN", "on_value")
    for second in range(4):
        court.give(second, 70)
    what = "row SPO2-WARN failed: ValueError: broken"
    last = f"{what} (three times in 60 s: off for this session)"
    assert court.faults == [
        ("row:SPO2-WARN", what, 0),
        ("row:SPO2-WARN", what, 1_000),
        ("row:SPO2-WARN", last, 2_000),
    ]
    assert court.board.all[0].answer == Off(last)
    court.judge.refresh(5_000)
    court.give(6, 70)
    assert len(court.faults) == 3
    assert {line[0] for line in court.settled} == {"STALE", "SPO2-CRIT"}


def test_a_row_that_works_again_for_a_minute_is_right_again() -> None:
    """The fault ends over 60 s after the last failure."""
    court = Court("SPO2-WARN")
    court.breaks("SPO2-WARN", "refresh")
    court.judge.refresh(0)
    for second in (60, 61, 62):
        court.give(second)
    assert court.faults == [
        ("row:SPO2-WARN", "row SPO2-WARN failed: ValueError: broken", 0),
        ("row:SPO2-WARN", None, 61_000),
    ]


def test_failures_far_apart_never_turn_a_row_off() -> None:
    """Two in a minute, and one much later."""
    court = Court("STALE")
    court.breaks("STALE", "on_sample")
    for second in (0, 1, 100, 101):
        court.give(second)
    assert [what and "off" in what for _, what, _ in court.faults] == [False] * 4


def test_a_failing_sample_row_dies_like_any_other() -> None:
    """And is asked no more."""
    court = Court("STALE", "SIG-LOST")
    court.breaks("STALE", "on_sample", "refresh")
    for second in range(5):
        court.give(second)
    assert len(court.faults) == 3
    assert isinstance(court.board.all[0].answer, Off)
    assert court.settled == [("SIG-LOST", 0, "Absent")]


def test_a_frozen_baseline_changes_limits_without_news() -> None:
    """A relative row is no longer off; nobody is told that it is absent."""
    relative = msgspec.structs.replace(
        row_named("PR-HIGH"),
        criteria=(Criterion(over_baseline=30, delay_s=0),),
        clear=Clear(at_most=90),
    )
    assert isinstance(relative, LimitRow)
    court = Court("PR-HIGH", "SPO2-LOW", PR_HIGH=relative)
    before = court.board.all[0].answer
    court.chart.baseline_x100[Metric.PULSE] = 70_00
    court.judge.fold(Metric.PULSE)
    court.give(0, 97, 99)
    assert (isinstance(before, Off), court.settled) == (True, [])
    court.give(1, 97, 100)
    assert court.settled == [("PR-HIGH", 1_000, "Present")]


@tries(20)
@given(MOVES)
def test_values_that_no_row_needs_to_see_may_be_passed_over(moves: list[Move]) -> None:
    """Whoever gives every value to every row gets the same effects."""
    events, expected = decided(moves)
    engine = Engine()
    out = list(engine.handle(events[0]))
    for detector in engine.board.all:
        detector.calm = lambda: None  # type: ignore[method-assign]
    out += [effect for event in events[1:] for effect in engine.handle(event)]
    assert out == expected


def test_a_row_at_rest_is_not_asked_until_a_value_or_other_news_comes() -> None:
    """Ordinary values are counted as seen; facts, a deadline of its own or a low value end that."""
    court = Court("SPO2-WARN", "SPO2-TREND")
    seen: list[int] = []
    warn = court.board.all[0]
    on_value = warn.on_value

    def listen(value_x100: int, sample: Sample) -> None:
        seen.append(value_x100)
        on_value(value_x100, sample)

    warn.on_value = listen  # type: ignore[method-assign]
    for at_s, spo2 in enumerate((97, 96, 95, 91, 97, 97, 97, 96, 95)):
        court.give(at_s, spo2)
    court.judge.refresh(9_000)
    court.give(10, 97)
    court.judge.refresh_one(1, 10_000)
    court.give(11, 96)
    court.give(12, 95)
    # 97 first, then rest; 91 and the three that end its delay; one after each refresh.
    assert seen == [97_00, 91_00, 97_00, 97_00, 97_00, 97_00, 96_00]


def test_a_row_that_is_off_for_good_keeps_nobody_from_resting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The others go on, and are passed over again."""
    court = Court("PR-HIGH", "PR-TACHY")
    court.breaks("PR-HIGH", "on_value")
    for second in range(3):
        court.give(second, 97, 130)
    for second in range(3, 70):
        court.give(second, 97, 70)
    calls: list[int] = []
    monkeypatch.setattr(court.board.all[1], "on_value", lambda value, _: calls.append(value))
    for second in range(70, 90):
        court.give(second, 97, 70)
    assert len(court.faults) == 3
    assert calls == []
