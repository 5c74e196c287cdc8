"""Each oxygen row of the default plan: at which sample it fires, when it is silent, how it ends."""

import pytest

from monitor.effects import PromptKind
from monitor.patient import Health
from tests.timeline import LIMITS, WELL, Timeline, between


def from_93() -> Timeline:
    """Return a session whose SpO2 has slid to 93 without an alarm: a fall from here is no FAST."""
    return Timeline(LIMITS).at(20).spo2(95).at(120).spo2(93)


@pytest.mark.parametrize(
    ("spo2", "story"),
    [
        (92, []),
        (91.99, ["220 raised SPO2-WARN medium"]),
        (91, ["220 raised SPO2-WARN medium"]),
        (90, ["220 raised SPO2-WARN medium"]),
        (89, ["220 raised SPO2-WARN medium", "230 upgraded SPO2-LOW high/A"]),
        (88, ["220 raised SPO2-WARN medium", "230 upgraded SPO2-LOW high/A"]),
        (
            87,
            [
                "204 raised SPO2-FAST medium",
                "210 upgraded SPO2-LOW high/A",
                "220 joined SPO2-WARN high/A",
            ],
        ),
        (
            80,
            [
                "204 raised SPO2-FAST medium",
                "210 upgraded SPO2-LOW high/A",
                "220 joined SPO2-WARN high/A",
            ],
        ),
        (
            79,
            [
                "203 raised SPO2-CRIT high/A",
                "204 joined SPO2-FAST high/A",
                "210 joined SPO2-LOW high/A",
                "210 upgraded SPO2-CRIT high/E",
                "220 joined SPO2-WARN high/E",
            ],
        ),
        (45, ["203 raised SPO2-CRIT high/A", "210 upgraded SPO2-CRIT high/E"]),
    ],
)
def test_each_level_has_its_rows_at_the_exact_second(spo2: float, story: list[str]) -> None:
    """Below 88 is 87 and less; a doubtful low counts for CRIT alone; 92 is silent for ever."""
    assert from_93().at(200).spo2(spo2).story(until=300) == story


@pytest.mark.parametrize(
    ("spo2", "story"),
    [
        (92, []),
        (91.01, ["80 raised SPO2-WARN medium"]),
        (91, ["64 raised SPO2-FAST medium", "80 joined SPO2-WARN medium"]),
    ],
)
def test_a_fall_is_six_points_and_low_in_itself(spo2: float, story: list[str]) -> None:
    """SPO2-FAST needs 6 points under the median of 20-60 s ago and 91 or less, for 4 s."""
    assert Timeline(LIMITS).at(60).spo2(spo2).story(until=200) == story


def test_the_window_form_of_a_timeline() -> None:
    """What may come within a window is expected in it; nothing else comes."""
    line = from_93().at(200).spo2(86)
    line.expect(between(203, 205)).raised("SPO2-FAST")
    line.expect(between(209, 211)).upgraded("SPO2-LOW")
    line.expect(between(219, 221)).joined("SPO2-WARN").nothing()


@pytest.mark.parametrize(
    ("low", "back", "clears"),
    [
        (91, 93, []),
        (91, 94, ["330 cleared SPO2-WARN medium"]),
        (89, 91, []),
        (89, 92, ["360 latched SPO2-LOW high/A"]),
        (89, 94, ["330 cleared SPO2-WARN high/A", "360 latched SPO2-LOW high/A"]),
    ],
)
def test_rows_clear_at_their_level_for_their_time(
    low: float, back: float, clears: list[str]
) -> None:
    """WARN ends at 94 for 30 s, LOW at 92 for 60 s; LOW was high and stays until a reset."""
    line = from_93().at(200).spo2(low)
    line.story(until=299)
    assert line.spo2(back).story(until=500) == clears


def test_critical_clears_at_90_and_latches() -> None:
    """CRIT ends at 90 for 60 s; LOW and WARN go on; a reset leaves the next row present."""
    line = from_93().at(200).spo2(79)
    line.story(until=299)
    assert line.spo2(90).story(until=400) == ["360 latched SPO2-CRIT high/E"]
    assert line.reset("oxygen").story(until=401) == [
        "400 reset SPO2-CRIT high/A",
        "400 downgraded SPO2-LOW high/A",
    ]


def test_fast_clears_at_94_for_30_s() -> None:
    """93 is not enough."""
    line = Timeline(LIMITS).at(60).spo2(91).at(70).spo2(93)
    assert line.story(until=150) == ["64 raised SPO2-FAST medium"]
    assert line.spo2(94).story(until=200) == ["181 cleared SPO2-FAST medium"]


def test_no_answer_makes_critical_class_e_at_once() -> None:
    """With "blue" at the last check-in the third second is class E, not the tenth."""
    line = from_93().at(190).check("W5 B0 C2 D0 X0").at(200).spo2(79)
    other = {"SPO2-FAST", "LIPS-BLUE", "CONFLICT-OBS"}
    assert line.story(until=205, skip=other) == ["203 raised SPO2-CRIT high/E"]
    line = from_93().at(200).spo2(79).at(205).check("W5 B0 C2 D0 X0")
    assert line.story(until=207, skip=other) == [
        "203 raised SPO2-CRIT high/A",
        "205 upgraded SPO2-CRIT high/E",
    ]


def test_critical_needs_two_valid_samples() -> None:
    """One sample below 80 and then none is no CRIT; the second fires it at or after 3 s."""
    line = from_93().at(200).run("79 x*4 79")
    assert line.story(until=206, skip={"SPO2-FAST", "SPO2-LOW"}) == []
    line = from_93().at(200).run("79 x x 79")
    assert line.story(until=204, skip={"SPO2-FAST"}) == ["203 raised SPO2-CRIT high/A"]


# --- the words of a delay ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("samples", "fires"),
    [
        ("86*40", 210),
        ("86*5 97 86*40", 210),
        ("86*5 97*2 86*40", 210),
        ("86*5 97*3 86*40", 218),
        ("86*3 x*4 86*40", 210),
        ("86*2 x*7 86*40", 213),
        ("86 x*20 97*3 86*40", 234),
    ],
    ids=[
        "steady",
        "one inside does not reset it",
        "nor do two",
        "three do",
        "it runs on through invalid seconds",
        "half of the expected must be beyond",
        "three inside after a gap",
    ],
)
def test_the_delay_of_88(samples: str, fires: int) -> None:
    """The row fires on the first valid sample beyond at or after 10 s, by the rule of halves."""
    story = from_93().at(200).run(samples).story(until=245)
    assert next(line for line in story if "SPO2-LOW" in line).split()[0] == str(fires)


def test_a_steady_low_with_a_third_of_the_samples_is_not_hidden() -> None:
    """One valid sample in three: every valid one of the last 60 s is beyond, so it fires."""
    line = from_93().at(200).run("86 x x " * 30)
    story = line.story(until=291, skip={"SIG-BAD"})
    assert story == [
        "260 raised SPO2-WARN medium",
        "260 upgraded SPO2-LOW high/A",
    ]


def test_a_gap_restarts_a_clear_time() -> None:
    """25 s at 97, 12 s without a valid sample, then it begins again; a shorter gap does not."""
    long = from_93().at(200).spo2(91).at(300).run("97*25 x*12 97*40").story(until=377)
    short = from_93().at(200).spo2(91).at(300).run("97*25 x*8 97*40").story(until=373)
    assert (long, short) == (
        ["220 raised SPO2-WARN medium", "367 cleared SPO2-WARN medium"],
        ["220 raised SPO2-WARN medium", "333 cleared SPO2-WARN medium"],
    )


def test_a_minute_of_silence_restarts_a_clear_time() -> None:
    """The silence is no interval of the device: 97 before and after it are not one time."""
    line = from_93().at(200).spo2(91).at(300).run("97*25").at(325).silence().at(445).spo2(97)
    story = [x for x in line.story(until=500) if "SPO2" in x]
    assert story == ["220 raised SPO2-WARN medium", "475 cleared SPO2-WARN medium"]


def test_doubtful_lows_restart_a_clear_time_and_never_end_a_row() -> None:
    """45 % between good samples: the clear time begins again after it."""
    line = from_93().at(200).spo2(91).at(300).run("97*25 45 97*40")
    assert line.story(until=366) == [
        "220 raised SPO2-WARN medium",
        "356 cleared SPO2-WARN medium",
    ]


def test_what_is_not_valid_clears_nothing() -> None:
    """Unknown never clears: a lost signal leaves the oxygen alarm as it is."""
    line = from_93().at(200).spo2(86)
    line.story(until=230)
    line.spo2(None)
    assert [x for x in line.story(until=600) if "SPO2" in x] == []


def test_the_same_low_within_minutes_comes_back_as_a_return() -> None:
    """A row that cleared and comes again is raised again, and said to be a return."""
    line = from_93().at(200).spo2(91).at(230).spo2(95).at(300).spo2(91)
    assert line.story(until=330) == [
        "220 raised SPO2-WARN medium",
        "260 cleared SPO2-WARN medium",
        "320 raised SPO2-WARN medium",
        "320 repeated SPO2-WARN medium",
    ]


def test_a_low_baseline_lowers_the_clearing_level() -> None:
    """It is never above max(limit +1, baseline -1): a baseline of 93 ends WARN at 93."""
    line = Timeline(LIMITS, dosed=False)
    line.engine.chart.health = Health(usual_oxygen_pct=93)
    line.spo2(93).at(-300).bp(120, 80).at(-240).bp(120, 80).gate().at(0).dose()
    line.at(200).spo2(91).at(300).spo2(93)
    assert line.story(until=400) == [
        "220 raised SPO2-WARN medium",
        "330 cleared SPO2-WARN medium",
    ]


# --- SED-COMBO --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spo2", "codes", "fires"),
    [
        (97, "W3 B0 C0 D0 X0", []),
        (94, "W3 B0 C0 D0 X0", []),
        (93.99, "W3 B0 C0 D0 X0", ["210 upgraded SED-COMBO high/A"]),
        (93.5, "W3 B0 C0 D0 X0", ["210 upgraded SED-COMBO high/A"]),
        (91.5, "W3 B0 C0 D0 X0", ["210 upgraded SED-COMBO high/A"]),
        (93, "W4 B0 C0 D0 X0", []),
        (97, "W3 B1 C0 D0 X0", ["190 upgraded SED-COMBO high/A"]),
        (97, "W3 B2 C0 D0 X0", ["190 upgraded SED-COMBO high/A"]),
        (97, "W4 B1 C0 D0 X0", []),
    ],
)
def test_sedated_and_short_of_oxygen(spo2: float, codes: str, fires: list[str]) -> None:
    """Each criterion by itself, with a rating of 3; none with a rating of 4."""
    line = Timeline(LIMITS).at(190).check(codes).at(200).spo2(spo2)
    story = line.story(until=215)
    assert [x for x in story if "SED-COMBO" in x] == fires


def test_a_fall_of_four_from_a_high_baseline() -> None:
    """Baseline 99: 95 is 4 under it and fires; 96 does not."""
    for spo2, fires in ((96, []), (95, ["210 upgraded SED-COMBO high/A"])):
        line = Timeline(LIMITS, dosed=False).spo2(99)
        line.at(-300).bp(120, 80).at(-240).bp(120, 80).gate().at(0).dose()
        line.at(190).check("W3 B0 C0 D0 X0").at(200).spo2(spo2)
        assert [x for x in line.story(until=250) if "SED-COMBO" in x] == fires


def test_sed_combo_ends_when_awake_and_stays_latched() -> None:
    """A rating of 4 ends the condition at once; it was high, so a person resets it."""
    line = (
        Timeline(LIMITS).alone(PromptKind.CHECK_IN).at(190).check("W3 B0 C0 D0 X0").at(200).spo2(93)
    )
    line.story(until=220)
    assert line.check("W4 B0 C0 D0 X0").story(until=221) == ["220 latched SED-COMBO high/A"]
    assert line.at(280).check(WELL).story(until=281) == ["280 cleared SED-2 high/A"]
    assert line.reset("sedation").story(until=282) == ["281 reset SED-COMBO high/A"]
