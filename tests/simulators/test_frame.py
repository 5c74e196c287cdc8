"""The words of a screen are exact, grow old and never claim more than is known."""

import msgspec
import pytest

from alerts.condition import Priority
from devices.observation import Mode
from monitor.effects import PromptKind
from simulators.board import Board, Line, Prompt, Row, Seen, Told, Value
from simulators.frame import (
    Cell,
    History,
    age_text,
    alarm_cells,
    header,
    number_cells,
    plain_line,
    prompt_text,
    session_time,
    sparkline,
    told_cells,
)

S = 1000
NOW = 3_080 * S
BOARD = Board("s1", Mode.DEMO, NOW, "peak", dose_ms=600 * S, patient_name="Alex", record=42)
LOW = Row("SPO2-LOW", Priority.HIGH, "SpO2 86 % < 88 % for 10 s")
OXYGEN = Seen("oxygen@1", "oxygen", Priority.HIGH, NOW - 20 * S, rows=(LOW,))
CUFF = Seen("cuff@1", "cuff", Priority.LOW, NOW - 60 * S)


def with_values(**values: Value) -> Board:
    """The board with these newest values."""
    return msgspec.structs.replace(BOARD, values=values)


def with_alarms(*alarms: Seen) -> Board:
    """The board with these alarms."""
    return msgspec.structs.replace(BOARD, alarms=alarms)


def test_a_sparkline_has_eight_heights() -> None:
    """Low is the lowest bar, high the highest, what lies outside is clamped, None is blank."""
    got = sparkline([70, 80, 85, 90, 95, 100, 110, None], low=80, high=100)
    assert got == "▁▁▂▄▆██ "


@pytest.mark.parametrize(
    ("age_ms", "text"),
    [(-5, "0 s"), (999, "0 s"), (59_999, "59 s"), (60_000, "1 min"), (3_900_000, "1 h 05")],
)
def test_an_age_is_short(age_ms: int, text: str) -> None:
    """Seconds, then minutes, then hours; an age is never negative."""
    assert age_text(age_ms) == text


def test_session_time_counts_from_the_dose() -> None:
    """T plus or minus minutes and seconds; without a dose it says so."""
    before = msgspec.structs.replace(BOARD, dose_ms=None)
    got = [session_time(BOARD), session_time(BOARD, 570 * S), session_time(before)]
    assert got == ["T+41:20", "T-0:30", "before dose"]


def test_the_header_says_demo_first() -> None:
    """Mode, patient, phase, time, speed and record; the session's name when there is no other."""
    nameless = msgspec.structs.replace(BOARD, patient_name="")
    got = [header(BOARD, speed=60, silent_ms=0), header(nameless, speed=1.5, silent_ms=4000)]
    assert got == [
        Cell(" DEMO  not a real patient | Alex | peak T+41:20 | x60 | record 42", "bar"),
        Cell(" DEMO  not a real patient | s1 | peak T+41:20 | x1.5 | record 42", "bar"),
    ]


def test_the_header_says_when_nothing_can_be_trusted() -> None:
    """A silent hub and a stopped record each turn the header red."""
    lame = msgspec.structs.replace(BOARD, recording=False)
    got = [header(BOARD, speed=1, silent_ms=4001), header(lame, speed=1, silent_ms=0)]
    assert got == [
        Cell(" DEMO  HUB SILENT for 4 s: values are not live", "high"),
        Cell(" DEMO  not a real patient | Alex | peak T+41:20 | x1 | NOT RECORDING", "high"),
    ]


def rows(board: Board, silent_ms: int = 0) -> list[list[str]]:
    """The texts of the numbers without their trends."""
    cells = number_cells(board, History(), silent_ms=silent_ms)
    return [[cell.text for cell in row[:4]] for row in cells]


def test_numbers_carry_their_age() -> None:
    """Fresh values with age and unit; a cuff reading stays, however old."""
    board = with_values(
        spo2=Value(97_50, NOW - 1 * S),
        pulse=Value(72_00, NOW),
        sbp=Value(132_00, NOW - 600 * S),
        dbp=Value(84_00, NOW - 600 * S),
    )
    assert rows(board) == [
        ["SpO2", "97.5", "%", "1 s"],
        ["Pulse", "72", "/min", "0 s"],
        ["Pressure", "132/84", "mmHg", "10 min"],
    ]


def test_old_values_are_dashes() -> None:
    """After 10 s, without a value, or never seen: "- -", with the age of what there was."""
    board = with_values(
        spo2=Value(97_00, NOW - 10_001), sbp=Value(132_00, NOW - S), dbp=Value(None, NOW - S)
    )
    assert rows(board) == [
        ["SpO2", "- -", "%", "10 s"],
        ["Pulse", "- -", "/min", "never"],
        ["Pressure", "- -", "mmHg", "1 s"],
    ]


def test_a_silent_hub_has_no_numbers() -> None:
    """When the hub has said nothing for 4 s no number stands as if it were live."""
    board = with_values(spo2=Value(97_00, NOW), sbp=Value(132_00, NOW), dbp=Value(84_00, NOW))
    assert [row[1] for row in rows(board, silent_ms=4001)] == ["- -", "- -", "- -"]


def test_no_cuff_reading_yet_is_said() -> None:
    """Before the first reading the pressure is dashes and its age "never"."""
    assert rows(BOARD)[2] == ["Pressure", "- -", "mmHg", "never"]


def test_a_trend_has_one_point_each_half_minute() -> None:
    """Boards in between are left out; 20 points are kept, the oldest fall off."""
    history = History()
    for second in range(0, 1200, 10):
        board = with_values(spo2=Value(80_00 + second, second * S), pulse=Value(None, second * S))
        history.take(msgspec.structs.replace(board, at_ms=second * S))
    trends = [row[4].text for row in number_cells(BOARD, history, silent_ms=0)]
    assert trends == ["▃" * 10 + "▄" * 10, " " * 20, " " * 20]


def test_a_cuff_reading_is_one_mark() -> None:
    """A reading is drawn where it came, and not again while it stays the newest."""
    history = History()
    for second in (0, 30, 60, 90):
        board = with_values(sbp=Value(140_00, 40 * S)) if second > 40 else BOARD
        history.take(msgspec.structs.replace(board, at_ms=second * S))
    assert number_cells(BOARD, history, silent_ms=0)[2][4] == Cell("  ▄ ", "cuff")


def test_alarms_are_shown_highest_first() -> None:
    """Mark, family, time, state and reason; one that still sounds has its priority's colour."""
    accepted = msgspec.structs.replace(OXYGEN, accepted_by="sam, dr-lee", signal="accepted")
    got = alarm_cells(with_alarms(CUFF, accepted), 4)
    assert got == [
        (
            Cell("!!!", "high"),
            Cell("oxygen, 20 s, accepted by sam, dr-lee: SpO2 86 % < 88 % for 10 s"),
        ),
        (Cell("!  ", "low"), Cell("cuff, 1 min, on: cuff", "low")),
    ]


def test_an_alarm_that_is_over_asks_for_its_reset() -> None:
    """Only latched rows left: it says that a person must reset it."""
    latched = msgspec.structs.replace(LOW, present=False, latched=True)
    over = msgspec.structs.replace(OXYGEN, rows=(latched,), signal="latched")
    assert alarm_cells(with_alarms(over), 4)[0][1] == Cell(
        "oxygen, 20 s, over, to be reset: SpO2 86 % < 88 % for 10 s"
    )


def test_alarms_that_do_not_fit_are_counted() -> None:
    """Nothing is hidden in silence: the last line says how many there are beside."""
    many = [msgspec.structs.replace(CUFF, id=f"cuff@{n}", raised_ms=n) for n in range(5)]
    got = alarm_cells(with_alarms(*many), 3)
    assert (len(got), got[-1]) == (3, (Cell("!  ", "low"), Cell("and 3 more", "dim")))


def test_no_alarm_is_said() -> None:
    """An empty list is words, not an empty space."""
    assert alarm_cells(BOARD, 4) == [(Cell(""), Cell("no alarms", "dim"))]


def test_prompts_say_when_they_are_due() -> None:
    """Due in, or ago; or that nothing is asked."""
    prompts = (Prompt(PromptKind.CUFF, NOW + 40 * S), Prompt(PromptKind.CHECK_IN, NOW - 61 * S))
    asked = msgspec.structs.replace(BOARD, prompts=prompts)
    assert [prompt_text(asked), prompt_text(BOARD)] == [
        Cell("asked: cuff due in 40 s, check in due 1 min ago"),
        Cell("nothing is asked of the companion", "dim"),
    ]


def test_the_newest_messages_come_last() -> None:
    """Who, by which way, when and what is known; only the newest that fit."""
    told = [
        Told("d2", "dr-lee", "console", "sent", NOW, "a"),
        Told("d1", "sam", "console", "answered", NOW - S, "a"),
        Told("d0", "sam", "webhook", "failed", NOW - 2 * S, "a"),
    ]
    assert [told_cells(told, BOARD, 2), told_cells([], BOARD, 2)] == [
        [Cell("T+41:19 sam by console: answered"), Cell("T+41:20 dr-lee by console: sent")],
        [Cell("nobody was told anything", "dim")],
    ]


def test_a_plain_line_is_marked_too() -> None:
    """In a pipe each line carries the mode and the session's time."""
    assert plain_line(Line(NOW, "phase a -> b"), BOARD) == "DEMO T+41:20 phase a -> b"
