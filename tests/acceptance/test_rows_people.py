"""What people see and say: each row of a check-in, what ends it, what a correction withdraws."""

import pytest

from alerts.contact import Role
from monitor.effects import PromptKind, Send
from monitor.events import HelpCalled, HelpCancelled, HubCondition, MonitorDown
from tests.timeline import DEFAULT, WELL, Timeline, without

W5, W4, W3, W2, W0 = (f"{code} B0 C0 D0 X0" for code in ("W5", "W4", "W3", "W2", "W0"))


def unasked() -> Timeline:
    """Return a session whose companion answers no check-in prompt by itself."""
    return Timeline().alone(PromptKind.CHECK_IN)


@pytest.mark.parametrize(
    ("codes", "story"),
    [
        (W5, []),
        (W4, []),
        (W3, ["100 raised SED-2 medium"]),
        (W2, ["100 raised SED-3 high/A"]),
        (W0, ["100 raised SED-4 high/E", "100 joined CONFLICT-ANSWER high/E"]),
        ("W5 B1 C0 D0 X0", ["100 raised BREATH-NOISY medium"]),
        (
            "W3 B1 C0 D0 X0",
            [
                "100 raised SED-2 medium",
                "100 upgraded SED-COMBO high/A",
                "100 raised BREATH-NOISY high/A",
            ],
        ),
        ("W5 B2 C0 D0 X0", ["100 raised BREATH-SLOW high/A"]),
        ("W5 B3 C0 D0 X0", ["100 raised RR-NONE high/E", "100 joined CONFLICT-OBS high/E"]),
        ("W5 B0 C1 D0 X0", ["100 raised LIPS-PALE medium"]),
        (
            "W5 B0 C2 D0 X0",
            ["100 raised LIPS-BLUE high/E", "100 joined CONFLICT-OBS high/E"],
        ),
        ("W5 B0 C0 D1 X0", []),
        ("W5 B0 C0 D2 X0", ["100 raised DIS-DISTRESS medium"]),
        ("W5 B0 C0 D3 X0", ["100 raised AGIT high/S"]),
        *[
            (f"W5 B0 C0 D0 X{sign}", ["100 raised SYM-EMS high/E"])
            for sign in (1, 2, 3, 4, 5, 6, 7, 8)
        ],
        ("W5 B0 C0 D0 X9", ["100 raised FALL medium"]),
        ("W5 B0 C0 D0 X10", ["100 raised NV-1 low"]),
        ("W5 B0 C0 D0 X11", ["100 raised SYM-LARYNX high/E"]),
        ("W5 B0 C0 D0 X12", []),
        ("W5 B0 C0 D0 X0 L2 M1", []),
        ("W4 B0 C0 D0 X0 L2", ["100 raised POS-RISK medium"]),
        ("W4 B0 C0 D0 X0 L1 M0", []),
    ],
)
def test_each_answer_has_its_row_at_once(codes: str, story: list[str]) -> None:
    """Nothing has a delay; what is expected under the drug is no alarm."""
    assert Timeline().at(100).check(codes).story(until=101) == story


def test_class_e_is_an_emergency() -> None:
    """Any class E alarm moves the session to EMERGENCY; others do not."""
    line = Timeline().at(100)
    line.effects.clear()
    assert line.check(W2).phases() == []
    assert line.at(110).check(W0).phases() == ["110 emergency"]


@pytest.mark.parametrize(
    ("ratings", "clears"),
    [
        ([W4], None),
        ([W4, W5], "200 cleared SED-2 medium"),
        ([W4, W3, W4], None),
        ([W4, W3, W4, W4], "400 cleared SED-2 medium"),
    ],
)
def test_sed_2_clears_by_two_ratings(ratings: list[str], clears: str | None) -> None:
    """Two successive ratings of 4 or more; one of 3 between begins anew."""
    line = unasked().at(50).check(W3)
    line.story(until=51)
    for index, codes in enumerate(ratings):
        line.at(100 * (index + 1)).check(codes)
    assert line.story(until=100 * len(ratings) + 1) == ([clears] if clears else [])


@pytest.mark.parametrize(("codes", "row"), [(W2, "SED-3 high/A"), (W0, "SED-4 high/E")])
def test_deep_sedation_stays_latched(codes: str, row: str) -> None:
    """Two ratings of 4 end the condition, a person the alarm."""
    alone = without(DEFAULT, "CONFLICT-ANSWER")
    line = Timeline(alone).alone(PromptKind.CHECK_IN).at(50).check(codes)
    line.story(until=51)
    story = line.at(100).check(W4).at(200).check(W4).story(until=201)
    assert story == [f"200 latched {row}"]
    assert line.reset("sedation").story(until=202) == [f"201 reset {row}"]


def test_a_rating_that_sinks_keeps_what_was_said() -> None:
    """3, then 2: both are so until two ratings of 4."""
    line = unasked().at(50).check(W3).at(60).check(W2).at(70).check(W3)
    assert line.story(until=71) == ["50 raised SED-2 medium", "60 upgraded SED-3 high/A"]


def test_what_was_not_asked_is_unchanged() -> None:
    """A check-in without the breathing question ends no breathing row."""
    line = unasked().at(50).check("W5 B1 C0 D0 X0").at(100).check("W5")
    assert line.story(until=101) == ["50 raised BREATH-NOISY medium"]
    assert line.at(200).check(WELL).story(until=201) == ["200 latched BREATH-NOISY medium"]


@pytest.mark.parametrize("turned", ["L0", "L1"])
def test_face_down_ends_when_another_position_is_seen(turned: str) -> None:
    """No better rating and no check-in without the question ends POS-RISK; it does not latch."""
    line = unasked().at(50).check(f"{W4} L2").at(100).check(W5).at(150).check(f"{W5} L2")
    assert line.story(until=151) == ["50 raised POS-RISK medium"]
    line.at(200).check(f"{W5} {turned}")
    assert line.story(until=201) == ["200 cleared POS-RISK medium"]


def test_noisy_breathing_is_high_in_a_sedated_patient_and_latches_then() -> None:
    """Medium while awake, high with a rating of 3; either waits for a person."""
    line = unasked().at(50).check("W5 B1 C0 D0 X0").at(100).check("W3 B1 C0 D0 X0")
    assert [x for x in line.story(until=101) if "NOISY" in x] == [
        "50 raised BREATH-NOISY medium",
        "100 upgraded BREATH-NOISY high/A",
    ]
    line.at(200).check(WELL)
    assert [x for x in line.story(until=201) if "NOISY" in x] == ["200 latched BREATH-NOISY high/A"]


def test_an_emergency_sign_ends_only_when_none_is_seen() -> None:
    """A check-in with another sign does not end it; "none of them" does, and it stays latched."""
    line = unasked().at(50).check("W5 B0 C0 D0 X1").at(100).check("W5 B0 C0 D0 X12")
    line.at(150).check("W5 B0 C0 D0")
    assert line.story(until=151) == ["50 raised SYM-EMS high/E"]
    assert line.at(200).check(WELL).story(until=201) == ["200 latched SYM-EMS high/E"]


@pytest.mark.parametrize(
    ("wrong", "gone"),
    [
        (W3, ["130 cleared SED-2 medium"]),
        (W2, ["130 latched SED-3 high/A"]),
        ("W5 B1 C0 D0 X0", ["130 latched BREATH-NOISY medium"]),
        ("W5 B0 C0 D2 X0", ["130 cleared DIS-DISTRESS medium"]),
        ("W5 B0 C0 D0 X1", ["130 latched SYM-EMS high/E"]),
        ("W4 B0 C0 D0 X0 L2", ["130 cleared POS-RISK medium"]),
        ("W5 B0 C0 D0 X11", ["130 latched SYM-LARYNX high/E"]),
    ],
)
def test_a_correction_withdraws_what_only_the_mistake_said(wrong: str, gone: list[str]) -> None:
    """Within 60 s; an alarm that had reached a latching priority still needs a reset."""
    line = Timeline().at(100).check(wrong)
    line.story(until=101)
    assert line.at(130).correct(WELL).story(until=131) == gone


def test_a_correction_brings_back_what_the_mistake_ended() -> None:
    """The second 4 was tapped by mistake for a 3: SED-2 is so again, and needs two more."""
    line = unasked().at(50).check(W3).at(100).check(W4).at(200).check(W4)
    assert line.story(until=201) == ["50 raised SED-2 medium", "200 cleared SED-2 medium"]
    line.at(210).correct(W3)
    assert line.story(until=211) == ["210 raised SED-2 medium", "210 repeated SED-2 medium"]
    line.at(250).check(W4)
    assert line.story(until=251) == []
    assert line.at(300).check(W4).story(until=301) == ["300 cleared SED-2 medium"]


def test_a_corrected_rating_is_one_rating() -> None:
    """4, corrected to 5: that is one rating, not two."""
    line = unasked().at(50).check(W3).at(100).check(W4).at(110).correct(W5)
    assert line.story(until=111) == ["50 raised SED-2 medium"]


def test_a_corrected_symptom_is_no_danger_sign() -> None:
    """A faint tapped by mistake sharpens no low pressure afterwards."""
    line = Timeline().at(100).check("W5 B0 C0 D0 X7").at(120).correct(WELL).at(130).bp(85, 55)
    assert [x for x in line.story(until=131) if "LOW2" in x] == ["130 raised BP-LOW2 low"]


def test_only_the_last_minute_can_be_corrected() -> None:
    """61 s later, or with nothing to correct, it is refused and changes nothing."""
    line = Timeline().at(10).correct(W3)
    assert line.refused()[-1] == "a check-in can be corrected for 60 s; enter a new one"
    line.at(100).check(W3).at(160.001).correct(WELL)
    assert line.refused()[-1] == "a check-in can be corrected for 60 s; enter a new one"
    assert line.story(until=161) == ["100 raised SED-2 medium"]


def test_help() -> None:
    """PANIC at once; a cancel ends the condition, and the alarm waits for a reset."""
    line = Timeline().at(100)
    line.send(HelpCalled(at_ms=line.now_ms, by="ann", role=Role.COMPANION))
    assert line.phases()[-1] == "100 emergency"
    assert line.story(until=101) == ["100 raised PANIC high/A"]
    line.send(HelpCancelled(at_ms=line.now_ms, by="ann", role=Role.COMPANION))
    assert line.story(until=102) == ["101 latched PANIC high/A"]


@pytest.mark.parametrize(
    ("condition", "row", "end"),
    [
        ("engine:recording", "ENGINE high/S", "latched"),
        ("sound", "NO-SOUND medium", "cleared"),
        ("broker", "BROKER-DOWN low", "cleared"),
        ("rota:physician", "ROTA-GAP medium", "cleared"),
        ("power", "POWER low", "cleared"),
        ("power_short", "POWER+ medium", "cleared"),
        ("power_end", "POWER-END high/S", "latched"),
    ],
)
def test_the_hubs_own_conditions(condition: str, row: str, end: str) -> None:
    """Present until the hub says that it is right again."""
    line = Timeline().at(100)
    line.send(HubCondition(at_ms=line.now_ms, condition=condition, present=True, detail="x"))
    assert line.story(until=101) == [f"100 raised {row}"]
    line.send(HubCondition(at_ms=line.now_ms, condition=condition, present=False))
    assert line.story(until=102) == [f"101 {end} {row}"]


def test_two_causes_of_one_condition_end_with_the_last() -> None:
    """One cause that is right again does not end the other."""
    line = Timeline().at(100)
    for cause, present in (("a", True), ("b", True), ("a", False)):
        line.send(
            HubCondition(
                at_ms=line.now_ms, condition=f"engine:{cause}", present=present, detail="x"
            )
        )
    assert line.story(until=101) == ["100 raised ENGINE high/S"]
    line.send(HubCondition(at_ms=line.now_ms, condition="engine:b", present=False))
    assert line.story(until=102) == ["101 latched ENGINE high/S"]


@pytest.mark.parametrize(
    ("down_s", "story"),
    [
        (9.999, []),
        (10, ["raised MONITOR-DOWN low", "cleared MONITOR-DOWN low"]),
        (45, ["raised MONITOR-DOWN medium", "latched MONITOR-DOWN medium"]),
        (120, ["raised MONITOR-DOWN high/S", "latched MONITOR-DOWN high/S"]),
        (None, ["raised MONITOR-DOWN high/S", "latched MONITOR-DOWN high/S"]),
    ],
)
def test_an_outage_is_an_alarm_by_its_length(down_s: float | None, story: list[str]) -> None:
    """10 s low, 45 s medium, 120 s or unknown high; from medium on it waits for a person."""
    line = Timeline().at(600)
    line.story(until=600)
    down_ms = None if down_s is None else round(down_s * 1000)
    line.send(MonitorDown(at_ms=line.now_ms + 1, down_ms=down_ms))
    got = [x.split(" ", 1)[1] for x in line.story(until=601) if "MONITOR" in x]
    assert got == story


def test_no_answer_beside_a_normal_number_pages_each_physician_once() -> None:
    """One cause, one alarm: the device that shows 97 % makes no second page, nor a second call."""
    line = unasked().at(100)
    line.effects.clear()
    line.check(W0).at(101)
    sends = [(e.alarm.split("@")[0], e.contact) for e in line.effects if isinstance(e, Send)]
    assert len(sends) == len(set(sends))
    assert {alarm for alarm, _ in sends} == {"sedation"}
