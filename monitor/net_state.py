"""Is there a network beyond this house? Decided from evidence, as NET-DOWN has it.

Anything that a service answers is good evidence, a refusal too; a name that is not found, a
connection that fails or a silence is bad. One good word ends the doubt; the network counts as down
when for 30 s there has been nothing but bad ones, and as down for long after 120 s
(`clinical.md` 2.5 NET-DOWN). Whoever asks brings the time, any steady one. Contacts nobody.

>>> state = NetState()
>>> state.bad("dns", 0)
>>> state.level(29_999), state.level(30_000), state.level(120_000)
(<Level.UP: 'up'>, <Level.DOWN: 'down'>, <Level.LONG: 'long'>)
>>> state.good()
>>> state.level(120_001)
<Level.UP: 'up'>
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from alerts.channel import Outcome
from alerts.delivery import DeliveryState
from alerts.guard import refusal

__all__ = ["DOWN_MS", "LONG_MS", "Level", "NetState", "Target", "evidence", "targets_of"]

DOWN_MS: Final = 30_000
LONG_MS: Final = 120_000

Target = tuple[str, int]
"""A host and its port."""

_PORTS: Final = {"http": 80, "https": 443, "smtp": 25, "smtps": 465}
_LOST: Final = ("dns", "refused", "no connection", "timed out", "connection lost", "tls")


class Level(StrEnum):
    """What is known of the network."""

    UP = "up"
    DOWN = "down"
    LONG = "long"


class NetState:
    """Since when there is nothing but bad evidence, and the first of it."""

    def __init__(self) -> None:
        self.since_ms: int | None = None
        self.why = ""

    def good(self) -> None:
        """Somebody beyond the house has answered."""
        self.since_ms, self.why = None, ""

    def bad(self, why: str, now_ms: int) -> None:
        """Nobody could be reached just now."""
        if self.since_ms is None:
            self.since_ms, self.why = now_ms, why

    def level(self, now_ms: int) -> Level:
        """Return what is known at this time."""
        if self.since_ms is None or now_ms - self.since_ms < DOWN_MS:
            return Level.UP
        return Level.DOWN if now_ms - self.since_ms < LONG_MS else Level.LONG


def evidence(outcome: Outcome) -> bool | None:
    """Return whether a message's outcome speaks for the network, against it, or not at all.

    >>> from alerts.channel import failed
    >>> [evidence(failed(why)) for why in ("http 500", "dns", "the address is no topic")]
    [True, False, None]
    """
    if outcome.state is not DeliveryState.FAILED or outcome.reason.startswith("http "):
        return True
    return False if outcome.reason.startswith(_LOST) else None


def targets_of(urls: Iterable[str]) -> tuple[Target, ...]:
    """Return the hosts beyond this machine that these URLs name, each once, in order.

    >>> targets_of(["https://ntfy.sh/", "http://127.0.0.1:1", "smtp://mail.example", "x"])
    (('ntfy.sh', 443), ('mail.example', 25))
    """
    found: list[Target] = []
    for url in urls:
        try:
            parts = urlsplit(url)
            host, usual = parts.hostname, _PORTS.get(parts.scheme, 0)
            port = parts.port or usual
        except ValueError:
            continue  # whoever sends to it says what is wrong with it
        if host is not None and usual and not _is_here(host):
            found.append((host, port))
    return tuple(dict.fromkeys(found))


def _is_here(host: str) -> bool:
    shown = f"[{host}]" if ":" in host else host
    return refusal("test", "webhook", f"http://{shown}/") is None
