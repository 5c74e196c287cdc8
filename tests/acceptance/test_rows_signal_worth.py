"""What the signal is worth: weak, frozen, moved all the time."""

import pytest

from devices.observation import Flag
from tests.timeline import Timeline, only

FINE = (3.0, 3.1)


@pytest.mark.parametrize(
    ("percent", "story"),
    [
        (0.3, []),
        (0.29, ["160 raised PI-LOW low", "220 cleared PI-LOW low"]),
        (0.2, ["160 raised PI-LOW low", "220 cleared PI-LOW low"]),
    ],
)
def test_a_weak_signal(percent: float, story: list[str]) -> None:
    """Below 0.3 % for a minute; 0.49 is not enough, 0.5 is."""
    line = Timeline().pi(*FINE).at(100).pi(percent, percent).at(200).pi(0.4, 0.49)
    assert only(line.at(220).pi(0.5, 0.51).story(until=230), "PI-LOW") == story


def test_too_weak_to_be_used_is_weak_too() -> None:
    """0.1 %: no value is valid, the cause is named beside the lost signal."""
    story = Timeline().pi(*FINE).at(100).pi(0.1, 0.12).story(until=170)
    assert story == [
        "114 raised SIG-LOST low",
        "130 joined SIG-BAD low",
        "144 upgraded SIG-LOST medium",
        "160 joined PI-LOW medium",
    ]


def test_a_clip_in_the_air_says_nothing_of_a_finger() -> None:
    """Off the finger the index is none."""
    line = Timeline().pi(*FINE).at(100).pi(0.0, 0.01).flags(Flag.FINGER_OUT)
    assert only(line.story(until=300), "PI-LOW", "FROZEN") == []


def test_the_cuff_on_the_same_arm_holds_the_weak_signal() -> None:
    """A minute of inflation is no weak signal; what stays after it is."""
    line = Timeline(same_arm=True).pi(*FINE).at(100).pi(0.28, 0.29).at(120).cuff_started()
    assert only(line.story(until=179), "PI-LOW") == []
    assert only(line.story(until=200), "PI-LOW") == ["180 raised PI-LOW low"]


def test_frozen_values() -> None:
    """All three the same for 60 s, then 120 s; any change ends it, silence does not."""
    line = Timeline().pi(*FINE).at(100).pi(3.05).at(300).pi(*FINE)
    assert line.story(until=310) == [
        "160 raised FROZEN low",
        "220 upgraded FROZEN medium",
        "300 cleared FROZEN medium",
    ]
    line = Timeline().pi(*FINE).at(100).pi(3.05).at(161).silence().at(175).spo2(97).at(230)
    assert only(line.story(until=234), "FROZEN") == ["160 raised FROZEN low"]
    assert only(line.story(until=300), "FROZEN") == ["295 upgraded FROZEN medium"]


def test_without_a_perfusion_index_nobody_can_tell() -> None:
    """97 and 70 for ever are normal."""
    assert Timeline().story(until=600) == []


def test_a_frozen_signal_during_an_inflation_waits() -> None:
    """Held on the same arm, for a minute at most."""
    line = Timeline(same_arm=True).pi(*FINE).at(100).pi(3.05).at(150).cuff_started()
    assert only(line.story(until=260), "FROZEN") == [
        "210 raised FROZEN low",
        "220 upgraded FROZEN medium",
    ]


def moving(start_s: int, length_s: int) -> Timeline:
    """Return a session that ran on to the motion; the values come without it."""
    return Timeline().at(start_s).flags(Flag.MOTION).at(start_s + length_s).flags()


def test_a_minute_of_motion_in_the_peak() -> None:
    """The companion looks; over after 10 s without."""
    assert only(moving(1_300, 100).story(until=1_420), "MOTION") == [
        "1360 raised MOTION low",
        "1410 cleared MOTION low",
    ]
    assert only(moving(1_300, 60).story(until=1_420), "MOTION") == []


def test_motion_before_the_peak_counts_from_its_beginning() -> None:
    """ONSET ends at 20 min: a minute later the row is there."""
    line = moving(1_100, 300)
    assert only(line.story(until=1_450), "MOTION") == [
        "1260 raised MOTION low",
        "1410 cleared MOTION low",
    ]
