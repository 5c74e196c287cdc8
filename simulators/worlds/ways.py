"""The ways to people in a simulated world: a push, a text, a call, a page, with what goes wrong.

`clinical.md` 6.4: a push takes 1 to 3 s and 1 % are lost, a text 5 to 20 s and 3 %. A page in the
room is there at once; a telephone is picked up after some rings. Without a network a remote way
fails at once. A lost message is sent all the same: the hub hears of it by its own time-out.

It sends nothing: it says what would become of a message, drawn from the generator it was given.

    ways.outcome("ntfy", network=True)      -> (Fate(300, SENT), Fate(1900, DELIVERED))
"""

from dataclasses import dataclass
from types import MappingProxyType

from numpy.random import Generator

from alerts.contact import Contact, Role, Way
from alerts.delivery import DeliveryState

__all__ = ["BACKUP", "COMPANION", "CONTACTS", "PHYSICIAN", "Fate", "Ways"]

COMPANION = "sam"
PHYSICIAN = "dr-lee"
BACKUP = "dr-roy"
CONTACTS = (
    Contact(COMPANION, Role.COMPANION, "Sam", (Way("page"), Way("voice", "+15550100001"))),
    Contact(
        PHYSICIAN,
        Role.PHYSICIAN,
        "Dr Lee",
        (Way("ntfy", "lee-topic"), Way("sms", "+15550100002"), Way("voice", "+15550100002")),
    ),
    Contact(
        BACKUP, Role.BACKUP, "Dr Roy", (Way("sms", "+15550100003"), Way("voice", "+15550100003"))
    ),
)

_FAILS_MS = 1_000


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a way behaves: seconds until it is sent, until it is there; how many are lost."""

    sent_s: float
    there_s: tuple[float, float]
    lost: float
    remote: bool = True


_KINDS: MappingProxyType[str, _Kind] = MappingProxyType(
    {
        "page": _Kind(0.05, (0.1, 0.2), 0.0, remote=False),
        "ntfy": _Kind(0.3, (1.0, 3.0), 0.01),
        "sms": _Kind(0.5, (5.0, 20.0), 0.03),
        "voice": _Kind(0.8, (6.0, 14.0), 0.03),
    }
)


@dataclass(frozen=True, slots=True)
class Fate:
    """What is known of a message `after_ms`. Delivered: it is before the person."""

    after_ms: int
    state: DeliveryState
    detail: str = ""


class Ways:
    """All ways of one world."""

    def __init__(self, rng: Generator) -> None:
        self._rng = rng
        self.network = True

    def outcome(self, channel: str) -> tuple[Fate, ...]:
        """Return what becomes of a message that is handed over now.

        Raises:
            KeyError: a channel that no person of these worlds has.
        """
        kind = _KINDS[channel]
        if kind.remote and not self.network:
            return (Fate(_FAILS_MS, DeliveryState.FAILED, "no network"),)
        low_s, high_s = kind.there_s
        there_ms = round(float(self._rng.uniform(low_s, high_s)) * 1000)
        sent = Fate(round(kind.sent_s * 1000), DeliveryState.SENT)
        if float(self._rng.random()) < kind.lost:
            return (sent,)
        return sent, Fate(max(there_ms, sent.after_ms), DeliveryState.DELIVERED)
