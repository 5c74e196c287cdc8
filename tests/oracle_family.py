"""What the alarms of a session are, from which rows are present: `clinical.md` 2.7, rules 1, 2, 4.

Nothing here is shared with the alarm system. It is told at each instant which rows are present, and
keeps only what the rules name: what is latched, and when each family was over. What the words leave
open is read so: "one priority up" may make any row medium, high only one of the body's or the
observer's in the families named; rows that become present at the instant at which others of their
family end go on with its alert.

>>> families = Families({"A": Kin("oxygen", latch="high")})
>>> families.now(5, {"A": ("high", "A")})["oxygen"].id
'oxygen@5'
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Families", "Kin", "Level", "Shown"]

Level = tuple[str, str | None]
_RANK = {"low": 1, "medium": 2, "high": 3}
_UP = {"low": "medium", "medium": "high", "high": "high"}
_BODY = ("oxygen", "pulse", "pressure", "sedation")
_RETURN_MS, _THIRD_MS = 5 * 60_000, 15 * 60_000


@dataclass(frozen=True)
class Kin:
    """What a row is within its family: from where it latches, its class when it is made high."""

    family: str
    latch: str | None = None
    at_high: str | None = None
    bodily: bool = True


@dataclass(frozen=True)
class Shown:
    """One alarm as it stands."""

    id: str
    level: Level
    present: frozenset[str]
    latched: frozenset[str]


@dataclass
class _Family:
    begun_ms: int
    returns: int
    present: dict[str, Level] = field(default_factory=dict)
    kept: dict[str, Level] = field(default_factory=dict)


def above(level: Level) -> tuple[int, bool, bool]:
    """Order levels: priority, class E first, then class A before S."""
    return _RANK[level[0]], level[1] == "E", level[1] == "A"


class Families:
    """The open alarms of one session."""

    def __init__(self, rows: Mapping[str, Kin]) -> None:
        self._rows = rows
        self._open: dict[str, _Family] = {}
        self._over_ms: dict[str, int] = {}
        self._back_ms: dict[str, list[int]] = {}

    def now(self, at_ms: int, rows: Mapping[str, Level]) -> dict[str, Shown]:
        """At this instant these rows are present, and no others."""
        by_family: dict[str, dict[str, Level]] = {}
        for row, level in rows.items():
            by_family.setdefault(self._rows[row].family, {})[row] = level
        for family, found in by_family.items():
            if family not in self._open:
                self._begin(family, at_ms)
            self._keep(self._open[family], found)
        for family, one in self._open.items():
            one.present = by_family.get(family, {})
        return self._shown(at_ms)

    def reset(self, at_ms: int, family: str) -> dict[str, Shown]:
        """A person resets what is latched and no longer so ("only while it is absent": 2a)."""
        one = self._open[family]
        one.kept = {row: level for row, level in one.kept.items() if row in one.present}
        return self._shown(at_ms)

    def _begin(self, family: str, at_ms: int) -> None:
        over_ms = self._over_ms.get(family)
        back: list[int] = []
        if over_ms is not None and at_ms - over_ms <= _RETURN_MS:
            earlier = self._back_ms.setdefault(family, [])
            earlier.append(at_ms)
            back = [one for one in earlier if at_ms - one <= _THIRD_MS]
        self._open[family] = _Family(at_ms, len(back))

    def _keep(self, one: _Family, found: Mapping[str, Level]) -> None:
        for row, level in found.items():
            latch = self._rows[row].latch
            if latch is None or _RANK[level[0]] < _RANK[latch]:
                continue
            kept = one.kept.get(row)
            if kept is None or above(level)[:2] >= above(kept)[:2]:
                one.kept[row] = level

    def _shown(self, at_ms: int) -> dict[str, Shown]:
        found: dict[str, Shown] = {}
        for family, one in list(self._open.items()):
            if not one.present and not one.kept:
                del self._open[family]
                self._over_ms[family] = at_ms
                continue
            levels = [self._level(one, row) for row in {**one.present, **one.kept}]
            found[family] = Shown(
                id=f"{family}@{one.begun_ms}",
                level=max(levels, key=above),
                present=frozenset(one.present),
                latched=frozenset(one.kept) - frozenset(one.present),
            )
        return found

    def _level(self, one: _Family, row: str) -> Level:
        """Return the row's level in its alarm: the higher of what is and what is kept."""
        levels = [level for level in (one.present.get(row), one.kept.get(row)) if level is not None]
        level = max(levels, key=lambda both: above(both)[:2])
        kin = self._rows[row]
        if one.returns < 3:
            return level
        up = _UP[level[0]]
        if up == "high" and not (kin.bodily and kin.family.startswith(_BODY)):
            return level
        return (up, level[1] or kin.at_high) if up == "high" else (up, None)
