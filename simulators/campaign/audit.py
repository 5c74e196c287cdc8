"""The auditor: judges one run by what could be seen from outside, with rules written anew.

It knows the ladder, the deadlines and the bounds on repeats from the protocol's own words
(`rules`), never from the plan, the alarm system or the state of the journal, so that a fault in
those is a fault here. Whatever it cannot explain is a problem: a message that nothing asked for as
much as one that is missing.

    audit(run, play(run)).problems      -> [] when every promise was kept
"""

from dataclasses import dataclass, field

from alerts.condition import Priority, Transition
from simulators.campaign.explain import unexplained
from simulators.campaign.log import Answered, Log
from simulators.campaign.missing import missing
from simulators.campaign.people import CONTACTS
from simulators.campaign.run import START_S, Run
from simulators.campaign.story import Line, Story

__all__ = ["Audit", "audit"]

_SOUND_S = 2.0
_ANSWER_S = 1.0
_PHYSICIAN_S = {Priority.HIGH: 20.0, Priority.MEDIUM: 140.0}
_LOUD = {Priority.LOW: 1, Priority.MEDIUM: 2, Priority.HIGH: 3}
_CANNOT_REACH = ("CH-FAIL", "NET-DOWN")


@dataclass(slots=True)
class Audit:
    """What one run came to. Times are seconds; None: it did not happen.

    `raised_s` counts from the trouble, the others from the raise of the scene's alarm: the sound,
    the first message handed over to each person, the first answer that was taken. `repeats` counts
    messages that were marked late or as possible repeats, `stray` those that reached somebody
    after an acceptance had made them needless.
    """

    raised_s: float | None = None
    sound_s: float | None = None
    told_s: dict[str, float] = field(default_factory=dict)
    answered_s: float | None = None
    messages: int = 0
    repeats: int = 0
    stray: int = 0
    problems: list[str] = field(default_factory=list)


def audit(run: Run, log: Log) -> Audit:
    """Judge one run."""
    story = Story(log)
    found = Audit(messages=len(story.sent))
    found.repeats = sum(sent.out.message.late or sent.out.message.may_repeat for sent in story.sent)
    found.problems += [f"our bug: {bug}" for bug in story.bugs]
    line = _raised(run, story)
    if line is None:
        found.problems.append(f"{run.scene.row} was never raised: a lost alarm")
        return found
    found.raised_s = line.at_s - START_S
    _in_time(run, story, line, found)
    _sound(story, line, found)
    _told(run, story, _full(run, story, line), found)
    _answered(story, line, found)
    found.problems += missing(story)
    found.problems += unexplained(story)
    return found


def _raised(run: Run, story: Story) -> Line | None:
    """The line by which the scene's alarm came to its full priority."""
    scene = run.scene
    return next(
        (
            line
            for line in story.lines
            if line.what.row == scene.row and line.what.priority is scene.priority
        ),
        None,
    )


def _full(run: Run, story: Story, line: Line) -> Line:
    """The line by which its alarm was first as urgent: another row may have been first."""
    return next(
        one
        for one in story.lines
        if one.what.id == line.what.id and one.what.priority is run.scene.priority
    )


def _in_time(run: Run, story: Story, line: Line, found: Audit) -> None:
    gap_s = sum(ends - begins for begins, ends in story.gaps if begins < line.at_s)
    due_s = run.scene.due_s + gap_s
    if gap_s:
        due_s = max(due_s, run.scene.gap_due_s)
    if found.raised_s is not None and found.raised_s > due_s:
        found.problems.append(f"{run.scene.row} raised after {found.raised_s:.1f} s, not {due_s:g}")
    again = [
        other
        for other in story.lines
        if other.what.family == line.what.family
        and other.what.transition is Transition.RAISED
        and other.at_s > line.at_s
    ]
    ended = [
        other
        for other in story.lines
        if other.what.id == line.what.id
        and other.what.transition in (Transition.CLEARED, Transition.RESET)
    ]
    if again and not ended:
        found.problems.append(f"{line.what.family} was raised again as {again[0].what.id}")


def _sound(story: Story, line: Line, found: Audit) -> None:
    """Every raise and upgrade is heard within two seconds, as loud as it is."""
    for one in story.lines:
        if one.what.transition not in (Transition.RAISED, Transition.UPGRADED):
            continue
        # What became due while no hub ran is heard at its return.
        from_s = story.next_awake(one.at_s)
        heard = story.loudness(from_s, from_s + _SOUND_S)
        died = not story.awake(from_s + 0.001)
        if heard < _LOUD[one.what.priority] and not died:
            found.problems.append(f"{one.what.row} at {one.at_s:.2f} s: no sound within 2 s")
    for at_s, loud in story.sounds:
        if at_s >= line.at_s - 0.01 and loud >= _LOUD[line.what.priority]:
            found.sound_s = max(0.0, at_s - line.at_s)
            break
    if found.sound_s is None and story.loudness(line.at_s, line.at_s) >= _LOUD[line.what.priority]:
        found.sound_s = 0.0


def _told(run: Run, story: Story, line: Line, found: Audit) -> None:
    """Who had a message handed over to a service, and when; the physician in time."""
    by_delivery = {sent.out.message.delivery: sent.out.message for sent in story.sent}
    for outcome in story.handed_over:
        message = by_delivery.get(outcome.delivery)
        if message and message.alarm == line.what.id and outcome.at_s >= line.at_s:
            found.told_s.setdefault(message.person, outcome.at_s - line.at_s)
    priority = run.scene.priority
    bound_s = _PHYSICIAN_S[Priority.HIGH] if run.scene.p0 else _PHYSICIAN_S.get(priority)
    accepted_s = _accepted_s(story, line)
    if bound_s is None or (accepted_s is not None and accepted_s < line.at_s + bound_s):
        return
    bound_s += sum(
        ends - begins
        for begins, ends in story.gaps
        if begins < line.at_s + bound_s and ends > line.at_s
    )
    if bound_s > run.length_s - (found.raised_s or 0.0):
        return
    if found.told_s.get("lee", float("inf")) > bound_s and not _said_so(story, line, bound_s):
        found.problems.append(f"the physician was not told within {bound_s:g} s, nor was that said")


def _said_so(story: Story, line: Line, bound_s: float) -> bool:
    """The room knows that nobody outside can be reached."""
    return any(
        one.what.row in _CANNOT_REACH and one.at_s <= line.at_s + bound_s for one in story.lines
    )


def _accepted_s(story: Story, line: Line) -> float | None:
    return next(
        (
            one.at_s
            for one in story.lines
            if one.what.id == line.what.id and one.what.transition is Transition.ACCEPTED
        ),
        None,
    )


def _answered(story: Story, line: Line, found: Audit) -> None:
    """An answer that a running hub heard is taken by name or refused with a reason."""
    accepted_s = _accepted_s(story, line)
    if accepted_s is not None:
        found.answered_s = accepted_s - line.at_s
    people = {contact.id for contact in CONTACTS}
    for answer in story.answers:
        if not story.awake(answer.at_s) or answer.person not in people:
            continue
        taken = any(
            one.what.by == answer.person and 0 <= one.at_s - answer.at_s <= _ANSWER_S
            for one in story.lines
            if one.what.transition is Transition.ACCEPTED
        )
        named = any(
            0 <= at_s - answer.at_s <= _ANSWER_S and answer.person in why
            for at_s, why in story.said
        )
        cut = not story.awake(answer.at_s + _ANSWER_S)
        if not (taken or named or cut or _delayed(story, answer)):
            found.problems.append(f"{answer.person}'s answer at {answer.at_s:.1f} s was not taken")


def _delayed(story: Story, answer: Answered) -> bool:
    """The way has not brought the answer within the second."""
    return not any(
        of == answer.delivery and 0 <= proof_s - answer.at_s <= _ANSWER_S
        for proof_s, of in story.proofs
    )
