"""First lines: the card's words for every family and row, short, filled in, marked by mode."""

from itertools import product

import pytest

from alerts.cards import FAMILIES, ROWS
from alerts.condition import AlarmClass, Priority
from alerts.message import Message, first_line, mode_mark
from tests.words import ENGLISH

BREATH = "Breathing is not right. Wake Alex and look now."


@pytest.mark.parametrize(
    ("family", "row", "priority", "alarm_class", "line"),
    [
        ("oxygen", "SPO2-LOW", Priority.HIGH, AlarmClass.A, "Oxygen is low. Wake Alex now."),
        ("oxygen", "SPO2-WARN", Priority.MEDIUM, None, "Oxygen is falling. Look at Alex now."),
        ("oxygen", "SPO2-CRIT", Priority.HIGH, AlarmClass.A, "Check breathing now."),
        (
            "oxygen",
            "SPO2-CRIT",
            Priority.HIGH,
            AlarmClass.E,
            "Call 911 now. Put the phone on speaker.",
        ),
        ("no_signal", "SIG-LOST+", Priority.HIGH, None, "Oxygen is low. Wake Alex now."),
        ("sedation", "SED-2", Priority.MEDIUM, None, "Alex is too sleepy. Try to wake them now."),
        (
            "breathing",
            "RR-LOW1",
            Priority.MEDIUM,
            None,
            "Breathing looks slow. Count the breaths for 30 seconds.",
        ),
        ("breathing", "RR-LOW2", Priority.HIGH, AlarmClass.A, BREATH),
        ("sedation", "SED-COMBO-RR", Priority.HIGH, AlarmClass.A, BREATH),
        ("sedation", "SED-COMBO", Priority.HIGH, None, "Oxygen is low. Wake Alex now."),
        ("sedation", "SED-4", Priority.HIGH, None, "Call 911 now. Put the phone on speaker."),
        (
            "symptom",
            "SYM-EMS",
            Priority.HIGH,
            AlarmClass.E,
            "This is an emergency. Call 911 now.",
        ),
        ("symptom", "FALL", Priority.HIGH, AlarmClass.E, "This is an emergency. Call 911 now."),
        ("symptom", "FALL", Priority.MEDIUM, None, "Lay Alex down flat now. Lift the legs."),
        (
            "symptom",
            "SYM-LARYNX",
            Priority.HIGH,
            AlarmClass.E,
            "Call 911 now. Put the phone on speaker.",
        ),
        (
            "symptom",
            "SI-2",
            Priority.HIGH,
            AlarmClass.E,
            "Please stay with Alex. Do not leave them alone.",
        ),
        ("not a family", "NEW", Priority.LOW, None, "Please go to Alex and look now."),
    ],
)
def test_the_line_is_the_cards(
    family: str, row: str, priority: Priority, alarm_class: AlarmClass | None, line: str
) -> None:
    """Row, class and priority choose the card; a family without words still sends somebody."""
    assert first_line(ENGLISH, family, row, priority, "Alex", "911", alarm_class) == line


@pytest.mark.parametrize("name", ["Alex", "", " Alex \n Roe ", "{911}"])
def test_a_line_is_one_short_line_with_nothing_left_to_fill_in(name: str) -> None:
    """R25: at most 12 words beside the name, one line, no placeholder of ours left."""
    said = [
        first_line(ENGLISH, family, row, priority, name, "112", alarm_class)
        for family, row, priority, alarm_class in product(
            FAMILIES, ["", "SPO2-CRIT", *ROWS], Priority, [None, *AlarmClass]
        )
    ]
    who = " ".join(name.split()) or "the patient"
    long = [line for line in said if len(line.replace(who, "X").split()) > 12]
    unfilled = [line for line in said if "{name}" in line or "\n" in line]
    assert (long, unfilled) == ([], [])


def test_an_empty_name_begins_the_sentence_with_a_capital() -> None:
    """Without a name the patient is "the patient", also at the start."""
    assert (
        first_line(ENGLISH, "sedation", "SED-3", Priority.HIGH, " ", "112")
        == "The patient is too sleepy. Try to wake them now."
    )


@pytest.mark.parametrize(
    ("mode", "mark"),
    [("real", ""), ("demo", "DEMO - not a real alarm:"), ("test", "TEST - not a real alarm:")],
)
def test_only_a_real_session_speaks_without_a_mark(mode: str, mark: str) -> None:
    """Every word of a demo or test session says that it is one."""
    assert mode_mark(mode) == mark


def test_the_text_carries_every_mark_before_the_line() -> None:
    """Mode first, then late, then may be a repeat, then that nothing is recorded."""
    message = Message(
        delivery="d1",
        alarm="oxygen@5",
        contact="Ann",
        address="",
        priority=Priority.HIGH,
        first_line="Look now.",
        mode="demo",
        late=True,
        may_repeat=True,
        recording=False,
    )
    marks = "[late] [may be a repeat] [recording has stopped]"
    assert message.text == f"DEMO - not a real alarm: {marks} Look now."


def test_a_plain_real_message_is_its_first_line() -> None:
    """Nothing is added to a real message that is on time."""
    message = Message(
        delivery="d1",
        alarm="oxygen@5",
        contact="Ann",
        address="",
        priority=Priority.HIGH,
        first_line="Look now.",
        mode="real",
    )
    assert message.text == "Look now."


@pytest.mark.parametrize(
    ("late", "may_repeat", "mode", "preview"),
    [
        (False, False, "real", "Session needs you"),
        (True, False, "real", "[late] Session needs you"),
        (False, True, "real", "[may be a repeat] Session needs you"),
        (False, False, "test", "TEST - not a real alarm: Session needs you"),
    ],
)
def test_a_preview_names_nobody_and_no_finding(
    *, late: bool, may_repeat: bool, mode: str, preview: str
) -> None:
    """What passes through other people's servers has the marks and nothing of the card."""
    message = Message(
        delivery="d",
        alarm="oxygen@1",
        contact="Ann",
        address="x",
        priority=Priority.HIGH,
        first_line="Oxygen is low. Wake Alex now.",
        mode=mode,
        late=late,
        may_repeat=may_repeat,
    )
    assert message.preview == preview


def test_a_test_alarm_says_so_wherever_it_goes() -> None:
    """On a page, on a screen of others, and in a real session too; no card is read out."""
    line = first_line(ENGLISH, "rehearsal", "", Priority.HIGH, "Alex", "911")
    message = Message(
        delivery="d1",
        alarm="rehearsal@5",
        contact="Ann",
        address="",
        priority=Priority.HIGH,
        first_line=line,
        mode="real",
    )
    words = "TEST - not a real alarm: This is a test of the alarm chain. Please answer it now."
    assert (message.text, message.preview) == (words, words)
