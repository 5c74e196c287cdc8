"""The wait before a reconnect doubles to 5 s and is spread over its upper half."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from devices.backoff import delay_ms

CEILINGS = [250, 500, 1_000, 2_000, 4_000, 5_000]


@given(st.integers(0, 10_000), st.integers())
def test_the_wait_is_bounded(failures: int, seed: int) -> None:
    """However often it failed, the wait is between half the ceiling and the ceiling."""
    ceiling = CEILINGS[min(failures, 5)]
    assert ceiling // 2 <= delay_ms(failures, Random(seed)) <= ceiling  # noqa: S311 - a seed


def test_two_hubs_do_not_come_back_together() -> None:
    """Different generators give different waits."""
    waits = {delay_ms(9, Random(seed)) for seed in range(20)}  # noqa: S311 - a seed
    assert len(waits) > 10
