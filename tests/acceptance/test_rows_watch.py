"""The house knows when nobody outside would notice its death, and that nobody was ever asked to."""

from monitor.effects import RowOff
from monitor.events import HubCondition
from tests.timeline import Timeline


def say(line: Timeline, condition: str, *, present: bool, detail: str = "x") -> None:
    """The hub says one of its conditions now."""
    line.send(HubCondition(at_ms=line.now_ms, condition=condition, present=present, detail=detail))


def test_blindness_is_low_then_medium_and_ends_with_the_last_way() -> None:
    """R16: one alarm, upgraded in place; a watcher and a check are two causes of it."""
    line = Timeline().at(100)
    say(line, "watch:lease", present=True)
    assert line.story(until=150) == ["100 raised WATCH-DOWN low"]
    say(line, "watch:ping", present=True)
    line.at(190)
    say(line, "watch_long:lease", present=True)
    assert line.story(until=191) == ["190 upgraded WATCH-DOWN+ medium"]
    for name in ("watch:lease", "watch_long:lease"):
        say(line, name, present=False)
    assert line.story(until=192)[-1] == "191 downgraded WATCH-DOWN low"
    say(line, "watch:ping", present=False)
    assert line.story(until=193) == ["192 cleared WATCH-DOWN low"]


def test_a_house_that_asked_nobody_is_told_so_once_and_raises_nothing() -> None:
    """The rows are off, by name and with the reason, also when it is said again."""
    line = Timeline().at(100)
    for _ in range(2):
        say(line, "no_watch", present=True, detail="no [watch]")
    off = [(e.row, e.why) for e in line.effects if isinstance(e, RowOff) and e.why == "no [watch]"]
    assert off == [("WATCH-DOWN", "no [watch]"), ("WATCH-DOWN+", "no [watch]")]
    assert line.story(until=101) == []
