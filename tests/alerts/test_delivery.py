"""The delivery table walked completely: sent is not heard, and a late truth is allowed."""

import pytest

from alerts.delivery import DeliveryState, is_failure, step

# From each state, the states that may follow, as letters of ORDER.
ORDER = "intent sent delivered answered failed timed_out cancelled"
NEXT = {
    "intent": "sent delivered answered failed timed_out cancelled",
    "sent": "delivered answered failed timed_out cancelled",
    "delivered": "answered cancelled",
    "answered": "",
    "failed": "delivered answered",
    "timed_out": "sent delivered answered failed",
    "cancelled": "sent delivered answered failed",
}


@pytest.mark.parametrize("state", DeliveryState)
@pytest.mark.parametrize("new", DeliveryState)
def test_the_table_is_this_one(state: DeliveryState, new: DeliveryState) -> None:
    """A step that is not in the table is None; the table has no other step."""
    allowed = new.value in NEXT[state.value].split()
    assert step(state, new) == (new if allowed else None)


def test_the_states_are_these_seven() -> None:
    """What is known of one message has no other word."""
    assert " ".join(DeliveryState) == ORDER


def test_only_failed_and_timed_out_start_the_next_way() -> None:
    """A cancelled message is no failure."""
    assert [s.value for s in DeliveryState if is_failure(s)] == ["failed", "timed_out"]
