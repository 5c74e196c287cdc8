"""Pulse rows that look at minutes and at readings: fast for long, far over the baseline, uneven."""

import pytest

from alerts.contact import Role
from alerts.effects import Send
from devices.observation import Flag
from monitor.events import TypedReading
from tests.timeline import Timeline, only

UNEVEN = Flag.IRREGULAR_PULSE


def climbed(bpm: int) -> Timeline:
    """Return a session whose pulse has gone up by a beat in two seconds from 100 s on: no step."""
    line = Timeline()
    for up in range(1, bpm - 70 + 1):
        line.at(100 + 2 * up).pulse(70 + up)
    return line


def test_fast_for_ten_minutes() -> None:
    """Over 110 for 600 s; 106 is not settled, 105 is."""
    line = climbed(111)
    story = line.at(850).pulse(106).at(860).pulse(105).story(until=870)
    # 111 is reached at 182 s; 100, which is 30 over the baseline, at 160 s.
    assert story == [
        "280 raised PR-REL low",
        "782 joined PR-SUST low",
        "860 cleared PR-SUST low",
    ]
    assert only(climbed(110).story(until=900), "PR-SUST") == []


def test_thirty_over_the_pulse_before_the_dose() -> None:
    """For 120 s; over when it is 15 over at most."""
    line = climbed(100)
    assert line.at(400).pulse(86).at(410).pulse(85).story(until=420) == [
        "280 raised PR-REL low",
        "410 cleared PR-REL low",
    ]
    assert climbed(99).story(until=500) == []


def readings(*uneven: bool, fibrillation: bool = False, pulse: float = 70) -> Timeline:
    """Return a session with a reading of the cuff each 100 s."""
    line = Timeline(fibrillation=fibrillation).pulse(pulse)
    for number, is_uneven in enumerate(uneven, start=1):
        line.at(100 * number).bp(120, 80, pulse, *((UNEVEN,) if is_uneven else ()))
    return line


@pytest.mark.parametrize(
    ("uneven", "story"),
    [
        ((True, False, False, True), []),
        ((True, True), ["200 raised PR-IRREG low"]),
        ((True, False, True), ["300 raised PR-IRREG low"]),
        (
            (True, True, False, False),
            ["200 raised PR-IRREG low", "400 cleared PR-IRREG low"],
        ),
        ((True, True, False, True, False), ["200 raised PR-IRREG low"]),
    ],
)
def test_two_of_three_readings_are_uneven(uneven: tuple[bool, ...], story: list[str]) -> None:
    """A single flag is nothing; two readings without it end the row."""
    assert readings(*uneven).story(until=600) == story


def test_uneven_and_fast_or_with_a_symptom_is_medium() -> None:
    """A sign of danger before or after, by a sample or a check-in, raises the row at once."""
    line = readings(True, True)
    before = line.story(until=210)
    story = line.check("W5 B0 C0 D0 X1").story(until=211)
    assert before == ["200 raised PR-IRREG low"]
    assert "210 upgraded PR-IRREG medium" in story
    line = readings(True, True)
    line.story(until=210)
    assert only(line.pulse(121).story(until=212), "PR-IRREG") == ["211 upgraded PR-IRREG medium"]


def test_the_physician_is_told_of_an_uneven_pulse_at_once() -> None:
    """P0, low as it is."""
    line = readings(True)
    line.at(199).effects.clear()
    line.at(200).bp(120, 80, 70, UNEVEN)
    told = [effect.contact for effect in line.effects if isinstance(effect, Send)]
    assert told == ["ann", "dr"]


def test_known_fibrillation_and_typed_readings_say_nothing() -> None:
    """The row is off where the plan knows of it; a person's number carries no flag."""
    assert readings(True, True, True, fibrillation=True).story(until=400) == []
    line = readings(True)
    for at_s in (150, 160, 170):
        line.at(at_s).send(
            TypedReading(
                at_ms=line.now_ms, by="ann", role=Role.COMPANION, sbp_x100=120_00, dbp_x100=80_00
            )
        )
    assert line.at(200).bp(120, 80, 70, UNEVEN).story(until=210) == ["200 raised PR-IRREG low"]
