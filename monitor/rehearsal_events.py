"""The test of the alarm chain, as events: a rehearsal is asked for, a sound is played and heard.

An answer to a rehearsal is an answer to its messages (`DeliveryAnswered`), or the same tap on the
person's own page as for an alarm (`Accepted`, `Rejected`). What these prove is not decided here.

>>> from alerts.contact import Role
>>> SoundHeard(at_ms=5, by="ann", role=Role.COMPANION, bursts=3).bursts
3
"""

from monitor.person_events import ByPerson

__all__ = ["RehearsalAsked", "SoundAsked", "SoundHeard"]


class RehearsalAsked(ByPerson, frozen=True, kw_only=True):
    """Somebody starts a rehearsal: a test alarm goes down the whole chain."""


class SoundAsked(ByPerson, frozen=True, kw_only=True):
    """Somebody asks for the test sound of the hub's own loudspeaker."""


class SoundHeard(ByPerson, frozen=True, kw_only=True):
    """The companion says how many bursts of the test sound they heard; 0: none."""

    bursts: int
