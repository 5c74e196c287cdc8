"""What a device sends that cannot be: rejected, and said the second time."""

import pytest

from devices.observation import Flag
from monitor import views
from monitor.effects import PromptKind
from monitor.events import DeviceStatus
from tests.timeline import Timeline, only


@pytest.mark.parametrize(
    "reading", [(300, 90, 70), (120, 20, 70), (120, 106, 70), (90, 95, 70), (120, 80, 0)]
)
def test_the_second_implausible_reading_is_said(reading: tuple[int, int, int]) -> None:
    """The first is rejected in silence on the wall, the second within 10 min raises IMPLAUSIBLE.

    Neither is a reading: the cuff has then failed twice.
    """
    line = Timeline().at(100).alone(PromptKind.CUFF).at(200).bp(*reading)
    assert line.story(until=201) == []
    assert line.at(260).bp(*reading).story(until=261) == [
        "260 raised IMPLAUSIBLE low",
        "260 raised CUFF-FAIL low",
    ]
    assert line.at(400).bp(120, 80).story(until=401) == [
        "320 cleared IMPLAUSIBLE low",
        "400 cleared CUFF-FAIL low",
    ]


# --- links, batteries, clocks ---------------------------------------------------------------------


def test_a_lost_link_of_the_oximeter_is_one_more_cause_of_no_signal() -> None:
    """Low at 15 s, medium at 60 s, in the alarm that the silence has opened; over with the link."""
    line = Timeline().at(100).silence()
    line.send(DeviceStatus(at_ms=line.now_ms, device="ox", online=False, reason="out of range"))
    assert line.story(until=161, skip={"SIG-LOST", "SIG-BAD", "SIG-LOST+"}) == [
        "109 raised STALE low",
        "115 joined BLE-DOWN low",
        "144 joined STALE medium",
        "160 joined BLE-DOWN medium",
    ]
    line.send(DeviceStatus(at_ms=line.now_ms, device="ox", online=True))
    assert only(line.story(until=162), "BLE-DOWN") == ["161 cleared BLE-DOWN medium"]


@pytest.mark.parametrize(("away_s", "story"), [(14.999, []), (15, ["115 raised LINK-DOWN low"])])
def test_a_link_that_is_back_at_once_is_no_news(away_s: float, story: list[str]) -> None:
    """Of a cuff; the oximeter's own is judged by the same time."""
    for device, row in (("cuff", "LINK-DOWN"), ("ox", "BLE-DOWN")):
        line = Timeline().at(100)
        line.send(DeviceStatus(at_ms=line.now_ms, device=device, online=False))
        line.at(100 + away_s)
        line.send(DeviceStatus(at_ms=line.now_ms, device=device, online=True))
        got = [one for one in line.story(until=200) if "raised" in one]
        assert got == [one.replace("LINK-DOWN", row) for one in story]


@pytest.mark.parametrize(
    ("battery_pct", "story"),
    [
        (20, []),
        (19, ["100 raised BATT low"]),
        (10, ["100 raised BATT low"]),
        (9, ["100 raised BATT low", "100 upgraded BATT+ medium"]),
        (None, []),
    ],
)
def test_a_battery_by_what_the_device_says(battery_pct: int | None, story: list[str]) -> None:
    """Below 20 % low, below 10 % medium; not told is not known. A full one ends both."""
    line = Timeline().at(100)
    for percent in (battery_pct, 20):
        line.send(DeviceStatus(at_ms=line.now_ms, device="cuff", online=True, battery_pct=percent))
        got = line.story(until=line.now_s + 1)
        assert (percent == 20 and battery_pct != 20) or got == story
    assert line.engine.alarms.book.open == {}


def test_a_battery_by_a_flag() -> None:
    """From the first reading that says so to the first that does not."""
    line = Timeline().at(100).flags(Flag.LOW_BATTERY)
    assert line.story(until=101) == ["100 raised BATT low"]
    assert line.flags().story(until=103) == ["102 cleared BATT low"]


def test_one_full_battery_hides_no_empty_one() -> None:
    """Each device is a cause of its own."""
    line = Timeline().at(100)
    for device, percent in (("ox", 15), ("cuff", 90)):
        line.send(DeviceStatus(at_ms=line.now_ms, device=device, online=True, battery_pct=percent))
    assert line.story(until=101) == ["100 raised BATT low"]


# --- who is right ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counted", "fires"),
    [(85, False), (86, True), (58, True), (59, False)],
)
@pytest.mark.parametrize("by", ["cuff", "wrist"])
def test_two_pulses_that_differ(by: str, counted: int, fires: bool) -> None:
    """More than 15, or more than 20 % of what was counted, from the clip's 70; told 15 s later."""
    line = Timeline().at(1000)
    if by == "cuff":
        line.bp(120, 80, counted)
    else:
        line.counted(counted)
    assert line.story(until=1016) == (["1015 raised CONFLICT-PR low"] if fires else [])


def test_pulses_that_agree_again_end_it() -> None:
    """The next witness decides."""
    line = Timeline().at(1000).counted(100).at(1060).counted(72)
    assert line.story(until=1080) == [
        "1015 raised CONFLICT-PR low",
        "1075 cleared CONFLICT-PR low",
    ]


@pytest.mark.parametrize(
    ("codes", "row", "conflict"),
    [
        ("W0", "SED-4", "CONFLICT-ANSWER"),
        ("W5 B3", "RR-NONE", "CONFLICT-OBS"),
        ("W5 B0 C2", "LIPS-BLUE", "CONFLICT-OBS"),
    ],
)
@pytest.mark.parametrize(("spo2", "fires"), [(92, True), (91, False)])
def test_the_observer_wins_against_a_normal_number(
    codes: str, row: str, conflict: str, spo2: int, fires: bool
) -> None:
    """One alarm with the row of what was seen; a number that is low agrees with the eyes."""
    line = Timeline().at(100).spo2(spo2).at(105).check(codes)
    both = [f"105 raised {row} high/E", f"105 joined {conflict} high/E"]
    assert line.story(until=106, skip={"SPO2-FAST"}) == both[: 1 + fires]


# --- whose finger ---------------------------------------------------------------------------------


def swap(line: Timeline) -> Timeline:
    """The clip is out for 6 s and then on a finger with another pulse."""
    return line.flags(Flag.FINGER_OUT).at(line.now_s + 6).spo2(98, 95)


def test_a_clip_that_was_away_is_asked_about() -> None:
    """Low, medium when nobody answers for 2 min, over with the answer; the check-in asks for it."""
    line = swap(Timeline().at(1000)).alone()
    assert only(line.story(until=1131), "ID-CHECK") == [
        "1010 raised ID-CHECK low",
        "1130 upgraded ID-CHECK medium",
    ]
    asks = views.check_in(line.engine, line.now_ms).ask
    line.check("W5 B0 C0 D0 X0 F0")
    assert only(line.story(until=1132), "ID-CHECK") == ["1131 cleared ID-CHECK medium"]
    after = views.check_in(line.engine, line.now_ms).ask
    assert ("clip" in asks, "clip" in after) == (True, False)


def test_a_wrong_answer_about_the_clip_is_withdrawn() -> None:
    """A corrected check-in puts back what was known of it before."""
    line = swap(Timeline().at(1000)).alone().at(1020).check("W5 B0 C0 D0 X0 F1")
    line.at(1030).correct("W5 B0 C0 D0 X0")
    chart = line.engine.chart
    assert (chart.clip, chart.clip_ms) == (None, None)
