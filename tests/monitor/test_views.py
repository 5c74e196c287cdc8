"""What screens show beside the numbers: words and states of now, and None for what is not known."""

import msgspec

from alerts.cards import Card
from alerts.contact import Role
from devices.observation import Metric
from monitor import views
from monitor.cuff_cycle import CuffState
from monitor.events import Ended, GateOverridden, GateSet, Tailored
from monitor.rows import Criterion as Limit
from monitor.views import (
    CheckInView,
    CuffView,
    GateView,
    LimitView,
    PersonView,
    PlanView,
)
from tests.bedside import OPENED_S
from tests.sessions import opened
from tests.timeline import Timeline

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
    cards = views.cards(line.engine, patient)
    assert list(cards) == [alarm.id]
    assert cards[alarm.id].line == "Oxygen is low. Wake Alex now."
    assert isinstance(cards[alarm.id], Card)
    assert views.cards(Timeline(dosed=False).engine, patient) == {}


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
    shown = views.gate_items(line.engine)
    words = {item.id: item.words for item in line.engine.chart.plan.gate}
    assert list(shown) == list(words)
    proofs = {name: shown[name].proof for name in ("alarm_chain", "sound", "devices")}
    assert proofs == {"alarm_chain": "rehearsal", "sound": "sound", "devices": None}
    assert [shown[name] for name in ("health", "place", "pulse", "blood_pressure", "awake")] == [
        GateView("hold", words["health"], True, False, "a cold", None),
        GateView("stop", words["place"], False, True, "lift broken", None),
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


def test_limits_in_plain_words_by_metric() -> None:
    """Each row with its first limit; what a physician has changed says by whom."""
    line = Timeline().at(60)
    line.send(Tailored(at_ms=line.now_ms, row="SPO2-LOW", limit_x100=86_00, reason="x", **DR))  # type: ignore[arg-type]
    shown = views.limits(line.engine)
    assert list(shown) == ["spo2", "pulse", "sbp", "dbp"]
    assert shown["spo2"][:3] == (
        LimitView("SPO2-WARN", "medium", "below 92 % for 20 s", 92_00, None, None),
        LimitView(
            "SPO2-LOW", "high", "below 86 % for 30 s, or below 84 % for 10 s", 8600, None, "dr"
        ),
        LimitView(
            "SPO2-CRIT", "high", "below 80 % for 3 s, or below 80 % for 10 s", 8000, None, None
        ),
    )
    assert shown["pulse"][0].words == (
        "below 50 a minute and 8 or more under the value before the dose for 20 s, "
        "or below 50 a minute and 15 or more under the value before the dose for 20 s"
    )
    assert [(one.row, one.words, one.low_x100, one.high_x100) for one in shown["sbp"]] == [
        ("BP-WARN", "160 mmHg or more", None, 160_00),
        ("BP-HIGH", "170 mmHg or more", None, 170_00),
        ("BP-SEV", "180 mmHg or more", None, 180_00),
        ("BP-CRIT", "200 mmHg or more", None, 200_00),
        ("BP-LOW2", "below 90 mmHg", 90_00, None),
        ("BP-LOW3", "below 80 mmHg", 80_00, None),
        ("BP-RISE1", "30 or more over the value before the dose", None, None),
        ("BP-RISE2", "40 or more over the value before the dose", None, None),
        (
            "BP-LATE",
            "160 mmHg or more and more than 20 over the value before the dose from 120 min on",
            None,
            160_00,
        ),
        ("BP-LOW1", "below 100 mmHg and 20 or more under the value before the dose", 100_00, None),
    ]
    assert [one.row for one in shown["dbp"]] == [
        "BP-WARN",
        "BP-HIGH",
        "BP-SEV",
        "BP-CRIT",
        "BP-RISE1",
        "BP-RISE2",
        "BP-LATE",
    ]


def test_limits_that_compare_upward_and_rows_of_facts() -> None:
    """A rise over the baseline without a delay; a row that only asks facts has no limit."""
    line = Timeline(dosed=False)
    rows = line.engine.chart.rows
    rise = Limit(over_baseline=30)
    rows["PR-HIGH"] = msgspec.structs.replace(rows["PR-HIGH"], criteria=(rise,))
    shown = views.limits(line.engine)
    words = {one.row: one.words for metric in shown.values() for one in metric}
    assert words["PR-HIGH"] == "30 or more over the value before the dose"
    assert rows["SED-COMBO"].metric is Metric.SPO2  # type: ignore[union-attr]
    assert "SED-COMBO" not in words
