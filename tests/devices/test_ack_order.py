"""Acknowledgements leave in receipt order, each exactly once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.ack_order import AckOrder


@given(st.permutations(range(12)))
def test_any_order_of_finishing_gives_receipt_order(finishing: list[int]) -> None:
    """Nothing leaves before all that came before it, and in the end everything has left."""
    order = AckOrder()
    numbers = [order.receive(100 + n) for n in range(12)]
    sent: list[int] = []
    for n in finishing:
        sent += order.finish(numbers[n])
        assert sent == list(range(100, 100 + len(sent)))
    assert (sent, len(order)) == (list(range(100, 112)), 0)


def test_the_same_packet_identifier_may_come_twice() -> None:
    """A broker may reuse an identifier after its acknowledgement."""
    order = AckOrder()
    first = order.receive(7)
    assert order.finish(first) == (7,)
    second = order.receive(7)
    assert (len(order), order.finish(second), len(order)) == (1, (7,), 0)


def test_finishing_twice_or_out_of_nowhere_is_an_error() -> None:
    """A second acknowledgement is a bug of the caller's, not a quiet nothing."""
    order = AckOrder()
    order.receive(1)
    order.finish(0)
    for number in (0, 1):
        with pytest.raises(ValueError, match=f"message {number} is not waiting"):
            order.finish(number)
