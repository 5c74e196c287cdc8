"""What a screen shows of reaching people: who was told, who is on call, call-backs, the rehearsal.

"Sent" is shown as sent, never as heard; what went out after it was needless is counted. Nothing
here decides anything, and of an address only one thing is ever shown: the physician's telephone
number, while the hub itself cannot reach them and somebody must call by hand.

    on_call(engine)   -> (OnCallView(role="physician", contact="dr-lee", name="Dr Lee", ...), ...)
"""

from collections.abc import Set as AbstractSet
from itertools import islice

from msgspec import Struct

from alerts.contact import Contact, Role
from alerts.delivery import Delivery
from alerts.proof import proof_of
from alerts.rehearsal import PersonTrial
from monitor.engine import Engine

__all__ = [
    "CallBackView",
    "OnCallView",
    "PersonTrialView",
    "RehearsalView",
    "SoundProofView",
    "ToldView",
    "WayTrialView",
    "call_backs",
    "on_call",
    "phone_of",
    "rehearsal",
    "sound_proof",
    "told",
]

_TOLD = 40
_DOCTORS = (Role.PHYSICIAN, Role.BACKUP)
_PHONES = ("voice", "sms")
# While an alarm of these families stands (NET-DOWN, CH-FAIL), the hub's own ways do not carry:
# people must use the telephone.
_BY_HAND = frozenset({"network", "reach"})


class ToldView(Struct, frozen=True):
    """One message: to whom, by which channel, and what is known of it.

    `provable`: this way could say that it was delivered, so that its silence means something.
    `residual`: it went out although somebody had accepted before. `detail` is the channel's word.
    """

    delivery: str
    alarm: str
    contact: str
    channel: str
    state: str
    at_ms: int
    provable: bool
    residual: bool
    detail: str


class OnCallView(Struct, frozen=True):
    """Who has a role now; `contact` None: nobody. `lost` says why they cannot be reached.

    `phone` is the number to call by hand, given only while the hub cannot reach people itself.
    """

    role: str
    contact: str | None
    name: str
    lost: str
    phone: str


class CallBackView(Struct, frozen=True):
    """One call that the people in the room wait for; `to` is asked now (empty: nobody is set).

    `by` has called (`done`) or will (`promised`); what is promised or `missed` is still waited for.
    """

    alarm: str
    row: str
    to: str
    state: str
    due_ms: int
    by: str | None


class WayTrialView(Struct, frozen=True):
    """One way of one person in a rehearsal: only `passed` is a proof."""

    channel: str
    state: str
    reason: str


class PersonTrialView(Struct, frozen=True):
    """One person in a rehearsal; `contact` is empty when nobody has the role."""

    role: str
    contact: str
    name: str
    state: str
    reason: str
    answered: str
    until_ms: int
    ways: tuple[WayTrialView, ...]


class RehearsalView(Struct, frozen=True):
    """The rehearsal that runs, or the last one; `by` started it."""

    id: str
    state: str
    reason: str
    by: str
    people: tuple[PersonTrialView, ...]


class SoundProofView(Struct, frozen=True):
    """The test sound: whether a number is waited for, until when, and how many were wrong.

    The number itself is shown nowhere.
    """

    waits: bool
    asked_ms: int | None
    wrong: int
    proved_ms: int | None


def told(engine: Engine, only: AbstractSet[str] | None = None) -> tuple[ToldView, ...]:
    """Return the last messages, the oldest first; `only`: those of them with these names."""
    last = islice(reversed(engine.alarms.post.deliveries.values()), _TOLD)
    return tuple(_told(one) for one in reversed(list(last)) if only is None or one.id in only)


def _told(one: Delivery) -> ToldView:
    return ToldView(
        delivery=one.id,
        alarm=one.alarm,
        contact=one.contact,
        channel=one.channel,
        state=one.state.value,
        at_ms=one.at_ms,
        provable=proof_of(one.channel).delivered,
        residual=one.residual,
        detail=one.detail,
    )


def call_backs(engine: Engine) -> tuple[CallBackView, ...]:
    """Return the calls that are owed, and the last ones that were, the oldest first."""
    return tuple(
        CallBackView(
            alarm=task.alarm,
            row=task.row,
            to=task.to,
            state=task.state.value,
            due_ms=task.due_ms,
            by=task.by,
        )
        for task in engine.alarms.callbacks.tasks.values()
    )


def on_call(engine: Engine) -> tuple[OnCallView, ...]:
    """Return who is physician and backup now."""
    alarms = engine.alarms
    by_hand = any(
        alarm.family in _BY_HAND and alarm.condition_present for alarm in alarms.book.open.values()
    )
    found = []
    for role in _DOCTORS:
        contact = alarms.post.contact_of(role)
        if contact is None:
            found.append(OnCallView(role.value, None, "", "", ""))
            continue
        lost = alarms.post.reach.lost.get(contact.id, "")
        phone = phone_of(contact) if by_hand else ""
        found.append(OnCallView(role.value, contact.id, contact.name, lost, phone))
    return tuple(found)


def phone_of(contact: Contact) -> str:
    """The first way that is a telephone number; one that is kept in a file stays there."""
    numbers = (way.address for way in contact.ways if way.channel in _PHONES)
    return next((number for number in numbers if number.startswith("+")), "")


def rehearsal(engine: Engine) -> RehearsalView | None:
    """Return the rehearsal of now, or the last one; None: there was none."""
    trial = engine.rehearser.last
    if trial is None:
        return None
    return RehearsalView(
        id=trial.id,
        state=trial.state.value,
        reason=trial.reason if trial.over else "",
        by=trial.by,
        people=tuple(_person(one) for one in trial.people),
    )


def _person(one: PersonTrial) -> PersonTrialView:
    return PersonTrialView(
        role=one.role.value,
        contact=one.name,
        name="" if one.person is None else one.person.name,
        state=one.state.value,
        reason=one.reason,
        answered=one.answered,
        until_ms=one.until_ms,
        ways=tuple(WayTrialView(way.channel, way.state.value, way.reason) for way in one.ways),
    )


def sound_proof(engine: Engine) -> SoundProofView:
    """Return where the test sound stands, without its number."""
    proof = engine.sound_proof
    return SoundProofView(proof.bursts > 0, proof.asked_ms, proof.wrong, proof.proved_ms)
