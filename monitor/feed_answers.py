"""What the feed answers to a question of a page: earlier lines, the plan in force, the sheet.

Nothing is decided and nothing changes. What is not there and what is not for this person are told
in the same words.

    answer(Role.PHYSICIAN, Ask("q1", "s1", "plan"), (room, bed))  -> Told(ref="q1", rules=(...))
"""

from alerts.contact import Role
from monitor.feed_room import FeedRoom
from monitor.plan_views import rules
from monitor.question_words import Ask, Told
from monitor.rights import asks
from monitor.sheet_views import sheet
from monitor.ward import Bed

__all__ = ["answer"]


def answer(role: Role, ask: Ask, found: tuple[FeedRoom, Bed] | None) -> Told:
    """Return the answer to one question; `found` is the session, if the person may see it."""
    if found is None or not asks(role, ask.what):
        return Told(ref=ask.ref, error=f"{ask.what} of session {ask.session} is not for you")
    room, bed = found
    if ask.what == "past":
        first, lines = room.lines_before(ask.before)
        return Told(ref=ask.ref, first_line=first, lines=lines)
    if ask.what == "plan":
        return Told(ref=ask.ref, rules=rules(bed.engine, room.all_lines()))
    on_call = bed.engine.alarms.post.contacts
    return Told(ref=ask.ref, sheet=sheet(bed.opened.patient, on_call))
