"""What can be noticed, and which numbers it may carry."""

import pytest
from msgspec import ValidationError, convert

from devices.notice import SPANS, Thing, why_not
from devices.notice_orders import EndPeak, Notice


@pytest.mark.parametrize("thing", Thing)
def test_numbers(thing: Thing) -> None:
    """A number where there is one, inside its span; none where there is none."""
    span = SPANS.get(thing)
    if span is None:
        assert (why_not(thing, None), why_not(thing, 1)) == (None, f"{thing.value} has no number")
        return
    low, high = span
    wrong = f"{thing.value} needs a whole number from {low} to {high}"
    got = [why_not(thing, number) for number in (None, low - 1, low, high, high + 1)]
    assert got == [wrong, wrong, None, None, wrong]


def test_orders_are_read_strictly() -> None:
    """A thing that is not in the list, or a peak ended without a reason, is no order."""
    head = {"session": "s1", "mode": "test"}
    notice = convert({**head, "do": "notice", "what": "distress", "number": 7}, Notice)
    assert (notice.what, notice.number, notice.over) == (Thing.DISTRESS, 7, False)
    with pytest.raises(ValidationError, match="Invalid enum value 'weather'"):
        convert({**head, "do": "notice", "what": "weather"}, Notice)
    with pytest.raises(ValidationError):
        convert({**head, "do": "end_peak", "reason": ""}, EndPeak)
