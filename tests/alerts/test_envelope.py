"""A public message holds the call, its marks and its record names, and no health data."""

from alerts.envelope import envelope


def test_a_real_message_says_that_a_session_needs_somebody() -> None:
    """These fields and no others leave the house."""
    assert envelope("d1", "oxygen@5", "real", "high", late=True, may_repeat=True, attempt=2) == {
        "text": "Session needs you",
        "delivery": "d1",
        "alarm": "oxygen@5",
        "mode": "real",
        "priority": "high",
        "late": True,
        "may_repeat": True,
        "attempt": 2,
    }


def test_a_rehearsal_says_so_first() -> None:
    """The mark stands before the call."""
    assert (
        envelope("d1", "a", "test", "low")["text"] == "TEST - not a real alarm: Session needs you"
    )


def test_the_test_alarm_of_a_real_session_is_no_real_alarm() -> None:
    """A rehearsal is marked in every mode, and its call is another one."""
    texts = [envelope("d1", "rehearsal@5", mode, "high")["text"] for mode in ("real", "demo")]
    assert texts == [
        "TEST - not a real alarm: This is a test of the alarm chain. Please answer it now.",
        "DEMO - not a real alarm: This is a test of the alarm chain. Please answer it now.",
    ]
