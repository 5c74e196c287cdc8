"""Everybody in a world is told by ways that a home's chain of messages has."""

from simulators.chain import WAYS
from simulators.worlds.ways import BACKUP, COMPANION, CONTACTS, PHYSICIAN


def test_every_way_of_every_person_is_known() -> None:
    """Each person by a name, each way by a channel."""
    assert [one.id for one in CONTACTS] == [COMPANION, PHYSICIAN, BACKUP]
    assert {way.channel for one in CONTACTS for way in one.ways} <= set(WAYS)
