"""The gate and the values: no word alone passes what is measured, a hold asks the physician."""

from alerts.contact import Role
from alerts.effects import Send
from devices.observation import DeviceKind, DeviceReport, Metric, Mode, Observation
from monitor.events import GateOverridden, GateSet, Reading
from monitor.gate_views import gate_items
from tests.timeline import Timeline, only


def at_gate() -> Timeline:
    """Two good pressures, a good signal, four minutes before the dose."""
    return Timeline(dosed=False).at(-300).bp(120, 80).at(-240).bp(120, 80)


def set_to(line: Timeline, item: str, state: str = "pass") -> Timeline:
    """The companion sets one item."""
    event = GateSet(at_ms=line.now_ms, by="ann", role=Role.COMPANION, item=item, state=state)
    return line.send(event)


def override(line: Timeline, item: str) -> Timeline:
    """The physician lets an item pass."""
    return line.send(
        GateOverridden(at_ms=line.now_ms, by="dr", role=Role.PHYSICIAN, item=item, reason="known")
    )


def states(line: Timeline, *items: str) -> list[str]:
    """Return where these items are."""
    return [line.engine.chart.gate.get(item, "open") for item in items]


def test_word_and_value_pass() -> None:
    """Both are there: the item passes, and a dose is no early one."""
    line = at_gate().gate().at(0).dose()
    assert line.story(until=1) == []


def test_a_word_that_the_value_speaks_against() -> None:
    """Refused with the value: the hand is warmed and other fingers are tried for six minutes.

    Only what is on hold then asks the physician, a minute later.
    """
    line = at_gate().spo2(94).at(-100)
    line.effects.clear()
    set_to(line, "spo2")
    todo = "warm the hand, try another finger, then the other hand"
    assert line.refused() == [f"gate item 'spo2': SpO2 94 % for two minutes: {todo}"]
    assert states(line, "spo2") == ["hold"]
    assert only(line.story(until=400), "GATE-HOLD") == ["240 raised GATE-HOLD medium"]


def test_a_fast_pulse_rests_ten_minutes_before_the_physician_is_asked() -> None:
    """A slow one asks after a minute: no rest makes it faster."""
    line = at_gate().pulse(110).at(-100)
    set_to(line, "pulse")
    assert only(line.story(until=900), "GATE-HOLD") == ["480 raised GATE-HOLD medium"]
    line = at_gate().pulse(45).at(-100)
    set_to(line, "pulse")
    assert only(line.story(until=900), "GATE-HOLD") == ["-40 raised GATE-HOLD medium"]


def test_the_physician_hears_of_a_hold_at_once_after_a_minute() -> None:
    """P0: at 60 s, not at the ladder's two minutes; an override ends it."""
    line = set_to(at_gate(), "mood", "hold")
    line.effects.clear()
    line.at(-170)
    sent = [(e.at_ms // 1_000 - 600, e.contact) for e in line.effects if isinstance(e, Send)]
    assert sent == [(-180, "ann"), (-180, "dr")]
    override(line, "mood")
    assert states(line, "mood") == ["pass"]
    assert only(line.story(until=-100), "GATE-HOLD")[-1] == "-170 cleared GATE-HOLD medium"


def test_a_hold_that_warmth_has_cured_asks_nobody() -> None:
    """SpO2 is back at 97 within the minute: the item passes by itself, no alarm."""
    line = at_gate().spo2(94).at(-100)
    set_to(line, "spo2")
    line.spo2(98).at(-41)
    assert line.at(20) is line
    assert "hold" not in states(line, "spo2")


def test_a_word_before_the_value_waits() -> None:
    """No reading yet: on hold, nobody is asked; it passes with the reading."""
    line = set_to(Timeline(dosed=False).at(-590), "blood_pressure")
    assert states(line, "blood_pressure") == ["hold"]
    line.at(-400)
    assert line.story(until=-399) == []
    line.bp(120, 80)
    assert states(line, "blood_pressure") == ["pass"]


def test_no_word_no_pass() -> None:
    """Good values alone leave the item open."""
    assert states(at_gate().at(-100), "blood_pressure", "spo2", "pulse") == ["open"] * 3


def test_a_value_that_turns_takes_the_pass_back() -> None:
    """SpO2 falls to 94 after it passed: on hold; at the dose it is an open item."""
    line = at_gate()
    set_to(line, "spo2")
    line.spo2(94).at(-10)
    assert states(line, "spo2") == ["hold"]
    line.gate("spo2").dose()
    assert line.engine.chart.reports["dose_early"].reason == "gate items open: spo2"


def test_a_poor_signal_takes_nothing_back() -> None:
    """What has passed was measured."""
    line = set_to(at_gate(), "spo2").silence().at(-150)
    assert states(line, "spo2") == ["pass"]


def test_a_stop_that_met_a_word_is_final_and_one_without_is_not() -> None:
    """SpO2 92: stopped by the value; better again it is open; with a word it stands."""
    line = at_gate().spo2(92).at(-100)
    shown = gate_items(line.engine)["spo2"]
    assert (shown.state, shown.final) == ("stop", False)
    line.spo2(97).at(30)
    assert states(line, "spo2") == ["open"]
    line = at_gate().spo2(92).at(-100)
    set_to(line, "spo2").spo2(97).at(30)
    shown = gate_items(line.engine)["spo2"]
    assert (shown.state, shown.final) == ("stop", True)
    set_to(line, "spo2")
    assert line.refused()[-1].endswith("that stands for this session, no dose today")


def test_a_high_pressure_rests_and_is_taken_again() -> None:
    """The first mean asks for ten minutes of rest; the second one asks the physician."""
    line = Timeline(dosed=False).alone().at(-590).bp(150, 80).at(-520).bp(150, 80)
    set_to(line, "blood_pressure")
    assert only(line.story(until=80), "GATE-HOLD") == []
    line.bp(148, 80).at(150).bp(148, 80)
    assert only(line.story(until=300), "GATE-HOLD") == ["140 raised GATE-HOLD medium"]
    override(line, "blood_pressure").at(310).bp(146, 80)
    assert states(line, "blood_pressure") == ["pass"]


def test_an_override_never_holds_against_a_stop() -> None:
    """A pressure of 165 in a further round stops what was overridden."""
    line = Timeline(dosed=False).alone()
    line.at(-590).bp(150, 80).at(-520).bp(150, 80).at(80).bp(150, 80)
    line.at(150).bp(150, 80)
    override(line, "blood_pressure").at(800).bp(166, 80).at(870).bp(166, 80)
    assert states(line, "blood_pressure") == ["pass"]
    line.at(1_500).bp(166, 80).at(1_570).bp(166, 80)
    assert states(line, "blood_pressure") == ["stop"]


def test_breaths_at_the_gate() -> None:
    """An oximeter that measures them: 22 a minute is a hold."""
    line = at_gate()
    values = (Observation(Metric.SPO2, 97_00), Observation(Metric.RR, 22_00))
    report = DeviceReport(
        device="ox", kind=DeviceKind.OXIMETER, mode=Mode.TEST, observations=values
    )
    line.at(-200).send(Reading(at_ms=line.now_ms, report=report, received_ms=line.now_ms))
    set_to(line, "awake")
    assert line.refused() == ["gate item 'awake': 22 breaths a minute"]


def test_a_gate_that_has_lapsed_moves_nothing() -> None:
    """After an hour only GATE-LATE is so."""
    line = set_to(at_gate(), "mood", "hold").at(3_001)
    assert only(line.story(until=3_002), "GATE-HOLD")[-1].split()[1:] == [
        "cleared",
        "GATE-HOLD",
        "medium",
    ]


def test_a_cuff_on_the_arm_of_the_oximeter_is_let_pass_by_a_physician_alone() -> None:
    """The companion's word is refused and the physician asked; the override passes the item."""
    line = Timeline(dosed=False, same_arm=True).at(-300).bp(120, 80).at(-240).bp(120, 80)
    set_to(line, "devices")
    words = "the cuff is on the oximeter's arm: put it on the other one"
    assert (line.refused(), states(line, "devices")) == (
        [f"gate item 'devices': {words}"],
        ["hold"],
    )
    assert line.engine.chart.gate_notes["devices"] == words
    assert only(line.story(until=-100), "GATE-HOLD") == ["-180 raised GATE-HOLD medium"]
    override(line, "devices")
    assert states(line, "devices") == ["pass"]
    assert only(line.story(until=-50), "GATE-HOLD") == ["-100 cleared GATE-HOLD medium"]
