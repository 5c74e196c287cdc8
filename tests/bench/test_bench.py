"""The measurements' own parts: the same session each time, figures that can be read anywhere."""

import pytest

from alerts.condition import Transition
from bench.__main__ import LONG_PARTS, PARTS, main
from bench.report import Figure, medians_ms, shares_ms, show
from bench.rule import vigil_rules
from bench.session import make_session, reports, spo2_series
from bench.worlds import Lived, summed
from monitor.effects import AlarmChanged
from monitor.engine import Engine


def test_the_same_seed_gives_the_same_session() -> None:
    """Figures compare only when everybody measures the same; another seed is another session."""
    first, again, other = (make_session(minutes=3, seed=seed) for seed in (1, 1, 2))
    assert (first == again, first == other, reports(first)) == (True, False, 182)


def test_people_take_the_alarms_of_the_session() -> None:
    """Within an hour low oxygen is accepted by companion and physician, and reset when over."""
    engine = Engine()
    effects = [effect for event in make_session(minutes=60) for effect in engine.handle(event)]
    lines = [effect for effect in effects if isinstance(effect, AlarmChanged)]
    answers = (Transition.ACCEPTED, Transition.RESET)
    low = [line for line in lines if line.row == "SPO2-LOW" and line.transition in answers]
    assert {(line.row, line.transition, line.by) for line in low} == {
        ("SPO2-LOW", Transition.ACCEPTED, "sam"),
        ("SPO2-LOW", Transition.ACCEPTED, "dr-lee"),
        ("SPO2-LOW", Transition.RESET, "dr-lee"),
    }


def test_the_common_rule_is_low_and_falling_when_it_should_be() -> None:
    """SpO2 falls from 97 at 2,700 s to 86 within 40 s and comes back: low after 15 s below 90."""
    feed = vigil_rules()
    verdicts = [
        feed("s1", second * 1000, value) for second, value in enumerate(spo2_series(3_000, seed=1))
    ]
    low = [second for second, (is_low, _) in enumerate(verdicts) if is_low]
    values = spo2_series(3_000, seed=1)
    below = [second for second, value in enumerate(values) if value < 9_000]
    well = [second for second in range(low[-1] + 1, 3_000) if values[second] < 9_200]
    falling = {second // 60 for second, (_, is_falling) in enumerate(verdicts) if is_falling}
    assert (low[0] - below[0], well, min(falling) >= 2_700 // 60) == (15, [], True)


def test_an_unknown_part_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    """The message says which parts there are."""
    code = main(["engine", "nope"])
    said = capsys.readouterr()
    expected = f"no part is called nope: choose from {' '.join(PARTS | LONG_PARTS)}\n"
    assert (code, said.out, said.err) == (2, "", expected)


def test_figures_are_plain_lines_when_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    """Columns stand below each other, so that a run can be kept as text."""
    show([Figure("engine", "all rows", "60,000 reports/s", "aim 50,000")], "one run")
    assert capsys.readouterr().out == (
        "one run\n"
        "part    what      figure            beside\n"
        "engine  all rows  60,000 reports/s  aim 50,000\n"
    )


def test_shares_are_of_the_sorted_times_and_medians_of_the_rounds() -> None:
    """p50, p99 and p99.9 of 1 to 1,000 ms; of three rounds the middle one of each share."""
    shares = shares_ms([number / 1000 for number in range(1000, 0, -1)])
    assert shares == (501.0, 991.0, 1000.0)
    assert medians_ms([(1, 9, 9), (2, 7, 8), (3, 8, 30)]) == "2.00 / 8.00 / 9.00 ms"
    with pytest.raises(ValueError, match="nothing was timed"):
        shares_ms([])


def test_worlds_are_counted_in_worlds_of_150_minutes_and_players_by_their_last_word() -> None:
    """Two players, four worlds of 75 minutes in 30 s: four a minute; the largest player counts."""
    half_ms = 75 * 60_000
    lived = [
        Lived(half_ms, player, kib) for player, kib in ((1, 900), (2, 800), (1, 950), (2, 990))
    ]
    assert summed(lived, 30.0, 2) == [
        Figure(
            "worlds",
            "4 worlds, 2 cores, in units of 150 min",
            "4 worlds/min",
            "aim 50: 1000 in 250.0 min",
        ),
        Figure("worlds", "a player's memory after all 4", "1 MB", "x1.10 of that after 1"),
    ]
