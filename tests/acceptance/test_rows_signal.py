"""Loss of the oximeter: stages by time and phase, what is held, and what it takes to end."""

import pytest

from alerts.contact import Role
from devices.observation import DeviceKind, Flag
from monitor.effects import PromptKind
from monitor.events import HelpCalled, Tick
from monitor.patient import DeviceBinding
from tests.timeline import OPENED_S, WELL, Timeline, only


def unasked() -> Timeline:
    """Return a session whose companion answers no check-in: nothing is bought by one."""
    return Timeline().alone(PromptKind.CHECK_IN)


def test_lost_by_stages_in_the_risk_window() -> None:
    """The last valid sample at 199: low 15 s, medium 45 s, high 120 s after it; the share at 30."""
    story = unasked().at(200).spo2(None).story(until=330)
    assert story == [
        "214 raised SIG-LOST low",
        "230 joined SIG-BAD low",
        "244 upgraded SIG-LOST medium",
        "319 upgraded SIG-LOST high/A",
    ]


@pytest.mark.parametrize(("back_s", "ends"), [(209, []), (210, ["220 cleared SIG-LOST low"])])
def test_lost_ends_after_10_valid_seconds(back_s: int, ends: list[str]) -> None:
    """Not at the first valid sample: the tenth second of valid ones ends it."""
    line = Timeline().at(190).spo2(None).at(210).spo2(97)
    line.at(back_s + 10)
    assert only(line.story(until=back_s + 10), "SIG-LOST") == ["204 raised SIG-LOST low", *ends]


def test_lost_stays_latched_from_high_only() -> None:
    """A medium loss clears itself; a high one waits for a person."""
    medium = unasked().at(200).spo2(None).at(300).spo2(97).story(until=400)
    high = unasked().at(200).spo2(None).at(330).spo2(97).story(until=400)
    assert only(medium, "SIG-LOST")[-1] == "310 cleared SIG-LOST low"
    assert only(high, "SIG-LOST")[-1] == "340 latched SIG-LOST high/A"


@pytest.mark.parametrize(
    ("start_s", "high"),
    [
        (-100, False),
        (300, True),
        (1_300, True),
        (4_600, True),
        (7_300, False),
    ],
    ids=["gate", "onset", "peak", "offset", "recovery"],
)
def test_lost_is_high_only_in_the_risk_window(start_s: int, high: bool) -> None:
    """At the gate and in recovery a loss stays medium."""
    line = Timeline(dosed=start_s > 0).at(start_s)
    line.story(until=start_s)
    story = only(line.at(start_s + 0.5).spo2(None).story(until=start_s + 600), "SIG-LOST")
    got = [x.split(" ", 1)[1] for x in story]
    expected = ["raised SIG-LOST low", "upgraded SIG-LOST medium", "upgraded SIG-LOST high/A"]
    assert got == expected[: 3 if high else 2]


def test_lost_is_high_in_an_emergency_too() -> None:
    """Help was called: the phase is EMERGENCY and the loss still becomes high after 120 s."""
    line = unasked().at(100)
    line.send(HelpCalled(at_ms=line.now_ms, by="ann", role=Role.COMPANION))
    line.at(200).spo2(None)
    assert only(line.story(until=330), "SIG-LOST")[-1] == "319 upgraded SIG-LOST high/A"


def test_a_quiet_check_in_buys_300_s_once() -> None:
    """Entered since the loss it moves the high stage to 300 s; a second one moves nothing more."""
    line = Timeline().at(200).spo2(None).at(250).check(WELL).at(400).check(WELL)
    assert only(line.story(until=600), "SIG-LOST")[-1] == "499 upgraded SIG-LOST high/A"


def test_a_quiet_check_in_before_the_loss_buys_nothing() -> None:
    """It says nothing of what came after it."""
    line = unasked().at(190).check(WELL).at(200).spo2(None)
    assert only(line.story(until=330), "SIG-LOST")[-1] == "319 upgraded SIG-LOST high/A"


def test_a_corrected_quiet_check_in_buys_nothing() -> None:
    """What was tapped by mistake is withdrawn, also the time that it bought."""
    line = Timeline().at(200).spo2(None).at(250).check(WELL).at(260).correct("W5 B1 C0 D0 X0")
    assert only(line.story(until=330), "SIG-LOST")[-1] == "319 upgraded SIG-LOST high/A"


@pytest.mark.parametrize(
    ("samples", "fires"), [("97*6 91*4", False), ("97*5 91*5", True), ("97*5 45*5", True)]
)
def test_lost_while_falling(samples: str, fires: bool) -> None:
    """At least 5 of the last 10 valid samples below 92: high after 10 s, even at the gate."""
    line = Timeline(dosed=False).at(-100)
    line.run(samples).spo2(None)
    assert only(line.story(until=-75), "SIG-LOST+") == (
        ["-81 raised SIG-LOST+ high/A"] if fires else []
    )


@pytest.mark.parametrize(
    ("codes", "story"),
    [
        (
            "W3 B0 C0 D0 X0",
            ["209 raised SIG-LOST-SED medium", "244 upgraded SIG-LOST-SED high/A"],
        ),
        ("W2 B0 C0 D0 X0", ["209 raised SIG-LOST-SED high/A"]),
        ("W4 B0 C0 D0 X0", []),
    ],
)
def test_lost_in_a_sedated_patient(codes: str, story: list[str]) -> None:
    """MOAA/S 3: medium at 10 s, high at 45 s; 2 and less: high at 10 s."""
    line = Timeline().at(190).check(codes).at(200).spo2(None)
    assert only(line.story(until=260), "SIG-LOST-SED") == story


def test_a_rating_during_the_loss_sharpens_it_at_once() -> None:
    """Rated 2 after 30 s without a signal: high at that instant."""
    line = Timeline().at(200).spo2(None).at(230).check("W2 B0 C0 D0 X0")
    assert only(line.story(until=231), "SIG-LOST-SED") == ["230 upgraded SIG-LOST-SED high/A"]


# --- the clip, the link -----------------------------------------------------------------------


def test_the_clip_off_the_finger_by_stages() -> None:
    """Low 10 s, medium 45 s, high 120 s; over when the flag is gone, while SIG-LOST goes on."""
    line = unasked().at(200).flags(Flag.FINGER_OUT)
    assert only(line.story(until=330), "SENSOR-OFF") == [
        "210 raised SENSOR-OFF low",
        "245 joined SENSOR-OFF medium",
        "320 joined SENSOR-OFF high/A",
    ]
    story = line.spo2(97).story(until=345)
    assert only(story, "SENSOR-OFF", "SIG-LOST") == [
        "331 latched SENSOR-OFF high/A",
        "341 latched SIG-LOST high/A",
    ]


def test_a_short_slip_of_the_clip_hides_no_later_one() -> None:
    """3 s off, back on, and off again a minute later: the second time has its own deadline."""
    line = Timeline().at(200).flags(Flag.FINGER_OUT).at(203).spo2(97).at(263)
    line.flags(Flag.FINGER_OUT)
    assert only(line.story(until=280), "SENSOR-OFF") == ["273 raised SENSOR-OFF low"]


def test_nothing_comes_at_all() -> None:
    """STALE is low at 10 s, before SIG-LOST; it ends with the first sample, the loss does not."""
    line = unasked().at(200).silence()
    assert line.story(until=330) == [
        "209 raised STALE low",
        "214 joined SIG-LOST low",
        "230 joined SIG-BAD low",
        "244 upgraded SIG-LOST medium",
        "244 joined STALE medium",
        "319 upgraded SIG-LOST high/A",
        "319 joined STALE high/A",
    ]
    assert only(line.spo2(97).story(until=345), "STALE", "SIG-LOST") == [
        "330 latched STALE high/A",
        "340 latched SIG-LOST high/A",
    ]


def test_a_batch_of_old_samples_ends_nothing() -> None:
    """A device with a clock sends 20 s at once after a gap: only what is under 3 s late counts."""
    line = Timeline(oximeter=DeviceBinding("ox", DeviceKind.OXIMETER, interval_ms=1_000))
    wall_ms = 1_700_000_000_000

    def measured(t_s: float) -> int:
        return wall_ms + round(t_s * 1000)

    line.at(200).silence()
    for second in range(200, 220):
        line.now_ms = (OPENED_S + second) * 1000
        line.spo2(97).sample(measured(second))
    line.now_ms = (OPENED_S + 240) * 1000
    line.send(Tick(at_ms=line.now_ms))
    for second in range(220, 232):
        line.sample(measured(second))
    assert line.engine.chart.oximeter.newest_ms == (OPENED_S + 231) * 1000
    line._next_sample_ms = line.now_ms + 1_000
    assert line.silence().story(until=240) == [
        "229 raised STALE low",
        "234 joined SIG-LOST low",
        "240 cleared STALE low",
    ]


@pytest.mark.parametrize("valid", [1, 2])
def test_a_poor_signal_is_an_alarm_of_its_own(valid: int) -> None:
    """One valid sample in three: SIG-BAD within a minute; two in three are enough."""
    line = Timeline().at(200).run(("97 x x " if valid == 1 else "97 97 x ") * 40)
    story = only(line.story(until=line.now_s), "SIG-BAD")
    assert [x.split(" ", 1)[1] for x in story] == (["raised SIG-BAD low"] if valid == 1 else [])


def test_a_poor_signal_ends_when_the_half_minute_is_good() -> None:
    """80 % of 30 s valid, and the minute as a whole no longer below its share."""
    line = Timeline().at(200).run("97 x x " * 40)
    line.story(until=319)
    line.spo2(97)
    story = only(line.story(until=400), "SIG-BAD")
    assert story == ["342 cleared SIG-BAD low"]
