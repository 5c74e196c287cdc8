"""The plan in force: every row in words, changed ones first, and what is off with its reason."""

from monitor.engine import Engine
from monitor.limit_views import limit_words
from monitor.plan_views import ChangeView, rules
from tests.sessions import opened, play, run

CHANGE = {
    "effect": "LimitChanged",
    "at_ms": 9,
    "row": "SPO2-LOW",
    "before_x100": 9000,
    "limit_x100": 8800,
    "by": "dr",
    "reason": "usual here",
}


def test_every_row_of_the_session_is_told_once() -> None:
    """In plan order, each with words; rows that are off say why."""
    engine = Engine()
    run(engine, play([("dosed", 5)]))
    views = rules(engine, [])
    assert [view.row for view in views] == list(engine.chart.rows)
    assert [view.row for view in views if view.words == ""] == []
    off = {view.row for view in views if view.off}
    assert off == {one.id for one in engine.board.all if type(one.answer).__name__ == "Off"}
    (low,) = [view for view in views if view.row == "SPO2-LOW"]
    assert low.words.startswith("below 91 % for 30 s; below 89 % for 10 s")


def test_changed_rows_come_first_with_who_changed_them() -> None:
    """From what to what, when and why; other lines say nothing of limits."""
    engine = Engine()
    engine.handle(opened())
    views = rules(engine, [{"event": "Annotated", "at_ms": 1}, CHANGE])
    assert views[0].row == "SPO2-LOW"
    assert views[0].changes == (ChangeView(9, 9000, 8800, "dr", "usual here"),)
    assert not any(view.changes for view in views[1:])


def test_limits_are_said_with_the_facts_that_they_need() -> None:
    """A row without values has no limit."""
    engine = Engine()
    engine.handle(opened())
    rows = engine.chart.rows
    assert limit_words(rows["BP-HIGH"])[0].startswith("systolic ")
    assert any(" with " in words for row in rows.values() for words in limit_words(row))
    assert limit_words(rows["PANIC"]) == []
