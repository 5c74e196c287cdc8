"""The same rule in river, reactivex and streamz, each written the way its users write.

Each peer keeps the limit rule as a small state and the slope in its own window: river a revertible
statistic in `utils.Rolling`, reactivex `scan` in each group of `group_by`, streamz `accumulate` and
`sliding_window`. None has a Theil-Sen slope, so all three count the pairs with numpy by the same
turn of the picture as `monitor/slope.py`, exactly, and much quicker than scipy's `theilslopes`.
`LENT` gives them Vigil's incremental rule as a step of theirs, so that only the way through the
library remains; `least_squares` is the slope that river has itself, which answers another question
(one wild value tilts it).

    feed = OWN["river"]()
    feed("s1", 61_000, 8_900)    -> (False, True)
"""

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import reactivex as rx
from reactivex import operators as ops
from river import stats, utils
from streamz import Stream

from bench.rule import (
    AGAIN_X100,
    CLEAR_MS,
    DELAY_MS,
    INSIDE,
    INTERVAL_MS,
    LOW_X100,
    POINTS,
    SLOPE_X100_PER_MIN,
    Feed,
    Rule,
    Verdict,
)

__all__ = ["LENT", "OWN", "least_squares"]

Point = tuple[int, int]


@dataclass(slots=True)
class _Low:
    """The limit rule as a plain state machine."""

    low: bool = False
    since_ms: int | None = None
    below: int = 0
    inside: int = 0
    well_since_ms: int | None = None

    def step(self, point: Point) -> "_Low":
        at_ms, value = point
        if value < LOW_X100:
            self._beyond(at_ms)
        elif self.since_ms is not None:
            self.inside += 1
            if self.inside >= INSIDE:
                self.since_ms = None
        if value < AGAIN_X100:
            self.well_since_ms = None
        elif self.low:
            if self.well_since_ms is None:
                self.well_since_ms = at_ms
            if at_ms - self.well_since_ms >= CLEAR_MS:
                self.low, self.since_ms, self.well_since_ms = False, None, None
        return self

    def _beyond(self, at_ms: int) -> None:
        if self.since_ms is None:
            self.since_ms, self.below = at_ms, 0
        self.below += 1
        self.inside = 0
        past_ms = at_ms - self.since_ms
        if past_ms >= DELAY_MS and 2 * self.below >= past_ms // INTERVAL_MS + 1:
            self.low = True


def _falling(points: Sequence[Point]) -> bool:
    """Whether at least half of all pairs are as steep as the limit."""
    times, values = np.array(points, dtype=np.int64).T
    turned = values * 60_000 - SLOPE_X100_PER_MIN * times
    steep = np.count_nonzero(np.triu(turned[:, None] >= turned[None, :], 1))
    pairs = len(points) * (len(points) - 1) // 2
    return pairs > 0 and 2 * int(steep) >= pairs


# --- river ----------------------------------------------------------------------------------------


class _LowStat(stats.base.Bivariate):  # type: ignore[misc]
    """A statistic of (time, SpO2)."""

    def __init__(self) -> None:
        self.state = _Low()

    def update(self, x: int, y: int) -> None:
        self.state.step((x, y))

    def get(self) -> bool:
        return self.state.low


class _FallStat(stats.base.Bivariate):  # type: ignore[misc]
    """A statistic of (time, SpO2) that a rolling window can revert."""

    def __init__(self) -> None:
        self.points: deque[Point] = deque()

    def update(self, x: int, y: int) -> None:
        self.points.append((x, y))

    def revert(self, _x: int, _y: int) -> None:
        self.points.popleft()

    def get(self) -> bool:
        return _falling(self.points)


class _LentStat(stats.base.Bivariate):  # type: ignore[misc]
    """Vigil's rule as a statistic."""

    def __init__(self) -> None:
        self.rule = Rule()
        self.verdict: Verdict = (False, False)

    def update(self, x: int, y: int) -> None:
        self.verdict = self.rule.take(x, y)

    def get(self) -> Verdict:
        return self.verdict


def _river() -> Feed:
    lows: dict[str, _LowStat] = defaultdict(_LowStat)
    falls: dict[str, Any] = defaultdict(lambda: utils.Rolling(_FallStat, window_size=POINTS))

    def feed(session: str, at_ms: int, spo2_x100: int) -> Verdict:
        low, fall = lows[session], falls[session]
        low.update(at_ms, spo2_x100)
        fall.update(at_ms, spo2_x100)
        return low.get(), fall.get()

    return feed


def _river_lent() -> Feed:
    rules: dict[str, _LentStat] = defaultdict(_LentStat)

    def feed(session: str, at_ms: int, spo2_x100: int) -> Verdict:
        rule = rules[session]
        rule.update(at_ms, spo2_x100)
        return rule.get()

    return feed


def least_squares() -> Feed:
    """River's own parts: the least-squares slope from a rolling covariance and variance."""
    lows: dict[str, _LowStat] = defaultdict(_LowStat)
    covs: dict[str, Any] = defaultdict(lambda: utils.Rolling(stats.Cov, window_size=POINTS))
    variances: dict[str, Any] = defaultdict(lambda: utils.Rolling(stats.Var, window_size=POINTS))

    def feed(session: str, at_ms: int, spo2_x100: int) -> Verdict:
        low, cov, variance = lows[session], covs[session], variances[session]
        low.update(at_ms, spo2_x100)
        cov.update(at_ms, spo2_x100)
        variance.update(at_ms)
        return low.get(), cov.get() * 60_000 <= SLOPE_X100_PER_MIN * variance.get()

    return feed


# --- reactivex ------------------------------------------------------------------------------------

Sample = tuple[str, int, int]


def _reactive(inside: Callable[[Any], Any]) -> Feed:
    samples: rx.Subject[Sample] = rx.Subject()
    verdicts: dict[str, Verdict] = {}
    samples.pipe(
        ops.group_by(lambda sample: sample[0]),
        ops.flat_map(
            lambda group: inside(group.pipe(ops.map(lambda sample: sample[1:]))).pipe(
                ops.map(lambda verdict: (group.key, verdict))
            )
        ),
    ).subscribe(lambda found: verdicts.__setitem__(*found))

    def feed(session: str, at_ms: int, spo2_x100: int) -> Verdict:
        samples.on_next((session, at_ms, spo2_x100))
        return verdicts[session]

    return feed


def _appended(window: deque[Point], point: Point) -> deque[Point]:
    window.append(point)
    return window


def _reactivex() -> Feed:
    def inside(points: Any) -> Any:
        low: Any = ops.scan(lambda state, point: state.step(point), _Low())
        window: Any = ops.scan(_appended, deque(maxlen=POINTS))
        return rx.zip(
            points.pipe(low, ops.map(lambda state: state.low)),
            points.pipe(window, ops.map(_falling)),
        )

    return _reactive(inside)


def _reactivex_lent() -> Feed:
    def inside(points: Any) -> Any:
        rule = Rule()
        return points.pipe(ops.map(lambda point: rule.take(*point)))

    return _reactive(inside)


# --- streamz --------------------------------------------------------------------------------------


def _streams(build: Callable[[Any], Any]) -> Feed:
    verdicts: dict[str, Verdict] = {}
    sources: dict[str, Any] = {}

    def feed(session: str, at_ms: int, spo2_x100: int) -> Verdict:
        source = sources.get(session)
        if source is None:
            source = sources[session] = Stream()
            build(source).sink(lambda verdict: verdicts.__setitem__(session, verdict))
        source.emit((at_ms, spo2_x100))
        return verdicts[session]

    return feed


def _streamz() -> Feed:
    def build(source: Any) -> Any:
        low = source.accumulate(lambda state, point: state.step(point), start=_Low())
        window = source.sliding_window(POINTS, return_partial=True)
        return low.map(lambda state: state.low).zip(window.map(_falling))

    return _streams(build)


def _streamz_lent() -> Feed:
    def build(source: Any) -> Any:
        rule = Rule()
        return source.map(lambda point: rule.take(*point))

    return _streams(build)


OWN: dict[str, Callable[[], Feed]] = {
    "river": _river,
    "reactivex": _reactivex,
    "streamz": _streamz,
}
"""Each peer's own way."""

LENT: dict[str, Callable[[], Feed]] = {
    "river": _river_lent,
    "reactivex": _reactivex_lent,
    "streamz": _streamz_lent,
}
"""Vigil's rule as a step inside each peer."""
