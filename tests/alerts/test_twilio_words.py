"""What is said holds the preview only; what is answered is understood or not, never guessed."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from alerts.twilio_words import (
    BIN,
    Answer,
    arrived,
    ask_again,
    ask_by_text,
    ask_by_voice,
    not_open,
    read_answer,
)

URL = "https://handler.example/twiml/EH1?a=1&b=2"


def verbs(twiml: str) -> list[tuple[str, dict[str, str], str]]:
    """Return each verb with its attributes and words."""
    root = ET.fromstring(twiml)  # noqa: S314 - written by this project
    return [(verb.tag, dict(verb.attrib), verb.text or "") for verb in root.iter()][1:]


def test_a_text_message_says_how_to_answer() -> None:
    """With the page's link, when there is one."""
    assert (
        ask_by_text("Session needs you", "https://hub.example/s/1", "47"),
        ask_by_text("Session needs you", "", "47"),
    ) == (
        (
            "Session needs you. https://hub.example/s/1"
            " Answer YES 47 if you take it, NO 47 if you cannot."
        ),
        "Session needs you. Answer YES 47 if you take it, NO 47 if you cannot.",
    )


def test_an_answer_that_takes_nothing_is_answered() -> None:
    """With the codes that are open, or that none is."""
    assert (not_open(["47", "48"]), not_open([])) == (
        "That was not understood and nothing was taken. Answer YES 47 or YES 48 (or NO).",
        "Nothing is open for this number now. Please open the page of the session.",
    )


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("YES 47", Answer(True, "47")),
        ("yes47", None),
        ("Yes, 47!", Answer(True, "47")),
        ("  no 47 I am driving", Answer(False, "47")),
        ("NO", None),
        ("YES 471", None),
        ("not 47", None),
        ("I say yes 47", None),
        ("47", None),
        ("", None),
    ],
)
def test_an_answer_is_a_word_and_a_code_at_the_start(body: str, answer: Answer | None) -> None:
    """Everything else is nothing; what stands after them does not matter."""
    assert read_answer(body) == answer


def test_a_call_says_it_twice_asks_for_a_key_and_does_all_of_it_once_more() -> None:
    """The words are escaped, and so is the address to which the key goes."""
    gather = {"action": URL, "method": "POST", "numDigits": "1", "timeout": "8"}
    words = (
        "A & B. A & B. Press 1 if you take it. Press 2 if you cannot.",
        "No key was pressed. Good bye.",
    )
    assert verbs(ask_by_voice("A & B", URL)) == [
        ("Gather", gather, ""),
        ("Say", {}, words[0]),
        ("Gather", gather, ""),
        ("Say", {}, words[0]),
        ("Say", {}, words[1]),
    ]


def test_an_unknown_key_is_asked_for_again() -> None:
    """Once in each saying."""
    assert [(tag, text) for tag, _, text in verbs(ask_again(URL))] == [
        ("Gather", ""),
        ("Say", "That key is not known. Press 1 if you take it. Press 2 if you cannot."),
        ("Say", "No known key was pressed. Good bye."),
    ]


def test_the_caller_hears_which_answer_arrived() -> None:
    """Not that the alarm is theirs: that is decided elsewhere."""
    assert [verbs(arrived(accept=accept))[0][2] for accept in (True, False)] == [
        f"Thank you. Your answer has arrived: {heard}. Please see the page of the session."
        for heard in ("you take it", "you cannot take it")
    ]


def test_the_bin_that_people_are_told_to_make_is_the_one_that_is_understood() -> None:
    """docs/channels.md shows it as it is here."""
    page = (Path(__file__).parents[2] / "docs/channels.md").read_text(encoding="utf-8")
    shown = page.split("```xml\n")[1].split("   ```")[0].replace("\n   ", "\n").removeprefix("   ")
    assert shown == BIN
