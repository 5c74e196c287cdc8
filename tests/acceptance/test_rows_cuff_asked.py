"""When the next cuff reading is due: earlier while a pressure is high, or the peak stays open."""

import pytest

from monitor.effects import Prompted, PromptKind
from tests.timeline import OPENED_S, VITALS_ONLY, Timeline

MINUTE = 60


def dues(line: Timeline) -> list[float]:
    """Return for when the cuff was asked, in minutes after the dose."""
    return [due / MINUTE for _, due in line.asked(PromptKind.CUFF)]


@pytest.mark.parametrize(
    ("sbp", "asked"),
    [
        (165, [31, 40]),
        (175, [31, 40]),
        (185, [26, 31, 36, 41]),
        (205, [26, 31, 36, 41]),
    ],
)
def test_a_high_pressure_is_measured_again_until_it_is_over(sbp: int, asked: list[int]) -> None:
    """Confirmed at T+21, then every 10 min, from 180 on every 5; twice normal ends it."""
    line = Timeline()
    line.pressure = (sbp, 80, 70)
    line.at(22 * MINUTE)
    line.effects.clear()
    line.at(46 * MINUTE)
    got = dues(line)
    line.pressure = (120, 80, 70)
    line.at(76 * MINUTE)
    assert (got, line.engine.chart.cuff.due_ms) == (asked, (600 + 90 * MINUTE) * 1000)


def test_an_open_peak_is_measured_every_10_minutes() -> None:
    """From T+75 on, as long as its criteria are not met."""
    line = Timeline()
    line.says = "W3 B0 C0 D0 X0"
    line.at(76 * MINUTE)
    line.effects.clear()
    line.at(119 * MINUTE)
    assert dues(line) == [85, 95, 105, 115]


def test_what_was_asked_and_does_not_come_is_overdue() -> None:
    """Due 5 min after the confirmation: low 3 min later."""
    line = Timeline().at(100).alone(PromptKind.CUFF).at(200).bp(185, 80).at(260).bp(185, 80)
    assert "740 raised CUFF-OVERDUE low" in line.story(until=741)


def test_a_recording_asks_nobody() -> None:
    """There is no one to press start."""
    line = Timeline(VITALS_ONLY, dosed=False).at(-300).bp(185, 80).at(-240).bp(185, 80)
    assert line.at(300).engine.chart.cuff.due_ms is None


def reasons(line: Timeline) -> list[tuple[float, str]]:
    """Return for when the cuff was asked, in minutes after the dose, and why."""
    prompts = [e for e in line.effects if isinstance(e, Prompted) and e.prompt is PromptKind.CUFF]
    return [((e.due_ms / 1000 - OPENED_S) / MINUTE, e.reason) for e in prompts]


def test_a_severe_pressure_is_measured_every_5_minutes_until_it_is_below_175() -> None:
    """One reading below 175/110 makes it every 10; each prompt says why it is asked."""
    line = Timeline()
    line.pressure = (185, 90, 70)
    line.at(22 * MINUTE)
    line.effects.clear()
    line.at(27 * MINUTE)
    line.pressure = (170, 90, 70)
    line.at(52 * MINUTE)
    assert reasons(line) == [
        (26, "BP-SEV: every 5 min"),
        (31, "BP-SEV: every 5 min"),
        (40, "schedule"),
        (50, "BP-WARN: every 10 min"),
    ]


def test_an_arm_is_not_measured_more_than_six_times_in_half_an_hour() -> None:
    """Confirmed at T+21, then every 5 min: the seventh within 30 min waits until they are over."""
    line = Timeline()
    line.pressure = (190, 90, 70)
    line.at(22 * MINUTE)
    line.effects.clear()
    line.at(56 * MINUTE)
    assert [due for due, _ in reasons(line)] == [26, 31, 36, 41, 50, 55]


def test_in_an_emergency_the_arm_has_no_rest_but_the_minute() -> None:
    """A class E alarm lifts the bounds."""
    line = Timeline().at(100).alone(PromptKind.CUFF)
    for at_s in (700, 760, 820):
        line.at(at_s).bp(120, 80)
    line.at(830).check("W5 B0 C0 D0 X1").effects.clear()
    line.at(840).cuff_fails()
    assert line.asked(PromptKind.CUFF)[-1] == (840, 900)
