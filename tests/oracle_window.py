"""Rows that look at minutes of a recording, calculated slowly from the words of `clinical.md` 2.

As in `tests/oracle.py`, nothing is shared with the detectors and every answer is worked out again
at every sample from all values so far. What the words leave open is read so: a sample below 90
counts for one second at one sample a second; what must be "none in 10 min" or "<30 s in 10 min" is
known only when half of that time was seen; a dip begins at the first sample so far under its local
baseline, and a next one only after a sample that is not. No two values share a second.

>>> dip = [(t, Decimal(91 if 200 <= t < 215 else 97)) for t in range(300)]
>>> dip_ends(dip)
[215]
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

import numpy as np

from tests.oracle import Episode, Sample, Seen, Spell, fires, is_doubtful, valid

__all__ = ["WINDOWS", "dip_ends"]


def sure(samples: Sequence[Sample]) -> list[tuple[int, Decimal]]:
    """Return the valid SpO2 without the doubtful ones."""
    return [(t, v) for t, v in valid(samples, "spo2") if not is_doubtful("spo2", v)]


def half_seen(seen: Seen, from_s: int, to_s: int) -> bool:
    """Whether half of the seconds of `from_s < t <= to_s` have a value."""
    return 2 * sum(from_s < t <= to_s for t, _ in seen[-600:]) >= to_s - from_s


def episodes_of(
    seen: Seen, begins: Callable[[Seen], bool], ends: Callable[[Seen], bool]
) -> list[Episode]:
    """Return when a row is present that begins and ends by what is seen so far."""
    found: list[Episode] = []
    since_s: int | None = None
    for at, (t_s, _) in enumerate(seen):
        if since_s is None and begins(seen[: at + 1]):
            since_s = t_s
        elif since_s is not None and ends(seen[: at + 1]):
            found.append(Episode(since_s, t_s))
            since_s = None
    return found if since_s is None else [*found, Episode(since_s, None)]


def low_s(seen: Seen) -> int:
    """Return the seconds below 90 % in the last 10 min."""
    now_s = seen[-1][0]
    return sum(v < 90 for t, v in seen[-600:] if t > now_s - 600)


def cumulative(samples: Sequence[Sample]) -> list[Episode]:
    """SPO2-CUM: ">120 s below 90 % inside 10 min"; clears with "<30 s in 10 min"."""

    def ends(seen: Seen) -> bool:
        now_s = seen[-1][0]
        return low_s(seen) < 30 and half_seen(seen, now_s - 600, now_s)

    return episodes_of(sure(samples), lambda seen: seen[-1][1] < 90 and low_s(seen) > 120, ends)


def local_baseline(seen: Seen, t_s: int) -> Decimal | None:
    """Return the "90th percentile of valid SpO2 in the 120 s before" (nearest rank)."""
    before = sorted(v for t, v in seen[-120:] if t_s - 120 <= t < t_s)
    if 2 * len(before) < 120:
        return None
    return next(v for v in before if 10 * sum(w <= v for w in before) >= 9 * len(before))


def dip_ends(seen: Seen) -> list[int]:
    """Return when each dip ended (2.0 "dip")."""
    ends: list[int] = []
    at = 0
    free = True
    while at < len(seen):
        t_s, value = seen[at]
        base = local_baseline(seen[:at], t_s)
        so_far_down = base is not None and base - value >= 4
        if base is None or not so_far_down or not free:
            free = free or not so_far_down
            at += 1
            continue
        end = at + 1
        nadir = value
        while end < len(seen):
            now_s, now = seen[end]
            nadir = min(nadir, now)
            back = now >= base - 1 or 4 * (now - nadir) >= 3 * (base - nadir)
            if back or now_s - t_s > 90:
                break
            end += 1
        if end == len(seen):
            break
        free = back
        if back and 10 <= seen[end][0] - t_s <= 90 and nadir <= 92:
            ends.append(seen[end][0])
        at = end + 1
    return ends


def odi(samples: Sequence[Sample]) -> list[Episode]:
    """SPO2-ODI: ">=3 dips in 10 min"; clears with "none in 10 min"."""
    values = sure(samples)
    dips = dip_ends(values)

    def begins(seen: Seen) -> bool:
        now_s = seen[-1][0]
        return now_s in dips and sum(now_s - 600 < end <= now_s for end in dips) >= 3

    def ends(seen: Seen) -> bool:
        now_s = seen[-1][0]
        none = not any(now_s - 600 < end <= now_s for end in dips)
        return none and half_seen(seen, now_s - 600, now_s)

    return episodes_of(values, begins, ends)


def share_of_slopes(seen: Seen, per_min: Decimal, *, strictly: bool) -> bool | None:
    """Whether half of all slopes of the last 240 s are `per_min` or less; None: too few values."""
    now_s = seen[-1][0]
    last = [(t, v) for t, v in seen[-241:] if t >= now_s - 240]
    if len(last) < 120:
        return None
    times = np.array([t for t, _ in last])
    values = np.array([int(v * 100) for _, v in last])
    first, second = np.triu_indices(len(last), 1)
    rise = (values[second] - values[first]) * 6000
    limit = int(per_min * 10_000) * (times[second] - times[first])
    steep = rise < limit if strictly else rise <= limit
    return bool(2 * steep.sum() >= len(steep))


def trend(samples: Sequence[Sample]) -> list[Episode]:
    """SPO2-TREND: slope <= -1.2 %/min over 240 s, forecast <90 in 120 s, now <=94, for 30 s."""
    values = sure(samples)
    beyond: list[bool] = []
    for at in range(len(values)):
        seen, now = values[: at + 1], values[at][1]
        # 120 s at the slope: below 90 when the slope is below half of the way there, a minute.
        beyond.append(
            now <= 94
            and share_of_slopes(seen, Decimal("-1.2"), strictly=False) is True
            and share_of_slopes(seen, (90 - now) / 2, strictly=True) is True
        )
    found: list[Episode] = []
    since_s: int | None = None
    over_s: int | None = None
    for at, (t_s, _) in enumerate(values):
        if since_s is None:
            if fires(values[: at + 1], beyond[: at + 1], _TREND, 1, over_s):
                since_s = t_s
        elif share_of_slopes(values[: at + 1], Decimal("-0.5"), strictly=False) is False:
            found.append(Episode(since_s, t_s))
            since_s, over_s = None, t_s
    return found if since_s is None else [*found, Episode(since_s, None)]


_TREND = Spell(lambda *_: True, 30)
WINDOWS: dict[str, Callable[[Sequence[Sample]], list[Episode]]] = {
    "SPO2-CUM": cumulative,
    "SPO2-ODI": odi,
    "SPO2-TREND": trend,
}
