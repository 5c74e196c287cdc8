"""Who is told instead: when no way reaches a person, and when another one takes over their role.

A person whose last way has failed is stood in for at once by the next one of the ladder, without
waiting for that person's rung, unless they are being told already. A person who comes on call in
the middle of a session is told of every alarm that the one before was told of, or would have been,
and what was under way to that one is taken back. The ladder itself goes on as it stands.

    stand_in(carer, care, Role.PHYSICIAN, "lee", at_ms=400)   -> send "backup for lee"
    hand_over(carer, Role.PHYSICIAN, roy, at_ms=60_000)       -> send "hand-over" to roy
"""

from typing import TYPE_CHECKING

from alerts.care import Care
from alerts.contact import Contact, Role
from alerts.escalation import rungs_now
from alerts.sending import HAND_OVER

if TYPE_CHECKING:
    from alerts.carer import Carer

__all__ = ["hand_over", "stand_in"]

_NEXT = {
    Role.COMPANION: Role.PHYSICIAN,
    Role.PHYSICIAN: Role.BACKUP,
    Role.BACKUP: Role.PHYSICIAN,
}
_ON_CALL = (Role.PHYSICIAN, Role.BACKUP)


def stand_in(carer: "Carer", care: Care, role: Role, who: str, at_ms: int) -> None:
    """Tell the next person of the ladder at once in place of `who`, who has this role."""
    post, standing = carer.post, care.standing
    if standing.ended is not None:
        return
    on_ladder = {rung.to for rung in rungs_now(carer.ladder, standing)}
    told = {d.person.role for d in post.bag.about(care.id) if d.at_ms >= standing.base_ms}
    seen, to = {role}, _NEXT.get(role, role)
    while to not in seen:
        seen.add(to)
        contact = post.contact_of(to)
        if to in on_ladder and contact is not None and contact.ways:
            stopped_by = care.stopped_for(to)
            name = f"{to.value} for {who}"
            if stopped_by is not None:
                post.skip(care.id, name, f"accepted by {stopped_by}", at_ms)
            elif to not in told:
                care.note_asked(to)
                post.tell(contact, care.id, care.priority, name, at_ms)
            return
        to = _NEXT[to]


def hand_over(carer: "Carer", role: Role, contact: Contact | None, at_ms: int) -> str | None:
    """Another person is on call for this role (None: nobody). Returns why not, or None."""
    post = carer.post
    if role not in _ON_CALL:
        return f"nobody is on call as {role.value}: only a physician and a backup are"
    if contact is not None and contact.role is not role:
        return f"{contact.id} is a {contact.role.value}, not a {role.value}"
    old = post.contact_of(role)
    if old == contact:
        return f"{'nobody' if contact is None else contact.id} is on call already"
    others = [one for one in post.contacts if one.role is not role]
    post.contacts = (*others, *(() if contact is None else (contact,)))
    if old is not None and (contact is None or old.id != contact.id):
        now = "nobody" if contact is None else contact.id
        _take_back(carer, old, f"{now} is on call now as {role.value}", at_ms)
    if contact is not None and (old is None or old.id != contact.id):
        for care in list(carer.cares.values()):
            wanted = care.standing.ended is None or care.gone_ms is None
            if wanted and role in care.asked and contact.id not in care.leases:
                post.tell(contact, care.id, care.priority, HAND_OVER, at_ms)
    return None


def _take_back(carer: "Carer", old: Contact, reason: str, at_ms: int) -> None:
    post = carer.post
    post.reach.over(old.id)
    for delivery in list(post.deliveries.values()):
        if (delivery.contact, delivery.person.role) == (old.id, old.role):
            delivery.unwanted = delivery.unwanted or reason
            post.withdrawal.withdraw(delivery, reason, at_ms)
