"""An inflation on the oximeter's arm: what it holds, for how long, and when it holds nothing."""

import pytest

from monitor.effects import PromptKind
from tests.timeline import Timeline, only

# --- the cuff on the same arm -----------------------------------------------------------------


def test_an_inflation_on_the_same_arm_holds_the_family_for_a_minute() -> None:
    """Started at 200: nothing is said until 260; then what is due is said at once."""
    line = Timeline(same_arm=True).at(200).cuff_started().spo2(None)
    assert line.story(until=262) == ["260 raised SIG-LOST medium"]


def test_the_hold_ends_10_s_after_the_reading() -> None:
    """A reading at 230 ends the hold at 240."""
    line = Timeline(same_arm=True).at(200).cuff_started().spo2(None).at(230).bp(120, 80)
    assert line.story(until=242) == ["240 raised SIG-LOST low"]


def test_what_the_cuff_took_away_is_no_bad_signal() -> None:
    """40 s without a pulse and a reading: the minutes after it say nothing of the signal."""
    line = Timeline(same_arm=True).at(200).cuff_started().spo2(None).at(238).spo2(97)
    line.at(240).bp(120, 80)
    assert line.story(until=400) == []


def test_a_signal_that_stays_bad_after_the_cuff_is_said_half_a_minute_later() -> None:
    """Lost from 200 on, held until 240: of the minute without those 40 s, 30 s are lost at 270."""
    line = Timeline(same_arm=True).at(200).cuff_started().spo2(None).at(230).bp(120, 80)
    assert only(line.story(until=300), "SIG-BAD") == ["270 joined SIG-BAD medium"]


def test_an_oxygen_alarm_ends_a_hold_that_is_under_way() -> None:
    """The signal falls during the inflation, then is lost: nothing waits for the cuff any more."""
    line = Timeline(same_arm=True).at(200).cuff_started().spo2(85).at(216).spo2(None)
    assert only(line.story(until=259), "SIG-LOST", "SIG-LOST+") == [
        "225 raised SIG-LOST+ high/A",
        "230 joined SIG-LOST high/A",
    ]


def test_the_other_arm_holds_nothing() -> None:
    """The inflation is on the other arm: the loss is a loss."""
    line = Timeline().at(200).cuff_started().spo2(None)
    assert line.story(until=215) == ["214 raised SIG-LOST low"]


def test_no_hold_in_a_sedated_patient() -> None:
    """Never with MOAA/S 3 or less."""
    line = Timeline(same_arm=True).at(190).check("W3 B0 C0 D0 X0").at(200)
    line.cuff_started().spo2(None)
    assert only(line.story(until=215), "SIG-LOST", "SIG-LOST-SED") == [
        "209 raised SIG-LOST-SED medium",
        "214 joined SIG-LOST medium",
    ]


@pytest.mark.parametrize(
    ("ended_s", "held"), [(None, False), (150, False), (130, True)], ids=["on", "50 s", "70 s"]
)
def test_no_hold_beside_an_oxygen_alarm(ended_s: int | None, held: bool) -> None:
    """Never when an oxygen row of medium or more was on in the last 60 s, however long it is on."""
    line = Timeline(same_arm=True).at(20).spo2(93).at(60).spo2(91)
    if ended_s is not None:
        line.at(ended_s - 30).spo2(94)
    line.at(200).cuff_started().spo2(None)
    story = only(line.story(until=216), "SIG-LOST", "SIG-LOST+")
    assert bool(story) is not held


def test_a_rising_row_is_held_at_its_stage() -> None:
    """Low already: an inflation keeps it from rising for a minute, and ends nothing."""
    line = Timeline(same_arm=True).at(200).spo2(None).at(220).cuff_started()
    assert only(line.story(until=290), "SIG-LOST") == [
        "214 raised SIG-LOST low",
        "280 upgraded SIG-LOST medium",
    ]


@pytest.mark.parametrize(
    ("read_s", "lost_s", "raised_s"), [(1_243, 1_230, 1_253), (1_321, 1_308, 1_322)]
)
def test_without_a_tap_it_began_with_the_prompt(read_s: int, lost_s: int, raised_s: int) -> None:
    """The prompt came at 1200 s: a reading within 120 s of it holds the 10 s after it."""
    line = Timeline(same_arm=True).alone(PromptKind.CUFF).at(lost_s).spo2(None)
    line.at(read_s).bp(120, 80)
    assert only(line.story(until=1_330), "SIG-LOST")[:1] == [f"{raised_s} raised SIG-LOST low"]


def test_a_tap_that_is_long_ago_holds_no_longer_through_its_reading() -> None:
    """At most 60 s from the tap, and the other arm never."""
    line = Timeline(same_arm=True).alone(PromptKind.CUFF).at(1_210).cuff_started()
    line.at(1_290).spo2(None).at(1_300).bp(120, 80)
    assert only(line.story(until=1_310), "SIG-LOST") == ["1304 raised SIG-LOST low"]
    line = Timeline().alone(PromptKind.CUFF).at(1_230).spo2(None).at(1_243).bp(120, 80)
    assert only(line.story(until=1_250), "SIG-LOST") == ["1244 raised SIG-LOST low"]
