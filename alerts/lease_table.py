"""Is a hub's lease held, lapsed, answered or over: the outside watcher's decisions, as a table.

    NEVER_SEEN, CLOSED --renewed, a session open--> HELD
    HELD --30 s without a renewal--> LAPSED (page at once, and every 120 s)
    LAPSED --a named person takes it--> ANSWERED (quiet for 15 min, then LAPSED again)
    every state --renewed, no session open, or a goodbye--> CLOSED
    LAPSED, ANSWERED --renewed, a session open--> HELD
    every state --the owner ends it--> CLOSED

Only a lease that says "no session" ends one that said "open", or a named person does: silence, a
restart of the watcher and a record that cannot be read are never read as "nobody is watched". This
module knows no network and no clock: times are arguments, any steady milliseconds.

>>> held, _ = step(begin(), 0, Renewed(is_open=True, ttl_ms=30_000))
>>> step(held, 29_999)[1], step(held, 30_000)[1]
((), (<Act.PAGE: 'page'>, <Act.SOUND: 'sound'>))
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from alerts.lease import TTL_MS

__all__ = [
    "AGAIN_MS",
    "ANSWERED_MS",
    "Act",
    "Answered",
    "Ended",
    "LeaseState",
    "News",
    "Renewed",
    "Watched",
    "begin",
    "resume",
    "step",
]

AGAIN_MS: Final = 120_000
"""A page that nobody has answered goes out again after this."""

ANSWERED_MS: Final = 900_000
"""How long a named person's answer keeps the watcher quiet while the hub stays silent."""


class LeaseState(StrEnum):
    """What is known of one hub."""

    NEVER_SEEN = "never_seen"
    HELD = "held"
    LAPSED = "lapsed"
    ANSWERED = "answered"
    CLOSED = "closed"


class Act(StrEnum):
    """What the shell does next, in the order given."""

    PAGE = "page"
    SOUND = "sound"
    QUIET = "quiet"


class Renewed(Struct, frozen=True):
    """A lease was taken: whether a session is open, and how long the lease is good for."""

    is_open: bool
    ttl_ms: int


class Answered(Struct, frozen=True):
    """A named person takes the alarm that stands."""

    by: str


class Ended(Struct, frozen=True):
    """The owner ends the lease: the hub is away for a reason that this person knows."""

    by: str


News = Renewed | Answered | Ended | None
"""What happened; None: only time passed."""


class Watched(Struct, frozen=True):
    """The state and what belongs to it.

    `due_ms` is when the table acts by itself (None: never): the lapse of a held lease, the next
    page of a lapsed one, the end of an answer. `by` is who answered or ended it last.
    """

    state: LeaseState = LeaseState.NEVER_SEEN
    due_ms: int | None = None
    by: str = ""


def begin() -> Watched:
    """A hub of which nothing was heard yet."""
    return Watched()


def resume(state: LeaseState, now_ms: int) -> tuple[Watched, tuple[Act, ...]]:
    """Go on after a restart of the watcher; nobody knows for how long it was away.

    An open lease is good for one whole time from now. A page that nobody had answered sounds at
    once and goes out after that time unless the hub is heard. Who had answered is asked again:
    otherwise a watcher that restarts often would be quiet for ever.
    """
    if state is LeaseState.HELD:
        return Watched(LeaseState.HELD, now_ms + TTL_MS), ()
    if state in (LeaseState.LAPSED, LeaseState.ANSWERED):
        return Watched(LeaseState.LAPSED, now_ms + TTL_MS), (Act.SOUND,)
    return Watched(state), ()


def step(watched: Watched, now_ms: int, news: News = None) -> tuple[Watched, tuple[Act, ...]]:
    """Return the next state and what to do; call it for each news and at least once a second."""
    if isinstance(news, Renewed):
        return _renewed(watched, now_ms, news)
    if isinstance(news, Ended):
        return Watched(LeaseState.CLOSED, None, news.by), _quiet(watched)
    if isinstance(news, Answered):
        if watched.state is not LeaseState.LAPSED:
            # Late, or the second one: it is told, and changes nothing.
            return watched, ()
        return Watched(LeaseState.ANSWERED, now_ms + ANSWERED_MS, news.by), (Act.QUIET,)
    return _passed(watched, now_ms)


def _renewed(watched: Watched, now_ms: int, news: Renewed) -> tuple[Watched, tuple[Act, ...]]:
    if news.is_open:
        return Watched(LeaseState.HELD, now_ms + news.ttl_ms), _quiet(watched)
    return Watched(LeaseState.CLOSED), _quiet(watched)


def _passed(watched: Watched, now_ms: int) -> tuple[Watched, tuple[Act, ...]]:
    if watched.due_ms is None or now_ms < watched.due_ms:
        return watched, ()
    paged = replace(watched, state=LeaseState.LAPSED, due_ms=now_ms + AGAIN_MS)
    if watched.state is LeaseState.LAPSED:
        return paged, (Act.PAGE,)
    return paged, (Act.PAGE, Act.SOUND)


def _quiet(watched: Watched) -> tuple[Act, ...]:
    return (Act.QUIET,) if watched.state is LeaseState.LAPSED else ()
