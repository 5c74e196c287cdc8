"""Wire faults meet the stated number of requests; a fault of people is none of the wire."""

import pytest

from simulators.services.faults import NONE, Faults


@pytest.mark.parametrize(
    ("faults", "met", "expected"),
    [
        (NONE, 0, False),
        (Faults(voicemail=True), 0, False),
        (Faults(hang=True), 999, True),
        (Faults(slow_ms=5), 0, True),
        (Faults(status=500), 0, True),
        (Faults(broken_body=True), 0, True),
        (Faults(hang=True, requests=2), 1, True),
        (Faults(hang=True, requests=2), 2, False),
    ],
)
def test_a_wire_fault_meets_as_many_requests_as_it_says(
    faults: Faults, met: int, expected: bool
) -> None:
    """0 is for ever; only the four faults of the wire count."""
    assert faults.at_wire(met) is expected
