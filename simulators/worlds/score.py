"""Judges one world by its scenario's own words: what had to come and when, what had not to come.

`clinical.md` 4.4: an episode is met when the row, or a higher one of its family, is there in time;
late when it came after its deadline, missed when it never came. A must whose onset never was is
void, one whose row no plan knows is unbuilt; neither is a success. A physiological alarm of a
family that nothing asked for is false; what a person entered is true by definition.

It knows the plan's rows by their families alone, and changes nothing.

    verdict = judge(scenario, played, families(plan))
    verdict.passed      -> True
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from msgspec import Struct

from alerts.condition import Kind, Priority, Transition
from alerts.contact import Role
from monitor.effects import AlarmChanged, PromptKind, Send
from monitor.plan import Plan
from simulators.worlds.played import Played
from simulators.worlds.scenario import Must, MustNot, Scenario
from simulators.worlds.ways import CONTACTS

__all__ = ["FalseAlarm", "Found", "Mark", "Verdict", "families", "judge"]

_BEGINS = (Transition.RAISED, Transition.JOINED, Transition.UPGRADED, Transition.REPEATED)
_MERGE_MS = 60_000
_EARLY_MS = 180_000
_ROLES = {contact.id: contact.role for contact in CONTACTS}


class Mark(StrEnum):
    """What became of one must."""

    MET = "met"
    LATE = "late"
    MISSED = "missed"
    VOID = "void"
    UNBUILT = "unbuilt"


class Found(Struct, frozen=True):
    """One must: its words, what became of it, and how long after its onset it came (s)."""

    words: str
    mark: Mark
    delay_s: float | None
    high: bool = False


class FalseAlarm(Struct, frozen=True):
    """One alarm that nothing asked for."""

    at_ms: int
    family: str
    row: str
    kind: Kind
    priority: Priority


@dataclass(slots=True)
class Verdict:
    """One world, judged. `pages`: alarms that a physician was told of, by however many messages.

    `causes` counts them by the row for which the first one went out; `unkept` what checkers
    found, by checker.
    """

    scenario: str
    seed: int
    found: list[Found] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    false: list[FalseAlarm] = field(default_factory=list)
    pages: int = 0
    hours: float = 0.0
    causes: dict[str, int] = field(default_factory=dict)
    unkept: dict[str, int] = field(default_factory=dict)
    digest: str = ""
    ended_in: str = ""

    @property
    def unbuilt(self) -> bool:
        """It asks for a row that the plan does not have."""
        return any(one.mark is Mark.UNBUILT for one in self.found)

    @property
    def passed(self) -> bool:
        """Everything that had to come was in time, and nothing came that had not to."""
        return not self.broken and all(one.mark is Mark.MET for one in self.found)


def families(plan: Plan) -> dict[str, str]:
    """Return the family of each row."""
    return {row.id: row.family for row in plan.rows}


def judge(scenario: Scenario, played: Played, family_of: Mapping[str, str]) -> Verdict:
    """Judge one world."""
    verdict = Verdict(scenario.name, played.seed, digest=played.digest, ended_in=played.ended_in)
    verdict.hours = played.watched_ms / 3_600_000
    for must in scenario.must:
        found = _found(must, played, family_of)
        if found is not None:
            verdict.found.append(found)
    for must_not in scenario.must_not:
        verdict.broken += _broken(must_not, played)
    verdict.broken += [
        f"{one.checker} at {_since_dose(played, one.at_ms):.0f} s: {one.what}"
        for one in played.unkept
    ]
    verdict.false = _false(scenario, played, family_of)
    verdict.unkept = dict(Counter(one.checker for one in played.unkept))
    verdict.causes = _causes(played)
    verdict.pages = sum(verdict.causes.values())
    return verdict


def _causes(played: Played) -> dict[str, int]:
    """Count the physician's alarms by the highest row that they had when the physician was told.

    4.4 counts "escalations to physician": a second message about the same alarm is no other one.
    """
    told: dict[str, Send] = {}
    for send in played.sends:
        if send.alarm.startswith("rehearsal") or send.purpose != "alarm":
            continue
        if _ROLES.get(send.contact) is Role.PHYSICIAN:
            told.setdefault(send.alarm, send)
    return dict(Counter(_cause(send, played.lines) for send in told.values()))


def _cause(send: Send, lines: Sequence[AlarmChanged]) -> str:
    before = [
        line
        for line in lines
        if line.id == send.alarm and line.at_ms <= send.at_ms and line.transition in _BEGINS
    ]
    highest = max(before, key=lambda line: line.priority.rank, default=None)
    return send.alarm.partition("@")[0] if highest is None else highest.row


def _since_dose(played: Played, at_ms: int) -> float:
    return (at_ms - (played.dose_ms or 0)) / 1000


def _words(item: Must | MustNot) -> str:
    """What is asked for, short."""
    what = " or ".join(item.rows) or item.phase or ""
    parts = [what, item.priority.value if item.priority else ""]
    if item.alarm_class is not None:
        parts.append(f"class {item.alarm_class.value}")
    if item.what != "present":
        parts.append(item.what)
    if item.to is not None:
        parts.append(f"to {item.to.value}")
    return " ".join(part for part in parts if part) or "any alarm"


def _found(must: Must, played: Played, family_of: Mapping[str, str]) -> Found | None:
    words = f"{_words(must)} within {must.within_s:g} s"
    high = must.priority is Priority.HIGH
    if must.rows and not any(row in family_of for row in must.rows):
        return Found(words, Mark.UNBUILT, None, high)
    onset_ms = must.onset.find(played.seen)
    if onset_ms is None or onset_ms > played.watched_ms:
        return None if must.optional else Found(words, Mark.VOID, None, high)
    earliest_ms = onset_ms - round(must.early_s * 1000)
    came_ms = next((at_ms for at_ms in _times(must, played) if at_ms >= earliest_ms), None)
    if must.what == "present" and _stands(must, played, earliest_ms):
        came_ms = earliest_ms  # it was found before it began
    if came_ms is None:
        return Found(words, Mark.MISSED, None, high)
    delay_s = (came_ms - onset_ms) / 1000
    mark = Mark.MET if delay_s <= must.within_s else Mark.LATE
    return Found(words, mark, delay_s, high)


def _fits(item: Must | MustNot, line: AlarmChanged) -> bool:
    if item.rows and line.row not in item.rows:
        return False
    if item.priority is not None and line.priority.rank < item.priority.rank:
        return False
    return item.alarm_class is None or line.alarm_class is item.alarm_class


def _stands(must: Must, played: Played, at_ms: int) -> bool:
    """Whether such a row was present already, and is still.

    "Early predictive alert counts TP if <=180 s before start" (4.4): one that stands for longer
    says nothing of this episode.
    """
    standing: dict[str, bool] = {}
    for line in played.lines:
        if line.at_ms > at_ms:
            break
        if line.transition in _BEGINS:
            standing[line.row] = _fits(must, line) and at_ms - line.at_ms <= _EARLY_MS
        elif line.transition is Transition.CLEARED:
            standing[line.row] = False
    return any(standing.values())


_ENDS = {"cleared": Transition.CLEARED, "latched": Transition.LATCHED}


def _times(item: Must | MustNot, played: Played) -> Iterable[int]:
    """When such a thing came, each time."""
    what = item.what
    if what == "present":
        return (
            line.at_ms for line in played.lines if line.transition in _BEGINS and _fits(item, line)
        )
    if what in _ENDS:
        return (
            line.at_ms
            for line in played.lines
            if line.transition is _ENDS[what] and line.row in item.rows
        )
    if what == "page":
        return _pages(item, played)
    if what == "phase":
        return (change.at_ms for change in played.phases if change.phase == item.phase)
    if what == "refused":
        return (one.at_ms for one in played.refused)
    if what == "prompt":
        return (one.at_ms for one in played.prompts if one.prompt is PromptKind.CUFF)
    return (one.at_ms for one in played.calls if one.call)


def _pages(item: Must | MustNot, played: Played) -> Iterable[int]:
    """Messages about alarms with such a row that were decided for a person of that role."""
    alarms = {line.id for line in played.lines if line.transition in _BEGINS and _fits(item, line)}
    return (
        send.at_ms
        for send in played.sends
        if send.alarm in alarms and _ROLES.get(send.contact) in (item.to, None)
    )


def _broken(item: MustNot, played: Played) -> list[str]:
    """Return a line when it came although it must not."""
    from_ms = item.onset.find(played.seen)
    if from_ms is None:
        return []
    until_ms = None if item.until is None else item.until.find(played.seen)
    if until_ms is None:
        until_ms = played.watched_ms
    times = [at_ms for at_ms in _times(item, played) if from_ms <= at_ms <= until_ms]
    if len(times) <= item.more_than:
        return []
    first_s = _since_dose(played, times[item.more_than])
    return [f"{_words(item)} must not come, and came at {first_s:.0f} s"]


def _false(scenario: Scenario, played: Played, family_of: Mapping[str, str]) -> list[FalseAlarm]:
    """Return alarms of families that nothing asked for; those under 60 s apart are one."""
    asked = {row for must in scenario.must for row in must.rows} | set(scenario.may)
    expected = {family_of[row] for row in asked if row in family_of}
    found: list[FalseAlarm] = []
    last_ms: dict[str, int] = {}
    dose_ms = played.dose_ms
    for line in played.lines:
        if line.transition not in (Transition.RAISED, Transition.UPGRADED):
            continue
        if line.kind is Kind.OBSERVER or line.family in expected or dose_ms is None:
            continue
        before_ms = last_ms.get(line.family)
        last_ms[line.family] = line.at_ms
        one = FalseAlarm(line.at_ms, line.family, line.row, line.kind, line.priority)
        if before_ms is not None and line.at_ms - before_ms < _MERGE_MS:
            # The same alarm went higher: it counts once, at its highest.
            last = next(i for i in reversed(range(len(found))) if found[i].family == line.family)
            if line.priority.rank > found[last].priority.rank:
                found[last] = one
            continue
        found.append(one)
    return found
