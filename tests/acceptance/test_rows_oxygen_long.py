"""Oxygen rows that look at minutes: added up, far from the baseline, dipping, on the way down."""

import pytest

from tests.timeline import Timeline, only


def dips(low: float, length_s: int, number: int, *, back: float = 97) -> Timeline:
    """Return a session with dips of this depth and length, one a minute from 100 s on."""
    line = Timeline()
    for start_s in range(100, 100 + 60 * number, 60):
        line.at(start_s).spo2(low).at(start_s + length_s).spo2(back)
    return line


@pytest.mark.parametrize(
    ("low", "length_s", "story"),
    [
        (90, 20, []),
        (89, 12, []),
        # The 121st second is the first of the seventh dip; 29 are left when 470 has gone.
        (89, 20, ["460 upgraded SPO2-CUM high/A", "1070 latched SPO2-CUM high/A"]),
        (45, 20, []),
    ],
)
def test_short_dips_add_up(low: float, length_s: int, story: list[str]) -> None:
    """More than 120 s below 90 within 10 min; 90 is not below, and a doubtful low is CRIT's."""
    line = dips(low, length_s, 8)
    assert only(line.story(until=1_200), "SPO2-CUM") == story


def test_what_was_not_seen_does_not_count_as_low_and_clears_nothing() -> None:
    """Silence: no second is added, and an empty window is no reason to be calm."""
    line = dips(89, 20, 7).at(481).silence().at(1_300).spo2(97)
    story = only(line.story(until=1_700), "SPO2-CUM")
    # Half of the last 10 min were seen for the first time with the 300th sample after the silence.
    assert story == ["460 upgraded SPO2-CUM high/A", "1599 latched SPO2-CUM high/A"]


@pytest.mark.parametrize(
    ("spo2", "story"),
    [
        (94, []),
        (93.99, []),
        (93, ["150 raised SPO2-DROP low", "300 cleared SPO2-DROP low"]),
        (
            # Two steps in a minute are a fall of their own (SPO2-TREND) until 278.
            92,
            [
                "150 raised SPO2-DROP low",
                "278 downgraded SPO2-DROP low",
                "300 cleared SPO2-DROP low",
            ],
        ),
        (
            91,
            [
                "150 joined SPO2-DROP medium",
                "150 joined SPO2-DROP2 medium",
                "300 cleared SPO2-DROP medium",
                "300 cleared SPO2-DROP2 medium",
            ],
        ),
    ],
)
def test_far_under_the_value_before_the_dose(spo2: float, story: list[str]) -> None:
    """97 before: 4 under and less than 94 is a drop, 6 under and 92 or less a second one."""
    line = Timeline().at(60).spo2(95).at(120).spo2(spo2).at(300).spo2(97)
    assert only(line.story(until=400), "SPO2-DROP", "SPO2-DROP2") == story


def test_a_drop_from_a_high_baseline_needs_its_floor() -> None:
    """An oximeter that reads 100: 94 is 6 under and no alarm; each row ends at its own level."""
    line = Timeline(dosed=False).spo2(100).at(-300).bp(120, 80).at(-240).bp(120, 80).gate()
    line.at(0).dose().at(60).spo2(94).at(120).spo2(92).at(200).spo2(96).at(220).spo2(97)
    line.at(240).spo2(98)
    assert only(line.story(until=300), "SPO2-DROP", "SPO2-DROP2") == [
        "150 raised SPO2-DROP low",
        "150 upgraded SPO2-DROP2 medium",
        "220 cleared SPO2-DROP2 medium",
        "240 cleared SPO2-DROP medium",
    ]


@pytest.mark.parametrize(
    ("low", "length_s", "number", "story"),
    [
        (93, 15, 4, []),
        (92, 15, 2, []),
        (92, 9, 4, []),
        # The third dip ends at 235 s, the last one at 295 s: none in the 10 min after it.
        (92, 15, 3, ["235 raised SPO2-ODI medium", "835 cleared SPO2-ODI medium"]),
        (92, 15, 4, ["235 raised SPO2-ODI medium", "895 cleared SPO2-ODI medium"]),
    ],
)
def test_dips_are_counted_from_their_ends(
    low: float, length_s: int, number: int, story: list[str]
) -> None:
    """Three in 10 min, each to 92 or less and 10 s or longer."""
    line = dips(low, length_s, number)
    assert only(line.story(until=1_000), "SPO2-ODI") == story


def test_dips_that_are_too_long_or_do_not_come_back_are_none() -> None:
    """More than 90 s is for the limits; two points of five made good are no way back."""
    line = Timeline()
    for start_s in (300, 500, 700):
        line.at(start_s).spo2(92).at(start_s + 50).spo2(94).at(start_s + 92).spo2(97)
    assert only(line.story(until=900), "SPO2-ODI") == []
    line = Timeline()
    for start_s in (300, 500, 700):
        line.at(start_s).spo2(91).at(start_s + 60).spo2(97)
    assert only(line.story(until=900), "SPO2-ODI") == ["760 joined SPO2-ODI medium"]


def slide(per_min: float, lowest: int, start_s: int = 100) -> Timeline:
    """Return a session whose SpO2 slides from 97 in steps of whole points."""
    line = Timeline()
    for points in range(1, 97 - lowest + 1):
        line.at(start_s + round(points * 60 / per_min)).spo2(97 - points)
    return line


def test_a_steady_fall_is_told_before_its_limit() -> None:
    """A point each 40 s, at 92 since 300 s: foreseen 30 s before the warning, over when flat."""
    story = only(slide(1.5, 90).story(until=800), "SPO2-TREND", "SPO2-WARN")
    assert story == [
        "330 upgraded SPO2-TREND medium",
        "360 joined SPO2-WARN medium",
        "528 cleared SPO2-TREND medium",
    ]


@pytest.mark.parametrize(
    ("per_min", "lowest"), [(1.0, 93), (1.5, 95), (3.0, 95)], ids=["slow", "high", "short"]
)
def test_a_slow_fall_and_one_that_stays_high_are_not_foreseen(per_min: float, lowest: int) -> None:
    """Less than 1.2 a minute, or never 94 or less."""
    assert only(slide(per_min, lowest).story(until=900), "SPO2-TREND") == []
