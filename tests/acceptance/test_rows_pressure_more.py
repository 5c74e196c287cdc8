"""Pressures beside their own limits: rises, trends, means, signs, standing up, and the data."""

import msgspec
import pytest

from monitor.effects import Prompted, PromptKind
from monitor.plan import Plan
from tests.timeline import DEFAULT, Timeline, only

MINUTE = 60


def with_rows(*rows: str) -> Plan:
    """Return the default plan with these rows only."""
    return msgspec.structs.replace(DEFAULT, rows=tuple(r for r in DEFAULT.rows if r.id in rows))


def session(*rows: str) -> Timeline:
    """Return a session at T+100 s with these rows, whose people start no cuff by themselves."""
    line = Timeline(with_rows(*rows)).at(100).alone(PromptKind.CUFF)
    # What the gate asked for is not what a row asks for.
    line.effects.clear()
    return line


def read(line: Timeline, first_s: int, *readings: tuple[float, float]) -> list[str]:
    """Readings a minute apart from `first_s` on; return the story until a second after them."""
    for index, pair in enumerate(readings):
        line.at(first_s + MINUTE * index).bp(*pair)
    return line.story(until=first_s + MINUTE * (len(readings) - 1) + 1)


# --- relative to the readings of before the dose (120/80) -----------------------------------------


@pytest.mark.parametrize(
    ("row", "readings", "story"),
    [
        ("BP-RISE1", [(149, 99)], []),
        ("BP-RISE1", [(150, 80)], ["200 raised BP-RISE1 low"]),
        ("BP-RISE1", [(120, 100)], ["200 raised BP-RISE1 low"]),
        (
            "BP-RISE1",
            [(152, 80), (148, 80)],
            ["200 raised BP-RISE1 low", "260 joined BP-RISE1 low"],
        ),
        (
            "BP-RISE1",
            [(151, 80), (148, 80)],
            ["200 raised BP-RISE1 low", "260 cleared BP-RISE1 low"],
        ),
        (
            "BP-RISE2",
            [(160, 80), (160, 80)],
            ["200 raised BP-RISE2 low", "260 upgraded BP-RISE2 medium"],
        ),
        (
            "BP-RISE2",
            [(135, 106), (135, 102)],
            ["200 raised BP-RISE2 low", "260 cleared BP-RISE2 low"],
        ),
        ("BP-LOW1", [(100, 70)], []),
        (
            "BP-LOW1",
            [(99, 70), (99, 70)],
            ["200 raised BP-LOW1 low", "260 joined BP-LOW1 low"],
        ),
    ],
)
def test_rows_that_lean_on_the_readings_before_the_dose(
    row: str, readings: list[tuple[float, float]], story: list[str]
) -> None:
    """At the very distance; confirmed by the mean, and by a second that is not far inside."""
    assert read(session(row), 200, *readings) == story


@pytest.mark.parametrize(
    ("row", "high", "stays", "ends"),
    [
        ("BP-RISE1", (155, 80), (140, 80), (139, 94)),
        ("BP-RISE2", (165, 80), (150, 80), (149, 99)),
        ("BP-LOW1", (95, 60), (104, 60), (105, 60)),
    ],
)
def test_one_reading_ends_them(
    row: str, high: tuple[int, int], stays: tuple[int, int], ends: tuple[int, int]
) -> None:
    """At the clearing level, without a second one."""
    line = session(row)
    read(line, 200, high, high)
    assert read(line, 500, stays) == []
    assert [one.split()[:3] for one in read(line, 800, ends)] == [["800", "cleared", row]]


def test_a_low_pressure_that_was_low_before_is_no_fall() -> None:
    """Baseline 110: 95 is under 100 and only 15 lower; 90 is 20 lower."""
    line = Timeline(with_rows("BP-LOW1"), dosed=False)
    line.at(-500).bp(110, 70).at(-440).bp(110, 70).gate().at(0).dose().alone(PromptKind.CUFF)
    assert read(line, 200, (95, 60)) == []
    assert read(line, 800, (90, 60)) == ["800 raised BP-LOW1 low"]


def test_without_readings_before_the_dose_they_are_off_and_said_so() -> None:
    """No baseline, no row: NO-BASELINE says it, the rows are named."""
    line = Timeline(with_rows("BP-RISE1", "BP-LOW1", "NO-BASELINE"), dosed=False)
    line.gate().at(0).dose().alone(PromptKind.CUFF)
    assert read(line, 200, (190, 110), (190, 110)) == ["0 raised NO-BASELINE low"]


# --- after two hours ------------------------------------------------------------------------------


def test_a_pressure_that_is_still_raised_after_two_hours() -> None:
    """Only readings from T+120 min on count, and only more than 20 over the baseline."""
    line = session("BP-LATE")
    assert read(line, 119 * MINUTE, (165, 80)) == []
    assert read(line, 120 * MINUTE, (159, 80)) == []
    assert read(line, 131 * MINUTE, (160, 80), (160, 80)) == [
        "7860 raised BP-LATE low",
        "7920 upgraded BP-LATE medium",
    ]
    assert read(line, 142 * MINUTE, (156, 80)) == []
    assert read(line, 153 * MINUTE, (154, 94)) == ["9180 cleared BP-LATE medium"]


def test_a_raised_pressure_of_before_is_no_late_rise() -> None:
    """Baseline 145/85: 165 is 20 over it, 166 more; back at 165/95 is back at what it was."""
    line = Timeline(with_rows("BP-LATE"), dosed=False)
    line.at(-500).bp(145, 85).at(-440).bp(145, 85).gate().at(0).dose().alone(PromptKind.CUFF)
    assert read(line, 121 * MINUTE, (165, 95)) == []
    assert read(line, 132 * MINUTE, (166, 95), (166, 95))[-1] == "7980 upgraded BP-LATE medium"
    assert read(line, 143 * MINUTE, (165, 96)) == []
    assert read(line, 154 * MINUTE, (165, 95)) == ["9240 cleared BP-LATE medium"]


# --- a trend --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "values", "fires"),
    [
        ((20, 30, 40), (130, 140, 150), True),
        ((20, 30, 40), (129, 139, 149), False),
        ((20, 30, 40), (130, 141, 150), False),
        ((19, 30, 40), (130, 140, 150), False),
        ((60, 70, 80), (130, 140, 150), True),
        ((60, 70, 81), (130, 140, 150), False),
        ((20, 24, 28), (130, 140, 150), False),
        ((20, 25, 30), (130, 140, 150), True),
    ],
)
def test_two_rises_after_the_peak(
    minutes: tuple[int, ...], values: tuple[int, ...], fires: bool
) -> None:
    """Each of 10 or more, the last at 150 or more, from T+20 to T+80, at least 5 min apart."""
    line = session("BP-TREND")
    for minute, sbp in zip(minutes, values, strict=True):
        line.at(minute * MINUTE).bp(sbp, 80)
    story = line.story(until=minutes[-1] * MINUTE + 1)
    assert story == ([f"{minutes[-1] * MINUTE} raised BP-TREND low"] if fires else [])


def test_a_trend_wants_the_next_reading_in_five_minutes_and_one_fall_ends_it() -> None:
    """Each reading that has not fallen asks for another; the reason is named."""
    line = session("BP-TREND")
    for minute, sbp in ((21, 130), (31, 140), (41, 150)):
        line.at(minute * MINUTE).bp(sbp, 80)
    line.at(46 * MINUTE + 1)
    reasons = [e.reason for e in line.effects if isinstance(e, Prompted)]
    assert (line.asked(PromptKind.CUFF)[-1], reasons[-1]) == (
        (46 * MINUTE, 46 * MINUTE),
        "BP-TREND: every 5 min",
    )
    assert [x.split(" ", 1)[1] for x in read(line, 47 * MINUTE, (150, 80))] == [
        "raised BP-TREND low"
    ]
    assert read(line, 53 * MINUTE, (149, 80)) == ["3180 cleared BP-TREND low"]


# --- means, distances, the pulse over the pressure ------------------------------------------------


@pytest.mark.parametrize(
    ("row", "readings", "story"),
    [
        ("MAP-HIGH", [(149, 120)], []),
        (
            "MAP-HIGH",
            [(160, 115), (160, 115)],
            ["200 raised MAP-HIGH low", "260 upgraded MAP-HIGH medium"],
        ),
        (
            "MAP-HIGH",
            [(160, 115), (150, 109)],
            ["200 raised MAP-HIGH low", "260 cleared MAP-HIGH low"],
        ),
        ("MAP-LOW", [(99, 48)], []),
        ("MAP-LOW", [(100, 40)], []),
        (
            "MAP-LOW",
            [(85, 50), (85, 50)],
            ["200 raised MAP-LOW low", "260 upgraded MAP-LOW medium"],
        ),
        ("PP-WIDE", [(180, 80)], []),
        ("PP-WIDE", [(181, 80), (181, 80)], ["200 raised PP-WIDE low", "260 joined PP-WIDE low"]),
        ("PP-NARROW", [(120, 100)], []),
        (
            "PP-NARROW",
            [(119, 100), (124, 100)],
            ["200 raised PP-NARROW low", "260 cleared PP-NARROW low"],
        ),
        (
            "PP-NARROW",
            [(116, 100), (123, 100)],
            ["200 raised PP-NARROW low", "260 joined PP-NARROW low"],
        ),
    ],
)
def test_numbers_made_of_a_reading(
    row: str, readings: list[tuple[float, float]], story: list[str]
) -> None:
    """At the very limit; MAP-LOW only with an SBP below 100; confirmed like any other."""
    assert read(session(row), 200, *readings) == story


@pytest.mark.parametrize(
    ("row", "bad", "stays", "ends"),
    [
        ("MAP-HIGH", (160, 115), (150, 105), (149, 105)),
        ("MAP-LOW", (85, 50), (99, 55), (100, 55)),
        ("PP-WIDE", (185, 80), (175, 80), (174, 80)),
        ("PP-NARROW", (118, 100), (124, 100), (125, 100)),
    ],
)
def test_one_reading_beyond_the_limit_ends_them(
    row: str, bad: tuple[int, int], stays: tuple[int, int], ends: tuple[int, int]
) -> None:
    """MAP below 120, or 70 and more; a pulse pressure below 95, or 25 and more."""
    line = session(row)
    read(line, 200, bad, bad)
    assert read(line, 500, stays) == []
    assert [one.split()[:3] for one in read(line, 800, ends)] == [["800", "cleared", row]]


@pytest.mark.parametrize(
    ("pulse", "sbp", "fires"),
    [(99, 99, True), (98, 99, False), (100, 100, False), (120, 119, False)],
)
def test_the_pulse_over_the_pressure(pulse: int, sbp: int, fires: bool) -> None:
    """1.0 and more with an SBP below 100; the oximeter's pulse of the last minute counts."""
    line = session("BP-SHOCK").pulse(pulse)
    story = read(line, 200, (sbp, 60), (sbp, 60))
    assert story == (["200 raised BP-SHOCK low", "260 upgraded BP-SHOCK medium"] if fires else [])


@pytest.mark.parametrize(("pulse", "ends"), [(90, False), (89, True)])
def test_the_pulse_over_the_pressure_ends_below_nine_tenths(pulse: int, ends: bool) -> None:
    """0.90 is not below it."""
    line = session("BP-SHOCK").pulse(110)
    read(line, 200, (95, 60), (95, 60))
    line.at(400).pulse(pulse)
    story = read(line, 500, (100, 60))
    assert story == (["500 cleared BP-SHOCK medium"] if ends else [])


def test_without_an_oximeter_pulse_the_cuffs_own_counts_and_without_both_nothing() -> None:
    """An unknown pulse raises and ends nothing."""
    line = session("BP-SHOCK").silence()
    line.at(300).bp(95, 60, 96)
    assert line.story(until=301) == ["300 raised BP-SHOCK low"]


# --- an emergency ---------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["X1", "X2", "X3", "X4", "X5", "X6"])
@pytest.mark.parametrize("first", ["pressure", "sign"])
def test_a_single_high_pressure_and_a_sign_are_an_emergency(sign: str, first: str) -> None:
    """Class E at once, whichever comes first; it joins the sign's own alarm."""
    line = session("BP-EMERG", "SYM-EMS")
    says = f"W5 B0 C0 D0 {sign}"
    if first == "pressure":
        line.at(200).bp(160, 80).at(1000).check(says)
    else:
        line.at(500).check(says).at(1000).bp(150, 100)
    # At one instant the rows are judged in plan order, so the sign then joins.
    word = "raised" if first == "pressure" else "joined"
    assert f"1000 {word} BP-EMERG high/E" in line.story(until=1001)


@pytest.mark.parametrize("sign", ["X0", "X7", "X8", "X11", "X13"])
def test_other_signs_are_none_of_a_high_pressure(sign: str) -> None:
    """Fainting, swelling, choking and dizziness have rows of their own."""
    line = session("BP-EMERG").at(200).bp(190, 100).at(210).check(f"W5 B0 C0 D0 {sign}")
    assert line.story(until=211) == []


@pytest.mark.parametrize(
    ("pressure", "at_s", "fires"),
    [((159, 99), 210, False), ((160, 80), 1100, True), ((160, 80), 1101, False)],
)
def test_a_pressure_of_the_last_15_minutes(
    pressure: tuple[int, int], at_s: int, fires: bool
) -> None:
    """Any single one, at its very limit; an older one is of another time."""
    line = session("BP-EMERG").at(200).bp(*pressure).at(at_s).check("W5 B0 C0 D0 X3")
    assert line.story(until=at_s + 1) == ([f"{at_s} raised BP-EMERG high/E"] if fires else [])


@pytest.mark.parametrize(("later_s", "fires"), [(600, True), (601, False)])
def test_a_sign_of_the_last_10_minutes(later_s: int, fires: bool) -> None:
    """What was entered earlier is not joined."""
    line = session("BP-EMERG").at(200).check("W5 B0 C0 D0 X3")
    line.says = "W5 B0 C0 D0"
    line.at(200 + later_s).bp(165, 80)
    got = line.story(until=200 + later_s + 1)
    assert got == ([f"{200 + later_s} raised BP-EMERG high/E"] if fires else [])


def test_only_a_physician_ends_it() -> None:
    """Normal readings and clean check-ins do not; a closed emergency leaves it latched."""
    line = session("BP-EMERG").at(200).bp(170, 80).at(210).check("W5 B0 C0 D0 X1")
    line.at(300).check("W5 B0 C0 D0 X0").at(600).bp(120, 80).at(900).bp(120, 80)
    assert line.story(until=1200) == ["210 raised BP-EMERG high/E"]
    line.close_emergency()
    assert line.story(until=1201) == ["1200 latched BP-EMERG high/E"]
    line.reset("symptom")
    assert line.story(until=1300) == ["1201 reset BP-EMERG high/E"]


def test_what_was_tapped_wrong_ends_it_too() -> None:
    """A corrected check-in withdraws the sign; the alarm stays latched until a person resets it."""
    line = session("BP-EMERG").at(200).bp(170, 80).at(210).check("W5 B0 C0 D0 X1")
    line.at(230).correct("W5 B0 C0 D0 X0")
    assert line.story(until=231) == [
        "210 raised BP-EMERG high/E",
        "230 latched BP-EMERG high/E",
    ]


def test_a_second_tap_that_was_wrong_does_not_end_what_the_first_has_raised() -> None:
    """The first check-in with the sign still stands."""
    line = session("BP-EMERG").at(200).bp(170, 80).at(210).check("W5 B0 C0 D0 X1")
    line.at(300).check("W5 B0 C0 D0 X1").at(320).correct("W5 B0 C0 D0 X0")
    assert line.story(until=400) == ["210 raised BP-EMERG high/E"]


def test_after_the_emergency_only_something_new_raises_it_again() -> None:
    """The sign and the reading that were closed are no new emergency; a new reading is."""
    line = session("BP-EMERG").at(200).bp(170, 80).at(210).check("W5 B0 C0 D0 X1")
    line.says = "W5 B0 C0 D0"
    line.at(300).close_emergency()
    line.story(until=301)
    line.reset("symptom")
    assert line.story(until=400) == ["301 reset BP-EMERG high/E"]
    line.at(500).bp(165, 80)
    assert line.story(until=501)[0] == "500 raised BP-EMERG high/E"


# --- standing up ----------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["X7", "X13"])
@pytest.mark.parametrize(("sbp", "fires"), [(101, False), (100, True)])
def test_faint_on_standing_and_a_pressure_that_fell(sign: str, sbp: int, fires: bool) -> None:
    """What is said asks for a reading at once; 20 under the one before is so."""
    line = session("BP-ORTHO").at(200).bp(120, 80).at(900).check(f"W5 B0 C0 D0 {sign}")
    asked = line.asked(PromptKind.CUFF)[-1]
    line.at(960).bp(sbp, 70)
    got = line.story(until=961)
    assert (asked, got) == ((900, 900), ["960 raised BP-ORTHO low"] if fires else [])


def test_a_reading_that_is_back_ends_it() -> None:
    """Less than 20 under the reading of before."""
    line = session("BP-ORTHO").at(200).bp(120, 80).at(900).check("W5 B0 C0 D0 X13")
    line.at(960).bp(90, 60).at(1100).bp(100, 60).at(1400).bp(101, 65)
    assert line.story(until=1401) == [
        "960 raised BP-ORTHO low",
        "1400 cleared BP-ORTHO low",
    ]


@pytest.mark.parametrize(("before_s", "after_s"), [(200, 1501), (950, 1000), (-440, 3200)])
def test_readings_that_tell_nothing_about_standing_up(before_s: int, after_s: int) -> None:
    """More than 10 min after the word, both after it, or an hour after the one before."""
    line = session("BP-ORTHO")
    if before_s > 0:
        line.at(min(before_s, 890)).bp(120, 80)
    said_s = 900 if after_s < 3000 else 3100
    line.at(said_s).check("W5 B0 C0 D0 X13")
    line.says = "W5 B0 C0 D0"
    if before_s == 950:
        line.at(950).bp(118, 80)
    line.at(after_s).bp(90, 60)
    assert line.story(until=after_s + 1) == []


# --- readings that do not fit ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("later_s", "sbp", "fires"),
    [(179, 171, True), (179, 69, True), (179, 170, False), (180, 171, False)],
)
def test_two_readings_far_apart_ask_for_one_more(later_s: int, sbp: int, fires: bool) -> None:
    """More than 50 SBP within 3 min; the third decides nothing but is asked for."""
    line = session("CONFLICT-BP").at(200).bp(120, 80).at(200 + later_s).bp(sbp, 50)
    asked = [due for _, due in line.asked(PromptKind.CUFF)]
    got = line.story(until=200 + later_s + 1)
    raised = [f"{200 + later_s} raised CONFLICT-BP low"]
    assert (got, asked) == ((raised, [200 + later_s + 60]) if fires else ([], []))


def test_the_next_reading_that_fits_ends_the_conflict_and_a_failed_one_is_asked_again() -> None:
    """Near the one before it."""
    line = session("CONFLICT-BP").at(200).bp(120, 80).at(260).bp(180, 80).at(330).cuff_fails()
    assert line.asked(PromptKind.CUFF)[-1] == (330, 800)
    line.at(800).bp(178, 80)
    assert line.story(until=801) == [
        "260 raised CONFLICT-BP low",
        "800 cleared CONFLICT-BP low",
    ]


# --- one family -----------------------------------------------------------------------------------


def test_all_reasons_of_a_high_pressure_are_one_alarm() -> None:
    """Rises and means join it; what is refuted falls to the highest row that is reached."""
    line = Timeline().at(1000).alone(PromptKind.CUFF)
    line.at(1100).bp(186, 118).at(1160).bp(172, 112)
    got = only(
        line.story(until=1161),
        *("BP-WARN", "BP-HIGH", "BP-SEV", "BP-CRIT", "BP-RISE1", "BP-RISE2", "MAP-HIGH"),
    )
    assert got == [
        "1100 raised BP-WARN low",
        "1100 joined BP-HIGH low",
        "1100 joined BP-SEV low",
        "1100 joined BP-RISE1 low",
        "1100 joined BP-RISE2 low",
        "1100 joined MAP-HIGH low",
        "1160 joined BP-WARN low",
        "1160 upgraded BP-HIGH medium",
        "1160 cleared BP-SEV medium",
        "1160 joined BP-RISE1 medium",
        "1160 joined BP-RISE2 medium",
        "1160 joined MAP-HIGH medium",
    ]
