"""Cards: one for every alarm of the shipped plan, filled in, no secrets."""

import re
from itertools import product

import pytest

from alerts.cards import FAMILIES, ROWS, card
from alerts.condition import AlarmClass, Priority
from tests.bedside import DEFAULT
from tests.words import ENGLISH

CARDS = {key.split(".")[1] for key in ENGLISH.sentences if re.fullmatch(r"card\.\w+\.line", key)}


def test_every_card_is_used_and_every_name_is_a_card() -> None:
    """The tables lead to cards, and no card lies unused."""
    by_hand = {"oxygen_low", "check_breathing", "call", "emergency", "fallback"}
    assert {*FAMILIES.values(), *ROWS.values(), *by_hand} == CARDS


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
        for shown in [card(ENGLISH, family, row, priority, "Alex", "112", alarm_class)]
        for text in (shown.line, *shown.steps)
    ]
    assert [text for text in texts if "{" in text] == []


def test_a_call_comes_first_in_class_e() -> None:
    """The emergency card, with the local number, whatever the family's own card is."""
    shown = card(ENGLISH, "oxygen", "SPO2-CRIT", Priority.HIGH, "Alex", "911", AlarmClass.E)
    assert (shown.line, shown.steps[0]) == (
        "Call 911 now. Put the phone on speaker.",
        "Lay Alex flat on the floor. Open the mouth. Take out what you can see.",
    )


@pytest.mark.parametrize("row", ["SI-1", "SI-2"])
def test_a_private_card_stays_private(row: str) -> None:
    """HZ-17: no call first, and the word is on no card that the patient may see."""
    shown = card(ENGLISH, "mood", row, Priority.HIGH, "Alex", "112", AlarmClass.E)
    assert shown.line == "Please stay with Alex. Do not leave them alone."
    assert "suicid" not in " ".join([shown.line, *shown.steps]).lower()


def test_a_step_that_begins_with_the_name_begins_with_a_capital() -> None:
    """Without a name the patient is "the patient", also at the start."""
    assert card(ENGLISH, "symptom", "NEW", Priority.LOW, "", "112").line == (
        "The patient feels unwell. Sit with the patient and look now."
    )
