"""What each way can prove, written down once more; what is unknown is held to prove all."""

import pytest

from alerts.proof import PROOFS, proof_of

# delivered, answered, stops
TABLE = {
    "console": "",
    "webhook": "",
    "email": "",
    "apprise": "",
    "ntfy": "answered stops",
    "pagerduty": "answered stops",
    "page": "delivered answered stops",
    "sms": "delivered answered",
    "voice": "delivered answered stops",
    "pigeon": "delivered answered stops",
}


@pytest.mark.parametrize("channel", TABLE)
def test_a_way_proves_this(channel: str) -> None:
    """Sent is no proof of anything, so that no way has it here."""
    proof = proof_of(channel)
    said = {"delivered": proof.delivered, "answered": proof.answered, "stops": proof.stops}
    assert [word for word, is_so in said.items() if is_so] == TABLE[channel].split()


def test_no_other_way_is_known() -> None:
    """A new channel must be entered here, or its silence counts as a failure."""
    assert {*PROOFS} == {*TABLE} - {"pigeon"}
