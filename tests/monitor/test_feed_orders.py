"""Orders of the feed: each is read strictly or refused by name, and none says for whom it is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.contact import Role
from alerts.delivery import Verdict
from devices import command as told
from devices.checkin import CheckIn
from devices.observation import Mode
from monitor import events
from monitor.feed_orders import (
    OrderError,
    do_of,
    event_for,
    read_answer,
    read_opening,
    read_order,
)
from monitor.feed_words import AnswerOrder, OpenOrder
from monitor.rights import ORDERS

ANN: dict[str, Any] = {"by": "ann", "role": Role.COMPANION, "at_ms": 9}


def refusal(order: dict[str, Any]) -> str:
    """Why an order is not read."""
    with pytest.raises(OrderError) as caught:
        read_order(order, "s1", Mode.TEST)
    return str(caught.value)


def test_an_order_becomes_the_event_of_its_person() -> None:
    """Person and role come from the token, session and mode from the session."""
    asked = read_order({"do": "accept", "alarm": "oxygen@5", "id": "tap-1"}, "s1", Mode.TEST)
    assert asked == told.Accept(session="s1", mode=Mode.TEST, id="tap-1", alarm="oxygen@5")
    assert event_for(asked, **ANN) == events.Accepted(
        at_ms=9, by="ann", role=Role.COMPANION, tap="tap-1", alarm="oxygen@5"
    )


def test_a_check_in_and_its_correction() -> None:
    """The same codes, once as a check-in and once in place of the last one."""
    check = CheckIn.parse("W5 B0")
    made = [
        event_for(read_order({"do": do, "codes": "W5 B0", "id": "t"}, "s1", Mode.TEST), **ANN)
        for do in ("check_in", "correct")
    ]
    known: dict[str, Any] = {
        "at_ms": 9,
        "by": "ann",
        "role": Role.COMPANION,
        "tap": "t",
        "check": check,
    }
    assert made == [events.CheckedIn(**known), events.CheckInCorrected(**known)]


def test_opening_needs_a_patient() -> None:
    """The plan may be left to the patient's file."""
    assert (
        read_opening({"do": "open", "patient": "demo"}),
        read_opening({"do": "open", "patient": "demo", "plan": "default"}),
    ) == (OpenOrder(patient="demo"), OpenOrder(patient="demo", plan="default"))
    with pytest.raises(OrderError, match="order open: Object missing required field `patient`"):
        read_opening({"do": "open"})


def test_an_answer_names_its_message_and_says_yes_or_no() -> None:
    """There is no third word, and no answer without the message's name."""
    order = {"do": "answer", "delivery": "oxygen@5/sam/0@5", "verdict": "reject", "id": "t"}
    assert read_answer(order) == AnswerOrder(
        delivery="oxygen@5/sam/0@5", verdict=Verdict.REJECT, id="t"
    )
    with pytest.raises(OrderError, match=r"order answer: Invalid enum value 'maybe'"):
        read_answer(order | {"verdict": "maybe"})
    with pytest.raises(OrderError, match=r"order answer: .*`delivery`"):
        read_answer({"do": "answer", "verdict": "accept"})


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ({}, "order (nothing) is not taken by this version of the hub"),
        ({"do": 5}, "order (nothing) is not taken by this version of the hub"),
        ({"do": "fly" * 50}, f"order {('fly' * 50)[:40]} is not taken by this version of the hub"),
        ({"do": "help", "session": "s2"}, "order help: leave out `session`; the message says it"),
        ({"do": "help", "mode": "real"}, "order help: leave out `mode`; the message says it"),
        ({"do": "help", "by": "dr-lee"}, "order help: Object contains unknown field `by`"),
        ({"do": "accept"}, "order accept: Object missing required field `alarm`"),
        (
            {"do": "dose", "ago_ms": 600_001},
            "order dose: Expected `int` <= 600000 - at `$.ago_ms`",
        ),
        (
            {"do": "check_in", "codes": "Q1"},
            "order check_in: check-in code 'Q1' is unknown: use W B C D X L M F codes",
        ),
        ({"do": "correct"}, "order correct: Object missing required field `codes`"),
    ],
)
def test_what_cannot_be_read_is_named(order: dict[str, Any], why: str) -> None:
    """The order, the field and what it must be."""
    assert refusal(order) == why


@pytest.mark.parametrize("do", [do for do in ORDERS if do != "open"])
def test_no_order_takes_a_field_that_it_has_not(do: str) -> None:
    """An unknown field is refused, so a misspelt one is never left out in silence."""
    assert refusal({"do": do, "nonsense": 1}).startswith(f"order {do}")


@given(
    st.dictionaries(
        st.sampled_from(("do", "alarm", "item", "state", "ago_ms", "codes", "text", "id")),
        st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(ORDERS),
        max_size=5,
    )
)
def test_any_object_is_read_or_refused(order: dict[str, Any]) -> None:
    """Nothing else is raised, whatever the fields hold."""
    try:
        asked = read_order(order, "s1", Mode.TEST)
    except OrderError:
        return
    assert (asked.session, asked.mode, do_of(order) in ORDERS) == ("s1", Mode.TEST, True)
