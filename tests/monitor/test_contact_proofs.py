"""A way that nobody has answered, or not for a month, is named; the rest needs no proof."""

from alerts.contact import Contact, Role, Way
from monitor.contact_proofs import MAX_AGE_MS, key_of, unproved

SMS, PAGE, CONSOLE = Way("sms", "+49 151 1"), Way("page"), Way("console")
LEE = Contact("dr-lee", Role.PHYSICIAN, "Dr Lee", (SMS, PAGE, CONSOLE))
VIEWER = Contact("v", Role.VIEWER, "V", (SMS,))


def test_ways_that_can_be_answered_are_asked_for_a_proof() -> None:
    """The console cannot be answered, and a viewer is never told."""
    assert unproved((LEE, VIEWER), {}, 0) == [
        "dr-lee: sms was never proved",
        "dr-lee: page was never proved",
    ]


def test_a_proof_lasts_thirty_days() -> None:
    """Up to the last millisecond."""
    proofs = {key_of("dr-lee", SMS): 5, key_of("dr-lee", PAGE): 6}
    assert unproved((LEE,), proofs, 5 + MAX_AGE_MS) == []
    assert unproved((LEE,), proofs, 6 + MAX_AGE_MS) == ["dr-lee: sms was last proved 30 days ago"]


def test_a_corrected_number_is_another_way() -> None:
    """So is the same number of another person; the address is not in the name."""
    names = {
        key_of("dr-lee", SMS),
        key_of("dr-roy", SMS),
        key_of("dr-lee", Way("sms", "+49 151 2")),
    }
    assert len(names) == 3
    assert not any("151" in part for name in names for part in name)
