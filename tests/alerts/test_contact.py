"""A contact is one named person with ways in order; a way's address may be empty."""

import msgspec

from alerts.contact import Contact, Role, Way


def test_a_contact_survives_its_own_json() -> None:
    """The order of the ways is kept: the first is tried first."""
    ann = Contact("ann", Role.COMPANION, "Ann", (Way("console"), Way("webhook", "http://x/")))
    text = msgspec.json.encode(ann)
    assert text == (
        b'{"id":"ann","role":"companion","name":"Ann",'
        b'"ways":[{"channel":"console"},{"channel":"webhook","address":"http://x/"}]}'
    )
    assert msgspec.json.decode(text, type=Contact) == ann


def test_the_roles_are_these_six() -> None:
    """`backup` is the second physician of the ladder."""
    assert [role.value for role in Role] == [
        "patient",
        "companion",
        "physician",
        "backup",
        "viewer",
        "admin",
    ]
