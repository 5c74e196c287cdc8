"""One open alarm: the rows of its family, present or latched, and the priority they add up to.

The alarm's priority is that of its highest row present or latched (`clinical.md` 2.7.2). This
module holds what is wrong and answers questions about it; `alerts/book.py` changes it, and nothing
here knows how an alarm is shown or who is told.

    alarm.level             -> (Priority.HIGH, AlarmClass.A)
    alarm.condition_present -> False: latched only
"""

from msgspec import Struct

from alerts.condition import AlarmClass, Kind, Present, Priority, rank

__all__ = ["Alarm", "RowFacts", "RowState", "urgency"]

_THIRD = 3
# Only rows of these families go up to high by returning (`clinical.md` 2.7.4).
_BOOSTED = ("oxygen", "pulse", "pressure", "sedation")
_UP = {Priority.LOW: Priority.MEDIUM, Priority.MEDIUM: Priority.HIGH, Priority.HIGH: Priority.HIGH}


class RowFacts(Struct, frozen=True):
    """What the book must know of a catalogue row.

    `latch_from` is the priority from which the row latches (None: it clears itself).
    `boost_class` is the class that the row has when its alarm is at high priority. `local`: only
    the room is told. `p0` tells the physician at 0 s, `p0_backup` the backup too. `callback_s`:
    within this time a physician is to call the room (None: no). `once`: what happened once; its
    condition is over as soon as it is told, which is no sign that anybody has heard of it.
    """

    id: str
    family: str
    kind: Kind
    latch_from: Priority | None = None
    boost_class: AlarmClass | None = None
    p0: bool = False
    p0_backup: bool = False
    local: bool = False
    callback_s: int | None = None
    once: bool = False


class RowState(Struct):
    """One row within an open alarm. `kept` is the highest full answer that latches."""

    facts: RowFacts
    answer: Present
    since_ms: int
    present: bool = True
    kept: Present | None = None

    @property
    def shown(self) -> Present:
        """The answer that counts: the higher of the present one and the one that is kept."""
        if self.kept is None:
            return self.answer
        if not self.present:
            return self.kept
        higher = rank(self.kept.priority, self.kept.alarm_class) > rank(
            self.answer.priority, self.answer.alarm_class
        )
        return self.kept if higher else self.answer

    @property
    def latched(self) -> bool:
        """Outlives its condition until a person resets it."""
        return self.kept is not None and not self.present


class Alarm(Struct):
    """One open alarm of one family. `returns`: which return within 15 min this one is."""

    id: str
    family: str
    raised_ms: int
    rows: dict[str, RowState]
    returns: int = 0

    def priority_of(self, state: RowState) -> tuple[Priority, AlarmClass | None]:
        """The row's priority here: one up from the third return on (`clinical.md` 2.7.4).

        A class belongs to high priority only.
        """
        shown, facts = state.shown, state.facts
        priority = shown.priority
        if self.returns >= _THIRD and shown.full:
            up = _UP[priority]
            bodily = facts.kind in (Kind.PHYSIOLOGICAL, Kind.OBSERVER)
            if up is not Priority.HIGH or (bodily and facts.family.startswith(_BOOSTED)):
                priority = up
        if priority is not Priority.HIGH:
            return priority, None
        return priority, shown.alarm_class or facts.boost_class

    @property
    def top(self) -> RowState:
        """The row that the alarm shows: the highest, class A before S, the earliest of equals."""
        return max(self.rows.values(), key=lambda s: (*urgency(*self.priority_of(s)), -s.since_ms))

    @property
    def level(self) -> tuple[Priority, AlarmClass | None]:
        """Priority and class of the alarm."""
        return self.priority_of(self.top)

    @property
    def rank(self) -> int:
        """0 when no row is left."""
        return rank(*self.level) if self.rows else 0

    @property
    def condition_present(self) -> bool:
        """Some row is present now (a latched alarm may have none)."""
        return any(state.present for state in self.rows.values())

    @property
    def tells_of_event(self) -> bool:
        """Some row that is latched tells of what happened once: looking well does not answer it."""
        return any(state.latched and state.facts.once for state in self.rows.values())


def urgency(priority: Priority, alarm_class: AlarmClass | None) -> tuple[int, bool]:
    """Order rows of one alarm: class A is above S, though it is no upgrade."""
    return rank(priority, alarm_class), alarm_class is AlarmClass.A
