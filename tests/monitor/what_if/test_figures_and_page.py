"""Figures over many sessions, and what a page and a line say of them."""

from typing import Any

import pytest
from scipy import stats

from alerts.condition import Kind, Priority
from monitor.what_if.compare import Change, Half
from monitor.what_if.page import page_of
from monitor.what_if.session import Asked, badness
from monitor.what_if.summary import Rate, rate, whole_of
from monitor.what_if.words import CAUTION, change_words, clock, heading, span

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
HOUR_MS = 3_600_000
XSS = "<script>&\"'"


def change(
    name: str, before: tuple[int, Priority] | None, after: tuple[int, Priority] | None
) -> Change:
    """One happening that lasts a minute in each run that has it."""
    halves = [
        None if half is None else Half(half[0], half[0] + 60_000, half[1])
        for half in (before, after)
    ]
    return Change(name, Kind.PHYSIOLOGICAL, *halves)


def asked(
    session: str, *alarms: Change, rows: tuple[Change, ...] = (), **notes: dict[str, Any]
) -> Asked:
    """One session of two hours that was opened at 1 h."""
    fields: dict[str, Any] = {"refused": {}, "no_longer": {}, "off": {}} | notes
    return Asked(
        session=session,
        patient="p1",
        plan="default 1",
        opened_ms=HOUR_MS,
        watched_ms=2 * HOUR_MS,
        alarms=alarms,
        rows=rows,
        rerun_before=False,
        **fields,
    )


LOST = change("oxygen", (HOUR_MS, HIGH), None)
GAINED = change("pressure", None, (HOUR_MS + 5_000, MEDIUM))
LATER = change("oxygen", (HOUR_MS, HIGH), (HOUR_MS + 30_000, HIGH))
EARLIER = change("oxygen", (HOUR_MS + 9_500, MEDIUM), (HOUR_MS, HIGH))
SAME = change("pulse", (HOUR_MS, LOW), (HOUR_MS, LOW))


def test_figures_count_each_happening_once() -> None:
    """Before and after an hour, what was gained and lost, what moved and by how much."""
    whole = whole_of(
        [
            asked("a", LOST, GAINED, no_longer={"Accepted": 1}),
            asked("b", LATER, SAME, rows=(LATER,), no_longer={"Accepted": 2}),
            asked("c", EARLIER, refused={"Tailored": 1}, off={"RR-LOW": "no rate"}),
            asked("d", SAME),
        ]
    )
    assert (whole.sessions, whole.changed, whole.hours) == (4, 3, 8.0)
    assert (whole.no_longer, whole.refused, whole.off) == (
        {"Accepted": 3},
        {"Tailored": 1},
        {"RR-LOW": "no rate"},
    )
    told = {
        one.name: (one.before.count, one.after.count, one.gained, one.lost, one.earlier, one.later)
        for one in whole.alarms
    }
    assert told == {
        "oxygen": (3, 2, 0, 1, 1, 1),
        "pressure": (0, 1, 1, 0, 0, 0),
        "pulse": (2, 2, 0, 0, 0, 0),
    }
    oxygen = next(one for one in whole.alarms if one.name == "oxygen")
    assert (oxygen.shift_median_ms, oxygen.shift_p95_ms) == (-9_500, 30_000)
    assert (oxygen.higher, oxygen.lower, oxygen.is_changed) == (1, 0, True)
    assert [one.name for one in whole.rows] == ["oxygen"]
    levels = {one.name: (one.before.count, one.after.count) for one in whole.priorities}
    assert levels == {"high": (2, 2), "medium": (1, 1), "low": (2, 2)}
    pulse = next(one for one in whole.alarms if one.name == "pulse")
    assert (pulse.shift_median_ms, pulse.is_changed) == (None, False)


@pytest.mark.parametrize("count", [1, 2, 5, 20, 300])
def test_an_interval_is_close_to_the_exact_one(count: int) -> None:
    """Byar's approximation against the exact Poisson limits, to two per cent of the count + 1."""
    low, high = stats.chi2.ppf(0.025, 2 * count) / 2, stats.chi2.ppf(0.975, 2 * count + 2) / 2
    found = rate(count, 1.0)
    assert abs(found.low - low) < 0.02 * (count + 1)
    assert abs(found.high - high) < 0.02 * (count + 1)


def test_without_hours_there_is_no_rate() -> None:
    """Nothing is divided by nothing, and no alarm in an hour has an upper limit all the same."""
    assert rate(3, 0.0) == Rate(3, 0.0, 0.0, 0.0)
    none = rate(0, 1.0)
    assert (none.per_h, none.low) == (0.0, 0.0)
    assert 3.6 < none.high < 3.8


def test_a_lost_high_alarm_is_the_worst_that_can_happen() -> None:
    """Then one that is lower, a medium one lost, high ones later, high and medium ones gained."""
    sessions = [
        asked("nothing", SAME),
        asked("gains medium", GAINED),
        asked("gains high", change("x", None, (HOUR_MS, HIGH))),
        asked("later", LATER),
        asked("loses medium", change("x", (HOUR_MS, MEDIUM), None)),
        asked("lower", change("x", (HOUR_MS, HIGH), (HOUR_MS, LOW))),
        asked("loses high", LOST),
    ]
    assert sorted(sessions, key=badness) == sessions
    assert [badness(one) for one in sessions] == sorted({badness(one) for one in sessions})


def test_changes_in_words() -> None:
    """A second that has begun counts; what is the same has no words."""
    assert [change_words(one) for one in (LOST, GAINED, LATER, EARLIER, SAME)] == [
        "oxygen: lost, was high",
        "pressure: gained, medium",
        "oxygen: 30 s later",
        "oxygen: 10 s earlier, high, was medium",
        "",
    ]
    assert [span(ms) for ms in (None, 0, 1, -1_001)] == ["", "+0 s", "+1 s", "-2 s"]
    assert [clock(ms) for ms in (0, 3_723_999, -60_000)] == ["0:00:00", "1:02:03", "-0:01:00"]


def test_a_page_shows_the_worst_sessions_with_their_command() -> None:
    """Linked from a list, each lane before and after, every word escaped, no script."""
    session = asked(XSS, LOST, GAINED, SAME, rows=(LOST,))
    whole = whole_of([session, asked("b", refused={"Tailored": 1}, off={XSS: "no rate"})])
    html = page_of(whole, [(session, f"vigil replay --plan {XSS} s1.db")], XSS)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 4
    assert ('href="#s1"' in html, 'id="s1"' in html) == (True, True)
    assert "oxygen: lost, was high" in html
    assert 'class="high"><title>before: high</title>' in html
    assert 'class="medium"><title>after: medium</title>' in html
    assert "Refused only by this plan: Tailored (1)." in html
    assert CAUTION in html.replace("&#x27;", "'")
    assert heading(whole, "night") == (
        "night: 1 of 2 sessions would have been different (4.0 hours of watching)"
    )


def test_a_page_without_a_difference_says_so() -> None:
    """No empty table, no list of sessions."""
    html = page_of(whole_of([asked("a", SAME)]), [], "same")
    assert html.count("<p>No difference.</p>") == 2
    assert "<p>None.</p>" in html
    assert "What did not fit" not in html
