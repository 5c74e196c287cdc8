"""What is being done about one alarm: its signal, its leases, its place on the ladder.

An alarm that is over may still be cared for: when a condition clears by itself its ladder goes on
to the end unless a person has taken it or has seen that all is well (`clinical.md` 1.5). This
module holds the state and the questions about it; `alerts/carer.py` moves it.

>>> Care.raised("oxygen@5", "oxygen", 5, Priority.LOW, None).state
<SignalState.ON: 'on'>
"""

from msgspec import Struct

from alerts.condition import AlarmClass, Priority, rank
from alerts.contact import Role
from alerts.escalation import Lease, Standing, stops
from alerts.signal import Shown, SignalState

__all__ = ["MAY_ANSWER", "Care"]

# Who may acknowledge, accept, reject and reset.
MAY_ANSWER = frozenset({Role.COMPANION, Role.PHYSICIAN, Role.BACKUP, Role.ADMIN})


class Care(Struct):
    """One alarm in hand.

    `calmed`: acknowledged or accepted since it was raised, upgraded or came back. `until_ms` ends
    a pause or a lease. `leases` are by person. `gone_ms`: since when no row of it is present.
    `closed`: the alarm is over and only its ladder goes on. `asked`: the roles whose turn has come
    to be told, whether or not there was anybody to tell.
    """

    id: str
    family: str
    standing: Standing
    state: SignalState = SignalState.ON
    calmed: bool = False
    until_ms: int | None = None
    leases: dict[str, Lease] = {}
    gone_ms: int | None = None
    closed: bool = False
    asked: tuple[Role, ...] = ()

    @classmethod
    def raised(
        cls,
        alarm_id: str,
        family: str,
        at_ms: int,
        priority: Priority,
        alarm_class: AlarmClass | None,
        *,
        local: bool = False,
    ) -> "Care":
        """A new alarm: signal on, ladder at its foot. `local`: nobody but the companion is told."""
        return cls(alarm_id, family, Standing(at_ms, priority, alarm_class, local=local))

    def note_asked(self, role: Role) -> None:
        """The turn of this role has come."""
        if role not in self.asked:
            self.asked = (*self.asked, role)

    @property
    def priority(self) -> Priority:
        """The alarm's priority now."""
        return self.standing.priority

    @property
    def rank(self) -> int:
        """Order among alarms; class E is above every other high."""
        return rank(self.standing.priority, self.standing.alarm_class)

    @property
    def shown(self) -> Shown:
        """As the loudspeaker sees it."""
        return Shown(self.id, self.rank, self.priority, self.state, self.calmed)

    @property
    def stopped_by(self) -> str | None:
        """The person whose acceptance stops every rung, if there is one."""
        # What stops the calls to the physician stops all.
        return self.stopped_for(Role.PHYSICIAN)

    def stopped_for(self, to: Role) -> str | None:
        """The person whose acceptance stops the rungs to this role, if there is one."""
        for lease in self.leases.values():
            if stops(lease.role, self.priority, to):
                return lease.by
        return None
