"""The patient's own check-in: asked at T+10, T+90, T+120 and at each trial, never in the peak."""

import msgspec
import pytest

from alerts.contact import Role
from monitor.effects import PromptKind, RowOff
from monitor.events import HelpCalled, MonitorDown
from monitor.plan import Stream
from tests.timeline import DEFAULT, WELL, Timeline, only

TAP = PromptKind.PATIENT_CHECK


def test_the_taps_of_a_whole_session() -> None:
    """Asked at each time that 1.4 names; answered, there is no alarm of it."""
    line = Timeline().at(7_400).trial().at(7_410)
    assert line.asked(TAP) == [(600, 600), (5_400, 5_400), (7_200, 7_200), (7_400, 7_400)]
    assert only(line.story(until=7_600), "CI-MISS-P") == []


def test_a_tap_that_does_not_come() -> None:
    """Low after 2 min, medium after 5, never more; the peak asks no more and ends it."""
    line = Timeline().alone(TAP)
    assert only(line.story(until=5_000), "CI-MISS-P") == [
        "720 raised CI-MISS-P low",
        "900 upgraded CI-MISS-P medium",
        "1200 cleared CI-MISS-P medium",
    ]


def test_the_companions_look_ends_it() -> None:
    """A check-in after the alarm, whatever it finds; nothing is left to be reset."""
    line = Timeline().alone(TAP).at(730).check("W4 B0 C0 D0 X0")
    assert only(line.story(until=5_000), "CI-MISS-P") == [
        "720 raised CI-MISS-P low",
        "730 cleared CI-MISS-P low",
    ]


def test_a_look_from_before_ends_nothing() -> None:
    """The companion's own check-in of T+10 is no answer of the patient."""
    line = Timeline().alone(TAP, PromptKind.CHECK_IN).at(700).check(WELL)
    assert only(line.story(until=721), "CI-MISS-P") == ["720 raised CI-MISS-P low"]


def test_a_late_tap_ends_it_too() -> None:
    """What was missing is there."""
    line = Timeline().alone(TAP).at(910).tap()
    assert only(line.story(until=911), "CI-MISS-P") == [
        "720 raised CI-MISS-P low",
        "900 upgraded CI-MISS-P medium",
        "910 cleared CI-MISS-P medium",
    ]


def test_a_nap_at_ninety() -> None:
    """Missed at T+90, looked after, and asked again at T+120."""
    line = Timeline().at(5_000).alone(TAP)
    line.at(5_550).check("W4 B0 C0 D0 X0").at(7_100).check(WELL)
    assert only(line.story(until=7_330), "CI-MISS-P") == [
        "5520 raised CI-MISS-P low",
        "5550 cleared CI-MISS-P low",
        "7320 raised CI-MISS-P low",
    ]


def test_a_trial_without_a_tap() -> None:
    """Each trial asks; two minutes later the companion is sent to look."""
    line = Timeline().at(7_400).alone(TAP).trial()
    assert only(line.story(until=7_521), "CI-MISS-P") == ["7520 raised CI-MISS-P low"]


def test_nothing_is_asked_in_an_emergency() -> None:
    """Help called at T+11 ends what was due; closed at T+15, the tap of T+10 is not asked again."""
    line = Timeline().alone(TAP).at(660)
    line.send(HelpCalled(at_ms=line.now_ms, by="ann", role=Role.COMPANION))
    line.at(900).close_emergency()
    assert only(line.story(until=1_190), "CI-MISS-P") == []


def test_after_an_outage_there_is_a_minute() -> None:
    """Nobody could be asked: not before restart + 60 s."""
    line = Timeline().alone(TAP).at(590)
    line.now_ms += 200_000
    line.take(MonitorDown(at_ms=line.now_ms, down_ms=200_000))
    line._next_sample_ms = line.now_ms
    assert only(line.story(until=851), "CI-MISS-P") == ["850 raised CI-MISS-P low"]


@pytest.mark.parametrize("asked", [True, False])
def test_a_plan_that_asks_for_no_tap_says_so(asked: bool) -> None:
    """The row is off, once and by name."""
    quiet = msgspec.structs.replace(DEFAULT, patient_check=Stream(required_in=()))
    line = Timeline(DEFAULT if asked else quiet)
    off = [e.why for e in line.effects if isinstance(e, RowOff) and e.row == "CI-MISS-P"]
    assert off == ([] if asked else ["the plan asks the patient for no tap"])
