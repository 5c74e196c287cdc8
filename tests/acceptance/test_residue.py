"""DOSE-RESIDUE: the lozenge comes out first, until it has melted or the mouth was seen empty."""

import pytest

from alerts.contact import Role
from devices.notice import Thing
from monitor import residue, views
from monitor.effects import CardStep
from monitor.events import Noticed
from tests.timeline import WELL, Timeline
from tests.words import ENGLISH

SLEEPY = "W3 B0 C0 D0 X0"


def first_steps(line: Timeline) -> list[str]:
    """The first step of each open alarm's card."""
    opened = line.engine.opened
    assert opened is not None
    return [card.steps[0] for card in views.cards(line.engine, opened.patient, ENGLISH).values()]


def said(line: Timeline) -> list[float]:
    """When the record got the step, in seconds after the dose."""
    return [e.at_ms / 1000 - 600 for e in line.effects if isinstance(e, CardStep)]


def mouth(line: Timeline, *, over: bool = False) -> Timeline:
    """The companion taps that the mouth is empty."""
    what = Thing.MOUTH_EMPTY
    return line.send(
        Noticed(at_ms=line.now_ms, by="ann", role=Role.COMPANION, what=what, over=over)
    )


def test_a_sleepy_patient_with_a_lozenge() -> None:
    """Step 1 and one line in the record; gone with the tap, back when it was a slip."""
    line = Timeline().at(400).check(SLEEPY)
    assert (first_steps(line), said(line)) == ([residue.STEP], [400])
    assert residue.alarms(line.engine) == ("sedation@1000000",)
    mouth(line)
    assert residue.STEP not in first_steps(line)
    mouth(line, over=True)
    assert (first_steps(line), said(line)) == ([residue.STEP], [400])


@pytest.mark.parametrize(("at_s", "step"), [(1_190, True), (1_200, False)])
def test_before_t_20(at_s: int, step: bool) -> None:
    """Counted from the last dose."""
    line = Timeline().at(at_s).check(SLEEPY)
    assert (residue.STEP in first_steps(line)) == step


def test_low_oxygen_and_other_alarms() -> None:
    """SPO2-LOW has it; a pulse or a pressure has not."""
    line = Timeline().at(300).spo2(86).pulse(150).at(330)
    steps = first_steps(line)
    assert (len(steps), steps.count(residue.STEP)) == (2, 1)


def test_a_check_in_may_say_it_and_be_corrected() -> None:
    """M0 is the tap, M1 takes it back; a further dose begins anew."""
    line = Timeline().at(650).check(f"{WELL} M0").at(700).check(SLEEPY)
    assert residue.STEP not in first_steps(line)
    line.correct(f"{SLEEPY} M1")
    assert first_steps(line) == [residue.STEP]
    line.correct(f"{SLEEPY} M0").correct(SLEEPY)
    assert first_steps(line) == [residue.STEP]
    mouth(line)
    line.at(720).extra_dose()
    assert residue.STEP in first_steps(line)
