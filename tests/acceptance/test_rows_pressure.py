"""Each pressure row: believed after a second reading, cleared by its rule, latched when full."""

import msgspec
import pytest

from monitor.effects import PromptKind
from tests.timeline import DEFAULT, Timeline

# What a reading is beside its own limits is told in test_rows_pressure_more.py.
MORE = {
    "BP-RISE1",
    "BP-RISE2",
    "BP-TREND",
    "BP-LATE",
    "MAP-HIGH",
    "MAP-LOW",
    "BP-LOW1",
    "BP-SHOCK",
    "PP-WIDE",
    "PP-NARROW",
    "CONFLICT-BP",
}
LIMITS = msgspec.structs.replace(DEFAULT, rows=tuple(r for r in DEFAULT.rows if r.id not in MORE))


def session() -> Timeline:
    """Return a session at T+100 s whose people answer no prompt for the cuff by themselves."""
    return Timeline(LIMITS).at(100).alone(PromptKind.CUFF)


@pytest.mark.parametrize(
    ("readings", "story"),
    [
        ([(159, 99)], []),
        ([(160, 80), (160, 80)], ["0 raised BP-WARN low", "60 joined BP-WARN low"]),
        ([(120, 100), (120, 100)], ["0 raised BP-WARN low", "60 joined BP-WARN low"]),
        ([(165, 80), (155, 80)], ["0 raised BP-WARN low", "60 joined BP-WARN low"]),
        ([(166, 80), (154, 80)], ["0 raised BP-WARN low", "60 cleared BP-WARN low"]),
        ([(164, 80), (155, 80)], ["0 raised BP-WARN low", "60 cleared BP-WARN low"]),
        ([(160, 80), (120, 100)], ["0 raised BP-WARN low", "60 joined BP-WARN low"]),
        (
            [(170, 80), (172, 80)],
            [
                "0 raised BP-WARN low",
                "0 joined BP-HIGH low",
                "60 joined BP-WARN low",
                "60 upgraded BP-HIGH medium",
            ],
        ),
        (
            [(182, 80), (172, 80)],
            [
                "0 raised BP-WARN low",
                "0 joined BP-HIGH low",
                "0 joined BP-SEV low",
                "60 joined BP-WARN low",
                "60 upgraded BP-HIGH medium",
                "60 cleared BP-SEV medium",
            ],
        ),
    ],
)
def test_two_readings(readings: list[tuple[int, int]], story: list[str]) -> None:
    """Full when the mean meets the limit and the second is at most 5/4 inside it; else the next."""
    if readings == [(160, 80), (120, 100)]:
        # 40 apart: the median of three decides, not the mean of two.
        story = ["0 raised BP-WARN low"]
    line = session()
    for index, (sbp, dbp) in enumerate(readings):
        line.at(200 + 60 * index).bp(sbp, dbp)
    got = line.story(until=262)
    assert got == [f"{int(x.split()[0]) + 200} {x.split(' ', 1)[1]}" for x in story]


def test_the_second_reading_is_asked_at_once_for_a_minute_later() -> None:
    """One prompt serves all rows that want it."""
    line = session()
    line.story(until=199)
    line.at(200).bp(185, 90)
    assert line.asked(PromptKind.CUFF) == [(200, 260)]


@pytest.mark.parametrize(
    ("third", "line"),
    [
        (165, "320 joined BP-WARN low"),
        (159, "320 cleared BP-WARN low"),
        (160, "320 joined BP-WARN low"),
    ],
)
def test_two_that_differ_ask_a_third_and_the_median_decides(third: int, line: str) -> None:
    """166 and 140 are 26 apart: the median of three is the third one here."""
    session_line = session().at(200).bp(166, 80).at(260).bp(140, 80)
    assert session_line.asked(PromptKind.CUFF)[-2:] == [(200, 260), (260, 320)]
    assert session_line.at(320).bp(third, 80).story(until=321) == ["200 raised BP-WARN low", line]


def test_five_minutes_without_a_second_reading_are_full() -> None:
    """The deadline does it, at the second."""
    assert session().at(200).bp(172, 80).story(until=501) == [
        "200 raised BP-WARN low",
        "200 joined BP-HIGH low",
        "500 joined BP-WARN low",
        "500 upgraded BP-HIGH medium",
    ]


def test_two_failed_attempts_are_full_and_the_first_asks_again() -> None:
    """The first failure asks again a minute later; the second makes the row full."""
    line = session().at(200).bp(172, 80).at(262).cuff_fails()
    assert line.asked(PromptKind.CUFF)[-1] == (262, 322)
    assert line.at(325).cuff_fails().story(until=326) == [
        "200 raised BP-WARN low",
        "200 joined BP-HIGH low",
        "325 joined BP-WARN low",
        "325 upgraded BP-HIGH medium",
        "325 raised CUFF-FAIL low",
    ]


def test_a_second_reading_within_a_minute_is_no_confirmation() -> None:
    """At least 60 s apart; the one at 50 s neither confirms nor refutes."""
    line = session().at(200).bp(165, 80).at(250).bp(120, 80)
    assert line.story(until=251) == ["200 raised BP-WARN low"]
    assert line.at(260).bp(165, 80).story(until=261) == ["260 joined BP-WARN low"]


@pytest.mark.parametrize(
    ("limit", "back", "row", "ends"),
    [
        (160, (155, 80), "BP-WARN", False),
        (160, (154, 95), "BP-WARN", False),
        (160, (154, 94), "BP-WARN", True),
        (170, (165, 80), "BP-HIGH", False),
        (170, (164, 104), "BP-HIGH", True),
        (180, (175, 80), "BP-SEV", False),
        (180, (174, 109), "BP-SEV", True),
    ],
)
def test_high_rows_clear_by_two_readings(
    limit: int, back: tuple[int, int], row: str, ends: bool
) -> None:
    """Two successive readings under the clearing level, 5 min apart; SEV was full and latches."""
    line = session().at(200).bp(limit, 80).at(260).bp(limit, 80)
    line.story(until=300)
    line.at(600).bp(*back)
    assert [x for x in line.story(until=601) if row in x] == []
    line.at(899).bp(*back)
    assert [x for x in line.story(until=899.5) if row in x] == []
    line.at(900).bp(*back)
    word = "latched" if row == "BP-SEV" else "cleared"
    got = [x.split()[:3] for x in line.story(until=901) if row in x and "downgraded" not in x]
    assert got == ([["900", word, row]] if ends else [])


def test_a_reading_between_that_is_not_back_begins_anew() -> None:
    """Two successive ones: a third between them that is not under the level breaks them."""
    line = session().at(200).bp(160, 80).at(260).bp(160, 80)
    line.story(until=300)
    line.at(600).bp(150, 80).at(750).bp(157, 80).at(900).bp(150, 80)
    assert line.story(until=901) == []
    assert line.at(1200).bp(150, 80).story(until=1201, skip={"CUFF-OVERDUE"})[-1:] == [
        "1200 cleared BP-WARN low"
    ]


# --- BP-CRIT ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "fires"), [((199, 129), False), ((200, 80), True), ((150, 130), True)]
)
def test_critical_needs_one_reading(first: tuple[int, int], fires: bool) -> None:
    """200 or 130 at once, high, class S, and a recheck a minute later."""
    line = session().at(200).bp(*first)
    assert ("200 upgraded BP-CRIT high/S" in line.story(until=201)) is fires


def test_a_recheck_far_lower_is_not_confirmed_and_stays_latched() -> None:
    """40 lower within 5 min: the condition is over, the alarm stays latched, one more is asked."""
    line = session().at(200).bp(205, 100).at(260).bp(160, 90)
    assert line.asked(PromptKind.CUFF)[-1] == (260, 560)
    assert [x for x in line.story(until=261) if "CRIT" in x] == [
        "200 upgraded BP-CRIT high/S",
        "260 latched BP-CRIT high/S",
    ]


@pytest.mark.parametrize(
    ("at_s", "second"), [(260, (166, 90)), (260, (160, 111)), (501, (160, 90))]
)
def test_other_rechecks_do_not_refute(at_s: int, second: tuple[int, int]) -> None:
    """39 lower, a component not back, or after 5 min: it takes two readings as ever."""
    line = session().at(200).bp(205, 135).at(at_s).bp(*second)
    assert [x for x in line.story(until=at_s + 1) if "CRIT" in x] == ["200 upgraded BP-CRIT high/S"]
    line.at(at_s + 100).bp(150, 80).at(at_s + 400).bp(150, 80)
    assert [x for x in line.story(until=at_s + 401) if "latched BP-CRIT" in x] == [
        f"{at_s + 400} latched BP-CRIT high/S"
    ]


def test_a_failed_recheck_asks_again() -> None:
    """A failed attempt is no recheck: the companion is asked again a minute later."""
    line = session().at(200).bp(205, 100).at(262).cuff_fails()
    assert line.asked(PromptKind.CUFF)[-1] == (262, 322)


# --- low --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("readings", "story"),
    [
        ([(90, 60)], []),
        ([(89, 60)], ["200 raised BP-LOW2 low"]),
        ([(89, 60), (90, 60)], ["200 raised BP-LOW2 low", "260 upgraded BP-LOW2 medium"]),
        ([(84, 60), (94, 60)], ["200 raised BP-LOW2 low", "260 upgraded BP-LOW2 medium"]),
        ([(84, 60), (95, 60)], ["200 raised BP-LOW2 low", "260 cleared BP-LOW2 low"]),
        ([(89, 60), (91, 60)], ["200 raised BP-LOW2 low", "260 cleared BP-LOW2 low"]),
        ([(79, 50)], ["200 raised BP-LOW2 low", "200 upgraded BP-LOW3 high/A"]),
    ],
)
def test_low(readings: list[tuple[int, int]], story: list[str]) -> None:
    """LOW2 is confirmed, LOW3 is high at the first reading under 80."""
    line = session()
    for index, (sbp, dbp) in enumerate(readings):
        line.at(200 + 60 * index).bp(sbp, dbp)
    assert line.story(until=262) == story


@pytest.mark.parametrize(
    ("danger", "says"),
    [
        ("moaas le 3", "W3 B0 C0 D0 X0"),
        ("pulse gt 110", 111),
        ("pulse lt 50", 49),
        ("spo2 lt 92", 91),
        ("symptom", "W5 B0 C0 D0 X7"),
    ],
)
@pytest.mark.parametrize("joins_s", [199, 230, 1099])
def test_each_danger_sign_makes_it_high_without_a_second_reading(
    danger: str, says: str | int, joins_s: int
) -> None:
    """At once when it is there, and when it joins within 15 min of the reading."""
    line = Timeline().at(100).alone()

    def joins() -> None:
        if isinstance(says, str):
            line.check(says)
        elif says == 91:
            line.spo2(91)
        else:
            line.pulse(says)

    if joins_s < 200:
        line.at(joins_s)
        joins()
        line.at(200).bp(85, 55)
    else:
        line.at(200).bp(85, 55).at(joins_s)
        joins()
    got = [x for x in line.story(until=max(joins_s, 200) + 1) if "LOW2 high" in x]
    word = "raised" if joins_s < 200 else "upgraded"
    assert got == [f"{max(joins_s, 200)} {word} BP-LOW2 high/A"], danger


def test_a_danger_sign_after_15_min_does_not_join() -> None:
    """The reading is too old; the row stays medium."""
    line = Timeline().at(100).alone().at(200).bp(85, 55).at(1101).check("W3 B0 C0 D0 X0")
    assert [x for x in line.story(until=1102) if "LOW2" in x] == [
        "200 raised BP-LOW2 low",
        "500 upgraded BP-LOW2 medium",
    ]


@pytest.mark.parametrize(("back", "ends"), [(99, []), (100, ["300 latched BP-LOW2 medium"])])
def test_low2_ends_at_100(back: int, ends: list[str]) -> None:
    """One reading is enough; it was full and stays latched."""
    line = session().at(200).bp(85, 55).at(260).bp(85, 55)
    line.story(until=299)
    assert line.at(300).bp(back, 60).story(until=301) == ends


def test_low2_ends_at_five_under_a_low_baseline() -> None:
    """Baseline 101: 96 is enough."""
    line = Timeline(dosed=False)
    line.at(-300).bp(101, 65).at(-240).bp(101, 65).gate().at(0).dose().alone()
    line.at(200).bp(85, 55).at(260).bp(85, 55).at(300).bp(96, 60)
    assert line.story(until=301)[-1] == "300 latched BP-LOW2 medium"


def test_low3_ends_at_90() -> None:
    """LOW2 is still there below it."""
    line = session().at(200).bp(75, 50).at(260).bp(75, 50)
    line.story(until=299)
    assert line.at(300).bp(89, 60).story(until=301) == []
    assert line.at(400).bp(90, 60).story(until=401) == ["400 latched BP-LOW3 high/A"]


def test_a_checking_row_never_latches() -> None:
    """What was only LOW "checking" leaves nothing behind."""
    line = session().at(200).bp(182, 80).at(260).bp(163, 80)
    assert [x for x in line.story(until=261) if "SEV" in x] == [
        "200 joined BP-SEV low",
        "260 cleared BP-SEV low",
    ]
