"""What each way can prove, as a table: that it was delivered, that a person answered, and no more.

"Sent" is never proof: a service took the message. A way that cannot prove delivery is no failure
when 15 s have passed, yet the person's next way starts then, because nobody knows. Voicemail, a
ringing telephone and a message on its way are not delivered. A way that this table does not know
is held to prove all, so that its silence counts as a failure and never as success.

>>> proof_of("ntfy")
Proof(delivered=False, answered=True, stops=True)
"""

from msgspec import Struct

__all__ = ["PROOFS", "Proof", "proof_of"]


class Proof(Struct, frozen=True):
    """What a way can tell after "sent", and whether a message that is out can still be stopped."""

    delivered: bool
    answered: bool
    stops: bool


_NOTHING = Proof(delivered=False, answered=False, stops=False)

PROOFS: dict[str, Proof] = {
    "console": _NOTHING,
    "webhook": _NOTHING,
    "email": _NOTHING,
    "apprise": _NOTHING,
    # Push services promise nothing about the telephone; the buttons come back by themselves.
    "ntfy": Proof(delivered=False, answered=True, stops=True),
    "pagerduty": Proof(delivered=False, answered=True, stops=True),
    # The hub's own page says that it has shown and sounded the message.
    "page": Proof(delivered=True, answered=True, stops=True),
    # The handset's receipt; a text that is out stays out.
    "sms": Proof(delivered=True, answered=True, stops=False),
    # Only a pressed key proves anything; a telephone that rings can be hung up.
    "voice": Proof(delivered=True, answered=True, stops=True),
}


def proof_of(channel: str) -> Proof:
    """What this way can prove."""
    return PROOFS.get(channel, Proof(delivered=True, answered=True, stops=True))
