"""When is the hub late, dead, worth restarting: the supervisor's decisions, as a table.

    STARTING --beat--> HEALTHY --2 s without a beat--> LATE --beat--> HEALTHY
    STARTING, HEALTHY, LATE --too long--> DEAD (it is killed)
    every state --its process ends--> RESTARTING (0, 1, 2, 5, 5 ... s) --> STARTING

Too long is 5 s while a session is open, otherwise 30 s; a start may take 30 s. A failure with an
open session sounds until the next beat, and pages at once and every 120 s until then. Whether a
session is open is taken from the last beat, also across restarts: silence is never read as "no
session". This module knows no process, no pipe and no clock, and imports the standard library only.

>>> watch, acts = begin(now_ms=0, session_open=False)
>>> acts
(<Act.START: 'start'>,)
>>> step(watch, 400, Ended(code=-9))[0].start_at_ms
400
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

__all__ = ["Act", "Beaten", "Ended", "News", "State", "Watch", "begin", "step"]

LATE_MS: Final = 2_000
DEAD_MS: Final = 5_000
IDLE_DEAD_MS: Final = 30_000
START_MS: Final = 30_000
STEADY_MS: Final = 60_000
PAGE_AGAIN_MS: Final = 120_000
PAGE_APART_MS: Final = 30_000
DELAYS_MS: Final = (0, 1_000, 2_000, 5_000)
CONFIG_ERROR: Final = 2


class State(StrEnum):
    """What is known of the hub."""

    STARTING = "starting"
    HEALTHY = "healthy"
    LATE = "late"
    DEAD = "dead"
    RESTARTING = "restarting"
    FINISHED = "finished"


class Act(StrEnum):
    """What the shell does next, in the order given."""

    START = "start"
    KILL = "kill"
    SOUND = "sound"
    PAGE = "page"
    QUIET = "quiet"
    FINISH = "finish"


@dataclass(frozen=True, slots=True)
class Beaten:
    """A beat arrived; `session_open` is what it says."""

    session_open: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """The hub's process is gone, with its exit code (negative: the signal)."""

    code: int


News = Beaten | Ended | None
"""What happened; None: only time passed."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The state, since when, and what must not be forgotten across restarts.

    `heard_ms` is the last beat or start; `steady_ms` when beats became regular; `failures` counts
    ends since the last 60 s of regular beats; `alarmed` is True from a failure to the next beat.
    """

    state: State
    heard_ms: int
    session_open: bool
    steady_ms: int = 0
    failures: int = 0
    start_at_ms: int = 0
    alarmed: bool = False
    paged_ms: int | None = None


def begin(now_ms: int, *, session_open: bool) -> tuple[Watch, tuple[Act, ...]]:
    """Start watching: the hub is started at once.

    Args:
        now_ms: any steady clock.
        session_open: what the last beat of an earlier supervisor said, if there was one.
    """
    return Watch(State.STARTING, now_ms, session_open), (Act.START,)


def step(watch: Watch, now_ms: int, news: News = None) -> tuple[Watch, tuple[Act, ...]]:
    """Return the next state and what to do; call it for each news and at least once a second."""
    if watch.state is State.FINISHED:
        return watch, ()
    if isinstance(news, Ended):
        return _ended(watch, now_ms, news.code)
    if isinstance(news, Beaten):
        return _beaten(watch, now_ms, news)
    return _passed(watch, now_ms)


def _beaten(watch: Watch, now_ms: int, news: Beaten) -> tuple[Watch, tuple[Act, ...]]:
    if watch.state in {State.DEAD, State.RESTARTING}:
        # Written before it was killed: what it says of the session counts, its life does not.
        return replace(watch, session_open=watch.session_open or news.session_open), ()
    steady_ms = watch.steady_ms if watch.state is State.HEALTHY else now_ms
    healthy = replace(
        watch,
        state=State.HEALTHY,
        heard_ms=now_ms,
        session_open=news.session_open,
        steady_ms=steady_ms,
        failures=0 if now_ms - steady_ms >= STEADY_MS else watch.failures,
        alarmed=False,
    )
    return healthy, (Act.QUIET,) if watch.alarmed else ()


def _ended(watch: Watch, now_ms: int, code: int) -> tuple[Watch, tuple[Act, ...]]:
    if watch.state is State.RESTARTING:
        return watch, ()
    if code in {0, CONFIG_ERROR} and not watch.session_open:
        # It stopped by itself, or its settings cannot work: starting it again changes nothing.
        return replace(watch, state=State.FINISHED), (Act.FINISH,)
    delay_ms = DELAYS_MS[min(watch.failures, len(DELAYS_MS) - 1)]
    gone = replace(
        watch,
        state=State.RESTARTING,
        failures=watch.failures + 1,
        start_at_ms=now_ms + delay_ms,
    )
    alarmed, acts = _alarm(gone, now_ms)
    if delay_ms:
        return alarmed, acts
    started, start = _start(alarmed, now_ms)
    return started, (*start, *acts)


def _passed(watch: Watch, now_ms: int) -> tuple[Watch, tuple[Act, ...]]:
    silent_ms = now_ms - watch.heard_ms
    if watch.state is State.RESTARTING and now_ms >= watch.start_at_ms:
        return _start(watch, now_ms)
    if silent_ms >= _limit_ms(watch):
        alarmed, acts = _alarm(replace(watch, state=State.DEAD), now_ms)
        return alarmed, (Act.KILL, *acts)
    if watch.state is State.HEALTHY and silent_ms >= LATE_MS:
        return replace(watch, state=State.LATE), ()
    if watch.alarmed:
        return _page_again(watch, now_ms)
    return watch, ()


def _limit_ms(watch: Watch) -> float:
    """Return how long silence is borne in this state."""
    if watch.state is State.STARTING:
        return START_MS
    if watch.state in {State.HEALTHY, State.LATE}:
        return DEAD_MS if watch.session_open else IDLE_DEAD_MS
    return float("inf")


def _start(watch: Watch, now_ms: int) -> tuple[Watch, tuple[Act, ...]]:
    return replace(watch, state=State.STARTING, heard_ms=now_ms), (Act.START,)


def _alarm(watch: Watch, now_ms: int) -> tuple[Watch, tuple[Act, ...]]:
    """Sound and page for a failure with an open session, once for each failure."""
    if not watch.session_open or watch.alarmed:
        return watch, ()
    alarmed = replace(watch, alarmed=True)
    # A hub that comes and goes would page each time it goes: every 30 s is enough to be heard.
    if watch.paged_ms is not None and now_ms - watch.paged_ms < PAGE_APART_MS:
        return alarmed, (Act.SOUND,)
    return replace(alarmed, paged_ms=now_ms), (Act.SOUND, Act.PAGE)


def _page_again(watch: Watch, now_ms: int) -> tuple[Watch, tuple[Act, ...]]:
    if watch.paged_ms is not None and now_ms - watch.paged_ms < PAGE_AGAIN_MS:
        return watch, ()
    return replace(watch, paged_ms=now_ms), (Act.PAGE,)
