"""Many worlds become shares with intervals, delays, rates an hour; and tables, pages, pictures."""

import pytest

from alerts.condition import AlarmClass, Kind, Priority, Transition
from alerts.effects import AlarmChanged
from simulators.worlds.figures import Rate, quantile, rate, summarise, wilson
from simulators.worlds.page import page
from simulators.worlds.played import Played, Trace
from simulators.worlds.plot import plot
from simulators.worlds.score import FalseAlarm, Found, Mark, Verdict
from simulators.worlds.table import as_json, lines, page_rows, shown, state


def verdict(seed: int, mark: Mark, delay_s: float | None, *, broken: int = 0) -> Verdict:
    """One world with one must."""
    found = [Found("LOW within 5 s", mark, delay_s)]
    return Verdict("x", seed, found, ["it broke"] * broken, hours=2.0, digest="d")


def test_an_interval_of_wilson() -> None:
    """Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20; of nothing, everything."""
    found = [tuple(round(x, 4) for x in wilson(*of)) for of in ((81, 263), (15, 148), (0, 20))]
    assert found == [(0.2553, 0.3662), (0.0624, 0.1605), (0.0, 0.1611)]
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_rate_an_hour() -> None:
    """Ten in five hours are two an hour; none has no lower end, no time has no rate."""
    ten, none = rate(10, 5.0), rate(0, 5.0)
    assert (ten.per_h, ten.low < 2 < ten.high, none.low, none.high > 0) == (2.0, True, 0.0, True)
    assert rate(3, 0.0) == Rate(3, 0.0, 0.0, 0.0, 0.0)


def test_quantiles_are_values_that_were_seen() -> None:
    """The smallest that so many do not exceed; of nothing none."""
    values = [float(i) for i in range(1, 21)]
    assert [quantile(values, q) for q in (0.0, 0.5, 0.95, 1.0)] == [1.0, 10.0, 19.0, 20.0]
    assert quantile([], 0.5) is None


def test_worlds_are_summed_up() -> None:
    """Shares of what was judged; void and unbuilt are apart; false alarms by kind and priority."""
    worlds = [
        verdict(0, Mark.MET, 2.0),
        verdict(1, Mark.LATE, 8.0),
        verdict(2, Mark.VOID, None, broken=1),
    ]
    worlds[0].false = [
        FalseAlarm(0, "oxygen", "LOW", Kind.PHYSIOLOGICAL, Priority.HIGH),
        FalseAlarm(0, "cuff", "FAIL", Kind.TECHNICAL, Priority.LOW),
    ]
    worlds[1].pages = 3
    found = summarise(worlds)
    row = found.rows[0]
    assert (found.passed, found.failed, found.unbuilt, found.broken, found.pages) == (
        1,
        (1, 2),
        False,
        ("seed 2: it broke",),
        1.0,
    )
    assert (row.met, row.late, row.void, row.share, row.median_s, row.max_s) == (
        1,
        1,
        1,
        0.5,
        2.0,
        8.0,
    )
    assert {name: one.count for name, one in found.false.items() if one.count} == {
        "physiological": 1,
        "physiological high": 1,
        "technical low": 1,
    }


def test_no_world_cannot_be_summed_up() -> None:
    """It says so."""
    with pytest.raises(ValueError, match="no world was played"):
        summarise([])


def test_a_scenario_is_told_in_lines() -> None:
    """How it stands, each must, and the first of what was broken."""
    failed = summarise([verdict(0, Mark.VOID, None, broken=1) for _ in range(3)])
    many = summarise([verdict(i, Mark.LATE, 8.0, broken=1) for i in range(7)])
    unbuilt = summarise([verdict(0, Mark.UNBUILT, None)])
    passed = summarise([verdict(0, Mark.MET, 2.0)])
    assert [state(one) for one in (failed, unbuilt, passed)] == [
        "FAILED",
        "no such row yet",
        "passed",
    ]
    assert lines(failed)[1] == "  LOW within 5 s: met 0, late 0, missed 0, never began 3"
    assert lines(unbuilt)[1] == "  LOW within 5 s: the plan has no such row"
    assert (len(lines(many)), lines(many)[-1]) == (8, "  broken: and 2 more")
    assert lines(passed) == [
        "x: passed, 1 of 1 worlds",
        "  LOW within 5 s: met 1, late 0, missed 0; delay 2 / 2 / 2 s",
    ]


def test_rows_of_a_page_and_json() -> None:
    """A share with its interval, or why there is none; all digests by world."""
    worlds = [verdict(0, Mark.MET, 2.0)]
    met = summarise(worlds)
    rows = [page_rows(summarise([verdict(0, mark, None)]))[0] for mark in (Mark.UNBUILT, Mark.VOID)]
    assert [*page_rows(met), *rows] == [
        "| x | LOW within 5 s | 1 | 100.0 % (20.7..100.0) | 0 | 2 / 2 / 2 |",
        "| x | LOW within 5 s | 0 | no such row yet | 0 | - / - / - |",
        "| x | LOW within 5 s | 0 | never began | 0 | - / - / - |",
    ]
    told = as_json([met], worlds)
    assert (told["digests"], told["scenarios"][0]["passed"], shown(0.1234)) == (
        {"x#0": "d"},
        1,
        "0.123",
    )


def line(at_ms: int, transition: Transition, priority: Priority, row: str = "LOW") -> AlarmChanged:
    """One line of an alarm."""
    return AlarmChanged(
        at_ms=at_ms,
        id="oxygen@1",
        family="oxygen",
        row=row,
        transition=transition,
        priority=priority,
        alarm_class=AlarmClass.A,
        kind=Kind.PHYSIOLOGICAL,
    )


def test_a_world_is_drawn_with_its_gaps_and_its_alarms() -> None:
    """A curve breaks where nothing was shown; a row that stays open goes to the end."""
    world = Played("a<b", 3, watched_ms=60_000)
    world.trace = [
        Trace(at_ms, 97.0, None if at_ms == 20_000 else 96.0, 70.0, 120.0)
        for at_ms in range(0, 60_000, 10_000)
    ]
    world.lines = [
        line(1_000, Transition.RAISED, Priority.LOW),
        line(2_000, Transition.UPGRADED, Priority.HIGH),
        line(9_000, Transition.CLEARED, Priority.HIGH),
        line(9_000, Transition.RESET, Priority.HIGH),
        line(30_000, Transition.RAISED, Priority.MEDIUM, "WARN"),
        line(31_000, Transition.ACCEPTED, Priority.MEDIUM, "WARN"),
    ]
    world.seen.marks |= {"open": 0, "dose": 10_000, "gap": 20_000, "gap.end": 30_000, "far": 99_000}
    svg = plot(world)
    assert [name in svg for name in (">dose<", ">gap<", "open", "gap.end", "far")] == [
        *(True, True),
        *(False, False, False),
    ]
    assert (svg.count("<polyline"), svg.count("<rect"), "a&lt;b seed 3" in svg) == (5, 2, True)
    assert ("LOW high" in svg, "WARN medium" in svg) == (True, True)


def test_the_page_names_what_was_wrong() -> None:
    """One row a scenario, one picture a world."""
    bad = verdict(0, Mark.LATE, 8.0, broken=1)
    html = page([summarise([bad])], [(bad, Played("x", 0))])
    assert (html.count("<svg"), "LOW within 5 s: late" in html, "it broke" in html) == (
        1,
        True,
        True,
    )
