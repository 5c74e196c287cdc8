"""One door in, one door out: order at one instant, refusals, rows that are off, faults of rows."""

import pytest

from alerts.condition import Absent, Off, Unknown
from alerts.contact import Role
from devices.observation import Flag
from monitor.effects import AlarmChanged, Effect, Informed, PhaseChanged, RowOff, Sound
from monitor.engine import Engine, EventOrderError
from monitor.events import Ended, HubCondition, Tick
from monitor.plan import Plan
from monitor.session import Phase
from tests.recorded import plan
from tests.sessions import opened, play, run
from tests.timeline import Timeline


def lines(effects: list[Effect]) -> list[tuple[int, str, str]]:
    """Return every line of every alarm."""
    return [(e.at_ms, e.row, e.transition.value) for e in effects if isinstance(e, AlarmChanged)]


def test_what_comes_before_the_opening_is_refused() -> None:
    """The engine is as new: the opening may still come."""
    engine = Engine()
    with pytest.raises(EventOrderError, match=r"^Tick comes before SessionOpened$"):
        engine.handle(Tick(at_ms=0))
    assert (engine.opened, engine.next_deadline()) == (None, None)
    assert [type(e) for e in engine.handle(opened())] == [PhaseChanged, Informed, *[RowOff] * 4]


def test_a_second_opening_and_an_earlier_event_are_refused() -> None:
    """Nothing has changed: the next event gives what it would have given."""
    engine, other = Engine(), Engine()
    run(engine, [opened(5_000), Tick(at_ms=6_000)])
    run(other, [opened(5_000), Tick(at_ms=6_000)])
    with pytest.raises(EventOrderError, match=r"^the session is open already$"):
        engine.handle(opened(7_000))
    with pytest.raises(EventOrderError, match=r"^event at 5999 ms is earlier than .* 6000$"):
        engine.handle(Tick(at_ms=5_999))
    wrong = HubCondition(at_ms=6_000, condition="broker", present=True)
    assert engine.handle(wrong) == other.handle(wrong)


def test_times_may_begin_before_zero() -> None:
    """A recording counts from an admission; what is due comes all the same."""
    engine = Engine()
    at_ms = -90_000
    engine.handle(opened(at_ms))
    assert engine.now_ms == at_ms
    due_ms = engine.next_deadline()
    assert due_ms is not None
    assert at_ms < due_ms < 0
    effects = engine.handle(Tick(at_ms=due_ms))
    assert [e.at_ms for e in effects] == [due_ms] * len(effects)


def test_at_one_instant_deadlines_come_before_the_event_and_new_ones_after_it() -> None:
    """A sample that comes when the silence is full comes too late, and says so at once."""
    line = Timeline()
    line.at(60).silence().at(69)
    line.effects.clear()
    line.spo2(97).sample()
    assert lines(line.effects) == [(669_000, "STALE", "raised"), (669_000, "STALE", "cleared")]


def test_rows_that_cannot_work_are_said_once() -> None:
    """Also when the reason comes later: no baseline at the dose."""
    engine = Engine()
    events = play([("stretch", 10, 1000, 97, 70, 31, None), ("person", "dose", Role.COMPANION)])
    effects = [effect for some in run(engine, events) for effect in some]
    off = [(e.row, e.why) for e in effects if isinstance(e, RowOff)]
    assert [row for row, _ in off] == [*dict.fromkeys(row for row, _ in off)]
    assert ("PR-LOW", "no baseline of pulse: only 10 valid samples, 150 are needed") in off
    assert [r for t, r, w in lines(effects) if r == "NO-BASELINE"] == ["NO-BASELINE"]


def test_a_class_e_alarm_is_an_emergency() -> None:
    """The phase follows the row in the same instant."""
    line = Timeline()
    line.at(60).effects.clear()
    line.spo2(75).at(90)
    assert line.phases() == ["70 emergency"]
    assert line.engine.chart.phase is Phase.EMERGENCY


def test_the_end_of_a_session_is_silence_and_no_deadline() -> None:
    """Every signal is off, nothing will happen by itself."""
    engine = Engine()
    run(engine, play([("dosed", 20), ("stretch", 30, 1000, 85, 70, 31, None)]))
    end = Ended(at_ms=engine.now_ms, by="dr", role=Role.PHYSICIAN)
    effects = engine.handle(end)
    assert [e.pattern.value for e in effects if isinstance(e, Sound)] == ["silent"]
    assert engine.handle(Tick(at_ms=engine.now_ms + 24 * 3_600_000)) == []
    assert engine.next_deadline() is None


def test_oxygen_alarms_are_remembered_for_the_held_cuff() -> None:
    """Rows of medium or more, and when one last was on."""
    line = Timeline()
    line.at(60).spo2(85).at(100)
    chart = line.engine.chart
    assert chart.oxygen_on >= {"SPO2-LOW", "SPO2-WARN"}
    line.spo2(97).at(300)
    assert chart.oxygen_on == set()
    assert chart.oxygen_alarm_ms is not None


def test_unknown_neither_begins_nor_ends_an_oxygen_alarm_for_the_cuff() -> None:
    """Only Present and Absent are looked at."""
    line = Timeline()
    line.at(60).spo2(85).at(75)
    chart = line.engine.chart
    before = (set(chart.oxygen_on), chart.oxygen_alarm_ms)
    line.engine._note_oxygen("SPO2-LOW", Unknown("no signal"), line.now_ms)
    line.engine._note_oxygen("SPO2-CRIT", Absent(), line.now_ms)
    assert (chart.oxygen_on, chart.oxygen_alarm_ms) == before


def test_a_row_that_is_off_for_good_says_so_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A detector that raises three times in 60 s is off, and ENGINE is high."""
    line = Timeline()
    line.at(60)
    detector = next(d for d in line.engine.board.all if d.id == "SIG-BAD")

    def broken(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(detector, "refresh", broken)
    monkeypatch.setattr(detector, "on_sample", broken)
    line.effects.clear()
    line.flags(Flag.MOTION).at(70)
    assert [(row, what) for _, row, what in lines(line.effects) if row == "ENGINE"] == [
        ("ENGINE", "raised")
    ]
    assert isinstance(detector.answer, Off)


@pytest.mark.parametrize("name", ["default", "vitals_only"])
def test_a_plan_that_is_shipped_opens(name: str) -> None:
    """Every row finds its shape."""
    shipped: Plan = plan(name)
    line = Timeline(shipped, dosed=False)
    assert len(line.engine.board.all) == len(shipped.rows)
