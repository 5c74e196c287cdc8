"""One device's Bluetooth link as a table: where it stands, what happens, what is done.

A steady device (an oximeter) is always wanted: lost, it is searched again after a jittered wait. A
shy one (a cuff) shows itself only around a measurement, and a link to an idle cuff can keep it from
measuring: it is left alone after its word, until it has been silent and shows itself anew. A link
without data is not a sign of life: it becomes QUIET, and is dropped and made again.

Pure: no radio and no clock. Time is an argument, jitter comes from the generator given. The shell
(`ble_device`) tells what happened and carries out what is returned.

>>> link = Link(STEADY, random.Random(1))
>>> link.handle(What.START, 0), link.handle(What.SEEN, 40), link.where
((), (<Do.CONNECT: 'connect'>,), <Where.CONNECTING: 'connecting'>)
"""

import random
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from devices.backoff import delay_ms

__all__ = ["SHY", "SHY_TABLE", "STEADY", "TABLE", "Do", "Link", "Rules", "Step", "What", "Where"]


class Where(StrEnum):
    """Where a link stands."""

    OFF = "off"
    NO_RADIO = "no radio"
    SEARCHING = "searching"
    CONNECTING = "connecting"
    SUBSCRIBING = "subscribing"
    QUIET = "quiet"
    STREAMING = "streaming"
    WAITING = "waiting"
    CALMING = "calming"


class What(StrEnum):
    """What happened. SEEN: it advertised; FAILED: a call failed or took too long; DUE: by time."""

    START = "start"
    STOP = "stop"
    RADIO_LOST = "radio lost"
    RADIO_BACK = "radio back"
    SEEN = "seen"
    CONNECTED = "connected"
    SUBSCRIBED = "subscribed"
    HEARD = "heard"
    FAILED = "failed"
    DROPPED = "dropped"
    DUE = "due"


class Do(StrEnum):
    """What the shell does. LEAVE ends whatever connection there is, or the attempt."""

    CONNECT = "connect"
    SUBSCRIBE = "subscribe"
    LEAVE = "leave"


class Rules(Struct, frozen=True):
    """How long a silence is borne.

    `quiet_ms` without data is QUIET; `patience_ms` more and the link is made anew. A shy device is
    left `quiet_ms` after its last word, or `patience_ms` after connecting when it has none; it must
    then not advertise for `calm_ms`, waited for at most `calm_longest_ms`.
    """

    shy: bool
    quiet_ms: int
    patience_ms: int
    calm_ms: int = 5_000
    calm_longest_ms: int = 30_000


STEADY = Rules(shy=False, quiet_ms=5_000, patience_ms=10_000)
"""An oximeter: a value at least every 2 s, so 5 s are news and 15 s are a dead link."""

SHY = Rules(shy=True, quiet_ms=10_000, patience_ms=60_000)
"""A cuff: it sends when it has measured, and what it has stored, then wants to be let go."""


class Step(NamedTuple):
    """Where an event leads, and what is done on the way."""

    to: Where
    do: tuple[Do, ...] = ()


_W, _T = Where, What
_LINKED = (_W.SUBSCRIBING, _W.QUIET, _W.STREAMING)
_BUSY = (_W.CONNECTING, *_LINKED)
_LEAVE = (Do.LEAVE,)

TABLE: dict[tuple[Where, What], Step] = {
    (_W.OFF, _T.START): Step(_W.SEARCHING),
    (_W.NO_RADIO, _T.RADIO_BACK): Step(_W.SEARCHING),
    (_W.SEARCHING, _T.SEEN): Step(_W.CONNECTING, (Do.CONNECT,)),
    (_W.CONNECTING, _T.CONNECTED): Step(_W.SUBSCRIBING, (Do.SUBSCRIBE,)),
    (_W.SUBSCRIBING, _T.SUBSCRIBED): Step(_W.QUIET),
    # A device may speak before the last subscription is answered.
    (_W.SUBSCRIBING, _T.HEARD): Step(_W.STREAMING),
    (_W.QUIET, _T.HEARD): Step(_W.STREAMING),
    (_W.STREAMING, _T.HEARD): Step(_W.STREAMING),
    (_W.STREAMING, _T.DUE): Step(_W.QUIET),
    (_W.QUIET, _T.DUE): Step(_W.WAITING, _LEAVE),
    (_W.WAITING, _T.DUE): Step(_W.SEARCHING),
    (_W.CALMING, _T.SEEN): Step(_W.CALMING),
    (_W.CALMING, _T.DUE): Step(_W.SEARCHING),
    **{(where, _T.FAILED): Step(_W.WAITING, _LEAVE) for where in _BUSY},
    **{(where, _T.DROPPED): Step(_W.WAITING, _LEAVE) for where in _BUSY},
    **{(where, _T.RADIO_LOST): Step(_W.NO_RADIO) for where in Where if where is not _W.OFF},
    **{(where, _T.RADIO_LOST): Step(_W.NO_RADIO, _LEAVE) for where in _BUSY},
    **{(where, _T.STOP): Step(_W.OFF) for where in Where},
    **{(where, _T.STOP): Step(_W.OFF, _LEAVE) for where in _BUSY},
}

SHY_TABLE: dict[tuple[Where, What], Step] = {
    **TABLE,
    (_W.STREAMING, _T.DUE): Step(_W.CALMING, _LEAVE),
    (_W.QUIET, _T.DUE): Step(_W.CALMING, _LEAVE),
    # It has said its word and switched itself off: no failure, and no reason to call it again.
    (_W.STREAMING, _T.DROPPED): Step(_W.CALMING, _LEAVE),
    (_W.STREAMING, _T.FAILED): Step(_W.CALMING, _LEAVE),
}


class Link:
    """One device's link.

    `where` it stands, `since_ms`, and `why` it came there; `due_ms` is when DUE must be told (None:
    never); `failures` in a row. An event that means nothing where the link stands changes nothing:
    late answers of a connection that was given up are such.
    """

    def __init__(self, rules: Rules, rng: random.Random) -> None:
        self.rules = rules
        self.where = Where.OFF
        self.why = ""
        self.since_ms = 0
        self.due_ms: int | None = None
        self.failures = 0
        self._rng = rng
        self._table = SHY_TABLE if rules.shy else TABLE

    def handle(self, what: What, at_ms: int, why: str = "") -> tuple[Do, ...]:
        """Take one event; return what must be done now, in order."""
        step = self._table.get((self.where, what))
        if step is None:
            return ()
        if what is What.HEARD:
            self.failures = 0
        if step.to is not self.where:
            self.where, self.why, self.since_ms = step.to, why or what.value, at_ms
        self.due_ms = self._due_ms(step.to, at_ms)
        return step.do

    def _due_ms(self, where: Where, at_ms: int) -> int | None:
        """When time alone moves the link on."""
        rules = self.rules
        match where:
            case Where.STREAMING:
                return at_ms + rules.quiet_ms
            case Where.QUIET:
                return at_ms + rules.patience_ms
            case Where.WAITING:
                self.failures += 1
                return at_ms + delay_ms(self.failures - 1, self._rng)
            case Where.CALMING:
                longest_ms = self.since_ms + rules.calm_longest_ms
                return min(at_ms + rules.calm_ms, longest_ms)
            case _:
                return None
