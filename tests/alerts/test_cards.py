"""Cards: one for every alarm of the shipped plan, short, in plain words, filled in, no secrets."""

import re
from itertools import product

import pytest

from alerts.cards import CARDS, FAMILIES, ROWS, Card, card
from alerts.condition import AlarmClass, Priority
from tests.bedside import DEFAULT

FILLED = {
    name: Card(
        shown.line.replace("{name}", "Alex").replace("{911}", "112"),
        tuple(step.replace("{name}", "Alex").replace("{911}", "112") for step in shown.steps),
    )
    for name, shown in CARDS.items()
}


def syllables(word: str) -> int:
    """Count groups of vowels; a silent e at the end is none."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith("e") and not word.endswith("le") and groups > 1
    return max(1, groups - silent)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of a text: the school year that can read it."""
    words = re.findall(r"[a-z']+", text.lower())
    sentences = max(1, len(re.findall(r"[.?!:]+", text)))
    return (
        0.39 * len(words) / sentences
        + 11.8 * sum(syllables(word) for word in words) / len(words)
        - 15.59
    )


def test_a_hard_sentence_is_graded_as_hard() -> None:
    """The measure tells plain words from a physician's."""
    hard = "Immediately reposition the individual laterally and evaluate ventilatory adequacy."
    assert (grade(hard) > 12, grade("Wake Alex now.") < 2) == (True, True)


@pytest.mark.parametrize("name", CARDS)
def test_a_card_can_be_read_by_a_frightened_person(name: str) -> None:
    """R25: a first line of at most 12 words; the whole card and every step below grade 6."""
    shown = FILLED[name]
    hard = [step for step in shown.steps if grade(step) >= 6]
    whole = grade(" ".join([shown.line, *shown.steps]))
    assert (len(shown.line.split()) <= 12, hard, whole < 6) == (True, [], True)


@pytest.mark.parametrize("name", CARDS)
def test_a_card_has_three_or_four_steps(name: str) -> None:
    """One look is enough; each step ends its sentence."""
    steps = CARDS[name].steps
    assert (len(steps) in {3, 4}, [s for s in steps if s[-1] not in ".?"]) == (True, [])


def test_every_card_is_used_and_every_name_is_a_card() -> None:
    """The tables lead to cards, and no card lies unused."""
    by_hand = {"oxygen_low", "check_breathing", "call", "emergency", "fallback"}
    assert {*FAMILIES.values(), *ROWS.values(), *by_hand} == set(CARDS)


def test_every_family_of_the_shipped_plan_has_its_own_card() -> None:
    """No alarm of the plan falls back to the words for an unknown one."""
    assert {row.family for row in DEFAULT.rows} <= set(FAMILIES)


def test_nothing_is_left_to_fill_in() -> None:
    """Name and number are filled into the line and every step."""
    texts = [
        text
        for family, row, priority, alarm_class in product(
            [*FAMILIES, "?"], ["", "SPO2-CRIT", *ROWS], Priority, [None, *AlarmClass]
        )
        for shown in [card(family, row, priority, "Alex", "112", alarm_class)]
        for text in (shown.line, *shown.steps)
    ]
    assert [text for text in texts if "{" in text] == []


def test_a_call_comes_first_in_class_e() -> None:
    """The emergency card, with the local number, whatever the family's own card is."""
    shown = card("oxygen", "SPO2-CRIT", Priority.HIGH, "Alex", "911", AlarmClass.E)
    assert (shown.line, shown.steps[0]) == (
        "Call 911 now. Put the phone on speaker.",
        "Lay Alex flat on the floor. Open the mouth. Take out what you can see.",
    )


@pytest.mark.parametrize("row", ["SI-1", "SI-2"])
def test_a_private_card_stays_private(row: str) -> None:
    """HZ-17: no call first, and the word is on no card that the patient may see."""
    shown = card("mood", row, Priority.HIGH, "Alex", "112", AlarmClass.E)
    assert shown.line == "Please stay with Alex. Do not leave them alone."
    assert "suicid" not in " ".join([shown.line, *shown.steps]).lower()


def test_a_step_that_begins_with_the_name_begins_with_a_capital() -> None:
    """Without a name the patient is "the patient", also at the start."""
    assert card("symptom", "NEW", Priority.LOW, "", "112").line == (
        "The patient feels unwell. Sit with the patient and look now."
    )
