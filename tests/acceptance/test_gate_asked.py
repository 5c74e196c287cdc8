"""The gate by questions: one wrong answer holds or stops, no word passes against it."""

import pytest

from alerts.contact import Role
from devices.notice import Thing
from monitor.effects import PromptKind
from monitor.events import GateAnswered, GateSet, Noticed
from monitor.gate_views import gate_items
from monitor.patient import Health
from tests.timeline import Timeline, only

BEFORE = "the gate is closed, the session is in onset"


def at_gate(health: Health | None = None) -> Timeline:
    """Four minutes before the dose, two good pressures."""
    line = Timeline(dosed=False).at(-300).bp(120, 80).at(-240).bp(120, 80)
    line.engine.chart.health = health or Health()
    line.effects.clear()
    return line


def tap(
    line: Timeline, item: str, question: str, *, yes: bool, role: Role = Role.COMPANION
) -> Timeline:
    """One question is answered."""
    by = "pat" if role is Role.PATIENT else "ann"
    return line.send(
        GateAnswered(at_ms=line.now_ms, by=by, role=role, item=item, question=question, yes=yes)
    )


def well(line: Timeline, item: str, *but: str) -> Timeline:
    """Every question of an item is answered well, `but` these."""
    asks = next(one.ask for one in line.engine.chart.gate_items if one.id == item)
    for ask in asks:
        if ask.id not in but:
            tap(line, item, ask.id, yes=ask.good)
    return line


def state(line: Timeline, item: str) -> tuple[str, str]:
    """Where an item is, and its note."""
    chart = line.engine.chart
    return chart.gate.get(item, "open"), chart.gate_notes.get(item, "")


def word(line: Timeline, item: str, role: Role = Role.COMPANION) -> list[str]:
    """Somebody says that an item passes; what is said against it."""
    line.effects.clear()
    line.send(GateSet(at_ms=line.now_ms, by="x", role=role, item=item, state="pass"))
    return line.refused()


def test_good_answers_pass_an_item_at_the_last_of_them() -> None:
    """One that is open is none that is good."""
    line = well(at_gate(), "drugs", "alcohol")
    assert state(line, "drugs") == ("open", "1 of 4 questions are open")
    assert word(line, "drugs") == ["gate item 'drugs': 1 of 4 questions are open"]
    tap(line, "drugs", "alcohol", yes=False)
    assert state(line, "drugs") == ("pass", "every question is answered")
    assert word(line, "drugs") == []


def test_alcohol_today_stops_for_good() -> None:
    """At the first such answer, whatever else is open; no answer, word or physician undoes it."""
    line = tap(at_gate(), "drugs", "alcohol", yes=True)
    assert state(line, "drugs") == ("stop", "Any alcohol today? Yes.")
    final = "gate item 'drugs' was stopped: that stands for this session, no dose today"
    tap(line, "drugs", "alcohol", yes=False)
    assert line.refused() == [final]
    assert word(line, "drugs", Role.PHYSICIAN) == [final]


def test_a_cold_holds_and_can_be_taken_back() -> None:
    """The physician is asked after a minute; a better answer passes the item."""
    line = well(at_gate(), "health", "fever")
    tap(line, "health", "fever", yes=True)
    assert state(line, "health") == ("hold", "A fever, a cough or a cold? Yes.")
    assert word(line, "health") == ["gate item 'health': A fever, a cough or a cold? Yes."]
    assert only(line.story(until=-170), "GATE-HOLD") == ["-180 raised GATE-HOLD medium"]
    tap(line, "health", "fever", yes=False)
    assert state(line, "health")[0] == "pass"
    assert only(line.story(until=-160), "GATE-HOLD") == ["-170 cleared GATE-HOLD medium"]


@pytest.mark.parametrize(
    ("question", "known", "found", "rows"),
    [
        ("wish", 0, ("hold", "a physician decides"), ["-240 raised SI-1 medium"]),
        ("wish", 1, ("open", "5 of 6 questions are open"), []),
        ("method", 2, ("hold", "a physician decides"), ["-240 raised SI-1 medium"]),
        ("intent", 3, ("stop", "no dose today"), ["-240 raised SI-2 high/S"]),
    ],
)
def test_thoughts_of_suicide(
    question: str, known: int, found: tuple[str, str], rows: list[str]
) -> None:
    """Above the level of the file: 1 to 3 hold and are SI-1, 4 to 6 stop and are SI-2."""
    line = at_gate(Health(ideation_level=known))
    tap(line, "mood", question, yes=True, role=Role.PATIENT)
    assert (state(line, "mood"), only(line.story(until=-239), "SI-1", "SI-2")) == (found, rows)
    shown = {one.id: (one.answered, one.yes) for one in gate_items(line.engine)["mood"].ask}
    assert (shown[question], shown["plan"]) == ((True, None), (False, None))


def test_the_companion_speaks_for_the_companion_alone() -> None:
    """On their own page; a physician may stop."""
    line = at_gate()
    why = "gate item 'companion' is confirmed by the companion alone, on their own page"
    assert word(line, "companion", Role.PHYSICIAN) == [why]
    tap(line, "companion", "adult", yes=True, role=Role.PATIENT)
    assert line.refused()[-1] == why
    well(line, "companion")
    assert state(line, "companion") == ("pass", "every question is answered")


def test_answers_that_are_no_answers() -> None:
    """No such question, no such item, a gate that is closed or has lapsed."""
    line = tap(tap(at_gate(), "drugs", "weather", yes=True), "weather", "drugs", yes=True)
    assert line.refused() == [
        "the gate asks no question 'weather' of 'drugs'",
        "the gate asks no question 'drugs' of 'weather'",
    ]
    line.effects.clear()
    tap(line.at(3_100), "drugs", "alcohol", yes=False)
    assert line.refused() == ["the gate has lapsed; end this session and open a new one"]
    line = Timeline()
    line.effects.clear()
    assert tap(line, "drugs", "alcohol", yes=False).refused() == [BEFORE]


def glucose(line: Timeline, number: int) -> Timeline:
    """The glucose is measured."""
    what = Thing.GLUCOSE
    return line.send(
        Noticed(at_ms=line.now_ms, by="ann", role=Role.COMPANION, what=what, number=number)
    )


def test_glucose_is_an_item_for_who_takes_insulin() -> None:
    """No word passes it before it was measured; 70 to 89 holds, below stops."""
    assert "glucose" not in gate_items(at_gate().engine)
    line = at_gate(Health(insulin=True))
    assert word(line, "glucose") == []
    assert state(line, "glucose") == ("hold", "measure the glucose and enter it")
    found = [state(glucose(line, number), "glucose")[0] for number in (90, 250, 89, 251, 300)]
    assert found == ["pass", "pass", "hold", "hold", "hold"]
    assert [state(glucose(line, number), "glucose")[0] for number in (69,)] == ["stop"]


def test_two_readings_that_differ_ask_for_a_third() -> None:
    """The companion is told, the item waits, and the last two decide."""
    line = Timeline(dosed=False).alone(PromptKind.CUFF).at(-590).bp(120, 80).at(-530)
    assert line.asked(PromptKind.CUFF) == [(-590, -530)]
    line.effects.clear()
    word(line.bp(134, 80), "blood_pressure")
    differ = "blood pressure 120/80 and 134/80 differ much: take a third, a minute later"
    assert state(line, "blood_pressure") == ("hold", differ)
    line.at(-470).bp(130, 80)
    assert state(line, "blood_pressure") == ("pass", "blood pressure 132/80")


def test_a_low_pressure_needs_no_second_round() -> None:
    """Two readings below 90 stop; one alone is taken again."""
    line = Timeline(dosed=False).alone(PromptKind.CUFF).at(-590).bp(88, 60)
    assert state(line, "blood_pressure")[0] == "hold"
    line.at(-520).bp(88, 60)
    assert state(line, "blood_pressure") == ("stop", "blood pressure 88/60")
