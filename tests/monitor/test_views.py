"""What screens show beside the numbers: words and states of now, and None for what is not known."""

import pytest

from alerts.cards import Card
from alerts.contact import Role
from monitor import views
from monitor.cuff_cycle import CuffState
from monitor.effects import PromptKind
from monitor.events import Ended, GateOverridden, GateSet
from monitor.gate_views import AskView, GateView, gate_items
from monitor.views import (
    CheckInView,
    CuffView,
    PersonView,
    PlanView,
)
from tests.bedside import OPENED_S
from tests.sessions import opened
from tests.timeline import Timeline
from tests.words import ENGLISH

HOLDING = ("lips", "mood", "signs")
DR = {"by": "dr", "role": Role.PHYSICIAN}


def test_the_plan_and_the_people() -> None:
    """Everybody by name and role, the patient first; a plan that nobody signed says so."""
    assert views.plan(Timeline(dosed=False).engine) == PlanView("default", "2026-11", "")
    assert views.people(opened().patient) == (
        PersonView("p1", "Alex", "patient"),
        PersonView("ann", "Ann", "companion"),
        PersonView("dr", "Dr Berg", "physician"),
        PersonView("bo", "Dr Bo", "backup"),
    )


def test_a_card_for_each_open_alarm() -> None:
    """By the alarm's id, with the patient's name."""
    line = Timeline().at(60).spo2(86).at(75)
    (alarm,) = line.engine.alarms.book.open.values()
    patient = opened().patient
    cards = views.cards(line.engine, patient, ENGLISH)
    assert list(cards) == [alarm.id]
    assert cards[alarm.id].line == "Oxygen is low. Wake Alex now."
    assert isinstance(cards[alarm.id], Card)
    assert views.cards(Timeline(dosed=False).engine, patient, ENGLISH) == {}


BY_DR = "overridden by dr: white coat"


def test_the_gate_with_its_words() -> None:
    """Open, held with a note, stopped for good, stopped for now, overridden with the reason."""
    line = Timeline(dosed=False).at(0)
    at_ms = line.now_ms
    for item, state, note in (
        ("health", "hold", "a cold"),
        ("place", "stop", "lift broken"),
        ("pulse", "stop", ""),
        ("blood_pressure", "hold", ""),
    ):
        line.send(
            GateSet(at_ms=at_ms, by="ann", role=Role.COMPANION, item=item, state=state, note=note)
        )
    line.send(GateOverridden(at_ms=at_ms, item="blood_pressure", reason="white coat", **DR))  # type: ignore[arg-type]
    shown = gate_items(line.engine)
    items = line.engine.chart.gate_items
    words = {item.id: item.words for item in items}
    asks = {
        item.id: tuple(AskView(one.id, one.words, False, None) for one in item.ask)
        for item in items
    }
    assert list(shown) == list(words)
    proofs = {name: shown[name].proof for name in ("alarm_chain", "sound", "devices")}
    assert proofs == {"alarm_chain": "rehearsal", "sound": "sound", "devices": None}
    assert [shown[name] for name in ("health", "place", "pulse", "blood_pressure", "awake")] == [
        GateView("hold", words["health"], True, False, "a cold", None, asks["health"]),
        GateView("stop", words["place"], False, True, "lift broken", None, asks["place"]),
        GateView("stop", words["pulse"], False, False, "", None),
        GateView("pass", words["blood_pressure"], False, False, BY_DR, None),
        GateView("open", words["awake"], False, False, "", None),
    ]


def test_discharge_shows_every_criterion_and_since_when() -> None:
    """Not met at the gate; met since the first trial that meets all."""
    shown = views.discharge(Timeline(dosed=False).engine, 5)
    assert (shown.met_since_ms, shown.criteria["time"].met) == (None, None)
    line = Timeline().at(121 * 60).trial()
    shown = views.discharge(line.engine, line.now_ms)
    assert {one.met for one in shown.criteria.values()} == {True}
    assert shown.met_since_ms == line.now_ms


def test_the_cuff_from_prompt_to_reading() -> None:
    """Due, started, failed and asked again, idle with the next time."""
    line = Timeline().alone().at(1_201)
    seen = [views.cuff(line.engine, line.now_ms)]
    line.at(1_210).cuff_started()
    seen.append(views.cuff(line.engine, line.now_ms))
    line.at(1_250).cuff_fails()
    seen.append(views.cuff(line.engine, line.now_ms))
    line.at(1_330).bp(120, 80)
    seen.append(views.cuff(line.engine, line.now_ms))
    due = [(OPENED_S + at_s) * 1000 for at_s in (1_200, 1_200, 1_200, 2_400)]
    due[2] = (OPENED_S + 1_310) * 1000
    assert seen == [
        CuffView(CuffState.DUE, due[0], 0),
        CuffView(CuffState.STARTED, due[1], 0),
        CuffView(CuffState.FAILED, due[2], 1),
        CuffView(CuffState.IDLE, due[3], 0),
    ]


def test_the_check_in_and_how_long_it_can_be_corrected() -> None:
    """A minute, not longer."""
    line = Timeline().alone().at(300).check("W4 B0 C0 D1 X0")
    taken_ms, due_ms = line.now_ms, (OPENED_S + 600) * 1000
    codes = "W4 B0 C0 D1 X0"
    assert views.check_in(line.engine, taken_ms + 60_000) == CheckInView(
        due_ms, codes, taken_ms, taken_ms + 60_000, ("position",)
    )
    assert views.check_in(line.engine, taken_ms + 60_001) == CheckInView(
        due_ms, codes, taken_ms, None, ("position",)
    )


def asked(line: Timeline, at_s: int) -> tuple[str, ...]:
    """Return the extra questions that are due so long after the dose."""
    return views.check_in(line.engine, (OPENED_S + at_s) * 1000).ask


def test_position_is_asked_at_5_and_at_20_minutes_and_while_face_down() -> None:
    """From as early as the check-in of that time counts, until it is answered."""
    line = Timeline().alone()
    seen = [asked(line, at_s) for at_s in (179, 180, 400)]
    line.at(400).check("W5 B0")
    seen.append(asked(line, 401))
    line.at(410).check("W5 L1 M0")
    seen += [asked(line, at_s) for at_s in (411, 599, 600)]
    line.at(601).check("W5 M1")
    seen += [asked(line, at_s) for at_s in (602, 1_079, 1_080)]
    line.at(1_090).check("W5 L2")
    seen.append(asked(line, 1_091))
    line.at(1_100).check("W5 L0")
    seen.append(asked(line, 1_101))
    position, mouth = ("position",), ("mouth",)
    first = [(), position, position, position]
    assert seen == [*first, (), (), mouth, (), (), position, position, ()]


def test_nothing_more_is_asked_before_the_dose_and_after_the_end() -> None:
    """Until the dose, and when the session is over, a check-in has five questions."""
    assert asked(Timeline(dosed=False), 1_300) == ()
    line = Timeline().alone().at(600)
    before = asked(line, 600)
    line.send(Ended(at_ms=line.now_ms, reason="stopped", **DR))  # type: ignore[arg-type]
    assert (before, asked(line, 700)) == (("position", "mouth"), ())


@pytest.mark.parametrize(
    ("codes", "held"),
    [
        ("W4 B0 C2 D0 X0", ("lips",)),
        ("W4 B0 C0 D3 X0", ("mood",)),
        ("W4 B0 C0 D0 X1", ("signs",)),
        ("W4 B0 C0 D0 X11", ("signs",)),
        ("W4 B0 C2 D3 X9", ("lips", "mood", "signs")),
        ("W4 B0 C1 D2 X10", ()),
    ],
)
def test_what_only_its_own_question_can_end_is_asked_in_a_high_alarm_too(
    codes: str, held: tuple[str, ...]
) -> None:
    """Two questions are asked then: blue lips that nobody asks for again would stand for ever."""
    line = Timeline().alone(PromptKind.CHECK_IN).at(100).check(codes)
    asks = views.check_in(line.engine, line.now_ms).ask
    line.at(160).check("W4 B0 C0 D0 X0")
    after = views.check_in(line.engine, line.now_ms).ask
    assert (tuple(one for one in asks if one in HOLDING), after) == (held, ())
