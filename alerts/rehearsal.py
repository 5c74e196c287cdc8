"""The rehearsal of the alarm chain as a table: who was told by which way, and what that proves.

Only a named person's answer proves that an alarm reaches them: through the very way, or on their
own page. "Sent", "rang", "delivered" and voicemail are kept as they are and prove nothing of a
person. A person has passed when they have answered in time and none of their ways has failed; the
companion has 60 s ("test alarm acknowledged by companion <=60 s", `clinical.md` 1.4), a physician,
who may be on the road, 120 s. Nothing is sent here; `alerts/rehearser.py` moves the table.

>>> trial = Trial("rehearsal@5", "ann", 5, [])
>>> trial.state, is_rehearsal(trial.id)
(<Stand.PASSED: 'passed'>, True)
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from alerts.contact import Contact, Role
from alerts.delivery import Delivery, DeliveryState, is_failure
from alerts.effects import EffectBase
from alerts.envelope import REHEARSAL, is_rehearsal
from alerts.reach import has_reached

__all__ = [
    "ANSWER_MS",
    "ORDER",
    "ROLES",
    "STEP_MS",
    "PersonTrial",
    "RehearsalChanged",
    "Stand",
    "Trial",
    "WayTrial",
    "gate_state",
    "is_rehearsal",
    "rehearsal_id",
    "way_stand",
]

ROLES: Final = (Role.COMPANION, Role.PHYSICIAN, Role.BACKUP)
"""Whom a rehearsal asks, in the order of the ladder."""

ANSWER_MS: Final = {Role.COMPANION: 60_000, Role.PHYSICIAN: 120_000, Role.BACKUP: 120_000}
"""How long each has for an answer by name, from the start."""

STEP_MS: Final = 15_000
"""The next way starts so long after the one before, as in a real alarm; at once after a failure."""

# After the messages' own timers at one instant: what they start is not started twice.
ORDER: Final = 10_003


class Stand(StrEnum):
    """Where a rehearsal, one person or one way stands. Only `passed` is a proof.

    `unproved`: the way took the message, and nobody has answered by it.
    """

    RUNNING = "running"
    PASSED = "passed"
    UNPROVED = "unproved"
    FAILED = "failed"


class RehearsalChanged(EffectBase, frozen=True, kw_only=True):
    """One line of a rehearsal: of one way, of one person, or (`contact` empty) of the whole.

    `way` counts the person's ways from 0. A person without a name is a role that nobody holds.
    """

    id: str
    state: Stand
    contact: str = ""
    role: Role | None = None
    way: int | None = None
    channel: str = ""
    reason: str = ""


class WayTrial(Struct):
    """One way of one person. `done`: nothing more is awaited of it."""

    channel: str
    state: Stand = Stand.RUNNING
    reason: str = "waits for its turn"
    done: bool = False


class PersonTrial(Struct):
    """One person's part. `person` is as they were at the start (None: nobody has this role).

    `answered`: how they took it, in words; `said_no`: they answered that they cannot.
    """

    role: Role
    person: Contact | None
    until_ms: int
    ways: list[WayTrial]
    state: Stand = Stand.RUNNING
    reason: str = ""
    answered: str = ""
    said_no: bool = False

    @property
    def name(self) -> str:
        """The contact's id; empty when nobody has this role."""
        return "" if self.person is None else self.person.id

    @property
    def broken(self) -> list[str]:
        """The ways that have failed, each with its reason."""
        failed = (way for way in self.ways if way.state is Stand.FAILED)
        return [f"{way.channel}: {way.reason}" for way in failed]


class Trial(Struct):
    """One rehearsal. `stopped` says why it ended before its people were done.

    `over`: its end was said, and nothing moves any more.
    """

    id: str
    by: str
    started_ms: int
    people: list[PersonTrial]
    stopped: str = ""
    over: bool = False

    @property
    def state(self) -> Stand:
        """Running while anybody is; passed when everybody is."""
        states = {person.state for person in self.people}
        if Stand.RUNNING in states:
            return Stand.RUNNING
        return Stand.FAILED if self.stopped or Stand.FAILED in states else Stand.PASSED

    @property
    def reason(self) -> str:
        """What came of it, in words."""
        if self.stopped:
            return self.stopped
        failed = [p.reason for p in self.people if p.state is Stand.FAILED]
        if failed:
            return "; ".join(failed)
        return f"answered by {', '.join(person.name for person in self.people)}"

    def of(self, contact: str) -> PersonTrial | None:
        """The part of one person."""
        return next((person for person in self.people if person.name == contact), None)


def rehearsal_id(at_ms: int) -> str:
    """The name under which a rehearsal is told and answered, where an alarm's id stands else."""
    return f"{REHEARSAL}@{at_ms}"


def gate_state(trial: Trial) -> str:
    """What a finished rehearsal makes of the gate's item: pass, hold or stop.

    "companion test fails" is a stop, "physician channel degraded" a hold (`clinical.md` 1.4). A
    broken way of anybody is a hold too: the chain has a gap where the next alarm may need it.
    """
    for person in trial.people:
        if person.role is Role.COMPANION and not person.answered:
            return "stop"
    return "pass" if trial.state is Stand.PASSED else "hold"


def way_stand(delivery: Delivery, *, over: bool) -> tuple[Stand, str, bool]:
    """Return where a way stands by its message: state, reason, and whether that is all.

    A way that can tell of a delivery is waited for until it does; `over`: the person's time is
    over, and nothing more is awaited.
    """
    state, words = delivery.state, delivery.detail or "nothing was heard of it"
    if state is DeliveryState.ANSWERED:
        return Stand.PASSED, "answered by this way", True
    if state is DeliveryState.TIMED_OUT and not over:
        # A telephone rings for longer: the next way has started, this one may still be answered.
        return Stand.RUNNING, words, False
    if is_failure(state) or state is DeliveryState.CANCELLED:
        return Stand.FAILED, words, True
    if has_reached(delivery):
        return Stand.UNPROVED, f"{state.value}; not answered by this way", True
    if over:
        return Stand.FAILED, f"no more than {state.value}: {words}", True
    return Stand.RUNNING, "under way", False
